import table from "../../../shared/api/promise.json";
import { spanText } from "../format";

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

const BASES: ReadonlyMap<string, string> = new Map([
  ["contract", "Contract: without it we could not give you the service (GDPR Art. 6(1)(b))"],
  ["legal_duty", "Legal duty (GDPR Art. 6(1)(c))"],
  ["legitimate_interest", "Legitimate interest in a service that is safe and runs (GDPR Art. 6(1)(f))"],
  ["consent", "Your consent, which you can withdraw at any time (GDPR Art. 6(1)(a))"],
]);

/** The legal basis in words. A basis without words is a fault that a test finds. */
export function basisText(basis: string): string {
  return BASES.get(basis) ?? basis;
}

const LIMITED: ReadonlyMap<string, string> = new Map([
  ["sign-in", "sign-ins"],
  ["upload", "photos sent"],
  ["create", "models asked for"],
  ["key-create", "models asked for"],
  ["stream", "models followed live"],
  ["checkout", "purchases begun"],
  ["shared", "looks at models that are shared by a link"],
  ["export", "copies of your data"],
]);

const FROM: ReadonlyMap<string, string> = new Map([
  ["person", "for one person"],
  ["address", "from one IP address"],
  ["key", "with one API key"],
]);

/** A limit as a sentence: At most 60 sign-ins in 10 minutes from one IP address. */
export function limitText({ what, most, per, seconds }: Limit): string {
  const span = spanText(seconds);
  const from = FROM.get(per) ?? per;
  return `At most ${most} ${LIMITED.get(what) ?? what} in ${span} ${from}.`;
}

/** What outlives the account because the law asks for it. */
export function keptByLaw(): readonly Held[] {
  return table.held.filter(({ basis, on_deletion }) => basis === "legal_duty" && on_deletion.startsWith("Kept"));
}
