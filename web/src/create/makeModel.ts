import type { Api } from "../api/calls";
import type { ModelOptions } from "../api/types";
import { kindOf } from "../upload/checks";
import { sha256Base64 } from "../upload/digest";
import { sendPhoto } from "../upload/send";
import type { Event } from "./flow";

/** What making a model calls; tests give their own. */
export interface Means {
  readonly api: Pick<Api, "openUpload" | "order">;
  readonly send: typeof sendPhoto;
  readonly digest: typeof sha256Base64;
}

/** One picture to make a model of. */
export interface Wish {
  readonly file: Blob;
  readonly key: string;
  readonly options: ModelOptions;
  /** The id of an upload that already arrived: then only the order is made. */
  readonly arrived: string | null;
}

/** Sends a picture and orders its model, telling each step. Answers the id of the generation, or `null` after telling the problem. */
export async function makeModel({ api, send, digest }: Means, wish: Wish, tell: (event: Event) => void, signal: AbortSignal): Promise<string | null> {
  const { file, key, options } = wish;
  let uploadId = wish.arrived;
  if (uploadId === null) {
    const kind = kindOf(new Uint8Array(await file.slice(0, 16).arrayBuffer()));
    const sha256 = await digest(file);
    const opened = await api.openUpload({ content_type: kind === "heic" || kind === "other" ? "image/jpeg" : kind, bytes: file.size, sha256 }, signal);
    if (!opened.ok) {
      tell(outcome(opened.problem, signal));
      return null;
    }
    tell({ type: "uploading", share: 0 });
    const problem = await send(opened.value, file, (share) => { tell({ type: "uploading", share }); }, signal);
    if (problem !== null) {
      tell(outcome(problem, signal));
      return null;
    }
    uploadId = opened.value.upload_id;
    tell({ type: "uploaded", uploadId });
  }
  const ordered = await api.order(key, { upload_id: uploadId, options }, signal);
  if (!ordered.ok) {
    tell(outcome(ordered.problem, signal));
    return null;
  }
  tell({ type: "made", id: ordered.value.id });
  return ordered.value.id;
}

function outcome(problem: Extract<Event, { type: "failed" }>["problem"], signal: AbortSignal): Event {
  return signal.aborted ? { type: "called-off" } : { type: "failed", problem };
}
