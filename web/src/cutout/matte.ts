/**
 * Cleaning the network's scores, as `inference/image/src/matte.rs` does it: one object, no holes from noise, edges neither
 * hard nor smeared. The same numbers, so that what is seen here is what the service would cut out.
 */

/** The side of the network's square grid. */
export const SIDE = 320;
const CORE = 0.5;
const FAINT = 0.1;
const EDGE_CELLS = 5;
const COMPANION = 0.1;
const PINHOLE = 0.003;
/** The network must be at least this sure somewhere, and the object cover at least this share of the photo. */
const LEAST_PEAK = 0.4;
const LEAST_SHARE = 0.005;
/** Scores between these two become the soft edge. */
const EDGE = [0.3, 0.7] as const;

/** A cleaned copy of the scores (rows first), or `null` if no object stands out. */
export function cleanMatte(scores: Float32Array, side = SIDE): Float32Array | null {
  const peak = scores.reduce((most, score) => Math.max(most, score), 0);
  if (peak < LEAST_PEAK) {
    return null;
  }
  const low = scores.reduce((least, score) => Math.min(least, score), Infinity);
  const clean = scores.map((score) => (score - low) / Math.max(peak - low, Number.EPSILON));
  const kept = companions(clean, side);
  const near = grown(kept, clean, side);
  clean.forEach((_, cell) => { clean[cell] = near[cell] === 1 ? (clean[cell] ?? 0) : 0; });
  fillPinholes(clean, kept, side);
  const core = clean.reduce((count, score) => count + (score >= CORE ? 1 : 0), 0);
  return core / clean.length < LEAST_SHARE ? null : clean;
}

/** The opacity of a score, from 0 to 255. */
export function opacity(score: number): number {
  return Math.round(255 * Math.min(1, Math.max(0, (score - EDGE[0]) / (EDGE[1] - EDGE[0]))));
}

/** The cells of the largest component and of those that are nearly as large. */
function companions(scores: Float32Array, side: number): Uint8Array {
  const parts = components(Uint8Array.from(scores, (score) => (score >= CORE ? 1 : 0)), side);
  const largest = Math.max(0, ...parts.map((part) => part.length));
  const kept = new Uint8Array(scores.length);
  for (const part of parts.filter(({ length }) => length >= largest * COMPANION)) {
    part.forEach((cell) => { kept[cell] = 1; });
  }
  return kept;
}

/** The kept cells, and the soft ones around them. */
function grown(kept: Uint8Array, scores: Float32Array, side: number): Uint8Array {
  const near = Uint8Array.from(kept);
  let edge = cellsOf(kept);
  for (let step = 0; step < EDGE_CELLS; step += 1) {
    const next: number[] = [];
    for (const cell of edge) {
      for (const other of neighbours(cell, side)) {
        if (near[other] === 0 && (scores[other] ?? 0) >= FAINT) {
          near[other] = 1;
          next.push(other);
        }
      }
    }
    edge = next;
  }
  return near;
}

function fillPinholes(scores: Float32Array, kept: Uint8Array, side: number): void {
  const object = cellsOf(kept).length;
  for (const hole of components(Uint8Array.from(kept, (cell) => 1 - cell), side)) {
    const open = hole.some((cell) => cell < side || cell >= side * (side - 1) || cell % side === 0 || cell % side === side - 1);
    if (!open && hole.length <= object * PINHOLE) {
      hole.forEach((cell) => { scores[cell] = 1; });
    }
  }
}

function cellsOf(set: Uint8Array): number[] {
  const cells: number[] = [];
  set.forEach((is, cell) => { if (is === 1) { cells.push(cell); } });
  return cells;
}

/** The 4-connected components of the set cells. */
function components(set: Uint8Array, side: number): number[][] {
  const open = Uint8Array.from(set);
  const found: number[][] = [];
  for (let first = 0; first < open.length; first += 1) {
    if (open[first] === 1) {
      open[first] = 0;
      const part = [first];
      for (let at = 0; at < part.length; at += 1) {
        for (const other of neighbours(part[at] ?? 0, side)) {
          if (open[other] === 1) {
            open[other] = 0;
            part.push(other);
          }
        }
      }
      found.push(part);
    }
  }
  return found;
}

function neighbours(cell: number, side: number): number[] {
  const column = cell % side;
  const around = [cell - side, cell + side];
  if (column > 0) { around.push(cell - 1); }
  if (column < side - 1) { around.push(cell + 1); }
  return around.filter((other) => other >= 0 && other < side * side);
}
