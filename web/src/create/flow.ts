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

export type Flow =
  | { readonly step: "empty"; readonly problem: Problem | null }
  | { readonly step: "checking"; readonly name: string }
  | { readonly step: "chosen"; readonly photo: Photo }
  | { readonly step: "sending"; readonly photo: Photo; readonly phase: Phase; readonly share: number; readonly uploadId: string | null }
  | { readonly step: "failed"; readonly photo: Photo; readonly problem: Problem; readonly uploadId: string | null };

export type Event =
  | { readonly type: "picked"; readonly name: string }
  | { readonly type: "refused"; readonly problem: Problem }
  | { readonly type: "accepted"; readonly photo: Photo }
  | { readonly type: "started" }
  | { readonly type: "uploading"; readonly share: number }
  | { readonly type: "uploaded"; readonly uploadId: string }
  | { readonly type: "failed"; readonly problem: Problem }
  | { readonly type: "called-off" }
  | { readonly type: "cleared" };

export const EMPTY: Flow = { step: "empty", problem: null };

/** Problems after which the stored photo is of no use and must be sent again. */
const UPLOAD_IS_GONE: ReadonlySet<string> = new Set(["/problems/upload-not-received", "/problems/not-found"]);

/** The next state. An event that does not belong to the state of now changes nothing. */
export function next(flow: Flow, event: Event): Flow {
  switch (event.type) {
    case "picked":
      return flow.step === "sending" ? flow : { step: "checking", name: event.name };
    case "refused":
      return flow.step === "checking" ? { step: "empty", problem: event.problem } : flow;
    case "accepted":
      return flow.step === "checking" ? { step: "chosen", photo: event.photo } : flow;
    case "started":
      return started(flow);
    case "uploading":
      return flow.step === "sending" ? { ...flow, phase: "uploading", share: event.share } : flow;
    case "uploaded":
      return flow.step === "sending" ? { ...flow, phase: "ordering", share: 1, uploadId: event.uploadId } : flow;
    case "failed":
      return failed(flow, event.problem);
    case "called-off":
      return flow.step === "sending" ? { step: "chosen", photo: flow.photo } : flow;
    case "cleared":
      return EMPTY;
  }
}

/** A photo that already arrived is not sent a second time: only the order is repeated. */
function started(flow: Flow): Flow {
  if (flow.step === "chosen") {
    return { step: "sending", photo: flow.photo, phase: "preparing", share: 0, uploadId: null };
  }
  if (flow.step === "failed") {
    const arrived = flow.uploadId !== null;
    return { step: "sending", photo: flow.photo, phase: arrived ? "ordering" : "preparing", share: arrived ? 1 : 0, uploadId: flow.uploadId };
  }
  return flow;
}

function failed(flow: Flow, problem: Problem): Flow {
  if (flow.step !== "sending") {
    return flow;
  }
  return { step: "failed", photo: flow.photo, problem, uploadId: UPLOAD_IS_GONE.has(problem.type) ? null : flow.uploadId };
}

/** A fresh key for one chosen photo: 36 characters of [0-9a-f-]. */
export function freshKey(): string {
  return crypto.randomUUID();
}
