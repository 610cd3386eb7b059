import { useEffect, useLayoutEffect, useState, type RefObject } from "react";

/** The least width of a card on a wide page and on a narrow one, the gap between two, and the height under its square picture, in pixels. The style sheet has the same. */
const CARD = 208;
const NARROW = 136;
const GAP = 16;
const WORDS = 92;
/** Rows that are kept ready above and below what is seen. */
const SPARE = 3;

export interface Shelves {
  readonly columns: number;
  readonly from: number;
  readonly to: number;
}

/** Which of `count` cards are near what is seen; only those are on the page, whatever the count. */
export function useShelves(list: RefObject<HTMLElement | null>, count: number): Shelves {
  const [shelves, setShelves] = useState<Shelves>({ columns: 4, from: 0, to: 24 });
  const [row, setRow] = useState(CARD + WORDS);

  useEffect(() => {
    const measure = (): void => {
      const element = list.current;
      if (element === null) {
        return;
      }
      const { top, width } = element.getBoundingClientRect();
      const columns = columnsFor(width, count);
      const height = (width - GAP * (columns - 1)) / columns + WORDS + GAP;
      const now = windowOf(-top, window.innerHeight, height, columns, count);
      setRow(height);
      setShelves((before) => (before.columns === now.columns && before.from === now.from && before.to === now.to ? before : now));
    };
    measure();
    const watcher = new ResizeObserver(measure);
    if (list.current !== null) {
      watcher.observe(list.current);
    }
    window.addEventListener("scroll", measure, { passive: true });
    window.addEventListener("resize", measure);
    return () => {
      watcher.disconnect();
      window.removeEventListener("scroll", measure);
      window.removeEventListener("resize", measure);
    };
  }, [list, count]);

  // The policy allows no style in the markup; properties set by script are fine.
  const { columns, from, to } = shelves;
  useLayoutEffect(() => {
    const rows = (cards: number): number => Math.ceil(cards / columns);
    const style = list.current?.style;
    style?.setProperty("--columns", String(columns));
    style?.setProperty("--above", `${rows(from) * row}px`);
    style?.setProperty("--below", `${Math.max(0, rows(count) - rows(Math.min(to, count))) * row}px`);
  }, [list, columns, from, to, row, count]);
  return shelves;
}

/**
 * The columns of a list this wide: as many as have room. A list of few rows takes one fewer if that leaves less of its last
 * row empty.
 */
export function columnsFor(width: number, count: number): number {
  const card = width < 3 * CARD ? NARROW : CARD;
  const most = Math.max(2, Math.floor((width + GAP) / (card + GAP)));
  if (count <= most || count > 3 * most) {
    return most;
  }
  const empty = (columns: number): number => (columns - (count % columns)) % columns;
  return most > 3 && empty(most - 1) < empty(most) ? most - 1 : most;
}

/** The cards between two scroll positions, in whole rows. `above`: pixels of the list that are scrolled away. */
export function windowOf(above: number, seen: number, row: number, columns: number, count: number): Shelves {
  const first = Math.max(0, Math.floor(above / row) - SPARE);
  const last = Math.max(first, Math.ceil((above + seen) / row) + SPARE);
  return { columns, from: Math.min(first * columns, Math.max(0, count - columns)), to: last * columns };
}
