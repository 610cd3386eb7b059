import { useEffect, useEffectEvent } from "react";
import { sizeText } from "../format";
import { useShell } from "../shell/context";
import type { Phase } from "./flow";

interface Props {
  readonly phase: Phase;
  /** From 0 to 1: what has really left this computer. */
  readonly share: number;
  readonly bytes: number;
  readonly onCallOff: () => void;
}

const WORDS: Record<Phase, string> = {
  preparing: "Getting ready to send…",
  uploading: "Sending your photo",
  ordering: "Arrived. Ordering the model…",
};

/** How the upload goes. */
export function SendProgress({ phase, share, bytes, onCallOff }: Props) {
  const { announce } = useShell();
  const quarter = Math.floor(share * 4) * 25;
  const say = useEffectEvent((percent: number) => {
    if (phase === "uploading" && percent > 0) {
      announce(`${percent} percent sent.`);
    }
  });
  useEffect(() => { say(quarter); }, [quarter]);
  return (
    <div className="send">
      <p className="send-words"><strong>{WORDS[phase]}</strong></p>
      <progress aria-label="Upload" max={1} {...(phase === "preparing" ? {} : { value: share })} />
      <p className="send-numbers">
        {phase === "preparing" ? " " : `${sizeText(Math.round(bytes * share))} of ${sizeText(bytes)} · ${Math.round(share * 100)} %`}
      </p>
      {phase !== "ordering" && (
        <div className="actions"><button type="button" className="button button-on-mat" onClick={onCallOff}>Stop</button></div>
      )}
    </div>
  );
}
