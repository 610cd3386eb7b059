import { useEffect, useRef } from "react";
import { signInUrl } from "../api/calls";
import type { ModelOptions } from "../api/types";
import { sizeText } from "../format";
import { explain } from "../problems";
import { Trouble } from "../shell/Trouble";
import type { Flow } from "./flow";
import { OptionFields } from "./OptionFields";
import { SendProgress } from "./SendProgress";

interface Props {
  readonly flow: Extract<Flow, { step: "chosen" | "sending" | "failed" }>;
  readonly options: ModelOptions;
  readonly onOptions: (options: ModelOptions) => void;
  readonly onMake: () => void;
  readonly onCallOff: () => void;
  readonly onClear: () => void;
}

/** The chosen photo as a print on the mat, and what to do with it. */
export function ChosenPhoto({ flow, options, onOptions, onMake, onCallOff, onClear }: Props) {
  const { photo } = flow;
  const makeButton = useRef<HTMLButtonElement>(null);
  useEffect(() => { makeButton.current?.focus(); }, []);
  return (
    <div className="chosen">
      <figure className="print">
        <img src={photo.url} alt={`Your photo ${photo.name}`} width={photo.width} height={photo.height} />
        <figcaption>{photo.width} × {photo.height} px · {sizeText(photo.file.size)}</figcaption>
      </figure>
      <div className="chosen-panel">
        <p className="chosen-name">{photo.name}</p>
        {flow.step === "chosen" && (
          <>
            <OptionFields options={options} onOptions={onOptions} />
            <div className="actions">
              <button ref={makeButton} type="button" className="button button-mark button-large" onClick={onMake}>Make the 3D model</button>
              <button type="button" className="button button-on-mat" onClick={onClear}>Choose another photo</button>
            </div>
          </>
        )}
        {flow.step === "sending" && <SendProgress phase={flow.phase} share={flow.share} bytes={photo.file.size} onCallOff={onCallOff} />}
        {flow.step === "failed" && <Failed flow={flow} onMake={onMake} onClear={onClear} />}
      </div>
    </div>
  );
}

function Failed({ flow, onMake, onClear }: Pick<Props, "onMake" | "onClear"> & { flow: Extract<Flow, { step: "failed" }> }) {
  const explanation = explain(flow.problem);
  return (
    <Trouble explanation={explanation}>
      {explanation.next === "retry" && <button type="button" className="button button-mark" onClick={onMake}>Try again</button>}
      {explanation.next === "sign-in" && <a className="button button-mark" href={signInUrl("/")}>Sign in again</a>}
      <button type="button" className="button button-on-mat" onClick={onClear}>Choose another photo</button>
    </Trouble>
  );
}
