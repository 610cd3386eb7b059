import { useState, type SubmitEvent } from "react";
import { flushSync } from "react-dom";
import { signInUrl } from "../api/calls";
import type { Problem } from "../api/types";
import { dateText } from "../format";
import { keptByLaw, PROMISE } from "../legal/promise";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Dialog } from "../shell/Dialog";
import { Link } from "../shell/Link";
import { Trouble } from "../shell/Trouble";
import { Part } from "./Part";

/** What must be typed, so that no slip of the hand deletes an account. */
const WORD = "DELETE";

/** The end of the account: what goes, what stays, and the days in which it can be undone. */
export function DeletePart() {
  const { me, announce, refreshMe } = useShell();
  const [asking, setAsking] = useState(false);
  const begun = (): void => {
    flushSync(() => { setAsking(false); });
    announce("Your account will be deleted. You can undo it at the top of the page.");
    refreshMe();
    // Its button is gone, so the focus moves to the place it was in.
    document.getElementById("delete")?.focus();
  };
  return (
    <Part id="delete" title="Delete account">
      <p>Everything goes for good: profile, photos, models, history, sessions, choices and credits, from every place where they lie. You have {PROMISE.grace_days} days to undo it; then it is done.</p>
      {keptByLaw().map(({ id, what, kept, on_deletion }) => (
        <p key={id}><strong>What the law makes us keep:</strong> {what}. {kept}. {on_deletion}.</p>
      ))}
      <p><Link to="/privacy#held">What happens to each thing</Link> · <a href="#export">Take a copy first</a></p>
      {me.deletion_begins_at === null
        ? <div className="actions"><button type="button" className="button button-danger account-delete" onClick={() => { setAsking(true); }}>Delete my account</button></div>
        : <p className="account-note" role="note">The deletion begins on {dateText(me.deletion_begins_at)}. Undo it at the top of the page.</p>}
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
      title="Delete your account?"
      onClose={onClose}
      words={<p>In {PROMISE.grace_days} days everything in it is gone for good. A monthly plan is cancelled, and unused credits end.</p>}
    >
      <form className="account-form" onSubmit={(event) => void begin(event)}>
        <label htmlFor="word">Type {WORD} to go on</label>
        <input id="word" type="text" autoComplete="off" autoCapitalize="characters" spellCheck={false} value={typed} onChange={(event) => { setTyped(event.target.value); }} />
        {problem !== null && (
          <Trouble explanation={explain(problem)}>
            {problem.type === "/problems/sign-in-again" && <a className="button" href={signInUrl("/account#delete")}>Sign in again</a>}
          </Trouble>
        )}
        <div className="actions actions-end">
          <button type="button" className="button" onClick={onClose}>Keep my account</button>
          <button type="submit" className="button button-danger-full" disabled={busy || !right}>{busy ? "One moment…" : "Delete my account"}</button>
        </div>
      </form>
    </Dialog>
  );
}
