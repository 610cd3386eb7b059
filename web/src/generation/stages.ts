import type { Generation } from "../api/types";
import { words } from "../words";

/** One line of the progress list. */
export interface Stage {
  readonly id: Generation["stage"];
  readonly title: string;
  readonly detail: string;
}

/** The way of a generation in plain words. `waking` is only shown while it happens: usually a machine is awake. */
export const STAGES: readonly Stage[] = [
  { id: "waiting", title: words.stages.waiting, detail: words.stages.waitingDetail },
  { id: "waking", title: words.stages.waking, detail: words.stages.wakingDetail },
  { id: "reconstructing", title: words.stages.reconstructing, detail: words.stages.reconstructingDetail },
  { id: "saving", title: words.stages.saving, detail: words.stages.savingDetail },
];

/** What a row of the progress list is now. */
export type StageState = "past" | "now" | "ahead";

/** The rows to show, each with its state. */
export function progressOf(stage: Generation["stage"]): { stage: Stage; state: StageState }[] {
  const shown = STAGES.filter(({ id }) => id !== "waking" || stage === "waking");
  const at = shown.findIndex(({ id }) => id === stage);
  return shown.map((row, index) => ({ stage: row, state: at === -1 || index < at ? "past" : index === at ? "now" : "ahead" }));
}

/** A sentence for a screen reader when the stage changes. */
export function stageSentence(generation: Generation): string {
  switch (generation.status) {
    case "SUCCEEDED":
      return words.stages.ready;
    case "FAILED":
      return words.stages.failed;
    case "CANCELLED":
      return words.stages.cancelled;
    case "QUEUED":
    case "RUNNING":
      return STAGES.find(({ id }) => id === generation.stage)?.title ?? words.stages.working;
  }
}
