import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FIRST_EVENT_S, follow, type Source } from "./stream";

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

/** A stream whose events a test sends. */
class Played extends EventTarget {
  readyState = 0;
  close(): void {
    this.readyState = 2;
  }
  tell(value: string): void {
    this.dispatchEvent(new MessageEvent("generation", { data: JSON.stringify(value) }));
  }
  break(readyState: number): void {
    this.readyState = readyState;
    this.dispatchEvent(new Event("error"));
  }
}

function start(hasStreams = true) {
  const source = new Played();
  const seen: string[] = [];
  const asking = { times: 0, stopped: 0 };
  const stop = follow<string>({
    open: hasStreams ? () => source as unknown as Source : null,
    isOver: (value) => value === "over",
    onValue: (value) => { seen.push(value); },
    ask: () => {
      asking.times += 1;
      return () => { asking.stopped += 1; };
    },
  });
  return { source, seen, asking, stop, afterS: (s: number) => { vi.advanceTimersByTime(s * 1000); } };
}

test("it follows the stream to the end, and never asks", () => {
  const { source, seen, asking, afterS } = start();
  source.tell("a");
  afterS(FIRST_EVENT_S + 1);
  source.tell("over");
  expect(seen).toEqual(["a", "over"]);
  expect(source.readyState).toBe(2);
  expect(asking.times).toBe(0);
});

test("where there are no streams, it asks", () => {
  expect(start(false).asking.times).toBe(1);
});

test("an answer that is no stream makes it ask at once", () => {
  const { source, asking } = start();
  source.break(2);
  expect(asking.times).toBe(1);
});

test("a stream that breaks once goes on, and one that breaks twice is given up", () => {
  const { source, asking } = start();
  source.tell("a");
  source.break(0);
  expect(asking.times).toBe(0);
  source.break(0);
  expect([asking.times, source.readyState]).toEqual([1, 2]);
});

test("an event between two breaks makes good the first", () => {
  const { source, asking } = start();
  for (const value of ["a", "b", "c"]) {
    source.break(0);
    source.tell(value);
  }
  expect(asking.times).toBe(0);
});

test("a stream that is held back on its way is given up, once", () => {
  const { source, asking, afterS } = start();
  afterS(FIRST_EVENT_S - 0.1);
  expect(asking.times).toBe(0);
  afterS(0.2);
  source.break(2);
  expect([asking.times, source.readyState]).toEqual([1, 2]);
});

test("stopping stops whatever follows", () => {
  const streaming = start();
  streaming.stop();
  streaming.afterS(600);
  expect([streaming.source.readyState, streaming.asking.times]).toEqual([2, 0]);
  const asked = start();
  asked.source.break(2);
  asked.stop();
  expect(asked.asking).toEqual({ times: 1, stopped: 1 });
});
