import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default defineConfig(
  { ignores: ["dist", "src/api/schema.d.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: { allowDefaultProject: ["eslint.config.js"] }, tsconfigRootDir: import.meta.dirname } } },
  hooks.configs.flat.recommended,
  {
    rules: {
      // Numbers read well inside template strings; everything else must be made a string on purpose.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      // Inline styles are what the strict CSP forbids in markup, so there are none at all.
      "no-restricted-syntax": ["error", { selector: "JSXAttribute[name.name='style']", message: "Use a class: the CSP has no unsafe-inline." }],
      "max-lines": ["error", 250],
    },
  },
  // Sentences only: as many as the page has.
  { files: ["src/words/*.ts"], rules: { "max-lines": "off" } },
  // Served as it is: no types, and the names of a service worker.
  { files: ["public/sw.js"], extends: [tseslint.configs.disableTypeChecked], languageOptions: { globals: { self: "readonly", caches: "readonly", fetch: "readonly", Response: "readonly", URL: "readonly" } } },
);
