import type { Language } from "../words/languages";

/** One version of the texts. */
export interface Change {
  /** The day from which it holds, as `shared/domain/src/plan.rs` names it. */
  readonly version: string;
  /** What is new, in a sentence. */
  readonly what: Readonly<Record<Language, string>>;
}

/** Newest first. Write a line here whenever a version changes there; a test compares the two. */
export const PRIVACY_CHANGES: readonly Change[] = [
  { version: "2026-11-25", what: { en: "The first privacy policy.", de: "Die erste Datenschutzerklärung." } },
];

export const TERMS_CHANGES: readonly Change[] = [
  { version: "2026-11-25", what: { en: "The first terms.", de: "Die ersten Bedingungen." } },
];
