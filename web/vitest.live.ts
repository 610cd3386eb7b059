import { defineConfig } from "vitest/config";

/** Tests against the running service; tests/contract gives them a site, a key and a photo. */
export default defineConfig({ test: { include: ["live/**/*.test.ts"], environment: "node" } });
