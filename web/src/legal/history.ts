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
  {
    version: "2026-11-26",
    what: {
      en: "New in the list of what is held: keys for programs, webhooks and what was sent to them, names, tags and links of models, the log of what operators do by hand, and, for 90 days after an account is deleted, a hash of its number at Google, so that free credits are given once. Your browser keeps the site's own files. Limits for programs, streams, shared links and webhooks. The policy can be read in German.",
      de: "Neu in der Liste dessen, was gespeichert wird: Schlüssel für Programme, Webhooks und was ihnen gesendet wurde, Namen, Stichwörter und Links von Modellen, das Protokoll dessen, was Betreiber von Hand tun, und für 90 Tage nach der Löschung eines Kontos ein Hash seiner Nummer bei Google, damit es freies Guthaben nur einmal gibt. Ihr Browser behält die eigenen Dateien der Seite. Grenzen für Programme, Streams, geteilte Links und Webhooks. Die Erklärung gibt es auch auf Deutsch.",
    },
  },
  { version: "2026-11-25", what: { en: "The first privacy policy.", de: "Die erste Datenschutzerklärung." } },
];

export const TERMS_CHANGES: readonly Change[] = [
  { version: "2026-11-25", what: { en: "The first terms.", de: "Die ersten Bedingungen." } },
];
