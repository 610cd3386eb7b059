import { expect, test } from "vitest";
import { contentSecurityPolicy, directives } from "./csp.ts";

const LOCAL = { storageOrigins: ["http://127.0.0.1:8301"], upgradeInsecureRequests: false };

test("the policy on a laptop is this one", () => {
  expect(contentSecurityPolicy(LOCAL)).toBe(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; style-src 'self'; " +
    "img-src 'self' data: blob: http://127.0.0.1:8301; font-src 'self'; connect-src 'self' blob: data: http://127.0.0.1:8301; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
});

test("deployed pages ask for HTTPS only", () => {
  const policy = contentSecurityPolicy({ storageOrigins: ["https://models.example"], upgradeInsecureRequests: true });
  expect(policy.endsWith("frame-ancestors 'none'; upgrade-insecure-requests")).toBe(true);
});

test("nothing inline and no stranger is ever allowed", () => {
  const sources = [...directives(LOCAL).values()].flat();
  expect(sources).not.toContain("'unsafe-inline'");
  expect(sources).not.toContain("'unsafe-eval'");
  expect(sources).not.toContain("*");
});
