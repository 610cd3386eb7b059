import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createApi, fileUrl } from "../src/api/calls";
import { isOver } from "../src/api/types";

/** The page's own client as a program uses it, with an API key, against the running service. */
const { SITE = "", KEY = "", PHOTO = "" } = process.env;
const api = createApi(() => { expect.fail("the key was refused"); }, { site: SITE, key: KEY });
const { signal } = new AbortController();

/** The value of an answer; a problem fails the test with its own words. */
function value<T>(answer: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: { readonly detail: string } }): T {
  return answer.ok ? answer.value : expect.fail(answer.problem.detail);
}

it("makes a model of a photo, follows it, fetches it, deletes it", async () => {
  const photo = readFileSync(PHOTO);
  const sha256 = createHash("sha256").update(photo).digest("base64");
  const form = value(await api.openUpload({ content_type: "image/png", bytes: photo.length, sha256 }, signal));
  const fields = new FormData();
  for (const [name, text] of Object.entries(form.fields)) {
    fields.append(name, text);
  }
  fields.append("file", new Blob([photo]));
  expect((await fetch(form.url, { method: "POST", body: fields })).status).toBe(204);

  const wish = randomUUID();
  let generation = value(await api.order(wish, { upload_id: form.upload_id, options: { faces: 500 } }, signal));
  expect(value(await api.order(wish, { upload_id: form.upload_id, options: { faces: 500 } }, signal)).id).toBe(generation.id);
  while (!isOver(generation)) {
    generation = value(await api.news(generation.id, signal));
  }
  expect(generation.status).toBe("SUCCEEDED");
  expect(value(await api.lists.all(null)).items.map((one) => one.id)).toContain(generation.id);

  const link = await fetch(SITE + fileUrl(generation.id, "model.glb"), { headers: { Authorization: `Bearer ${KEY}` }, redirect: "manual" });
  const model = await fetch(link.headers.get("Location") ?? expect.fail("no link"));
  expect(Buffer.from(await model.arrayBuffer()).subarray(0, 4).toString()).toBe("glTF");

  expect(await api.cancel(generation.id)).toMatchObject({ ok: false, problem: { type: "/problems/already-ended", status: 409 } });
  expect(value(await api.remove(generation.id))).toBeNull();
  expect(await api.news(generation.id, signal)).toMatchObject({ ok: false, problem: { status: 404 } });
}, 60_000);
