import { useState, type ReactNode } from "react";
import type { Answer } from "../api/client";
import type { Problem } from "../api/types";
import { explain } from "../problems";
import { words } from "../words";
import { Dialog } from "./Dialog";
import { Trouble } from "./Trouble";

interface Props<T> {
  readonly name: string;
  readonly title: string;
  readonly picture?: ReactNode;
  /** What is about to be gone. */
  readonly about: string;
  /** What the button says that does it, and what it says meanwhile. */
  readonly yes: string;
  readonly busyText?: string;
  readonly act: () => Promise<Answer<T>>;
  readonly onClose: () => void;
  /** `null` if what it was about is already gone. */
  readonly onDone: (value: T | null) => void;
}

/** Asks before something is gone for good. The safe answer comes first and has the focus. */
export function Question<T>({ name, title, picture, about, yes, busyText = words.shell.moment, act, onClose, onDone }: Props<T>) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const go = async (): Promise<void> => {
    setBusy(true);
    const answer = await act();
    setBusy(false);
    if (answer.ok) {
      onDone(answer.value);
    } else if (answer.problem.status === 404) {
      onDone(null);
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
