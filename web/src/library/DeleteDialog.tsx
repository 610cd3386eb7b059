import { useState } from "react";
import { flushSync } from "react-dom";
import { fileUrl } from "../api/calls";
import { isOver, type Generation, type Problem } from "../api/types";
import { momentText } from "../format";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Dialog } from "../shell/Dialog";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";

interface Props {
  readonly generation: Generation;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Asks before deleting, since there is no way back. The safe answer comes first and has the focus. */
export function DeleteDialog({ generation, onClose, onDeleted }: Props) {
  const { api } = useShell();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const over = isOver(generation);

  const remove = async (): Promise<void> => {
    setBusy(true);
    const answer = await api.remove(generation.id);
    setBusy(false);
    // Already gone is gone.
    if (answer.ok || answer.problem.status === 404) {
      flushSync(onClose);
      onDeleted();
      return;
    }
    setProblem(answer.problem);
  };
  return (
    <Dialog
      name="delete"
      title={over ? words.deletion.title : words.deletion.titleRunning}
      onClose={onClose}
      picture={generation.status === "SUCCEEDED" && <img className="dialog-picture mat" src={fileUrl(generation.id, "preview.webp")} alt="" />}
      words={over
        ? <p>{words.deletion.gone(momentText(generation.created_at))}</p>
        : <p>{words.deletion.stops}</p>}
    >
      {problem !== null && <Trouble explanation={explain(problem)} />}
      <div className="actions actions-end">
        <button type="button" className="button" onClick={onClose}>{words.deletion.keep}</button>
        <button type="button" className="button button-danger-full" disabled={busy} onClick={() => void remove()}>{busy ? words.deletion.busy : words.deletion.delete}</button>
      </div>
    </Dialog>
  );
}
