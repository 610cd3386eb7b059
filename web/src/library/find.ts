import type { Generation } from "../api/types";
import { momentText } from "../format";

/** What the library shows. */
export interface Wish {
  readonly text: string;
  readonly state: State;
}

export const STATES = ["all", "done", "busy", "broken"] as const;
export type State = (typeof STATES)[number];

const OF_STATE: Readonly<Record<Generation["status"], State>> = { QUEUED: "busy", RUNNING: "busy", SUCCEEDED: "done", FAILED: "broken", CANCELLED: "broken" };

/** What a person calls a model, or when it was made. */
export function nameOf(generation: Generation): string {
  return generation.title ?? momentText(generation.created_at);
}

/** Those that fit: every word of the text is in the name, a tag or the day. */
export function found(items: readonly Generation[], wish: Wish): readonly Generation[] {
  const asked = wish.text.toLowerCase().split(/\s+/).filter((word) => word !== "");
  if (asked.length === 0 && wish.state === "all") {
    return items;
  }
  return items.filter((item) => {
    if (wish.state !== "all" && OF_STATE[item.status] !== wish.state) {
      return false;
    }
    return asked.every((word) => textOf(item).includes(word));
  });
}

/** What is searched of a model, written once for each: a search looks at all of them with every letter. */
const texts = new WeakMap<Generation, string>();

function textOf(item: Generation): string {
  const known = texts.get(item);
  if (known !== undefined) {
    return known;
  }
  const text = [item.title ?? "", ...item.tags, momentText(item.created_at)].join(" ").toLowerCase();
  texts.set(item, text);
  return text;
}
