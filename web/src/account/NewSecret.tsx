import { useEffect, useRef, useState } from "react";
import { useShell } from "../shell/context";
import { words } from "../words";
import type { Secret } from "../words/accountEn";

interface Props {
  /** What the person calls that which it belongs to. */
  readonly name: string;
  readonly what: Secret;
  /** Why it is not shown again. */
  readonly why: string;
  readonly secret: string;
  readonly onDone: () => void;
}

/** A new secret, whole: the only time that anybody sees it. */
export function NewSecret({ name, what, why, secret, onDone }: Props) {
  const { announce } = useShell();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  useEffect(() => { field.current?.focus(); }, []);

  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(secret);
    } catch {
      // The browser does not let pages copy: selected, two keys of the keyboard do it.
      field.current?.select();
      announce(words.secret.selected(what));
      return;
    }
    setCopied(true);
    announce(words.secret.copied(what));
  };
  return (
    <div className="account-note key-secret" role="group" aria-labelledby={`new-${what}-title`}>
      <p id={`new-${what}-title`}><strong>{words.secret.now(name, what)}</strong> {why}</p>
      <label className="unseen" htmlFor={`new-${what}`}>{words.secret.label(what)}</label>
      <input id={`new-${what}`} ref={field} type="text" readOnly value={secret} autoComplete="off" spellCheck={false} onFocus={(event) => { event.target.select(); }} />
      <div className="actions">
        <button type="button" className="button button-main" onClick={() => void copy()}>{copied ? words.shell.copied : words.shell.copy}</button>
        <button type="button" className="button" onClick={onDone}>{words.secret.done}</button>
      </div>
    </div>
  );
}
