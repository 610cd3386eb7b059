import { expect, test } from "vitest";
import { ownProblem } from "../problems";
import { EMPTY, keyOf, nextBatch, waiting, type Batch, type BatchEvent } from "./batch";
import { CHOSEN, next, type Event, type Photo } from "./flow";

function photo(name: string): Photo {
  return { file: new Blob(["x"]), name, type: "image/jpeg", width: 8, height: 6, url: `blob:${name}`, idempotencyKey: `key-${name}` };
}

function after(...events: Event[]) {
  return events.reduce(next, CHOSEN);
}

function batchAfter(...events: BatchEvent[]): Batch {
  return events.reduce(nextBatch, EMPTY);
}

test("a photo goes from chosen to made", () => {
  const flow = after({ type: "started" }, { type: "uploading", share: 0.5 });
  expect(flow).toEqual({ step: "sending", phase: "uploading", share: 0.5, uploadId: null });
  expect(after({ type: "started" }, { type: "uploaded", uploadId: "upl_1" }, { type: "made", id: "gen_1" })).toEqual({ step: "made", id: "gen_1" });
});

test("a photo that arrived is ordered again without being sent again", () => {
  const offline = ownProblem("client:offline");
  const flow = after({ type: "started" }, { type: "uploaded", uploadId: "upl_1" }, { type: "failed", problem: offline }, { type: "started" });
  expect(flow).toEqual({ step: "sending", phase: "ordering", share: 1, uploadId: "upl_1" });
});

test("a photo that the service does not have is sent again", () => {
  const lost = ownProblem("/problems/upload-not-received");
  expect(after({ type: "started" }, { type: "uploaded", uploadId: "upl_1" }, { type: "failed", problem: lost })).toMatchObject({ step: "failed", uploadId: null });
});

test("stopping gives the photo back, and late news changes nothing", () => {
  const stopped = after({ type: "started" }, { type: "called-off" });
  expect(stopped).toEqual(CHOSEN);
  expect(next(stopped, { type: "uploading", share: 0.9 })).toBe(stopped);
  expect(next(stopped, { type: "made", id: "gen_1" })).toBe(stopped);
});

test("the first of several photos is on the bench, and each goes its own way", () => {
  const batch = batchAfter(
    { type: "picked", count: 3 }, { type: "accepted", photo: photo("a") }, { type: "refused", name: "b", problem: ownProblem("/problems/photo-empty") },
    { type: "accepted", photo: photo("c") }, { type: "went", key: "key-c", event: { type: "started" } },
  );
  expect(batch).toMatchObject({ selected: "key-a", checking: 0, refused: [{ name: "b" }] });
  expect(batch.entries.map(({ flow }) => flow.step)).toEqual(["chosen", "sending"]);
  expect(waiting(batch).map(keyOf)).toEqual(["key-a"]);
});

test("a change of mind forgets the picture that was prepared before", () => {
  const prepared = { file: new Blob(["y"]), side: 10, how: "cut" } as const;
  const batch = batchAfter(
    { type: "picked", count: 1 }, { type: "accepted", photo: photo("a") }, { type: "prepared", key: "key-a", prepared },
    { type: "edited", key: "key-a", edit: { background: "keep", crop: null } },
  );
  expect(batch.entries[0]).toMatchObject({ prepared: null, edit: { background: "keep" } });
});

test("taking the selected photo away selects another", () => {
  const both = [{ type: "picked", count: 2 }, { type: "accepted", photo: photo("a") }, { type: "accepted", photo: photo("b") }] as const;
  expect(batchAfter(...both, { type: "removed", key: "key-a" }).selected).toBe("key-b");
  expect(batchAfter(...both, { type: "removed", key: "key-b" }).selected).toBe("key-a");
  expect(batchAfter(...both, { type: "removed", key: "key-a" }, { type: "removed", key: "key-b" }).selected).toBeNull();
});

test("another part of a photo whose order failed is another picture: it is sent, not the one that arrived", () => {
  const failed: BatchEvent[] = [
    { type: "picked", count: 1 }, { type: "accepted", photo: photo("a") }, { type: "went", key: "key-a", event: { type: "started" } },
    { type: "went", key: "key-a", event: { type: "uploaded", uploadId: "upl_1" } },
    { type: "went", key: "key-a", event: { type: "failed", problem: ownProblem("client:offline") } },
  ];
  expect(batchAfter(...failed).entries[0]?.flow).toMatchObject({ uploadId: "upl_1" });
  const edited = batchAfter(...failed, { type: "edited", key: "key-a", edit: { background: "keep", crop: null } });
  expect(edited.entries[0]?.flow).toEqual(CHOSEN);
});

test("whoever comes back finds the bench as it was, and free if all photos have become models", () => {
  const two: BatchEvent[] = [{ type: "picked", count: 2 }, { type: "accepted", photo: photo("a") }, { type: "accepted", photo: photo("b") }];
  const made = (key: string): BatchEvent[] => [{ type: "went", key, event: { type: "started" } }, { type: "went", key, event: { type: "made", id: "gen_1" } }];
  expect(batchAfter(...two, ...made("key-a"), { type: "came" }).entries).toHaveLength(2);
  expect(batchAfter(...two, ...made("key-a"), ...made("key-b"), { type: "came" })).toEqual(EMPTY);
});

test("a photo that is made again comes to the front", () => {
  const batch = batchAfter(
    { type: "picked", count: 1 }, { type: "accepted", photo: photo("a") },
    { type: "selected", key: null }, { type: "picked", count: 1 }, { type: "accepted", photo: photo("b") },
  );
  expect(batch.selected).toBe("key-b");
});
