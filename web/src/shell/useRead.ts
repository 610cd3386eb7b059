import { useCallback, useEffect, useState } from "react";
import type { Answer } from "../api/client";
import type { Problem } from "../api/types";
import { keep, kept } from "./kept";

export interface Read<T> {
  readonly value: T | null;
  readonly problem: Problem | null;
  /** Takes a newer value that another call answered. */
  readonly know: (value: T) => void;
  readonly again: () => void;
}

/** Something that is read when its place on the page is drawn. `read` must stay the same from draw to draw. */
export function useRead<T>(read: () => Promise<Answer<T>>): Read<T> {
  const [value, setValue] = useState<T | null>(() => kept(read) as T | null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const know = useCallback((newer: T) => { keep(read, newer); setValue(newer); }, [read]);
  const load = useCallback(async (isWanted: () => boolean) => {
    const answer = await read();
    if (isWanted()) {
      setProblem(answer.ok ? null : answer.problem);
      if (answer.ok) {
        know(answer.value);
      }
    }
  }, [read, know]);
  useEffect(() => {
    let wanted = true;
    void (async () => { await load(() => wanted); })();
    return () => { wanted = false; };
  }, [load]);
  return { value, problem, know, again: () => void load(() => true) };
}
