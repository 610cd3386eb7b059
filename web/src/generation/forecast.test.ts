import { expect, test } from "vitest";
import type { Generation } from "../api/types";
import { forecastOf } from "./forecast";

const told = (changed: Partial<Generation>): Generation =>
  ({ stage: "waiting", progress: 0, queue_position: 1, eta_seconds: 20, ...changed }) as Generation;

test("who waits reads the place and the time, and no bar moves", () => {
  expect(forecastOf(told({}), 0)).toEqual({ progress: null, sentence: "About 20 seconds to go." });
  expect(forecastOf(told({ queue_position: 4, eta_seconds: 90 }), 0).sentence).toBe("Number 4 in the line, about 2 minutes to go.");
  expect(forecastOf(told({ stage: "waking", eta_seconds: 360 }), 0).sentence).toBe("About 6 minutes to go, a machine is being started.");
});

test("the bar goes on between two answers, and is never full before the end", () => {
  const running = told({ stage: "reconstructing", progress: 10, queue_position: null, eta_seconds: 10 });
  expect(forecastOf(running, 0).progress).toBe(10);
  expect(forecastOf(running, 5000)).toEqual({ progress: 53, sentence: "About 5 seconds to go." });
  expect(forecastOf(running, 60_000)).toEqual({ progress: 95, sentence: "Any moment now." });
  expect(forecastOf(told({ stage: "saving", progress: 95, queue_position: null, eta_seconds: 1 }), 900).progress).toBe(95);
  expect(forecastOf(told({ stage: "done", progress: 100, queue_position: null, eta_seconds: null }), 0).progress).toBe(100);
});

test("a clock that was set back does not turn the bar back", () => {
  expect(forecastOf(told({ stage: "reconstructing", progress: 50, queue_position: null, eta_seconds: 10 }), -5000).progress).toBe(50);
});
