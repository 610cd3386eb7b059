import table from "../../../shared/api/promise.json";
import { language } from "../words";
import { HELD_DE } from "./heldDe";
import type { HeldWords } from "./text";

/** What is held, why and how long, who helps, and the limits: written by the API's own code, from which it also acts. */
export const PROMISE = table;

/** One kind of thing that is held. */
export type Held = (typeof table.held)[number];
/** One limit against misuse. */
export type Limit = (typeof table.limits)[number];

/** The texts in force, as `POST /api/me/welcome` wants to hear them. */
export const VERSIONS = { terms: table.terms_version, privacy: table.privacy_version } as const;

/** The day on which the newer of the two texts changed. */
export const LAST_CHANGE = [VERSIONS.terms, VERSIONS.privacy].sort().at(-1) ?? VERSIONS.terms;

/** What is held, in the words of this page's language. */
export function heldWords(held: Held): HeldWords {
  return language === "de" ? HELD_DE[held.id] ?? held : held;
}

/** What outlives the account because the law asks for it. */
export function keptByLaw(): readonly Held[] {
  return table.held.filter(({ basis, on_deletion }) => basis === "legal_duty" && on_deletion.startsWith("Kept"));
}
