import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { routeOf } from "../route";
import { HELD_DE } from "./heldDe";
import { PRIVACY_CHANGES, TERMS_CHANGES } from "./history";
import { keptByLaw, LAST_CHANGE, PROMISE, VERSIONS } from "./promise";
import { FRAME, limitText, PRIVACY, TERMS } from "./texts";
import type { Part, PrivacyTexts } from "./text";

const LANGUAGES = Object.values(PRIVACY);

/** What must be the same in every language: places, paragraphs, and entries of lists. */
function shape(parts: readonly Part[]): unknown {
  return parts.map(({ id, body }) => [id, body.map((block) => (typeof block === "string" ? 0 : block.length))]);
}

function partsOf({ short, held, processors, rights, cookies, limits, rest }: PrivacyTexts): readonly Part[] {
  return [short, held, processors, rights, cookies, limits, ...rest];
}

test("the newest line of each history is the version in force", () => {
  expect([PRIVACY_CHANGES[0]?.version, TERMS_CHANGES[0]?.version]).toEqual([VERSIONS.privacy, VERSIONS.terms]);
  expect([VERSIONS.privacy, VERSIONS.terms]).toContain(LAST_CHANGE);
});

test("every language has the same parts, paragraphs and lists, none of them copied from another", () => {
  expect(shape(TERMS.de)).toEqual(shape(TERMS.en));
  expect(shape(partsOf(PRIVACY.de))).toEqual(shape(partsOf(PRIVACY.en)));
  expect(PRIVACY.de.rightList.map(({ link }) => link?.to)).toEqual(PRIVACY.en.rightList.map(({ link }) => link?.to));
  for (const ids of [TERMS.en, partsOf(PRIVACY.en)].map((parts) => parts.map(({ id }) => id))) {
    expect(new Set(ids).size).toBe(ids.length);
  }
  const sentences = (parts: readonly Part[]): string[] => parts.flatMap(({ title, body }) => [title, ...body.flatMap((block) => (typeof block === "string" ? [block] : [...block]))]).filter((text) => text !== "Cookies");
  const frame = (language: "en" | "de"): string[] => Object.values<string>({ ...FRAME[language] });
  const english = new Set([...sentences(TERMS.en), ...sentences(partsOf(PRIVACY.en)), ...frame("en")]);
  expect([...sentences(TERMS.de), ...sentences(partsOf(PRIVACY.de)), ...frame("de")].filter((text) => english.has(text))).toEqual([]);
});

test("everything that is held has German words, of the English ones of today", () => {
  const now = PROMISE.held.map(({ id, what, purpose, kept, on_deletion }) => [id, createHash("sha256").update([what, purpose, kept, on_deletion].join("\n")).digest("hex").slice(0, 8)]);
  // One that differs: read its German again, and then write the new number beside it.
  expect(Object.entries(HELD_DE).map(([id, { of }]) => [id, of])).toEqual(now);
  for (const { what, purpose, kept, on_deletion } of Object.values(HELD_DE)) {
    expect([what, purpose, kept, on_deletion].filter((text) => text.length < 5)).toEqual([]);
  }
});

test("every basis, helper and limit of the table has words in every language", () => {
  for (const texts of LANGUAGES) {
    expect(PROMISE.held.filter(({ basis }) => !(basis in texts.bases))).toEqual([]);
    expect(Object.keys(texts.processorWords)).toEqual(PROMISE.processors.map(({ name }) => name));
    expect(PROMISE.limits.filter(({ what, per }) => !(what in texts.limited && per in texts.from))).toEqual([]);
  }
  const limits = PROMISE.limits.map((limit) => limitText(limit));
  expect(limits).toContain("At most 60 sign-ins in 10 minutes from one IP address.");
  expect(limits).toContain("At most 3 copies of your data in 1 day for one person.");
  expect(limits).toContain("At most 100 models asked for in 1 day with one API key.");
});

test("only the books outlive an account because of the law", () => {
  expect(keptByLaw().map(({ id }) => id)).toEqual(["books"]);
});

test("every right that is done on the site leads to a page of it", () => {
  const pages = PRIVACY.en.rightList.flatMap(({ link }) => (link === null ? [] : [routeOf(link.to.replace(/#.*/, "")).page]));
  expect(new Set(pages)).toEqual(new Set(["account"]));
  const names = PRIVACY.en.rightList.map(({ name }) => name).join("\n");
  for (const right of ["Access", "Correction", "Deletion", "Portability", "Objection", "Withdrawal", "Opt-out of sale"]) {
    expect(names).toContain(right);
  }
});

test("the two cookies are the only ones", () => {
  for (const { cookieList } of LANGUAGES) {
    expect(cookieList.map(({ name }) => name)).toEqual(["__Host-session", "__Host-oauth"]);
  }
});
