import { useState } from "react";
import type { Me, Problem } from "../api/types";
import { dateText } from "../format";
import { LAST_CHANGE, VERSIONS } from "../legal/promise";
import { useShell } from "../shell/context";
import { Link } from "../shell/Link";
import { Stopped } from "./FirstStep";

/** What concerns the whole account, over every page. */
export function Banners({ me }: { me: Me }) {
  return (
    <>
      {me.standing === "closing" && <Closing begins={me.deletion_begins_at} />}
      {me.standing === "erasing" && <div className="banner banner-danger" role="region" aria-label="Deletion of your account"><span>This account is being deleted.</span></div>}
      {me.standing === "blocked" && (
        <div className="banner banner-danger" role="region" aria-label="Blocked account">
          <span><strong>This account is blocked.</strong> No new models, no purchases. You can still see, download, <Link to="/account#export">export</Link> and <Link to="/account#delete">delete</Link> what is in it. Why, and what to do: see the <Link to="/terms#end">terms</Link>.</span>
        </div>
      )}
      {me.welcome === "news" && <News />}
    </>
  );
}

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
      announce("The deletion is undone. Your account stays.");
      toPage();
      refreshMe();
      return;
    }
    setProblem(answer.problem);
  };
  return (
    <div className="banner banner-danger" role="region" aria-label="Deletion of your account">
      <span><strong>Your account will be deleted{begins !== null && <> on <time dateTime={begins}>{dateText(begins)}</time></>}.</strong> Until then you can see and download everything, but make nothing new.</span>
      <button type="button" className="button" disabled={busy} onClick={() => void undo()}>Undo<span className="unseen"> the deletion</span></button>
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
      announce("Thank you.");
      toPage();
      know(answer.value);
    }
  };
  return (
    <div className="banner" role="region" aria-label="Changed texts">
      <span>
        <strong>Terms or privacy policy changed on <time dateTime={LAST_CHANGE}>{dateText(LAST_CHANGE)}</time>.</strong> Read what is new: <Link to="/terms#history">terms</Link>, <Link to="/privacy#history">privacy policy</Link>.
      </span>
      <button type="button" className="button" disabled={busy} onClick={() => void agree()}>I have read them and agree</button>
      <Stopped problem={problem} />
    </div>
  );
}
