import { expect, test } from "vitest";
import { modelsText, removeAll } from "./DeleteSeveral";

const IDS = Array.from({ length: 230 }, (_, index) => `gen_${index}`);

test("many are deleted in hundreds", async () => {
  const asked: number[] = [];
  const { gone, problem } = await removeAll({
    removeSeveral: (ids) => {
      asked.push(ids.length);
      return Promise.resolve({ ok: true, value: { deleted: [...ids], missing: [] }, etag: null, retryAfterS: null });
    },
  }, IDS);
  expect([asked, gone, problem]).toEqual([[100, 100, 30], IDS, null]);
});

test("what stops half-way tells what is gone already", async () => {
  const busy = { type: "/problems/busy", status: 503, title: "", detail: "" };
  let calls = 0;
  const { gone, problem } = await removeAll({
    removeSeveral: (ids) => {
      calls += 1;
      return Promise.resolve(calls === 1
        ? { ok: true, value: { deleted: [], missing: [...ids] }, etag: null, retryAfterS: null }
        : { ok: false, problem: busy, retryAfterS: 2 });
    },
  }, IDS);
  expect([gone.length, problem]).toEqual([100, busy]);
});

test("one model is singular", () => {
  expect([1, 2].map(modelsText)).toEqual(["1 model", "2 models"]);
});
