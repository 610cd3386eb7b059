import { afterEach, expect, test, vi } from "vitest";
import { request } from "./client";

afterEach(() => { vi.unstubAllGlobals(); });

function answering(response: Response): ReturnType<typeof vi.fn<typeof fetch>> {
  const fake = vi.fn<typeof fetch>(() => Promise.resolve(response));
  vi.stubGlobal("fetch", fake);
  return fake;
}

test("a value comes with its version and the wished pause", async () => {
  answering(new Response('{"id":1}', { headers: { ETag: '"v1"', "Retry-After": "3" } }));
  expect(await request("/api/x")).toEqual({ ok: true, value: { id: 1 }, etag: '"v1"', retryAfterS: 3 });
});

test("unchanged and empty answers have no value", async () => {
  answering(new Response(null, { status: 304 }));
  expect(await request("/api/x")).toMatchObject({ ok: true, value: null });
  answering(new Response(null, { status: 204 }));
  expect(await request("/api/x", { method: "DELETE" })).toMatchObject({ ok: true, value: null });
});

test("a problem is handed on as it is", async () => {
  const problem = { type: "/problems/too-few-credits", status: 402, title: "t", detail: "d" };
  answering(new Response(JSON.stringify(problem), { status: 402 }));
  expect(await request("/api/x")).toEqual({ ok: false, problem, retryAfterS: null });
});

test("an error page in HTML is a problem too, and so is a page in place of a value", async () => {
  answering(new Response("<html>Bad gateway</html>", { status: 502 }));
  expect(await request("/api/x")).toMatchObject({ ok: false, problem: { type: "client:status-502", status: 502 } });
  answering(new Response("<html></html>", { status: 200 }));
  expect(await request("/api/x")).toMatchObject({ ok: false, problem: { status: 502 } });
});

test("no network is a problem and not an exception", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("network")));
  expect(await request("/api/x")).toMatchObject({ ok: false, problem: { type: "client:offline" } });
});

test("a problem knows when asking again makes sense", async () => {
  answering(new Response('{"type":"/problems/too-often"}', { status: 429, headers: { "Retry-After": "90" } }));
  expect(await request("/api/x")).toMatchObject({ ok: false, problem: { type: "/problems/too-often", retryAfterS: 90 } });
});

test("a body is JSON and says so", async () => {
  const fake = answering(new Response("{}"));
  await request("/api/x", { method: "POST", body: { a: 1 } });
  expect(fake.mock.calls[0]?.[1]).toMatchObject({ method: "POST", body: '{"a":1}', headers: { "Content-Type": "application/json" } });
});

test("whatever changes something says JSON, also without a body; what only reads or deletes does not", async () => {
  for (const method of ["POST", "PUT", "PATCH"] as const) {
    const fake = answering(new Response(null, { status: 204 }));
    await request("/api/x", { method });
    expect(fake.mock.calls[0]?.[1]).toMatchObject({ method, headers: { "Content-Type": "application/json" } });
    expect(fake.mock.calls[0]?.[1]).not.toHaveProperty("body");
  }
  for (const method of ["GET", "DELETE"] as const) {
    const fake = answering(new Response(null, { status: 204 }));
    await request("/api/x", { method });
    expect(fake.mock.calls[0]?.[1]?.headers).not.toHaveProperty("Content-Type");
  }
});
