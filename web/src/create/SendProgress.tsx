import { useEffect, useEffectEvent } from "react";
import { sizeText } from "../format";
import { useShell } from "../shell/context";
import { words } from "../words";
import type { Phase } from "./flow";

interface Props {
  readonly phase: Phase;
  /** From 0 to 1: what has really left this computer. */
  readonly share: number;
  readonly bytes: number;
  readonly onCallOff: () => void;
}

const WORDS: Record<Phase, string> = {
  preparing: words.create.preparing,
  uploading: words.create.uploading,
  ordering: words.create.ordering,
};

/** How the upload goes. */
export function SendProgress({ phase, share, bytes, onCallOff }: Props) {
  const { announce } = useShell();
  const quarter = Math.floor(share * 4) * 25;
  const say = useEffectEvent((percent: number) => {
    if (phase === "uploading" && percent > 0) {
      announce(words.create.percentSent(percent));
    }
  });
  useEffect(() => { say(quarter); }, [quarter]);
  return (
    <div className="send">
      <p className="send-words"><strong>{WORDS[phase]}</strong></p>
      <progress aria-label={words.create.upload} max={1} {...(phase === "preparing" ? {} : { value: share })} />
      <p className="send-numbers">
        {phase === "preparing" ? " " : words.create.sent(sizeText(Math.round(bytes * share)), sizeText(bytes), Math.round(share * 100))}
      </p>
      {phase !== "ordering" && (
        <div className="actions"><button type="button" className="button button-on-mat" onClick={onCallOff}>{words.create.stop}</button></div>
      )}
    </div>
  );
}
