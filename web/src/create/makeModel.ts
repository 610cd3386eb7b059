import type { Api } from "../api/calls";
import type { ModelOptions } from "../api/types";
import { sha256Base64 } from "../upload/digest";
import { sendPhoto } from "../upload/send";
import type { Event, Photo } from "./flow";

/** What making a model calls; tests give their own. */
export interface Means {
  readonly api: Pick<Api, "openUpload" | "order">;
  readonly send: typeof sendPhoto;
  readonly digest: typeof sha256Base64;
}

/**
 * Sends a photo and orders its model, telling each step. Answers the id of the generation, or `null` after
 * telling the problem. With the id of an upload that already arrived, only the order is made.
 */
export async function makeModel(
  { api, send, digest }: Means,
  photo: Photo,
  options: ModelOptions,
  arrived: string | null,
  tell: (event: Event) => void,
  signal: AbortSignal,
): Promise<string | null> {
  let uploadId = arrived;
  if (uploadId === null) {
    const sha256 = await digest(photo.file);
    const opened = await api.openUpload({ content_type: photo.type, bytes: photo.file.size, sha256 }, signal);
    if (!opened.ok) {
      tell(outcome(opened.problem, signal));
      return null;
    }
    tell({ type: "uploading", share: 0 });
    const problem = await send(opened.value, photo.file, (share) => { tell({ type: "uploading", share }); }, signal);
    if (problem !== null) {
      tell(outcome(problem, signal));
      return null;
    }
    uploadId = opened.value.upload_id;
    tell({ type: "uploaded", uploadId });
  }
  const ordered = await api.order(photo.idempotencyKey, { upload_id: uploadId, options }, signal);
  if (!ordered.ok) {
    tell(outcome(ordered.problem, signal));
    return null;
  }
  return ordered.value.id;
}

function outcome(problem: Extract<Event, { type: "failed" }>["problem"], signal: AbortSignal): Event {
  return signal.aborted ? { type: "called-off" } : { type: "failed", problem };
}
