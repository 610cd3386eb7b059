import { useState, type SubmitEvent } from "react";
import { flushSync } from "react-dom";
import { signInUrl } from "../api/calls";
import type { Problem } from "../api/types";
import { dateText } from "../format";
import { heldWords, keptByLaw, PROMISE } from "../legal/promise";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Dialog } from "../shell/Dialog";
import { Link } from "../shell/Link";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";
import { Part } from "./Part";

/** What must be typed, so that no slip of the hand deletes an account. */
const WORD = words.leaving.word;

/** The end of the account: what goes, what stays, and the days in which it can be undone. */
export function DeletePart() {
  const { me, announce, refreshMe } = useShell();
  const [asking, setAsking] = useState(false);
  const begun = (): void => {
    flushSync(() => { setAsking(false); });
    announce(words.leaving.begun);
    refreshMe();
    // Its button is gone, so the focus moves to the place it was in.
    document.getElementById("delete")?.focus();
  };
  return (
    <Part id="delete" title={words.account.delete}>
      <p>{words.leaving.lead(PROMISE.grace_days)}</p>
      {keptByLaw().map((held) => {
        const { what, kept, on_deletion } = heldWords(held);
        return <p key={held.id}><strong>{words.leaving.law}</strong> {what}. {kept}. {on_deletion}.</p>;
      })}
      <p><Link to="/privacy#held">{words.leaving.each}</Link> · <a href="#export">{words.leaving.copyFirst}</a></p>
      {me.deletion_begins_at === null
        ? <div className="actions"><button type="button" className="button button-danger account-delete" onClick={() => { setAsking(true); }}>{words.leaving.delete}</button></div>
        : <p className="account-note" role="note">{words.leaving.begins(dateText(me.deletion_begins_at))}</p>}
      {asking && <Question onClose={() => { setAsking(false); }} onBegun={begun} />}
    </Part>
  );
}

/** Asks for the word before the deletion is ordered. */
function Question({ onClose, onBegun }: { onClose: () => void; onBegun: () => void }) {
  const { api } = useShell();
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const right = typed.trim() === WORD;

  const begin = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!right) {
      return;
    }
    setBusy(true);
    const answer = await api.beginDeletion();
    setBusy(false);
    if (answer.ok) {
      onBegun();
    } else {
      setProblem(answer.problem);
    }
  };
  return (
    <Dialog
      name="leaving"
      title={words.leaving.question}
      onClose={onClose}
      words={<p>{words.leaving.questionText(PROMISE.grace_days)}</p>}
    >
      <form className="account-form" onSubmit={(event) => void begin(event)}>
        <label htmlFor="word">{words.leaving.type(WORD)}</label>
        <input id="word" type="text" autoComplete="off" autoCapitalize="characters" spellCheck={false} value={typed} onChange={(event) => { setTyped(event.target.value); }} />
        {problem !== null && (
          <Trouble explanation={explain(problem)}>
            {problem.type === "/problems/sign-in-again" && <a className="button" href={signInUrl("/account#delete")}>{words.create.signInAgain}</a>}
          </Trouble>
        )}
        <div className="actions actions-end">
          <button type="button" className="button" onClick={onClose}>{words.leaving.keep}</button>
          <button type="submit" className="button button-danger-full" disabled={busy || !right}>{busy ? words.shell.moment : words.leaving.delete}</button>
        </div>
      </form>
    </Dialog>
  );
}
