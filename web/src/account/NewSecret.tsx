import { useEffect, useRef, useState } from "react";
import { useShell } from "../shell/context";

interface Props {
  /** What the person calls that which it belongs to. */
  readonly name: string;
  /** What it is: key, secret. */
  readonly what: string;
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
      announce(`The ${what} is selected. Copy it with the keyboard.`);
      return;
    }
    setCopied(true);
    announce(`The ${what} is copied.`);
  };
  return (
    <div className="account-note key-secret" role="group" aria-labelledby={`new-${what}-title`}>
      <p id={`new-${what}-title`}><strong>{name}: copy the {what} now.</strong> {why}</p>
      <label className="unseen" htmlFor={`new-${what}`}>The new {what}</label>
      <input id={`new-${what}`} ref={field} type="text" readOnly value={secret} autoComplete="off" spellCheck={false} onFocus={(event) => { event.target.select(); }} />
      <div className="actions">
        <button type="button" className="button button-main" onClick={() => void copy()}>{copied ? "Copied" : "Copy"}</button>
        <button type="button" className="button" onClick={onDone}>I have it</button>
      </div>
    </div>
  );
}
