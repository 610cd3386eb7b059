import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

/** Serves and ships the API's description under /openapi.json, for programs and for the reference page. */
const FILE = new URL("../../shared/api/openapi.json", import.meta.url);

export function specification(): Plugin {
  return {
    name: "imageto3d:specification",
    configureServer(server) {
      server.middlewares.use("/openapi.json", (_, response) => {
        response.setHeader("Content-Type", "application/json");
        response.end(readFileSync(FILE));
      });
    },
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "openapi.json", source: readFileSync(FILE) });
    },
  };
}
