import type { Generation } from "../api/types";

/** One line of the progress list. */
export interface Stage {
  readonly id: Generation["stage"];
  readonly title: string;
  readonly detail: string;
}

/** The way of a generation in plain words. `waking` is only shown while it happens: usually a machine is awake. */
export const STAGES: readonly Stage[] = [
  { id: "waiting", title: "In the queue", detail: "Your photo is safe with us and is waiting for a free machine." },
  { id: "waking", title: "Starting a machine", detail: "Nobody was here for a while. This takes a few minutes; you may close this page." },
  { id: "reconstructing", title: "Building the model", detail: "Cutting out the object, finding its shape and painting it." },
  { id: "saving", title: "Saving", detail: "Writing the model and its preview." },
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
      return "Your model is ready.";
    case "FAILED":
      return "The model could not be made.";
    case "CANCELLED":
      return "The model was cancelled.";
    case "QUEUED":
    case "RUNNING":
      return STAGES.find(({ id }) => id === generation.stage)?.title ?? "Working";
  }
}
