import { useState } from "react";
import { flushSync } from "react-dom";
import { fileUrl } from "../api/calls";
import { isOver, type Generation, type Problem } from "../api/types";
import { momentText } from "../format";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Dialog } from "../shell/Dialog";
import { Trouble } from "../shell/Trouble";

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
      title={over ? "Delete this model?" : "Cancel and delete this model?"}
      onClose={onClose}
      picture={generation.status === "SUCCEEDED" && <img className="dialog-picture mat" src={fileUrl(generation.id, "preview.webp")} alt="" />}
      words={over
        ? <p>The model of {momentText(generation.created_at)}, its photo and its files will be gone for good.</p>
        : <p>The work stops, the photo is deleted, and the credit held for it comes back.</p>}
    >
      {problem !== null && <Trouble explanation={explain(problem)} />}
      <div className="actions actions-end">
        <button type="button" className="button" onClick={onClose}>Keep it</button>
        <button type="button" className="button button-danger-full" disabled={busy} onClick={() => void remove()}>{busy ? "Deleting…" : "Delete"}</button>
      </div>
    </Dialog>
  );
}
