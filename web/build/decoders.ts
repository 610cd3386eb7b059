import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

/**
 * Serves and ships the mesh and texture decoders of three.js under /decoders/, so that the viewer never
 * asks a public CDN for them. Our own models are uncompressed: a browser fetches these files only when
 * a model needs them.
 */
const FILES: ReadonlyMap<string, string> = new Map([
  ["draco/draco_wasm_wrapper.js", "draco/gltf/draco_wasm_wrapper.js"],
  ["draco/draco_decoder.wasm", "draco/gltf/draco_decoder.wasm"],
  ["draco/draco_decoder.js", "draco/gltf/draco_decoder.js"],
  ["basis/basis_transcoder.js", "basis/basis_transcoder.js"],
  ["basis/basis_transcoder.wasm", "basis/basis_transcoder.wasm"],
]);

const three = createRequire(import.meta.url);

function read(source: string): Buffer {
  return readFileSync(three.resolve(`three/examples/jsm/libs/${source}`));
}

export function decoders(): Plugin {
  return {
    name: "imageto3d:decoders",
    configureServer(server) {
      server.middlewares.use("/decoders", (request, response, next) => {
        const source = FILES.get((request.url ?? "").replace(/^\//, "").replace(/\?.*$/, ""));
        if (source === undefined) {
          next();
          return;
        }
        response.setHeader("Content-Type", source.endsWith(".wasm") ? "application/wasm" : "text/javascript");
        response.end(read(source));
      });
    },
    generateBundle() {
      for (const [name, source] of FILES) {
        this.emitFile({ type: "asset", fileName: `decoders/${name}`, source: read(source) });
      }
    },
  };
}
