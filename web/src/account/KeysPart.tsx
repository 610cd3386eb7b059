import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { ApiKey, Problem } from "../api/types";
import { dateText, momentText } from "../format";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Dialog } from "../shell/Dialog";
import { Trouble } from "../shell/Trouble";
import { useRead } from "../shell/useRead";
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
    announce(`The key ${key.name} is revoked.`);
    (list.current ?? document.getElementById("keys"))?.focus();
  };
  return (
    <Part id="keys" title="Keys for programs" busy={value === null && problem === null}>
      <p>A program that calls our API in your name sends a key instead of signing in. Give each program its own, with no more rights than it needs. Whoever has a key can use it: revoke it at once if it gets out.</p>
      {shown !== null && <NewSecret key={shown.key.id} name={shown.key.name} what="key" why="We keep only a fingerprint of it, and nobody can show it again." secret={shown.secret} onDone={() => {
        flushSync(() => { setShown(null); });
        document.getElementById("keys")?.focus();
      }} />}
      {value !== null && value.items.length > 0 && (
        <ul className="sessions" ref={list} tabIndex={-1} aria-label="Keys">
          {value.items.map((key) => (
            <li key={key.id} className="session">
              <div>
                <p className="session-device"><strong>{key.name}</strong><code>i3d_{key.test ? "test" : "live"}_{key.id}_…</code>{key.test && <span className="badge">For tests</span>}</p>
                <p className="note">{scopesText(key.scopes)}{key.scopes.includes("create") && `, ${key.daily_creations} a day and ${key.concurrent} at a time at most`}</p>
                <p className="note">
                  Made {momentText(key.created_at)}, {key.used_at === null ? "never used" : `last used ${momentText(key.used_at)}`}
                  {key.ends_at === null ? ", lasts until you revoke it" : `, ends ${dateText(key.ends_at)}`}
                </p>
              </div>
              <button type="button" className="button" onClick={() => { setAsked(key); }}>Revoke<span className="unseen"> the key {key.name}</span></button>
            </li>
          ))}
        </ul>
      )}
      {value?.items.length === 0 && <p className="note">You have none.</p>}
      {problem !== null && <Trouble explanation={explain(problem)}><button type="button" className="button" onClick={again}>Try again</button></Trouble>}
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
    <Dialog name="revoking" title={`Revoke ${apiKey.name}?`} onClose={onClose} words={<p>The program that uses it is refused from that moment on. This cannot be undone, but you can make another key.</p>}>
      {problem !== null && <Trouble explanation={explain(problem)} />}
      <div className="actions actions-end">
        <button type="button" className="button" onClick={onClose}>Keep it</button>
        <button type="button" className="button button-danger-full" disabled={busy} onClick={() => void revoke()}>{busy ? "One moment…" : "Revoke"}</button>
      </div>
    </Dialog>
  );
}
