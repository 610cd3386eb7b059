import type { PhotoType, Problem } from "../api/types";

/** A photo that passed the checks. Its key is made once, so that however often it is sent, it makes one model. */
export interface Photo {
  readonly file: Blob;
  readonly name: string;
  readonly type: PhotoType;
  readonly width: number;
  readonly height: number;
  /** An object URL for the thumbnail. */
  readonly url: string;
  readonly idempotencyKey: string;
}

/** What is happening between the click and the answer. */
export type Phase = "preparing" | "uploading" | "ordering";

/** The way of one photo, from being chosen to being ordered. */
export type Flow =
  | { readonly step: "chosen" }
  | { readonly step: "sending"; readonly phase: Phase; readonly share: number; readonly uploadId: string | null }
  | { readonly step: "failed"; readonly problem: Problem; readonly uploadId: string | null }
  | { readonly step: "made"; readonly id: string };

export type Event =
  | { readonly type: "started" }
  | { readonly type: "uploading"; readonly share: number }
  | { readonly type: "uploaded"; readonly uploadId: string }
  | { readonly type: "failed"; readonly problem: Problem }
  | { readonly type: "called-off" }
  | { readonly type: "made"; readonly id: string };

export const CHOSEN: Flow = { step: "chosen" };

/** Problems after which the stored photo is of no use and must be sent again. */
const UPLOAD_IS_GONE: ReadonlySet<string> = new Set(["/problems/upload-not-received", "/problems/not-found"]);

/** The next state. An event that does not belong to the state of now changes nothing. */
export function next(flow: Flow, event: Event): Flow {
  if (event.type === "started") {
    return started(flow);
  }
  if (flow.step !== "sending") {
    return flow;
  }
  switch (event.type) {
    case "uploading":
      return { ...flow, phase: "uploading", share: event.share };
    case "uploaded":
      return { ...flow, phase: "ordering", share: 1, uploadId: event.uploadId };
    case "failed":
      return { step: "failed", problem: event.problem, uploadId: UPLOAD_IS_GONE.has(event.problem.type) ? null : flow.uploadId };
    case "called-off":
      return CHOSEN;
    case "made":
      return { step: "made", id: event.id };
  }
}

/** A photo that already arrived is not sent a second time: only the order is repeated. */
function started(flow: Flow): Flow {
  if (flow.step === "chosen") {
    return { step: "sending", phase: "preparing", share: 0, uploadId: null };
  }
  if (flow.step === "failed") {
    const arrived = flow.uploadId !== null;
    return { step: "sending", phase: arrived ? "ordering" : "preparing", share: arrived ? 1 : 0, uploadId: flow.uploadId };
  }
  return flow;
}

/** A fresh key for one chosen photo: 36 characters of [0-9a-f-]. */
export function freshKey(): string {
  return crypto.randomUUID();
}
