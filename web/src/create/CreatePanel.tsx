import { useEffect, useReducer, useRef, useState } from "react";
import type { ModelOptions } from "../api/types";
import { useShell } from "../shell/context";
import { checkPhoto, measurePhoto } from "../upload/checks";
import { sha256Base64 } from "../upload/digest";
import { sendPhoto } from "../upload/send";
import { ownProblem } from "../problems";
import { ChosenPhoto } from "./ChosenPhoto";
import { EMPTY, freshKey, next } from "./flow";
import { makeModel } from "./makeModel";
import { PhotoPicker } from "./PhotoPicker";
import { rememberPhoto } from "./recentPhotos";
import { usePastedPhoto } from "./usePastedPhoto";

/** What the API takes when nobody chooses. */
const USUAL: ModelOptions = { foreground_percent: 85, faces: 20_000, texture_size: 1024, symmetry: false, flat_base: false, height_mm: 100 };

/** From a photo to an order: choose, look, send. */
export function CreatePanel({ onMade }: { onMade: (id: string) => void }) {
  const { api, announce } = useShell();
  const [flow, tell] = useReducer(next, EMPTY);
  const [options, setOptions] = useState(USUAL);
  const calls = useRef<AbortController | null>(null);
  const latestPick = useRef(0);

  // Leaving the page calls off what is under way; an order that already arrived is in the library.
  useEffect(() => () => { calls.current?.abort(); }, []);

  const pick = async (file: File | null): Promise<void> => {
    if (flow.step === "sending") {
      return;
    }
    const turn = ++latestPick.current;
    tell({ type: "picked", name: file?.name ?? "" });
    if (file === null) {
      tell({ type: "refused", problem: ownProblem("client:not-a-file") });
      return;
    }
    const check = await checkPhoto(file, measurePhoto);
    if (turn !== latestPick.current) {
      return;
    }
    if (!check.ok) {
      tell({ type: "refused", problem: check.problem });
      return;
    }
    const { type, width, height } = check;
    const url = URL.createObjectURL(file);
    tell({ type: "accepted", photo: { file, name: file.name, type, width, height, url, idempotencyKey: freshKey() } });
    announce(`Photo chosen: ${file.name}.`);
  };
  usePastedPhoto((file) => void pick(file));

  const make = async (): Promise<void> => {
    // The second click of a double click finds the first one's calls still open.
    if ((flow.step !== "chosen" && flow.step !== "failed") || (calls.current !== null && !calls.current.signal.aborted)) {
      return;
    }
    const mine = new AbortController();
    calls.current = mine;
    tell({ type: "started" });
    announce("Sending your photo.");
    const arrived = flow.step === "failed" ? flow.uploadId : null;
    const id = await makeModel({ api, send: sendPhoto, digest: sha256Base64 }, flow.photo, options, arrived, tell, mine.signal);
    calls.current = null;
    if (id !== null) {
      rememberPhoto(id, flow.photo.url);
      announce("Your photo arrived. The model is being made.");
      onMade(id);
    }
  };

  return (
    <section className="create mat" aria-labelledby="create-title">
      <h1 id="create-title" className="unseen">Make a 3D model from a photo</h1>
      {flow.step === "empty" || flow.step === "checking"
        ? <PhotoPicker problem={flow.step === "empty" ? flow.problem : null} checking={flow.step === "checking"} onPick={(file) => void pick(file)} />
        : (
          <ChosenPhoto
            flow={flow}
            options={options}
            onOptions={setOptions}
            onMake={() => void make()}
            onCallOff={() => { calls.current?.abort(); }}
            onClear={() => {
              URL.revokeObjectURL(flow.photo.url);
              tell({ type: "cleared" });
            }}
          />
        )}
    </section>
  );
}
