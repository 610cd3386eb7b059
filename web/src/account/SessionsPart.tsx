import { useRef, useState } from "react";
import type { Problem, SignedIn } from "../api/types";
import { momentText } from "../format";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Trouble } from "../shell/Trouble";
import { useRead } from "../shell/useRead";
import { words } from "../words";
import { Part } from "./Part";
import { deviceText } from "./words";

/** Where the person is signed in, and the end of it. */
export function SessionsPart() {
  const { api, announce, leave } = useShell();
  const { value, problem, know, again } = useRead(api.sessions);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Problem | null>(null);
  const list = useRef<HTMLUListElement>(null);

  const end = async (session: SignedIn): Promise<void> => {
    setBusy(true);
    const answer = await api.endSession(session.id);
    setBusy(false);
    // Already ended is ended.
    if (answer.ok || answer.problem.status === 404) {
      setRefused(null);
      know({ items: value?.items.filter(({ id }) => id !== session.id) ?? [] });
      announce(words.sessions.ended);
      list.current?.focus();
      return;
    }
    setRefused(answer.problem);
  };
  const endAll = async (): Promise<void> => {
    setBusy(true);
    const answer = await api.endAllSessions();
    setBusy(false);
    if (answer.ok) {
      leave("everywhere");
    } else {
      setRefused(answer.problem);
    }
  };
  return (
    <Part id="sessions" title={words.account.sessions} busy={value === null && problem === null}>
      <p>{words.sessions.lead}</p>
      {value !== null && (
        <ul className="sessions" ref={list} tabIndex={-1} aria-label={words.account.sessions}>
          {value.items.map((session) => (
            <li key={session.id} className={session.current ? "session session-current" : "session"}>
              <div>
                <p className="session-device"><strong>{deviceText(session)}</strong>{session.current && <span className="badge badge-good">{words.sessions.thisOne}</span>}</p>
                <p className="note">{words.sessions.used(momentText(session.used_at), session.address)}</p>
                <p className="note">{words.sessions.opened(momentText(session.opened_at), momentText(session.ends_at))}</p>
              </div>
              {!session.current && (
                <button type="button" className="button" disabled={busy} onClick={() => void end(session)}>
                  {words.sessions.end}<span className="unseen">{words.sessions.endWhat(deviceText(session), momentText(session.opened_at))}</span>
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {refused !== null && <Trouble explanation={explain(refused)} />}
      {problem !== null && <Trouble explanation={explain(problem)}><button type="button" className="button" onClick={again}>{words.shell.tryAgain}</button></Trouble>}
      <div className="actions"><button type="button" className="button" disabled={busy} onClick={() => void endAll()}>{words.sessions.endAll}</button></div>
    </Part>
  );
}
