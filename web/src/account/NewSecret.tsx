import { useEffect, useRef, useState } from "react";
import { useShell } from "../shell/context";
import type { MadeKey } from "./NewKeyForm";

/** A new key, whole: the only time that anybody sees it. */
export function NewSecret({ made, onDone }: { made: MadeKey; onDone: () => void }) {
  const { announce } = useShell();
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  useEffect(() => { field.current?.focus(); }, []);

  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(made.secret);
    } catch {
      // The browser does not let pages copy: selected, two keys of the keyboard do it.
      field.current?.select();
      announce("The key is selected. Copy it with the keyboard.");
      return;
    }
    setCopied(true);
    announce("The key is copied.");
  };
  return (
    <div className="account-note key-secret" role="group" aria-labelledby="key-secret-title">
      <p id="key-secret-title"><strong>{made.key.name}: copy the key now.</strong> We keep only a fingerprint of it, and nobody can show it again.</p>
      <label className="unseen" htmlFor="key-secret">The new key</label>
      <input id="key-secret" ref={field} type="text" readOnly value={made.secret} autoComplete="off" spellCheck={false} onFocus={(event) => { event.target.select(); }} />
      <div className="actions">
        <button type="button" className="button button-main" onClick={() => void copy()}>{copied ? "Copied" : "Copy"}</button>
        <button type="button" className="button" onClick={onDone}>I have it</button>
      </div>
    </div>
  );
}
