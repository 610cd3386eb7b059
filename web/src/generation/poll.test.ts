import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Answer } from "../api/client";
import { ownProblem } from "../problems";
import { HIDDEN_WAIT_S, backOffS, mayPass, poll } from "./poll";

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

type Scripted = Answer<string | null>;

function good(value: string | null, retryAfterS: number | null = null, etag: string | null = null): Scripted {
  return { ok: true, value, etag, retryAfterS };
}

function bad(status: number, retryAfterS: number | null = null): Scripted {
  return { ok: false, problem: { ...ownProblem("client:offline"), status }, retryAfterS };
}

/** Polls a script; the last answer is the end. */
function start(script: Scripted[], hidden = false) {
  const page = { isHidden: hidden, wake: () => { /* set below */ } };
  const asked: (string | null)[] = [];
  const seen: string[] = [];
  const problems: boolean[] = [];
  const stop = poll<string>({
    ask: (etag) => {
      asked.push(etag);
      return Promise.resolve(script[asked.length - 1] ?? good("over"));
    },
    isOver: (value) => value === "over",
    onValue: (value) => { seen.push(value); },
    onProblem: (_, willRetry) => { problems.push(willRetry); },
    page: {
      hidden: () => page.isHidden,
      onWake: (call) => {
        page.wake = call;
        return () => { page.wake = () => { /* forgotten */ }; };
      },
    },
  });
  return { asked, seen, problems, page, stop, afterS: (s: number) => vi.advanceTimersByTimeAsync(s * 1000) };
}

test("it asks at once, and again when the service says so", async () => {
  const { asked, afterS } = start([good("a", 5), good("b", 5)]);
  await afterS(0);
  expect(asked).toHaveLength(1);
  await afterS(4.9);
  expect(asked).toHaveLength(1);
  await afterS(0.2);
  expect(asked).toHaveLength(2);
});

test("it stops at the end", async () => {
  const { asked, seen, afterS } = start([good("a", 1), good("over")]);
  await afterS(600);
  expect(seen).toEqual(["a", "over"]);
  expect(asked).toHaveLength(2);
});

test("it names the version it has, and an unchanged answer changes nothing", async () => {
  const { asked, seen, afterS } = start([good("a", 1, '"1"'), good(null, 1, '"1"'), good("over", null, '"2"')]);
  await afterS(10);
  expect(asked).toEqual([null, '"1"', '"1"']);
  expect(seen).toEqual(["a", "over"]);
});

test("failures are followed by growing pauses up to half a minute", () => {
  expect([1, 2, 3, 4, 5, 6, 7].map((failures) => backOffS(failures, null))).toEqual([1, 2, 4, 8, 16, 30, 30]);
  expect(backOffS(1, 12)).toBe(12);
});

test("a good answer ends the growing", async () => {
  const { asked, afterS } = start([bad(503), bad(503), good("a", 1), bad(503), good("over")]);
  await afterS(0);
  await afterS(1);
  await afterS(2);
  await afterS(1);
  expect(asked).toHaveLength(4);
  await afterS(1);
  expect(asked).toHaveLength(5);
});

test("what asking again cannot change is told once", async () => {
  const { asked, problems, afterS } = start([bad(404)]);
  await afterS(600);
  expect(asked).toHaveLength(1);
  expect(problems).toEqual([false]);
});

test("no network, overload and faults may pass; refusals do not", () => {
  const passes = (status: number): boolean => mayPass({ ...ownProblem("x"), status });
  expect([0, 429, 500, 503].map(passes)).toEqual([true, true, true, true]);
  expect([400, 401, 403, 404].map(passes)).toEqual([false, false, false, false]);
});

test("a hidden page asks rarely, and at once when it is seen again", async () => {
  const { asked, page, afterS } = start([good("a", 1), good("b", 1), good("over")], true);
  await afterS(HIDDEN_WAIT_S - 1);
  expect(asked).toHaveLength(1);
  page.isHidden = false;
  page.wake();
  await afterS(0);
  expect(asked).toHaveLength(2);
  await afterS(1);
  expect(asked).toHaveLength(3);
});

test("a stopped poll asks no more", async () => {
  const { asked, stop, page, afterS } = start([good("a", 1), good("b", 1)]);
  await afterS(0);
  stop();
  page.wake();
  await afterS(60);
  expect(asked).toHaveLength(1);
});
