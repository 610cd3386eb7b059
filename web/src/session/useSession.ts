import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { createApi, type Api } from "../api/calls";
import type { Me, Problem } from "../api/types";
import type { Farewell } from "../shell/context";

export type Session =
  | { readonly kind: "asking" }
  /** `farewell`: there was a session on this page a moment ago. */
  | { readonly kind: "out"; readonly farewell: Farewell | null }
  | { readonly kind: "in"; readonly me: Me }
  | { readonly kind: "unreachable"; readonly problem: Problem };

export interface SessionHandle {
  readonly session: Session;
  readonly api: Api;
  /** Asks again who is here and how many credits they have. */
  readonly refresh: () => Promise<void>;
  /** Takes the account as an answer tells it. */
  readonly know: (me: Me) => void;
  /** The session is over, for this reason. */
  readonly leave: (farewell: Farewell) => void;
  /** Answers the problem if the session could not be closed. */
  readonly signOut: () => Promise<Problem | null>;
}

/** Who is here. The cookie is out of reach for scripts, so the API is asked. */
export function useSession(): SessionHandle {
  const [session, setSession] = useState<Session>({ kind: "asking" });
  const api = useMemo(() => createApi(() => {
    setSession((before) => (before.kind === "out" ? before : { kind: "out", farewell: before.kind === "in" ? "ended" : null }));
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
    setSession({ kind: "out", farewell: null });
    return null;
  }, [api]);

  useEffect(() => {
    void (async () => { await refresh(); })();
  }, [refresh]);

  // Once for one page: the answer of before may still ask for it.
  const renewed = useRef(false);
  const renew = session.kind === "in" && session.me.renew;
  useEffect(() => {
    if (renew && !renewed.current) {
      renewed.current = true;
      void api.renew();
    }
  }, [api, renew]);

  const know = useCallback((me: Me) => { setSession({ kind: "in", me }); }, []);
  const leave = useCallback((farewell: Farewell) => { setSession({ kind: "out", farewell }); }, []);
  return { session, api, refresh, know, leave, signOut };
}
