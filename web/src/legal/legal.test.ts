import { expect, test } from "vitest";
import { routeOf } from "../route";
import { COOKIES } from "./cookies";
import { PRIVACY_CHANGES, TERMS_CHANGES } from "./history";
import { PARTS } from "./privacyText";
import { basisText, keptByLaw, LAST_CHANGE, limitText, PROMISE, VERSIONS } from "./promise";
import { RIGHTS } from "./rights";
import { TERMS } from "./termsText";

test("the newest line of each history is the version in force", () => {
  expect([PRIVACY_CHANGES[0]?.version, TERMS_CHANGES[0]?.version]).toEqual([VERSIONS.privacy, VERSIONS.terms]);
  expect([VERSIONS.privacy, VERSIONS.terms]).toContain(LAST_CHANGE);
});

test("every basis and every limit of the table has words", () => {
  expect(PROMISE.held.map(({ basis }) => basisText(basis)).filter((words) => !words.includes("GDPR"))).toEqual([]);
  expect(PROMISE.limits.map(limitText)).toContain("At most 60 sign-ins in 10 minutes from one IP address.");
  expect(PROMISE.limits.map(limitText)).toContain("At most 3 copies of your data in 1 day for one person.");
  expect(PROMISE.limits.map(limitText)).toContain("At most 100 models asked for in 1 day with one API key.");
  expect(PROMISE.limits.map(limitText).filter((words) => / (sign-in|upload|create|key-create|stream|checkout|shared|export) in /.test(words))).toEqual([]);
});

test("only the books outlive an account because of the law", () => {
  expect(keptByLaw().map(({ id }) => id)).toEqual(["books"]);
});

test("every right that is done on the site leads to a page of it", () => {
  const pages = RIGHTS.flatMap(({ link }) => (link === null ? [] : [routeOf(link.to.replace(/#.*/, "")).page]));
  expect(new Set(pages)).toEqual(new Set(["account"]));
  const names = RIGHTS.map(({ name }) => name).join("\n");
  for (const right of ["Access", "Correction", "Deletion", "Portability", "Objection", "Withdrawal", "Opt-out of sale"]) {
    expect(names).toContain(right);
  }
});

test("the two cookies are the only ones, and places on a page have different names", () => {
  expect(COOKIES.map(({ name }) => name)).toEqual(["__Host-session", "__Host-oauth"]);
  for (const ids of [TERMS.map(({ id }) => id), PARTS.map(({ id }) => id)]) {
    expect(new Set(ids).size).toBe(ids.length);
  }
});
