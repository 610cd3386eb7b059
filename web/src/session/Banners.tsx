import { useState } from "react";
import type { Me, Problem } from "../api/types";
import { dateText } from "../format";
import { LAST_CHANGE, VERSIONS } from "../legal/promise";
import { useShell } from "../shell/context";
import { Link } from "../shell/Link";
import { Rich, strong } from "../shell/Rich";
import { words } from "../words";
import { Stopped } from "./FirstStep";

/** What concerns the whole account, over every page. */
export function Banners({ me }: { me: Me }) {
  return (
    <>
      {me.standing === "closing" && <Closing begins={me.deletion_begins_at} />}
      {me.standing === "erasing" && <div className="banner banner-danger" role="region" aria-label={words.banners.deletion}><span>{words.banners.erasing}</span></div>}
      {me.standing === "blocked" && (
        <div className="banner banner-danger" role="region" aria-label={words.banners.blocked}>
          <span><Rich text={words.banners.blockedText} parts={BLOCKED} /></span>
        </div>
      )}
      {me.welcome === "news" && <News />}
    </>
  );
}

const BLOCKED = {
  strong,
  export: (text: string) => <Link to="/account#export">{text}</Link>,
  delete: (text: string) => <Link to="/account#delete">{text}</Link>,
  terms: (text: string) => <Link to="/terms#end">{text}</Link>,
};

const NEWS = {
  terms: (text: string) => <Link to="/terms#history">{text}</Link>,
  privacy: (text: string) => <Link to="/privacy#history">{text}</Link>,
};

/** A banner that was answered goes, and its button with it: the focus moves to the page. */
function toPage(): void {
  document.getElementById("main")?.focus();
}

/** The account will go; one click keeps it. */
function Closing({ begins }: { begins: string | null }) {
  const { api, announce, refreshMe } = useShell();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const undo = async (): Promise<void> => {
    setBusy(true);
    const answer = await api.undoDeletion();
    setBusy(false);
    // Nothing to undo any more is undone too.
    if (answer.ok || answer.problem.status === 404) {
      announce(words.banners.undone);
      toPage();
      refreshMe();
      return;
    }
    setProblem(answer.problem);
  };
  return (
    <div className="banner banner-danger" role="region" aria-label={words.banners.deletion}>
      <span>
        <strong>{begins === null ? words.banners.closes : <Rich text={words.banners.closesOn(dateText(begins))} parts={{ time: (day) => <time dateTime={begins}>{day}</time> }} />}</strong> {words.banners.closesText}
      </span>
      <button type="button" className="button" disabled={busy} onClick={() => void undo()}>{words.banners.undo}<span className="unseen">{words.banners.undoWhat}</span></button>
      <Stopped problem={problem} />
    </div>
  );
}

/** Texts that changed since this person agreed to them. */
function News() {
  const { api, announce, know } = useShell();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const agree = async (): Promise<void> => {
    setBusy(true);
    const answer = await api.welcome({ old_enough: true, ...VERSIONS });
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) {
      announce(words.banners.thanks);
      toPage();
      know(answer.value);
    }
  };
  return (
    <div className="banner" role="region" aria-label={words.banners.changed}>
      <span>
        <strong><Rich text={words.banners.changedOn(dateText(LAST_CHANGE))} parts={{ time: (day) => <time dateTime={LAST_CHANGE}>{day}</time> }} /></strong> <Rich text={words.banners.readNew} parts={NEWS} />
      </span>
      <button type="button" className="button" disabled={busy} onClick={() => void agree()}>{words.banners.agree}</button>
      <Stopped problem={problem} />
    </div>
  );
}
