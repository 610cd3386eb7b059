import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Problem } from "./api/types";
import { explain, explainFailure, ownProblem } from "./problems";

function problem(type: string, status: number, title = "", detail = ""): Problem {
  return { type, status, title, detail };
}

/** Faults of this page itself, never of the person in front of it: the general words are enough. */
const OUR_FAULTS = ["/problems/bad-request", "/problems/content-type", "/problems/idempotency-key-missing", "/problems/invalid", "/problems/ours"];

test("every problem that the API describes has words of its own", () => {
  const description = readFileSync(new URL("../../shared/api/openapi.json", import.meta.url), "utf8");
  const types = [...new Set(description.match(/\/problems\/[a-z-]+/g))].filter((type) => !OUR_FAULTS.includes(type));
  expect(types.length).toBeGreaterThan(10);
  const general = explain(problem("/problems/never-heard-of", 418)).title;
  expect(types.filter((type) => explain(problem(type, 400)).title === general)).toEqual([]);
});

test("a photo that is too big is told the limit and what to do", () => {
  expect(explain(problem("/problems/photo-too-large", 413))).toEqual({
    title: "This photo is too big",
    advice: "The limit is 10 MB. Save a smaller copy and choose that.",
    next: "another-photo",
  });
});

test("a problem from the future speaks with its own words", () => {
  expect(explain(problem("/problems/new", 409, "The moon is full", "Wait for the morning."))).toEqual({
    title: "The moon is full",
    advice: "Wait for the morning.",
    next: "retry",
  });
});

test("a gateway's own error page becomes a fault on our side", () => {
  expect(explain(problem("client:status-502", 502)).title).toBe("Something went wrong on our side");
});

test("any 401 leads back to signing in", () => {
  expect(explain(problem("client:status-401", 401)).next).toBe("sign-in");
});

test("any 429 asks for patience", () => {
  expect(explain(problem("client:status-429", 429))).toMatchObject({ title: "That was a little fast", next: "retry" });
});

test("a limit says when it ends", () => {
  expect(explain({ ...problem("/problems/too-often", 429), retryAfterS: 5_400 }).advice).toBe("Nothing was lost. It works again in 2 hours.");
  expect(explain(problem("/problems/too-often", 429)).advice).toContain("try again");
});

test("what needs a fresh sign-in leads to one", () => {
  expect(explain(problem("/problems/sign-in-again", 403)).next).toBe("sign-in");
});

test("a lost network offers to try again", () => {
  expect(explain(ownProblem("client:offline")).next).toBe("retry");
});

test("a failed generation always says that nothing was charged", () => {
  for (const type of ["/problems/photo-no-object", "/problems/took-too-long", "/problems/ours", "/problems/new"]) {
    expect(explainFailure({ type, title: "", detail: "" }).advice).toContain("not charged");
  }
  expect(explainFailure(null).advice).toContain("not charged");
});

test("a failure that only the numbers explain speaks with its own words", () => {
  const detail = "This shape needs at least 212 faces; 100 were asked for. Choose more faces.";
  expect(explainFailure({ type: "/problems/faces-out-of-reach", title: "The shape needs more faces", detail })).toEqual({
    title: "The shape needs more faces",
    advice: `${detail} You were not charged.`,
    next: "another-photo",
  });
});
