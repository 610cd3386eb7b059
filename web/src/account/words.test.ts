import { expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { changes, CHOICES, consentText, deedText, deviceText, SCOPES, scopesText } from "./words";

const OFF = { product_mails: false, usage_analysis: false, model_mails: false };

test("a change tells each switch that moved and no other", () => {
  expect(changes(OFF, OFF)).toEqual([]);
  expect(changes(OFF, { ...OFF, usage_analysis: true })).toEqual(["Usage analysis: on."]);
  expect(changes({ ...OFF, product_mails: true }, { ...OFF, model_mails: true })).toEqual(["Mail when a model is ready: on.", "News by e-mail: off."]);
});

test("there is a switch for each choice that the API knows", () => {
  expect(CHOICES.map(({ id }) => id).sort()).toEqual(Object.keys(OFF).sort());
});

test("consents are told as what was said", () => {
  expect([["age", true], ["terms", true], ["usage_analysis", true], ["usage_analysis", false]].map(([purpose, granted]) => (
    consentText({ purpose: String(purpose), granted: granted === true })
  ))).toEqual(["16 or older: confirmed", "Terms: agreed", "Usage analysis: switched on", "Usage analysis: switched off"]);
});

test("every deed that the API can tell has words", () => {
  const source = readFileSync(new URL("../../../shared/domain/src/activity.rs", import.meta.url), "utf8");
  const body = /enum Deed \{([^}]*)\}/.exec(source)?.[1] ?? "";
  const deeds = [...body.matchAll(/^ {4}([A-Z]\w*),/gm)].map(([, name]) => String(name).replace(/(?!^)[A-Z]/g, "_$&").toLowerCase());
  expect(deeds.length).toBeGreaterThan(10);
  expect(deeds.filter((deed) => deedText(deed) === deed.replaceAll("_", " "))).toEqual([]);
  expect(deedText("moon_landed")).toBe("moon landed");
});

test("a key's rights are told in the order of their weight", () => {
  expect(scopesText(["delete", "read", "create"])).toBe("May see, make and delete models");
  expect(scopesText(["delete", "read"])).toBe("May see and delete models");
  expect(scopesText(["create"])).toBe("May make models");
  const source = readFileSync(new URL("../../../shared/domain/src/api_key.rs", import.meta.url), "utf8");
  const words = [...source.matchAll(/Self::\w+ => "(\w+)"/g)].map(([, word]) => word);
  expect(SCOPES.map(({ id }) => id)).toEqual(words);
});

test("a device is a browser on a system", () => {
  expect(deviceText({ browser: "Firefox", system: "Windows" })).toBe("Firefox on Windows");
  expect(deviceText({ browser: "Other", system: "Other" })).toBe("A browser on an unknown system");
});
