import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { contentSecurityPolicy, directives, securityHeaders } from "./csp.ts";

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

test("the CDN sends this policy and these headers", () => {
  const template = readFileSync(new URL("../infra/edge.yaml", import.meta.url), "utf8");
  const folded = template.split("- >-\n")[1]?.split("              - Uploads:")[0] ?? "";
  const sent = folded.trim().split(/\s+/).join(" ");
  const options = { storageOrigins: ["${Uploads}", "${Models}"], upgradeInsecureRequests: true };
  expect(sent).toBe(contentSecurityPolicy(options));
  const others = Object.entries(securityHeaders(options)).filter(([name]) => name !== "Content-Security-Policy");
  for (const [name, value] of others) {
    // The CDN knows some by a name of its own.
    const known: Record<string, string> = {
      "X-Content-Type-Options": "ContentTypeOptions: { Override: true }",
      "X-Frame-Options": `FrameOption: ${value}`,
      "Referrer-Policy": `ReferrerPolicy: ${value}`,
    };
    expect(template).toContain(known[name] ?? `Header: ${name}, Override: true, Value: ${value.includes(" ") ? `"${value}"` : value}`);
  }
});
