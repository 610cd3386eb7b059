import { useCallback, useEffect, useState } from "react";
import type { Answer } from "../api/client";
import type { Problem } from "../api/types";

export interface Pages<T> {
  readonly items: readonly T[] | null;
  readonly hasMore: boolean;
  readonly problem: Problem | null;
  /** Reads the next page, or the one that failed again. */
  readonly more: () => void;
}

/** A list that is read page by page, newest first. `read` must stay the same from draw to draw. */
export function usePages<T>(
  read: (cursor: string | null) => Promise<Answer<{ readonly items: readonly T[]; readonly next_cursor: string | null }>>,
): Pages<T> {
  const [items, setItems] = useState<readonly T[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  const load = useCallback(async (from: string | null, isWanted: () => boolean) => {
    const answer = await read(from);
    if (!isWanted()) {
      return;
    }
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) {
      setCursor(answer.value.next_cursor);
      setItems((before) => (from === null || before === null ? answer.value.items : [...before, ...answer.value.items]));
    }
  }, [read]);
  useEffect(() => {
    let wanted = true;
    void (async () => { await load(null, () => wanted); })();
    return () => { wanted = false; };
  }, [load]);

  return { items, hasMore: cursor !== null, problem, more: () => void load(items === null ? null : cursor, () => true) };
}
