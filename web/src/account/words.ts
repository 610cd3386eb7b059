import type { Choices, Consent, Scope } from "../api/types";
import { listText } from "../format";
import { words } from "../words";

/** One switch: what it is for, in words that somebody reads before choosing. */
export interface Choice {
  readonly id: keyof Choices;
  readonly title: string;
  readonly means: string;
}

export const CHOICES: readonly Choice[] = [
  { id: "model_mails", title: words.choices.modelMails, means: words.choices.modelMailsMeans },
  { id: "product_mails", title: words.choices.productMails, means: words.choices.productMailsMeans },
  { id: "usage_analysis", title: words.choices.usage, means: words.choices.usageMeans },
];

/** What a change of the choices does, one sentence for each switch that moved. */
export function changes(before: Choices, after: Choices): string[] {
  return CHOICES.filter(({ id }) => before[id] !== after[id]).map(({ id, title }) => (after[id] ? words.choices.nowOn : words.choices.nowOff)(title));
}

const PURPOSES: ReadonlyMap<string, string> = new Map([
  ["terms", words.choices.terms],
  ["privacy", words.choices.privacy],
  ["age", words.choices.age],
  ["product_mails", words.choices.productMails],
  ["usage_analysis", words.choices.usage],
  ["model_mails", words.choices.modelMails],
]);

/** A consent in words: what it is about, and what was said. */
export function consentText({ purpose, granted }: Pick<Consent, "purpose" | "granted">): string {
  const agreement = purpose === "terms" || purpose === "privacy";
  const said = purpose === "age" ? words.choices.confirmed : agreement ? words.choices.agreed : granted ? words.choices.switchedOn : words.choices.switchedOff;
  return `${PURPOSES.get(purpose) ?? purpose}: ${said}`;
}

const DEEDS: Readonly<Partial<Record<string, string>>> = words.deeds;

/** What happened, in words; one that this page does not know yet says its own name. */
export function deedText(deed: string): string {
  return DEEDS[deed] ?? deed.replaceAll("_", " ");
}

/** A device as people call it: Firefox on Windows. */
export function deviceText({ browser, system }: { readonly browser: string; readonly system: string }): string {
  const known = (family: string, otherwise: string): string => (family === "" || family === "Other" ? otherwise : family);
  return words.sessions.device(known(browser, words.sessions.someBrowser), known(system, words.sessions.someSystem));
}

/** One right that a key can have. */
export interface ScopeChoice {
  readonly id: Scope;
  readonly title: string;
}

export const SCOPES: readonly ScopeChoice[] = [
  { id: "read", title: words.newkey.read },
  { id: "create", title: words.newkey.create },
  { id: "delete", title: words.newkey.delete },
];

/** How long a key can be made to last, in days; `null` is until it is revoked. */
export const LASTS: ReadonlyArray<{ readonly days: number | null; readonly title: string }> = [
  { days: 30, title: words.newkey.days(30) },
  { days: 90, title: words.newkey.days(90) },
  { days: 366, title: words.newkey.year },
  { days: null, title: words.newkey.untilRevoked },
];

const MAY: Readonly<Record<Scope, string>> = { read: words.keys.see, create: words.keys.make, delete: words.keys.delete };

/** What a key may do, in words. */
export function scopesText(scopes: readonly Scope[]): string {
  return words.keys.may(listText(SCOPES.filter(({ id }) => scopes.includes(id)).map(({ id }) => MAY[id])));
}
