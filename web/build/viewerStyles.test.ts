import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withConstructedStyles } from "./viewerStyles.ts";

const template = readFileSync(new URL("../node_modules/@google/model-viewer/lib/template.js", import.meta.url), "utf8");

test("the installed viewer keeps its rules but loses its inline style element", () => {
  const code = withConstructedStyles(template);
  expect(code).not.toContain("<style>");
  expect(code).toContain("sheet.replaceSync(`\n:host {");
  expect(code).toContain("adoptedStyleSheets");
});

test("a template that looks different stops the build", () => {
  expect(() => withConstructedStyles("const templateResult = html`<div></div>`;")).toThrow("template changed");
});
