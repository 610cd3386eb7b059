import { useEffect, useEffectEvent, useState } from "react";
import type { Api } from "../api/calls";
import { isOver, type Generation, type Problem } from "../api/types";
import { browserPage, poll } from "./poll";
import { follow, generationStream } from "./stream";

export interface Watched {
  readonly generation: Generation | null;
  /** When it was told, by this browser's clock: its forecast counts from then. */
  readonly received: number;
  /** The latest problem of asking; gone again with the next answer. */
  readonly problem: Problem | null;
  /** Whether the page goes on asking in spite of the problem. */
  readonly retrying: boolean;
}

/** Follows one generation to its end. `known` is what the caller already has of it. */
export function useGeneration(
  api: Api,
  id: string,
  known: Generation | null,
  onChange: (generation: Generation, before: Generation | null) => void,
): Watched & { again: () => void } {
  const [watched, setWatched] = useState<Watched>(() => ({ generation: known, received: Date.now(), problem: null, retrying: false }));
  const [round, setRound] = useState(0);

  const changed = useEffectEvent((generation: Generation) => {
    onChange(generation, watched.generation);
    setWatched({ generation, received: Date.now(), problem: null, retrying: false });
  });
  const isKnownToBeOver = known !== null && isOver(known);

  useEffect(() => {
    if (isKnownToBeOver) {
      return undefined;
    }
    const onValue = (generation: Generation): void => { changed(generation); };
    const ask = (): (() => void) => poll<Generation>({
      ask: (etag, signal) => api.generation(id, etag, signal),
      isOver,
      onValue,
      onAlive: () => { setWatched((before) => (before.problem === null ? before : { ...before, problem: null, retrying: false })); },
      onProblem: (problem, retrying) => { setWatched((before) => ({ ...before, problem, retrying })); },
      page: browserPage,
    });
    return follow<Generation>({ open: generationStream(id), isOver, onValue, ask });
  }, [api, id, isKnownToBeOver, round]);

  return { ...watched, again: () => { setRound((before) => before + 1); } };
}
