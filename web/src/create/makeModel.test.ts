import { expect, test, vi } from "vitest";
import type { Answer } from "../api/client";
import type { Generation, Upload } from "../api/types";
import { ownProblem } from "../problems";
import type { Event } from "./flow";
import { makeModel, type Means, type Wish } from "./makeModel";

const OPTIONS = { foreground_percent: 85, faces: 20_000, texture_size: 1024, symmetry: false, flat_base: false, height_mm: 100 } as const;
const WISH: Wish = { file: new Blob(["\xff\xd8\xff"]), key: "key-0001", options: OPTIONS, arrived: null };
const UPLOAD: Upload = { upload_id: "upl_1", url: "http://bucket", fields: { key: "k" }, expires_at: "2026-11-23T20:00:00Z" };

function good<T>(value: T): Promise<Answer<T>> {
  return Promise.resolve({ ok: true, value, etag: null, retryAfterS: null });
}

function means() {
  return {
    api: { openUpload: vi.fn<Means["api"]["openUpload"]>(() => good(UPLOAD)), order: vi.fn<Means["api"]["order"]>(() => good({ id: "gen_1" } as Generation)) },
    send: vi.fn<Means["send"]>(() => Promise.resolve(null)),
    digest: vi.fn<Means["digest"]>(() => Promise.resolve("sha")),
  };
}

test("a photo is described, sent and ordered", async () => {
  const all = means();
  const told: Event[] = [];
  const id = await makeModel(all, WISH, (event) => { told.push(event); }, new AbortController().signal);
  expect(id).toBe("gen_1");
  expect(all.api.openUpload.mock.calls[0]?.[0]).toEqual({ content_type: "image/jpeg", bytes: WISH.file.size, sha256: "sha" });
  expect(all.api.order.mock.calls[0]?.slice(0, 2)).toEqual(["key-0001", { upload_id: "upl_1", options: OPTIONS }]);
  expect(told).toEqual([{ type: "uploading", share: 0 }, { type: "uploaded", uploadId: "upl_1" }, { type: "made", id: "gen_1" }]);
});

test("a second try after a lost answer orders with the same key and sends nothing", async () => {
  const all = means();
  all.api.order.mockResolvedValueOnce({ ok: false, problem: ownProblem("client:offline"), retryAfterS: null });
  const tell = vi.fn();
  const { signal } = new AbortController();
  expect(await makeModel(all, WISH, tell, signal)).toBeNull();
  expect(await makeModel(all, { ...WISH, arrived: "upl_1" }, tell, signal)).toBe("gen_1");
  expect(all.send).toHaveBeenCalledTimes(1);
  expect(all.api.order.mock.calls.map(([key]) => key)).toEqual(["key-0001", "key-0001"]);
});

test("an upload that was refused orders nothing", async () => {
  const all = means();
  const problem = ownProblem("client:upload-refused");
  all.send.mockResolvedValueOnce(problem);
  const tell = vi.fn();
  expect(await makeModel(all, WISH, tell, new AbortController().signal)).toBeNull();
  expect(tell).toHaveBeenLastCalledWith({ type: "failed", problem });
  expect(all.api.order).not.toHaveBeenCalled();
});

test("stopping is not a failure", async () => {
  const all = means();
  const stop = new AbortController();
  all.send.mockImplementationOnce(() => {
    stop.abort();
    return Promise.resolve(ownProblem("client:called-off"));
  });
  const tell = vi.fn();
  await makeModel(all, WISH, tell, stop.signal);
  expect(tell).toHaveBeenLastCalledWith({ type: "called-off" });
});
