import { useState, type ReactNode } from "react";
import type { Answer } from "../api/client";
import type { Problem } from "../api/types";
import { explain } from "../problems";
import { words } from "../words";
import { Dialog } from "./Dialog";
import { Trouble } from "./Trouble";

interface Props {
  readonly name: string;
  readonly title: string;
  readonly picture?: ReactNode;
  /** What is about to be gone. */
  readonly about: string;
  /** What the button says that does it, and what it says meanwhile. */
  readonly yes: string;
  readonly busyText?: string;
  readonly remove: () => Promise<Answer<null>>;
  readonly onClose: () => void;
  readonly onGone: () => void;
}

/** Asks before something is gone for good. The safe answer comes first and has the focus. */
export function Question({ name, title, picture, about, yes, busyText = words.shell.moment, remove, onClose, onGone }: Props) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const go = async (): Promise<void> => {
    setBusy(true);
    const answer = await remove();
    setBusy(false);
    // Already gone is gone.
    if (answer.ok || answer.problem.status === 404) {
      onGone();
    } else {
      setProblem(answer.problem);
    }
  };
  return (
    <Dialog name={name} title={title} onClose={onClose} picture={picture} words={<p>{about}</p>}>
      {problem !== null && <Trouble explanation={explain(problem)} />}
      <div className="actions actions-end">
        <button type="button" className="button" onClick={onClose}>{words.deletion.keep}</button>
        <button type="button" className="button button-danger-full" disabled={busy} onClick={() => void go()}>{busy ? busyText : yes}</button>
      </div>
    </Dialog>
  );
}
