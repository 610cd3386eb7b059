import { useEffect, useReducer, useRef, useState } from "react";
import type { ModelOptions } from "../api/types";
import { picture } from "../cutout/picture";
import { ownProblem } from "../problems";
import { useShell } from "../shell/context";
import { checkPhoto, measurePhoto } from "../upload/checks";
import { sha256Base64 } from "../upload/digest";
import { sendPhoto } from "../upload/send";
import { words } from "../words";
import { EMPTY, keyOf, nextBatch, waiting, type Batch, type BatchEvent, type Entry } from "./batch";
import { freshKey } from "./flow";
import { makeModel } from "./makeModel";
import { rememberPhoto } from "./recentPhotos";
import { USUAL } from "./usual";

/** The chosen photos and what can be done with them. */
export interface Hands {
  readonly batch: Batch;
  readonly options: ModelOptions;
  readonly setOptions: (options: ModelOptions) => void;
  readonly tell: (event: BatchEvent) => void;
  /** Takes files; none at all is told as a problem. */
  readonly pick: (files: readonly File[]) => void;
  /** Sends all that wait, one after the other. */
  readonly make: () => Promise<readonly string[]>;
  /** Stops what is being sent. */
  readonly callOff: () => void;
  /** Stops what is being sent, and forgets all photos. */
  readonly clear: () => void;
}

/** One set of photos for as long as somebody is signed in: looking at another page in between loses none, and sending goes on. */
export function useBatch(): Hands {
  const { api, announce } = useShell();
  const [batch, tell] = useReducer(nextBatch, EMPTY);
  const [options, setOptions] = useState<ModelOptions>(USUAL);
  const calls = useRef<AbortController | null>(null);
  // What is sent later is as it is then, not as it was at the click.
  const newest = useRef(batch);
  useEffect(() => { newest.current = batch; }, [batch]);

  // Signing out calls off what is under way; an order that already arrived is in the library.
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

  /** Sends one and orders its model. A file that has become unreadable since it was chosen is a failure like any other. */
  const makeOne = async (entry: Entry, signal: AbortSignal): Promise<string | null> => {
    const key = keyOf(entry);
    tell({ type: "went", key, event: { type: "started" } });
    try {
      const file = await picture(entry, options.foreground_percent, signal);
      const wish = { file, key, options, arrived: entry.flow.step === "failed" ? entry.flow.uploadId : null };
      const id = await makeModel({ api, send: sendPhoto, digest: sha256Base64 }, wish, (event) => { tell({ type: "went", key, event }); }, signal);
      if (id !== null) {
        rememberPhoto(id, entry.photo.url);
      }
      return id;
    } catch {
      tell({ type: "went", key, event: signal.aborted ? { type: "called-off" } : { type: "failed", problem: ownProblem("client:photo-unreadable") } });
      return null;
    }
  };
  const make = async (): Promise<readonly string[]> => {
    // The second click of a double click finds the first one's calls still open.
    if (calls.current !== null) {
      return [];
    }
    const mine = new AbortController();
    calls.current = mine;
    announce(words.create.sending);
    const made: string[] = [];
    for (const key of waiting(batch).map(keyOf)) {
      // Not found: it was taken away while the others were sent.
      const entry = newest.current.entries.find((one) => keyOf(one) === key);
      const id = entry === undefined || mine.signal.aborted ? null : await makeOne(entry, mine.signal);
      if (id !== null) {
        made.push(id);
      }
    }
    calls.current = null;
    return made;
  };
  const callOff = (): void => { calls.current?.abort(); };
  const clear = (): void => {
    callOff();
    // A made one's photo is still shown by its card and its page.
    batch.entries.filter(({ flow }) => flow.step !== "made").forEach(({ photo }) => { URL.revokeObjectURL(photo.url); });
    tell({ type: "cleared" });
  };
  return { batch, options, setOptions, tell, pick, make, callOff, clear };
}
