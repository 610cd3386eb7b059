import { expect, test } from "vitest";
import { ownProblem } from "../problems";
import { EMPTY, freshKey, next, type Event, type Flow, type Photo } from "./flow";

const PHOTO: Photo = { file: new Blob(["x"]), name: "cup.jpg", type: "image/jpeg", width: 8, height: 6, url: "blob:1", idempotencyKey: "key-0001" };
const OFFLINE = ownProblem("client:offline");

function after(...events: Event[]): Flow {
  return events.reduce(next, EMPTY);
}

const CHOSEN: Event[] = [{ type: "picked", name: "cup.jpg" }, { type: "accepted", photo: PHOTO }];

test("a good photo is chosen after its check", () => {
  expect(after(...CHOSEN)).toEqual({ step: "chosen", photo: PHOTO });
});

test("a refused photo leaves an empty mat with its reason", () => {
  const problem = ownProblem("/problems/photo-empty");
  expect(after({ type: "picked", name: "a" }, { type: "refused", problem })).toEqual({ step: "empty", problem });
});

test("sending goes from preparing through uploading to ordering", () => {
  const sending = after(...CHOSEN, { type: "started" });
  expect(sending).toMatchObject({ step: "sending", phase: "preparing", share: 0 });
  const half = next(sending, { type: "uploading", share: 0.5 });
  expect(half).toMatchObject({ phase: "uploading", share: 0.5 });
  expect(next(half, { type: "uploaded", uploadId: "upl_1" })).toMatchObject({ phase: "ordering", share: 1, uploadId: "upl_1" });
});

test("an order that failed on the way is repeated without sending the photo again, under the same key", () => {
  const again = after(...CHOSEN, { type: "started" }, { type: "uploaded", uploadId: "upl_1" }, { type: "failed", problem: OFFLINE }, { type: "started" });
  expect(again).toEqual({ step: "sending", photo: PHOTO, phase: "ordering", share: 1, uploadId: "upl_1" });
});

test("a photo that the service never saw is sent again", () => {
  const problem = ownProblem("/problems/upload-not-received");
  const again = after(...CHOSEN, { type: "started" }, { type: "uploaded", uploadId: "upl_1" }, { type: "failed", problem }, { type: "started" });
  expect(again).toMatchObject({ phase: "preparing", uploadId: null });
});

test("calling off keeps the photo", () => {
  expect(after(...CHOSEN, { type: "started" }, { type: "called-off" })).toEqual({ step: "chosen", photo: PHOTO });
});

test("a photo dropped while another is being sent changes nothing", () => {
  const sending = after(...CHOSEN, { type: "started" });
  expect(next(sending, { type: "picked", name: "other.png" })).toBe(sending);
});

test("late events of a cleared photo change nothing", () => {
  const cleared = after(...CHOSEN, { type: "started" }, { type: "cleared" });
  for (const event of [{ type: "uploading", share: 1 }, { type: "uploaded", uploadId: "u" }, { type: "failed", problem: OFFLINE }] as const) {
    expect(next(cleared, event)).toEqual(EMPTY);
  }
});

test("keys are fresh and within the API's alphabet", () => {
  expect(freshKey()).toMatch(/^[A-Za-z0-9_-]{8,64}$/);
  expect(freshKey()).not.toBe(freshKey());
});
