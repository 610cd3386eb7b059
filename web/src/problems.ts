import type { Problem } from "./api/types";
import { spanText } from "./format";
import { problemWords } from "./words";
import type { ProblemWords } from "./words/problemsEn";

/** What a person can do about a problem; the page that shows it decides how. */
export type NextStep = "retry" | "another-photo" | "sign-in" | "home" | "credits" | "none";

/** A problem in words that anybody understands: what happened, and what to do now. */
export interface Explanation {
  readonly title: string;
  readonly advice: string;
  readonly next: NextStep;
}

type Known = keyof ProblemWords;

/** The next steps that are not `retry`. */
const NEXT: Readonly<Record<Exclude<NextStep, "retry">, readonly Known[]>> = {
  "another-photo": [
    "/problems/photo-empty",
    "/problems/photo-not-an-image",
    "/problems/photo-type-mismatch",
    "/problems/photo-too-large",
    "/problems/photo-too-many-pixels",
    "/problems/photo-truncated",
    "/problems/photo-animated",
    "/problems/photo-no-object",
    "client:photo-heic",
    "client:photo-too-small",
    "client:photo-unreadable",
    "client:not-a-file",
    "/problems/address-refused",
    "/problems/upload-already-used",
    "/problems/options-invalid",
    "/problems/idempotency-key-reused",
    "/problems/took-too-long",
  ],
  "sign-in": [
    "/problems/signed-out",
    "/problems/sign-in-again",
    "/problems/key-refused",
  ],
  home: [
    "/problems/not-found",
    "/problems/first-step-missing",
  ],
  credits: [
    "/problems/too-few-credits",
  ],
  none: [
    "/problems/already-subscribed",
    "/problems/under-age",
    "/problems/texts-changed",
    "/problems/blocked",
    "/problems/account-closing",
    "/problems/export-running",
    "/problems/key-and-session",
    "/problems/key-invalid",
    "/problems/scope-missing",
    "/problems/too-many-keys",
    "/problems/too-many-webhooks",
    "/problems/webhook-off",
    "/problems/already-ended",
    "client:no-3d",
  ],
};

function worded(type: Known): Explanation {
  const [title, advice] = problemWords.texts[type];
  const next = (Object.keys(NEXT) as (keyof typeof NEXT)[]).find((step) => NEXT[step].includes(type));
  return { title, advice, next: next ?? "retry" };
}

function known(type: string): Explanation | null {
  return type in problemWords.texts ? worded(type as Known) : null;
}

/** Finds the words for a problem; one that this page does not know yet speaks with its own title and detail. */
export function explain(problem: Problem): Explanation {
  const words = known(problem.type);
  if (problem.type === "/problems/too-often" && words !== null && problem.retryAfterS !== undefined) {
    return { ...words, advice: problemWords.worksAgain(spanText(problem.retryAfterS)) };
  }
  if (words !== null) {
    return words;
  }
  if (problem.status === 401) {
    return worded("/problems/signed-out");
  }
  if (problem.status === 429) {
    return worded("fast");
  }
  if (problem.status >= 500) {
    return worded("ours");
  }
  const unknown = worded("unknown");
  return {
    title: problem.title === "" ? unknown.title : problem.title,
    advice: problem.detail === "" ? unknown.advice : problem.detail,
    next: "retry",
  };
}

/** A problem that this page found by itself, before asking the API. */
export function ownProblem(type: string): Problem {
  return { type, status: 0, title: known(type)?.title ?? "", detail: "" };
}

/** A failure told by a finished generation: its photo was refused, or the making failed and the hold was released. */
export function explainFailure(failure: { type: string; title: string; detail: string } | null): Explanation {
  const words = failure === null ? null : known(failure.type);
  if (words !== null && words.next === "another-photo") {
    return { ...words, advice: problemWords.notCharged(words.advice) };
  }
  if (failure !== null && words === null && failure.type !== "/problems/ours") {
    return { title: failure.title, advice: problemWords.notCharged(failure.detail), next: "another-photo" };
  }
  return { ...worded("noModel"), next: "another-photo" };
}
