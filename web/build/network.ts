import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** The same file that the service uses; `make models` fetches it. */
const WEIGHTS = fileURLToPath(new URL("../../.local/models/u2netp.onnx", import.meta.url));
const ADDRESS = "models/u2netp.onnx";

/** Serves and ships the weights of the foreground network, with which a browser shows the cut-out before anything is sent. */
export function network(): Plugin {
  const read = (): Buffer => {
    if (!existsSync(WEIGHTS)) {
      throw new Error(`${WEIGHTS} is missing: run "make models" first`);
    }
    return readFileSync(WEIGHTS);
  };
  return {
    name: "imageto3d:network",
    configureServer(server) {
      server.middlewares.use(`/${ADDRESS}`, (_request, response) => {
        response.setHeader("Content-Type", "application/octet-stream");
        response.end(read());
      });
    },
    generateBundle() {
      this.emitFile({ type: "asset", fileName: ADDRESS, source: read() });
    },
  };
}
