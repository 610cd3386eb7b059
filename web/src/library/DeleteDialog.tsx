import { useLayoutEffect, useRef, useState } from "react";
import { fileUrl } from "../api/calls";
import { isOver, type Generation, type Problem } from "../api/types";
import { momentText } from "../format";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Trouble } from "../shell/Trouble";

interface Props {
  readonly generation: Generation;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Asks before deleting, since there is no way back. The safe answer comes first and has the focus; Escape means no. */
export function DeleteDialog({ generation, onClose, onDeleted }: Props) {
  const { api } = useShell();
  const dialog = useRef<HTMLDialogElement>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const over = isOver(generation);

  // Before the browser paints and before React takes the dialog away: only a dialog that is closed while it is
  // still in the page gives the focus back to the button that opened it.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => { element?.close(); };
  }, []);

  const remove = async (): Promise<void> => {
    setBusy(true);
    const answer = await api.remove(generation.id);
    setBusy(false);
    // Already gone is gone.
    if (answer.ok || answer.problem.status === 404) {
      dialog.current?.close();
      onClose();
      onDeleted();
      return;
    }
    setProblem(answer.problem);
  };
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="delete-title" aria-describedby="delete-words" onCancel={onClose}>
      <div className="dialog-body">
        {generation.status === "SUCCEEDED" && <img className="dialog-picture mat" src={fileUrl(generation.id, "preview.webp")} alt="" />}
        <div>
          <h2 id="delete-title">{over ? "Delete this model?" : "Cancel and delete this model?"}</h2>
          <p id="delete-words">
            {over
              ? `The model of ${momentText(generation.created_at)}, its photo and its files will be gone for good.`
              : "The work stops, the photo is deleted, and the credit held for it comes back."}
          </p>
        </div>
      </div>
      {problem !== null && <Trouble explanation={explain(problem)} />}
      <div className="actions actions-end">
        <button type="button" className="button" onClick={onClose}>Keep it</button>
        <button type="button" className="button button-danger-full" disabled={busy} onClick={() => void remove()}>{busy ? "Deleting…" : "Delete"}</button>
      </div>
    </dialog>
  );
}
