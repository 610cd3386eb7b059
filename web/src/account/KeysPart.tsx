import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { ApiKey, Problem } from "../api/types";
import { dateText, momentText } from "../format";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Dialog } from "../shell/Dialog";
import { Trouble } from "../shell/Trouble";
import { useRead } from "../shell/useRead";
import { words } from "../words";
import { NewKeyForm, type MadeKey } from "./NewKeyForm";
import { NewSecret } from "./NewSecret";
import { Part } from "./Part";
import { scopesText } from "./words";

/** Keys with which programs work in the person's name: made, seen once, revoked. */
export function KeysPart() {
  const { api, announce } = useShell();
  const { value, problem, know, again } = useRead(api.keys);
  const [shown, setShown] = useState<MadeKey | null>(null);
  const [asked, setAsked] = useState<ApiKey | null>(null);
  const list = useRef<HTMLUListElement>(null);

  const made = (key: MadeKey): void => {
    know({ items: [key.key, ...(value?.items ?? [])] });
    setShown(key);
  };
  const revoked = (key: ApiKey): void => {
    flushSync(() => {
      setAsked(null);
      know({ items: value?.items.filter(({ id }) => id !== key.id) ?? [] });
      setShown((before) => (before?.key.id === key.id ? null : before));
    });
    announce(words.keys.revoked(key.name));
    (list.current ?? document.getElementById("keys"))?.focus();
  };
  return (
    <Part id="keys" title={words.account.keys} busy={value === null && problem === null}>
      <p>{words.keys.lead}</p>
      {shown !== null && <NewSecret key={shown.key.id} name={shown.key.name} what="key" why={words.keys.why} secret={shown.secret} onDone={() => {
        flushSync(() => { setShown(null); });
        document.getElementById("keys")?.focus();
      }} />}
      {value !== null && value.items.length > 0 && (
        <ul className="sessions" ref={list} tabIndex={-1} aria-label={words.keys.list}>
          {value.items.map((key) => (
            <li key={key.id} className="session">
              <div>
                <p className="session-device"><strong>{key.name}</strong><code>i3d_{key.test ? "test" : "live"}_{key.id}_…</code>{key.test && <span className="badge">{words.keys.forTests}</span>}</p>
                <p className="note">{scopesText(key.scopes)}{key.scopes.includes("create") && words.keys.bounds(key.daily_creations, key.concurrent)}</p>
                <p className="note">
                  {words.keys.made(momentText(key.created_at))}{key.used_at === null ? words.keys.neverUsed : words.keys.used(momentText(key.used_at))}
                  {key.ends_at === null ? words.keys.untilRevoked : words.keys.ends(dateText(key.ends_at))}
                </p>
              </div>
              <button type="button" className="button" onClick={() => { setAsked(key); }}>{words.keys.revoke}<span className="unseen">{words.keys.revokeWhat(key.name)}</span></button>
            </li>
          ))}
        </ul>
      )}
      {value?.items.length === 0 && <p className="note">{words.account.none}</p>}
      {problem !== null && <Trouble explanation={explain(problem)}><button type="button" className="button" onClick={again}>{words.shell.tryAgain}</button></Trouble>}
      <NewKeyForm onMade={made} />
      {asked !== null && <Question apiKey={asked} onClose={() => { setAsked(null); }} onRevoked={() => { revoked(asked); }} />}
    </Part>
  );
}

/** Asks before a program stops working. */
function Question({ apiKey, onClose, onRevoked }: { apiKey: ApiKey; onClose: () => void; onRevoked: () => void }) {
  const { api } = useShell();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const revoke = async (): Promise<void> => {
    setBusy(true);
    const answer = await api.revokeKey(apiKey.id);
    setBusy(false);
    // Already revoked is revoked.
    if (answer.ok || answer.problem.status === 404) {
      onRevoked();
    } else {
      setProblem(answer.problem);
    }
  };
  return (
    <Dialog name="revoking" title={words.keys.question(apiKey.name)} onClose={onClose} words={<p>{words.keys.questionText}</p>}>
      {problem !== null && <Trouble explanation={explain(problem)} />}
      <div className="actions actions-end">
        <button type="button" className="button" onClick={onClose}>{words.deletion.keep}</button>
        <button type="button" className="button button-danger-full" disabled={busy} onClick={() => void revoke()}>{busy ? words.shell.moment : words.keys.revoke}</button>
      </div>
    </Dialog>
  );
}
