/**
 * The site with a pretended API, for what a real one cannot show at will: 5,000 models, failures, slow answers, and
 * pictures that are the same each time. The site itself is the built one, served with its real policy.
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const SAMPLE = new URL("../../functions/dispatch/src/sample/", import.meta.url);
const TYPES = { glb: "model/gltf-binary", webp: "image/webp", json: "application/json" };

export const ME = {
  user_id: "usr_01ARZ3NDEKTSV4RRFFQ69G5FAV", name: "Ada", email: "ada@example.com", credits: { available: 9, held: 0 }, free_credits: 10,
  welcome: "done", standing: "good", deletion_begins_at: null, usage_analysis: false, renew: false,
};

const OPTIONS = {
  foreground_percent: 85, faces: 20_000, texture_size: 1024, symmetry: false, flat_base: false, height_mm: 100, paint: "texture", seed: 0, smooth: 0,
};
const FILES = ["model.glb", "preview.webp", "turntable.webp", "report.json", "photo", "model-compact.glb", "model-obj.zip", "model.ply", "model.stl", "model.3mf", "model.usdz"];

/** The id of the model with this number; sorts like its number. */
export function idOf(number) {
  return `gen_${String(number).padStart(26, "0")}`;
}

/** A finished model with this number, made a minute after the one before it. */
export function finished(number, more = {}) {
  const at = new Date(Date.UTC(2026, 0, 1, 9, number)).toISOString();
  return {
    id: idOf(number), status: "SUCCEEDED", stage: "saving", progress: 100, queue_position: null, eta_seconds: null, created_at: at, updated_at: at,
    price: 1, test: false, upload_id: "upl_01ARZ3NDEKTSV4RRFFQ69G5FAV", options: OPTIONS, failure: null,
    title: null, tags: [], shared: null,
    files: FILES.map((name) => ({ name, bytes: 500_000, content_type: "application/octet-stream" })),
    model: { faces: 19_874, vertices: 9_939, watertight: true, texture_size: 1024, bytes: 1_126_400, engine: "relief" },
    ...more,
  };
}

/** One that is being made. */
export function running(number, more = {}) {
  return finished(number, { status: "RUNNING", stage: "reconstructing", progress: 40, eta_seconds: 8, files: [], model: null, ...more });
}

/** Answers every call to the API of this context; `special` may answer first: `(url, request) => answer | null`. */
export async function pretend(context, { me = ME, models = [], special = () => null } = {}) {
  const problem = (status, type) => ({ status, contentType: "application/problem+json", body: JSON.stringify({ type, status, title: "", detail: "" }) });
  const json = (body) => ({ status: 200, contentType: "application/json", body: JSON.stringify(body) });
  const sample = async (name) => {
    const file = name === "photo" ? "preview.webp" : name;
    return { status: 200, contentType: TYPES[file.split(".").at(-1)] ?? "application/octet-stream", body: await readFile(fileURLToPath(new URL(file, SAMPLE))) };
  };
  const answer = async (url, request) => {
    const path = url.pathname;
    const file = /^\/api\/(?:generations|shares)\/[^/]+\/files\/(.+)$/.exec(path)?.[1];
    if (file !== undefined) {
      return sample(file);
    }
    if (path === "/api/me") {
      return me === null ? problem(401, "/problems/signed-out") : json(me);
    }
    if (path === "/api/generations" && request.method() === "GET") {
      const limit = Number(url.searchParams.get("limit") ?? 20);
      const from = Number(url.searchParams.get("cursor") ?? 0);
      const status = url.searchParams.get("status");
      const wished = models.filter((model) => status === null || model.status === status);
      const next = from + limit < wished.length ? String(from + limit) : null;
      return json({ items: wished.slice(from, from + limit), next_cursor: next });
    }
    const one = /^\/api\/generations\/([^/]+)$/.exec(path)?.[1];
    const found = models.find(({ id }) => id === one);
    return found === undefined ? problem(404, "/problems/not-found") : json(found);
  };
  await context.route(/\/api\//, async (route, request) => {
    const url = new URL(request.url());
    const first = await special(url, request);
    if (first === "abort") {
      await route.abort();
      return;
    }
    await route.fulfill(first ?? await answer(url, request));
  });
}

export const refuse = (status, type) => ({ status, contentType: "application/problem+json", body: JSON.stringify({ type, status, title: "", detail: "" }) });
