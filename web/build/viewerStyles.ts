import type { Plugin } from "vite";

const STYLE = /<style>([\s\S]*?)<\/style>/;
const IMPORT = "import { makeTemplate } from './template.js';";
const CLASS = "export default class ModelViewerElementBase extends ReactiveElement {";

/** Takes the `<style>` element out of model-viewer's template module and exports a style sheet of the same text. */
export function templateWithoutStyle(code: string): string {
  const css = STYLE.exec(code)?.[1];
  if (css === undefined || css.includes("${")) {
    throw changed("template.js");
  }
  return `${code.replace(STYLE, "")}\nexport const sheet = new CSSStyleSheet();\nsheet.replaceSync(\`${css}\`);\n`;
}

/** Gives that style sheet to the element's class, whose base (lit) adopts it for every element. */
export function baseWithSheet(code: string): string {
  if (!code.includes(IMPORT) || !code.includes(CLASS)) {
    throw changed("model-viewer-base.js");
  }
  return code.replace(IMPORT, "import { makeTemplate, sheet } from './template.js';").replace(CLASS, `${CLASS}\n    static styles = sheet;`);
}

function changed(file: string): Error {
  return new Error(`model-viewer's ${file} changed: look at build/viewerStyles.ts before moving to this version`);
}

const REWRITES: readonly (readonly [string, (code: string) => string])[] = [
  ["@google/model-viewer/lib/template.js", templateWithoutStyle],
  ["@google/model-viewer/lib/model-viewer-base.js", baseWithSheet],
];

/**
 * `style-src 'self'` refuses every inline `<style>`, also the one inside model-viewer's shadow root, and the
 * viewer would collapse. Style sheets made by script are allowed, so the build makes one of the same text.
 * The alternative, a hash in the policy, would have to change in two places at each update.
 */
export function viewerStyles(): Plugin {
  const seen = new Set<string>();
  return {
    name: "imageto3d:viewer-styles",
    apply: "build",
    transform(code, id) {
      const found = REWRITES.find(([file]) => id.endsWith(file));
      if (found === undefined) {
        return null;
      }
      const [file, rewrite] = found;
      seen.add(file);
      return { code: rewrite(code), map: null };
    },
    buildEnd(error) {
      if (error === undefined && seen.size !== REWRITES.length) {
        this.error("model-viewer's modules were not seen by the build");
      }
    },
  };
}
