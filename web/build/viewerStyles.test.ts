import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { baseWithSheet, templateWithoutStyle } from "./viewerStyles.ts";

function installed(file: string): string {
  return readFileSync(new URL(`../node_modules/@google/model-viewer/lib/${file}`, import.meta.url), "utf8");
}

test("the installed viewer keeps its rules but loses its inline style element", () => {
  const code = templateWithoutStyle(installed("template.js"));
  expect(code).not.toContain("<style>");
  expect(code).toContain("sheet.replaceSync(`\n:host {");
});

test("the installed viewer's class takes the style sheet", () => {
  expect(baseWithSheet(installed("model-viewer-base.js"))).toContain("extends ReactiveElement {\n    static styles = sheet;");
});

test("a viewer that looks different stops the build", () => {
  expect(() => templateWithoutStyle("const templateResult = html`<div></div>`;")).toThrow("template.js changed");
  expect(() => baseWithSheet("class Other {}")).toThrow("model-viewer-base.js changed");
});
