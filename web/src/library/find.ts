import type { Generation } from "../api/types";
import { momentText } from "../format";

/** What the library shows. The state is asked of the API; text and tag are looked for in what it answered. */
export interface Wish {
  readonly text: string;
  readonly state: State;
  readonly tag: string | null;
}

export const EVERYTHING: Wish = { text: "", state: "all", tag: null };

export const STATES = ["all", "done", "broken", "stopped"] as const;
export type State = (typeof STATES)[number];

/** How many tags are offered. */
const OFFERED = 12;

/** What a person calls a model, or when it was made. */
export function nameOf(generation: Generation): string {
  return generation.title ?? momentText(generation.created_at);
}

/** Whether all of the list must be read to know what fits: the API looks for states, but not for words. */
export function needsAll(wish: Wish): boolean {
  return wish.tag !== null || wordsOf(wish).length > 0;
}

/** Those that fit: they have the tag, and every word of the text is in the name, a tag or the day. */
export function found(items: readonly Generation[], wish: Wish): readonly Generation[] {
  const asked = wordsOf(wish);
  if (!needsAll(wish)) {
    return items;
  }
  return items.filter((item) => (wish.tag === null || item.tags.includes(wish.tag)) && asked.every((word) => textOf(item).includes(word)));
}

/** The tags that are used most; the one that is looked for is always among them. */
export function tagsIn(items: readonly Generation[], chosen: string | null): readonly string[] {
  const counts = new Map<string, number>(chosen === null ? [] : [[chosen, Infinity]]);
  for (const tag of items.flatMap(({ tags }) => tags)) {
    counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  const most = [...counts].sort(([a, ofA], [b, ofB]) => ofB - ofA || a.localeCompare(b)).slice(0, OFFERED);
  return most.map(([tag]) => tag).sort((a, b) => a.localeCompare(b));
}

function wordsOf({ text }: Wish): readonly string[] {
  return text.toLowerCase().split(/\s+/).filter((word) => word !== "");
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
