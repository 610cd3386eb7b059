import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fields, operations, troubles, type Document } from "./document";
import { address, curl } from "./tryout";

const document = JSON.parse(readFileSync(new URL("../../../shared/api/openapi.json", import.meta.url), "utf8")) as Document;
const all = operations(document);
const named = (id: string) => all.find((one) => one.id === id) ?? expect.fail(id);

describe("the reference", () => {
  it("names every call, those for programs first", () => {
    const paths = Object.values(document.paths).flatMap((methods) => Object.keys(methods));
    expect(all).toHaveLength(paths.length);
    const scopes = all.map((one) => one.scope !== null);
    expect(scopes.lastIndexOf(true)).toBeLessThan(scopes.indexOf(false));
  });

  it("shows the fields of a body with their limits, nested ones too", () => {
    const body = named("create_generation").body ?? expect.fail("no body");
    const faces = fields(document, body.schema).find((one) => one.name === "options.faces");
    expect(faces).toMatchObject({ kind: "integer", limits: "100 to 500000; default 20000", required: false });
    expect(JSON.parse(body.example)).toHaveProperty("image_url");
    expect(named("create_generation").form).toBe(true);
  });

  it("gives every problem a remedy", () => {
    const list = troubles(all);
    expect(list.map((one) => one.status)).toEqual(expect.arrayContaining(["402", "409", "413", "415", "422", "429", "503"]));
    for (const one of list) {
      expect(one.remedy, one.type).not.toBe("");
    }
  });

  it("writes a call as an address and as a command", () => {
    const get = named("get_generation");
    expect(address(get, { id: "gen_1", wait: "20" })).toBe("/api/generations/gen_1?wait=20");
    const order = named("create_generation");
    const command = curl(order, { key: "secret", values: { "Idempotency-Key": "a-new-key" }, body: '{"a":"it\'s"}' }, "https://site");
    expect(command).toContain("Authorization: Bearer $KEY");
    expect(command).not.toContain("secret");
    expect(command).toContain(String.raw`'{"a":"it'\''s"}'`);
  });
});
