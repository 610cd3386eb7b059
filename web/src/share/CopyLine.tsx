import { useId, useState } from "react";
import { words } from "../words";

/** A text that is there to be copied. */
export function CopyLine({ label, text }: { label: string; text: string }) {
  const id = useId();
  const [copied, setCopied] = useState(false);
  return (
    <div className="copy-line">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="text" readOnly value={text} onFocus={(event) => { event.target.select(); }} />
      <button type="button" className="button" onClick={() => void navigator.clipboard.writeText(text).then(() => { setCopied(true); })}>
        {copied ? words.shell.copied : words.shell.copy}
      </button>
    </div>
  );
}
