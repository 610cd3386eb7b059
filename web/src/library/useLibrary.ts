import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import type { Api } from "../api/calls";
import type { Generation, Problem } from "../api/types";
import { keep, kept } from "../shell/kept";
import type { State } from "./find";

interface Shelf {
  readonly items: readonly Generation[];
  readonly cursor: string | null;
}

export interface LibraryHandle {
  readonly items: readonly Generation[] | null;
  readonly hasMore: boolean;
  readonly loading: boolean;
  readonly problem: Problem | null;
  /** Reads the next page, or the one that failed again; while one is being read, nothing. */
  readonly more: () => void;
  readonly replace: (generation: Generation) => void;
  readonly forget: (ids: readonly string[]) => void;
}

/** The models of this person that stand in this way, newest first, page by page. */
export function useLibrary({ lists }: Api, state: State): LibraryHandle {
  const read = lists[state];
  const shelf = kept(read) as Shelf | null;
  // What is read is in the page's memory; a new number draws it.
  const [, draw] = useReducer((before: number) => before + 1, 0);
  const [loading, setLoading] = useState(true);
  const [problem, setProblem] = useState<Problem | null>(null);
  const busy = useRef<typeof read | null>(null);

  const load = useCallback(async (from: string | null) => {
    if (busy.current === read) {
      return;
    }
    busy.current = read;
    setLoading(true);
    const answer = await read(from);
    // Another list is being read by now.
    if (busy.current !== read) {
      return;
    }
    busy.current = null;
    setLoading(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) {
      const { items, next_cursor: cursor } = answer.value;
      const before = kept(read) as Shelf | null;
      keep(read, from === null ? refreshed(before, items, cursor) : { items: joined(before?.items ?? [], items), cursor });
      draw();
    }
  }, [read]);

  useEffect(() => { void (async () => { await load(null); })(); }, [load]);

  const edit = (to: (items: readonly Generation[]) => readonly Generation[]): void => {
    for (const list of Object.values(lists)) {
      const before = kept(list) as Shelf | null;
      keep(list, before && { ...before, items: to(before.items) });
    }
    draw();
  };
  return {
    items: shelf?.items ?? null,
    hasMore: (shelf?.cursor ?? null) !== null,
    loading,
    problem,
    more: () => void load(shelf?.cursor ?? null),
    replace: (generation) => { edit((items) => items.map((item) => (item.id === generation.id ? generation : item))); },
    forget: (ids) => { edit((items) => items.filter(({ id }) => !ids.includes(id))); },
  };
}

/** The first page anew before what was known already; if the two do not meet, the list begins again. */
export function refreshed(before: Shelf | null, items: readonly Generation[], cursor: string | null): Shelf {
  const last = items.at(-1);
  const meets = last !== undefined && (before?.items.some(({ id }) => id === last.id) ?? false);
  if (before === null || !meets || cursor === null) {
    return { items, cursor };
  }
  // What is newer than the page's end and not on the page any more was deleted elsewhere.
  return { items: [...items, ...before.items.filter(({ id }) => id < last.id)], cursor: before.cursor };
}

/** Two pages without repeats. */
export function joined(before: readonly Generation[], after: readonly Generation[]): readonly Generation[] {
  const known = new Set(before.map(({ id }) => id));
  return [...before, ...after.filter(({ id }) => !known.has(id))];
}
