import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { de } from "./de";
import { en } from "./en";
import { chosenLanguage } from "./languages";

/** Every key as `group.key`. */
function keys(words: object): string[] {
  return Object.entries(words).flatMap(([group, entries]) => Object.keys(entries as object).map((key) => `${group}.${key}`)).sort();
}

function sources(folder: URL): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = new URL(entry.name + (entry.isDirectory() ? "/" : ""), folder);
    return entry.isDirectory() ? sources(place) : /\.tsx?$/.test(entry.name) ? [readFileSync(place, "utf8")] : [];
  });
}

test("both languages have the same keys, and none of them is empty but where both are", () => {
  expect(keys(de)).toEqual(keys(en));
  const texts = (words: object): boolean[] => Object.values(words).flatMap((group) => Object.values(group as object).map((text) => text === ""));
  expect(texts(de)).toEqual(texts(en));
});

test("both languages mark the same parts of a sentence", () => {
  const marks = (words: object): string[] => Object.entries(words).flatMap(([group, entries]) => Object.entries(entries as object).map(([key, text]) => (
    `${group}.${key} ${[...String(text).matchAll(/<\/?[a-z]+>/g)].map(([mark]) => mark).sort().join("")}`
  ))).sort();
  expect(marks(de)).toEqual(marks(en));
});

test("every key is used", () => {
  const code = sources(new URL("../", import.meta.url)).join("\n");
  // Groups that are read by a computed key name their keys elsewhere.
  const computed = new Set([...code.matchAll(/words\.([a-z]+)\[/g)].map(([, group]) => group));
  const whole = new Set([...code.matchAll(/= words\.([a-z]+);/g)].map(([, group]) => group));
  const unused = keys(en).filter((key) => {
    const [group = "", name = ""] = key.split(".");
    const named = new RegExp(`words\\.${group}\\.${name}\\b`).test(code) || whole.has(group);
    return !named && !(computed.has(group) && new RegExp(`"${name}"`).test(code));
  });
  expect(unused).toEqual([]);
});

test("the address wishes first, then the browser, then English", () => {
  expect(chosenLanguage("?lang=de", ["en-US"])).toBe("de");
  expect(chosenLanguage("", ["fr-FR", "de-AT", "en"])).toBe("de");
  expect(chosenLanguage("?lang=xx", ["fr"])).toBe("en");
});
