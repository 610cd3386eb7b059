import type { Answer } from "../api/client";
import type { Problem } from "../api/types";

/** What polling needs of the page around it. */
export interface Page {
  readonly hidden: () => boolean;
  /** Calls back when asking at once makes sense: the page is looked at again, or the network is back. */
  readonly onWake: (call: () => void) => () => void;
}

export interface Poll<T> {
  readonly ask: (etag: string | null, signal: AbortSignal) => Promise<Answer<T | null>>;
  readonly isOver: (value: T) => boolean;
  readonly onValue: (value: T) => void;
  /** Called for every good answer, also one that says that nothing changed. */
  readonly onAlive?: () => void;
  /** `willRetry` is false for problems that asking again does not change. */
  readonly onProblem: (problem: Problem, willRetry: boolean) => void;
  readonly page: Page;
  /** The pause if the service says nothing, in place of `USUAL_WAIT_S`. */
  readonly usualWaitS?: number;
}

export const USUAL_WAIT_S = 2;
const LONGEST_WAIT_S = 30;
/** Nobody looks: ask rarely. */
export const HIDDEN_WAIT_S = 20;

/** The pause after the n-th failure in a row: 1, 2, 4 … 30 seconds, or longer if the service says so. */
export function backOffS(failures: number, retryAfterS: number | null): number {
  const grown = Math.min(LONGEST_WAIT_S, 2 ** (failures - 1));
  return Math.max(grown, retryAfterS ?? 0);
}

/** Whether asking again may help: no network, too many requests, or a fault on the service's side. */
export function mayPass(problem: Problem): boolean {
  return problem.status === 0 || problem.status === 408 || problem.status === 429 || problem.status >= 500;
}

/**
 * Asks until it is over, in the rhythm that the service wishes, naming the version it already has.
 * Answers the function that stops it.
 */
export function poll<T>({ ask, isOver, onValue, onAlive, onProblem, page, usualWaitS = USUAL_WAIT_S }: Poll<T>): () => void {
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let etag: string | null = null;
  let failures = 0;
  let asking = false;

  const isStopped = (): boolean => stop.signal.aborted;

  const later = (waitS: number): void => {
    const pauseS = page.hidden() ? Math.max(waitS, HIDDEN_WAIT_S) : waitS;
    timer = setTimeout(() => void turn(), pauseS * 1000);
  };

  const turn = async (): Promise<void> => {
    if (asking || isStopped()) {
      return;
    }
    clearTimeout(timer);
    asking = true;
    const answer = await ask(etag, stop.signal);
    asking = false;
    if (isStopped()) {
      return;
    }
    if (!answer.ok) {
      failures += 1;
      const willRetry = mayPass(answer.problem);
      onProblem(answer.problem, willRetry);
      if (willRetry) {
        later(backOffS(failures, answer.retryAfterS));
      } else {
        end();
      }
      return;
    }
    failures = 0;
    etag = answer.etag ?? etag;
    onAlive?.();
    if (answer.value !== null) {
      onValue(answer.value);
      if (isOver(answer.value)) {
        end();
        return;
      }
    }
    later(answer.retryAfterS ?? usualWaitS);
  };

  const forgetPage = page.onWake(() => void turn());
  const end = (): void => {
    stop.abort();
    clearTimeout(timer);
    forgetPage();
  };
  void turn();
  return end;
}

/** The page of this browser tab. */
export const browserPage: Page = {
  hidden: () => document.hidden,
  onWake: (call) => {
    const seen = (): void => {
      if (!document.hidden) {
        call();
      }
    };
    document.addEventListener("visibilitychange", seen);
    window.addEventListener("online", call);
    return () => {
      document.removeEventListener("visibilitychange", seen);
      window.removeEventListener("online", call);
    };
  },
};
