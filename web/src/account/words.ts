import type { Choices, Consent, Scope } from "../api/types";

/** One switch: what it is for, in words that somebody reads before choosing. */
export interface Choice {
  readonly id: keyof Choices;
  readonly title: string;
  readonly means: string;
}

export const CHOICES: readonly Choice[] = [
  { id: "model_mails", title: "Mail when a model is ready", means: "One e-mail for each finished model, so that you need not wait on the page." },
  { id: "product_mails", title: "News by e-mail", means: "Now and then an e-mail about new features and offers." },
  { id: "usage_analysis", title: "Usage analysis", means: "We write down which pages of this site you open and when, to see what needs improvement. It stays here, for 90 days, and goes to nobody else." },
];

/** What a change of the choices does, one sentence for each switch that moved. */
export function changes(before: Choices, after: Choices): string[] {
  return CHOICES.filter(({ id }) => before[id] !== after[id]).map(({ id, title }) => `${title}: ${after[id] ? "on" : "off"}.`);
}

const PURPOSES: ReadonlyMap<string, string> = new Map([
  ["terms", "Terms"],
  ["privacy", "Privacy policy"],
  ["age", "16 or older"],
  ["product_mails", "News by e-mail"],
  ["usage_analysis", "Usage analysis"],
  ["model_mails", "Mail when a model is ready"],
]);

/** A consent in words: what it is about, and what was said. */
export function consentText({ purpose, granted }: Pick<Consent, "purpose" | "granted">): string {
  const agreement = purpose === "terms" || purpose === "privacy";
  const said = purpose === "age" ? "confirmed" : agreement ? "agreed" : granted ? "switched on" : "switched off";
  return `${PURPOSES.get(purpose) ?? purpose}: ${said}`;
}

const DEEDS: ReadonlyMap<string, string> = new Map([
  ["signed_in", "Signed in"],
  ["session_ended", "Session ended"],
  ["all_sessions_ended", "All sessions ended"],
  ["profile_changed", "Name changed"],
  ["choices_changed", "Choices changed"],
  ["generation_deleted", "Model deleted"],
  ["purchase_begun", "Purchase begun"],
  ["export_begun", "Copy of your data asked for"],
  ["export_taken", "Copy of your data downloaded"],
  ["key_created", "Key for a program made"],
  ["key_revoked", "Key for a program revoked"],
  ["webhooks_changed", "Webhooks changed"],
  ["deletion_begun", "Deletion of the account asked for"],
  ["deletion_undone", "Deletion of the account undone"],
  ["blocked", "Account blocked by the operator"],
  ["unblocked", "Account unblocked by the operator"],
]);

/** What happened, in words; one that this page does not know yet says its own name. */
export function deedText(deed: string): string {
  return DEEDS.get(deed) ?? deed.replaceAll("_", " ");
}

/** A device as people call it: Firefox on Windows. */
export function deviceText({ browser, system }: { readonly browser: string; readonly system: string }): string {
  const known = (family: string, otherwise: string): string => (family === "" || family === "Other" ? otherwise : family);
  return `${known(browser, "A browser")} on ${known(system, "an unknown system")}`;
}

/** One right that a key can have. */
export interface ScopeChoice {
  readonly id: Scope;
  readonly title: string;
}

export const SCOPES: readonly ScopeChoice[] = [
  { id: "read", title: "See models and download them" },
  { id: "create", title: "Upload photos and make models (uses your credits)" },
  { id: "delete", title: "Delete models" },
];

/** How long a key can be made to last, in days; `null` is until it is revoked. */
export const LASTS: ReadonlyArray<{ readonly days: number | null; readonly title: string }> = [
  { days: 30, title: "30 days" },
  { days: 90, title: "90 days" },
  { days: 366, title: "A year" },
  { days: null, title: "Until I revoke it" },
];

/** What a key may do, in words. */
export function scopesText(scopes: readonly Scope[]): string {
  const words: Readonly<Record<Scope, string>> = { read: "see", create: "make", delete: "delete" };
  const parts = SCOPES.filter(({ id }) => scopes.includes(id)).map(({ id }) => words[id]);
  const last = parts.pop() ?? "";
  return `May ${parts.length === 0 ? last : `${parts.join(", ")} and ${last}`} models`;
}
