import { useEffect, useReducer, useRef } from "react";
import type { ModelOptions } from "../api/types";
import { ownProblem } from "../problems";
import { useShell } from "../shell/context";
import { checkPhoto, measurePhoto } from "../upload/checks";
import { sha256Base64 } from "../upload/digest";
import { sendPhoto } from "../upload/send";
import { words } from "../words";
import { EMPTY, keyOf, nextBatch, waiting, type Batch, type BatchEvent } from "./batch";
import { freshKey } from "./flow";
import { makeModel } from "./makeModel";
import { rememberPhoto } from "./recentPhotos";

interface Hands {
  readonly batch: Batch;
  readonly tell: (event: BatchEvent) => void;
  /** Takes files; none at all is told as a problem. */
  readonly pick: (files: readonly File[]) => void;
  /** Sends all that wait, one after the other. */
  readonly make: (options: ModelOptions) => Promise<readonly string[]>;
  readonly callOff: () => void;
}

/** The chosen photos and what can be done with them. */
export function useBatch(): Hands {
  const { api, announce } = useShell();
  const [batch, tell] = useReducer(nextBatch, EMPTY);
  const calls = useRef<AbortController | null>(null);

  // Leaving the page calls off what is under way; an order that already arrived is in the library.
  useEffect(() => () => { calls.current?.abort(); }, []);

  const check = async (file: File): Promise<void> => {
    const result = await checkPhoto(file, measurePhoto);
    if (!result.ok) {
      tell({ type: "refused", name: file.name, problem: result.problem });
      return;
    }
    const { type, width, height } = result;
    tell({ type: "accepted", photo: { file, name: file.name, type, width, height, url: URL.createObjectURL(file), idempotencyKey: freshKey() } });
    announce(words.create.chosen(file.name));
  };
  const pick = (files: readonly File[]): void => {
    tell({ type: "picked", count: Math.max(1, files.length) });
    if (files.length === 0) {
      tell({ type: "refused", name: "", problem: ownProblem("client:not-a-file") });
    }
    void (async () => {
      for (const file of files) {
        await check(file);
      }
    })();
  };

  const make = async (options: ModelOptions): Promise<readonly string[]> => {
    // The second click of a double click finds the first one's calls still open.
    if (calls.current !== null) {
      return [];
    }
    const mine = new AbortController();
    calls.current = mine;
    announce(words.create.sending);
    const made: string[] = [];
    for (const entry of waiting(batch)) {
      const key = keyOf(entry);
      tell({ type: "went", key, event: { type: "started" } });
      const wish = { file: entry.prepared?.file ?? entry.photo.file, key, options, arrived: entry.flow.step === "failed" ? entry.flow.uploadId : null };
      const id = await makeModel({ api, send: sendPhoto, digest: sha256Base64 }, wish, (event) => { tell({ type: "went", key, event }); }, mine.signal);
      if (id !== null) {
        rememberPhoto(id, entry.photo.url);
        made.push(id);
      }
      if (mine.signal.aborted) {
        break;
      }
    }
    calls.current = null;
    return made;
  };
  return { batch, tell, pick, make, callOff: () => { calls.current?.abort(); } };
}
