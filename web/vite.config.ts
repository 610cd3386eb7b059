import react from "@vitejs/plugin-react";
import type { CommonServerOptions } from "vite";
import { defineConfig } from "vitest/config";
import { network } from "./build/network.ts";
import { specification } from "./build/specification.ts";
import { securityHeaders } from "./csp.ts";

const port = Number(process.env["SITE_PORT"] ?? "8300");
const apiOrigin = process.env["API_ORIGIN"] ?? "http://127.0.0.1:8301";
// The local cloud serves an HTTP API under a path, e.g. /_aws/execute-api/{id}/$default.
const apiPrefix = process.env["API_PREFIX"] ?? "";
// What streams does not go through the API, which cannot: as at the CDN, its path leads to the function itself.
const streamOrigin = process.env["STREAM_ORIGIN"] ?? "http://127.0.0.1:8306";
const storageOrigin = process.env["STORAGE_ORIGIN"] ?? apiOrigin;

/** The site and its API on one origin, as the CDN does it. The browser's own `Origin` and cookies pass unchanged. */
const site: CommonServerOptions = {
  host: "127.0.0.1",
  port,
  strictPort: true,
  cors: false,
  proxy: {
    "^/api/generations/[^/?]+/events(\\?|$)": { target: streamOrigin, changeOrigin: true, xfwd: true },
    "^/api/": {
      target: apiOrigin,
      changeOrigin: true,
      xfwd: true,
      rewrite: (path) => apiPrefix + path,
    },
  },
};

export default defineConfig({
  plugins: [react(), network(), specification()],
  // The pages about privacy are made from a table outside this folder.
  server: { ...site, fs: { allow: [".", "../shared/api/promise.json"] } },
  preview: {
    ...site,
    headers: securityHeaders({ storageOrigins: [storageOrigin], upgradeInsecureRequests: false }),
  },
  build: {
    target: "es2022",
    // data: URLs are not in the policy's script and font lists, and small files compress as well on their own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The site, and the reference of its API.
    rolldownOptions: { input: ["index.html", "reference/index.html"] },
    // The viewer (three.js) is one lazy chunk of its own; the budget of the first page is checked in the journey.
    chunkSizeWarningLimit: 1200,
  },
  test: { include: ["src/**/*.test.{ts,tsx}", "build/**/*.test.ts", "csp.test.ts"], environment: "node" },
});
