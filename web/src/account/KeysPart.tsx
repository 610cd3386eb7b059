import { useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { ApiKey } from "../api/types";
import { dateText, momentText } from "../format";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Question } from "../shell/Question";
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
      {asked !== null && (
        <Question
          name="revoking" title={words.keys.question(asked.name)} about={words.keys.questionText} yes={words.keys.revoke}
          act={() => api.revokeKey(asked.id)} onClose={() => { setAsked(null); }} onDone={() => { revoked(asked); }}
        />
      )}
    </Part>
  );
}
