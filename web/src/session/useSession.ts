import { useCallback, useEffect, useMemo, useState } from "react";
import { createApi, type Api } from "../api/calls";
import type { Me, Problem } from "../api/types";

export type Session =
  | { readonly kind: "asking" }
  /** `ended`: there was a session on this page a moment ago. */
  | { readonly kind: "out"; readonly ended: boolean }
  | { readonly kind: "in"; readonly me: Me }
  | { readonly kind: "unreachable"; readonly problem: Problem };

export interface SessionHandle {
  readonly session: Session;
  readonly api: Api;
  /** Asks again who is here and how many credits they have. */
  readonly refresh: () => Promise<void>;
  /** Answers the problem if the session could not be closed. */
  readonly signOut: () => Promise<Problem | null>;
}

/** Who is here. The cookie is out of reach for scripts, so the API is asked. */
export function useSession(): SessionHandle {
  const [session, setSession] = useState<Session>({ kind: "asking" });
  const api = useMemo(() => createApi(() => {
    setSession((before) => ({ kind: "out", ended: before.kind === "in" }));
  }), []);

  const refresh = useCallback(async () => {
    const answer = await api.me();
    if (answer.ok) {
      setSession({ kind: "in", me: answer.value });
    } else if (answer.problem.status !== 401) {
      // Credits that could not be refreshed are no reason to take the page away.
      setSession((before) => (before.kind === "in" ? before : { kind: "unreachable", problem: answer.problem }));
    }
  }, [api]);

  const signOut = useCallback(async () => {
    const answer = await api.signOut();
    if (!answer.ok && answer.problem.status !== 401) {
      return answer.problem;
    }
    setSession({ kind: "out", ended: false });
    return null;
  }, [api]);

  useEffect(() => {
    void (async () => { await refresh(); })();
  }, [refresh]);

  return { session, api, refresh, signOut };
}
