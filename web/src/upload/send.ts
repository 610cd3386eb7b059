import { CALLED_OFF, OFFLINE } from "../api/client";
import type { Problem, Upload } from "../api/types";
import { ownProblem } from "../problems";

/**
 * Sends a photo straight to the bucket with the form that the API signed, and tells how much of it has left.
 * XMLHttpRequest, because `fetch` cannot tell the progress of an upload. Answers `null` when it arrived.
 */
export function sendPhoto(
  upload: Upload,
  file: Blob,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Problem | null> {
  const form = new FormData();
  for (const [name, value] of Object.entries(upload.fields)) {
    form.append(name, value);
  }
  // The bucket ignores every field after the file.
  form.append("file", file);

  return new Promise((resolve) => {
    const call = new XMLHttpRequest();
    const stop = (): void => {
      call.abort();
    };
    const finish = (problem: Problem | null): void => {
      signal.removeEventListener("abort", stop);
      resolve(problem);
    };
    call.upload.onprogress = (event) => {
      if (event.lengthComputable) {
        onProgress(event.loaded / event.total);
      }
    };
    call.onload = () => {
      finish(call.status >= 200 && call.status < 300 ? null : ownProblem("client:upload-refused"));
    };
    call.onerror = () => {
      finish(OFFLINE);
    };
    call.onabort = () => {
      finish(CALLED_OFF);
    };
    if (signal.aborted) {
      finish(CALLED_OFF);
      return;
    }
    signal.addEventListener("abort", stop);
    call.open("POST", upload.url);
    call.send(form);
  });
}
