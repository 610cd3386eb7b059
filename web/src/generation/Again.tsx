import { useState } from "react";
import { fileUrl } from "../api/calls";
import { OFFLINE } from "../api/client";
import type { Generation, ModelOptions, Problem } from "../api/types";
import { bringAgain } from "../create/again";
import { explain, ownProblem } from "../problems";
import { useShell } from "../shell/context";
import { Icon } from "../shell/Icon";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";

/** Brings the same photo to the bench, with the settings of this model to change. */
export function Again({ generation }: { generation: Generation }) {
  const { go } = useShell();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const bring = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const answer = await fetch(fileUrl(generation.id, "photo"));
      const photo = await answer.blob();
      if (answer.ok) {
        bringAgain({ file: new File([photo], generation.id, { type: photo.type }), options: chosenOf(generation.options) });
        go("/");
        return;
      }
      setProblem(ownProblem("/problems/not-found"));
    } catch {
      setProblem(OFFLINE);
    }
    setBusy(false);
  };
  return (
    <>
      <button type="button" className="button" disabled={busy} onClick={() => void bring()}><Icon name="reset" />{busy ? words.model.againBusy : words.model.again}</button>
      {problem !== null && <Trouble explanation={explain(problem)} />}
    </>
  );
}

/** Of all settings those that are chosen on this page; the rest keeps the API's defaults. */
function chosenOf(options: Generation["options"]): ModelOptions {
  const { foreground_percent, faces, texture_size, symmetry, flat_base, height_mm } = options;
  return { foreground_percent, faces, texture_size, symmetry, flat_base, height_mm };
}
