import { useState, type SubmitEvent } from "react";
import type { Problem } from "../api/types";
import { PROMISE, VERSIONS } from "../legal/promise";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Trouble } from "../shell/Trouble";

/** What a new person reads before anything is kept beyond the account itself. */
const KEPT: readonly string[] = [
  "Your name and e-mail address, as Google tells them.",
  "Your photos and models, until you delete them. Nobody else sees them, and nothing learns from them.",
  "What you did with your credits; for payments, the law asks us to.",
  "When and from where you signed in, so that you notice if somebody else does.",
];

/** The first step after the first sign-in: age, terms, privacy policy. Nothing else works before. */
export function FirstStep() {
  const { api, know } = useShell();
  const [oldEnough, setOldEnough] = useState(false);
  const [agrees, setAgrees] = useState(false);
  const [busy, setBusy] = useState(false);
  const [missing, setMissing] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const begin = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setMissing(!oldEnough || !agrees);
    if (!oldEnough || !agrees) {
      return;
    }
    setBusy(true);
    const answer = await api.welcome({ old_enough: true, ...VERSIONS });
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) {
      know(answer.value);
    }
  };
  return (
    <section className="first" aria-labelledby="first-title">
      <h1 id="first-title">Before you begin</h1>
      <p>This is what we keep, and it is all yours to see, take away and delete:</p>
      <ul className="legal-list">{KEPT.map((line) => <li key={line}>{line}</li>)}</ul>
      <form className="first-form" onSubmit={(event) => void begin(event)}>
        <label className="first-tick">
          <input type="checkbox" checked={oldEnough} onChange={(event) => { setOldEnough(event.target.checked); }} />
          <span>I am {PROMISE.min_age} or older</span>
        </label>
        <label className="first-tick">
          <input type="checkbox" checked={agrees} onChange={(event) => { setAgrees(event.target.checked); }} />
          <span>I agree to the <TextLink to="/terms">terms</TextLink> and have read the <TextLink to="/privacy">privacy policy</TextLink></span>
        </label>
        {missing && <p className="first-missing" role="alert">Please tick both boxes first.</p>}
        <Stopped problem={problem} />
        <div className="actions">
          <button type="submit" className="button button-main button-large" disabled={busy}>{busy ? "One moment…" : "Begin"}</button>
        </div>
      </form>
      <TooYoung />
    </section>
  );
}

/** A text in a tab of its own, so that what was ticked stays ticked. */
function TextLink({ to, children }: { to: string; children: string }) {
  return <a href={to} target="_blank" rel="noreferrer">{children}<span className="unseen"> (opens in a new tab)</span></a>;
}

/** A problem with its way out: texts that changed meanwhile are read anew. */
export function Stopped({ problem }: { problem: Problem | null }) {
  if (problem === null) {
    return null;
  }
  return (
    <Trouble explanation={explain(problem)}>
      {problem.type === "/problems/texts-changed" && <button type="button" className="button" onClick={() => { location.reload(); }}>Reload</button>}
    </Trouble>
  );
}

/** For those who are too young: what happens, asked once more, done. */
function TooYoung() {
  const { api, leave } = useShell();
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const remove = async (): Promise<void> => {
    setBusy(true);
    const answer = await api.welcome({ old_enough: false, ...VERSIONS });
    setBusy(false);
    if (!answer.ok && answer.problem.type !== "/problems/under-age") {
      setProblem(answer.problem);
      return;
    }
    leave("under-age");
  };
  if (!asking) {
    return <p><button type="button" className="button button-quiet first-young" onClick={() => { setAsking(true); }}>I am younger than {PROMISE.min_age}</button></p>;
  }
  return (
    <div className="first-asked" role="group" aria-labelledby="young-title">
      <h2 id="young-title" tabIndex={-1} ref={focus}>Remove this account?</h2>
      <p>The service is for people of {PROMISE.min_age} years and older. If you are younger, you are signed out at once, your account is deleted within minutes, and nothing of you is kept. You are welcome when you are {PROMISE.min_age}.</p>
      <Stopped problem={problem} />
      <div className="actions">
        <button type="button" className="button" onClick={() => { setAsking(false); }}>No, go back</button>
        <button type="button" className="button button-danger-full" disabled={busy} onClick={() => void remove()}>{busy ? "Removing…" : "Yes, remove my account"}</button>
      </div>
    </div>
  );
}

/** The question appears where the button was: the focus goes to it. */
function focus(element: HTMLElement | null): void {
  element?.focus();
}
