import type { ModelOptions } from "../api/types";

/** A photo on its way from a model's page to the bench, to be made again with other settings. */
interface Again {
  readonly file: File;
  readonly options: ModelOptions;
}

let waiting: Again | null = null;

export function bringAgain(again: Again): void {
  waiting = again;
}

/** Hands it over once. */
export function takeAgain(): Again | null {
  const taken = waiting;
  waiting = null;
  return taken;
}
