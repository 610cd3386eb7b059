import type { Problem } from "../api/types";
import type { Edit, Prepared } from "../cutout/prepare";
import { CHOSEN, next, type Event, type Flow, type Photo } from "./flow";

/** One of the chosen photos. */
export interface Entry {
  readonly photo: Photo;
  readonly flow: Flow;
  readonly edit: Edit;
  /** What is sent instead of the photo, once it was looked at. */
  readonly prepared: Prepared | null;
}

/** All photos that are chosen, one of them on the bench. */
export interface Batch {
  readonly entries: readonly Entry[];
  readonly selected: string | null;
  /** Files that cannot be used, each with its reason. */
  readonly refused: readonly { readonly name: string; readonly problem: Problem }[];
  /** How many files are being looked at. */
  readonly checking: number;
}

export type BatchEvent =
  /** Somebody comes to the bench, for the first time or from another page. */
  | { readonly type: "came" }
  | { readonly type: "picked"; readonly count: number }
  | { readonly type: "refused"; readonly name: string; readonly problem: Problem }
  | { readonly type: "accepted"; readonly photo: Photo }
  /** `null`: the next one that is accepted. */
  | { readonly type: "selected"; readonly key: string | null }
  | { readonly type: "removed"; readonly key: string }
  | { readonly type: "edited"; readonly key: string; readonly edit: Edit }
  | { readonly type: "prepared"; readonly key: string; readonly prepared: Prepared | null }
  | { readonly type: "went"; readonly key: string; readonly event: Event }
  | { readonly type: "cleared" };

export const EMPTY: Batch = { entries: [], selected: null, refused: [], checking: 0 };

const AS_IT_IS: Edit = { background: "remove", crop: null };

/** The next state. */
export function nextBatch(batch: Batch, event: BatchEvent): Batch {
  switch (event.type) {
    case "came":
      // If all of them are models already, the bench is free.
      return batch.entries.every(({ flow }) => flow.step === "made") ? { ...EMPTY, checking: batch.checking } : batch;
    case "picked":
      return { ...batch, refused: [], checking: batch.checking + event.count };
    case "refused":
      return { ...batch, checking: batch.checking - 1, refused: [...batch.refused, { name: event.name, problem: event.problem }] };
    case "accepted": {
      const entry = { photo: event.photo, flow: CHOSEN, edit: AS_IT_IS, prepared: null };
      return { ...batch, checking: batch.checking - 1, entries: [...batch.entries, entry], selected: batch.selected ?? event.photo.idempotencyKey };
    }
    case "selected":
      return { ...batch, selected: event.key };
    case "removed": {
      const entries = batch.entries.filter((entry) => keyOf(entry) !== event.key);
      const selected = batch.selected === event.key ? (entries[0] === undefined ? null : keyOf(entries[0])) : batch.selected;
      return { ...batch, entries, selected };
    }
    case "edited":
      // Another picture than the one that may have arrived before an order failed.
      return changed(batch, event.key, (entry) => ({ ...entry, edit: event.edit, prepared: null, flow: entry.flow.step === "failed" ? CHOSEN : entry.flow }));
    case "prepared":
      return changed(batch, event.key, (entry) => ({ ...entry, prepared: event.prepared }));
    case "went":
      return changed(batch, event.key, (entry) => ({ ...entry, flow: next(entry.flow, event.event) }));
    case "cleared":
      return EMPTY;
  }
}

export function keyOf(entry: Entry): string {
  return entry.photo.idempotencyKey;
}

/** Those that can be sent now. */
export function waiting(batch: Batch): readonly Entry[] {
  return batch.entries.filter(({ flow }) => flow.step === "chosen" || flow.step === "failed");
}

function changed(batch: Batch, key: string, change: (entry: Entry) => Entry): Batch {
  return { ...batch, entries: batch.entries.map((entry) => (keyOf(entry) === key ? change(entry) : entry)) };
}
