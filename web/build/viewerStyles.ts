import type { Plugin } from "vite";

/** The text that the plugin rewrites, found once in model-viewer's template module. */
const STYLE = /<style>([\s\S]*?)<\/style>/;
const RENDER = "render(templateResult, shadowRoot);";

/** Moves the `<style>` element of model-viewer's template into a constructed style sheet. */
export function withConstructedStyles(code: string): string {
  const css = STYLE.exec(code)?.[1];
  if (css === undefined || css.includes("${") || !code.includes(RENDER)) {
    throw new Error("model-viewer's template changed: look at build/viewerStyles.ts before moving to this version");
  }
  return code
    .replace(STYLE, "")
    .replace(RENDER, () => `shadowRoot.adoptedStyleSheets = [...shadowRoot.adoptedStyleSheets, sheet];\n    ${RENDER}`)
    .concat(`\nconst sheet = new CSSStyleSheet();\nsheet.replaceSync(\`${css}\`);\n`);
}

/**
 * `style-src 'self'` refuses every inline `<style>`, also the one inside model-viewer's shadow root, and the
 * viewer would collapse. Style sheets made by script are allowed, so the build makes one of the same text.
 * The alternative, a hash in the policy, would have to change in two places at each update.
 */
export function viewerStyles(): Plugin {
  let found = false;
  return {
    name: "imageto3d:viewer-styles",
    apply: "build",
    transform(code, id) {
      if (!id.endsWith("@google/model-viewer/lib/template.js")) {
        return null;
      }
      found = true;
      return { code: withConstructedStyles(code), map: null };
    },
    buildEnd() {
      if (!found) {
        this.error("model-viewer's template module was not seen by the build");
      }
    },
  };
}
