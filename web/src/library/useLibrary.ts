import { useCallback, useEffect, useState } from "react";
import type { Api } from "../api/calls";
import type { Generation, Problem } from "../api/types";

export interface LibraryHandle {
  readonly items: readonly Generation[] | null;
  readonly hasMore: boolean;
  readonly loading: boolean;
  readonly problem: Problem | null;
  readonly more: () => Promise<void>;
  readonly replace: (generation: Generation) => void;
  readonly forget: (ids: readonly string[]) => void;
}

/** The models of this person, newest first, page by page. */
export function useLibrary(api: Api): LibraryHandle {
  const [items, setItems] = useState<readonly Generation[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [loading, setLoading] = useState(true);
  const [problem, setProblem] = useState<Problem | null>(null);

  const load = useCallback(async (from: string | null, isWanted: () => boolean) => {
    setLoading(true);
    const answer = await api.generations(from);
    if (!isWanted()) {
      return;
    }
    setLoading(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) {
      setCursor(answer.value.next_cursor);
      setItems((before) => (from === null || before === null ? answer.value.items : joined(before, answer.value.items)));
    }
  }, [api]);

  useEffect(() => {
    let wanted = true;
    void (async () => { await load(null, () => wanted); })();
    return () => { wanted = false; };
  }, [load]);

  return {
    items,
    hasMore: cursor !== null,
    loading,
    problem,
    more: () => load(items === null ? null : cursor, () => true),
    replace: (generation) => { setItems((before) => before?.map((item) => (item.id === generation.id ? generation : item)) ?? null); },
    forget: (ids) => { setItems((before) => before?.filter(({ id }) => !ids.includes(id)) ?? null); },
  };
}

/** Two pages without repeats. */
export function joined(before: readonly Generation[], after: readonly Generation[]): readonly Generation[] {
  const known = new Set(before.map(({ id }) => id));
  return [...before, ...after.filter(({ id }) => !known.has(id))];
}
