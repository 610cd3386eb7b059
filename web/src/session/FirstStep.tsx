import { useState, type SubmitEvent } from "react";
import type { Problem } from "../api/types";
import { PROMISE, VERSIONS } from "../legal/promise";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Rich } from "../shell/Rich";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";

/** What a new person reads before anything is kept beyond the account itself. */
const KEPT: readonly string[] = [
  words.first.keptProfile,
  words.first.keptModels,
  words.first.keptCredits,
  words.first.keptSessions,
];

const TEXTS = {
  terms: (text: string) => <TextLink to="/terms">{text}</TextLink>,
  privacy: (text: string) => <TextLink to="/privacy">{text}</TextLink>,
};

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
      <h1 id="first-title">{words.first.title}</h1>
      <p>{words.first.kept}</p>
      <ul className="legal-list">{KEPT.map((line) => <li key={line}>{line}</li>)}</ul>
      <form className="first-form" onSubmit={(event) => void begin(event)}>
        <label className="first-tick">
          <input type="checkbox" checked={oldEnough} onChange={(event) => { setOldEnough(event.target.checked); }} />
          <span>{words.first.oldEnough(PROMISE.min_age)}</span>
        </label>
        <label className="first-tick">
          <input type="checkbox" checked={agrees} onChange={(event) => { setAgrees(event.target.checked); }} />
          <span><Rich text={words.first.agree} parts={TEXTS} /></span>
        </label>
        {missing && <p className="first-missing" role="alert">{words.first.missing}</p>}
        <Stopped problem={problem} />
        <div className="actions">
          <button type="submit" className="button button-main button-large" disabled={busy}>{busy ? words.shell.moment : words.first.begin}</button>
        </div>
      </form>
      <TooYoung />
    </section>
  );
}

/** A text in a tab of its own, so that what was ticked stays ticked. */
function TextLink({ to, children }: { to: string; children: string }) {
  return <a href={to} target="_blank" rel="noreferrer">{children}<span className="unseen">{words.first.newTab}</span></a>;
}

/** A problem with its way out: texts that changed meanwhile are read anew. */
export function Stopped({ problem }: { problem: Problem | null }) {
  if (problem === null) {
    return null;
  }
  return (
    <Trouble explanation={explain(problem)}>
      {problem.type === "/problems/texts-changed" && <button type="button" className="button" onClick={() => { location.reload(); }}>{words.first.reload}</button>}
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
    return <p><button type="button" className="button button-quiet first-young" onClick={() => { setAsking(true); }}>{words.first.younger(PROMISE.min_age)}</button></p>;
  }
  return (
    <div className="first-asked" role="group" aria-labelledby="young-title">
      <h2 id="young-title" tabIndex={-1} ref={focus}>{words.first.removeTitle}</h2>
      <p>{words.first.removeText(PROMISE.min_age)}</p>
      <Stopped problem={problem} />
      <div className="actions">
        <button type="button" className="button" onClick={() => { setAsking(false); }}>{words.first.goBack}</button>
        <button type="button" className="button button-danger-full" disabled={busy} onClick={() => void remove()}>{busy ? words.first.removing : words.first.remove}</button>
      </div>
    </div>
  );
}

/** The question appears where the button was: the focus goes to it. */
function focus(element: HTMLElement | null): void {
  element?.focus();
}
