import { useId, useState, type SubmitEvent } from "react";
import type { Operation } from "./document";
import { curl, send, type Draft, type Reply } from "./tryout";

/** A form that makes the call, and the same as a command. */
export function TryCall({ operation, secret }: { operation: Operation; secret: string }) {
  const id = useId();
  const [values, setValues] = useState<Draft["values"]>(() => first(operation));
  const [body, setBody] = useState(operation.body?.example ?? "");
  const [busy, setBusy] = useState(false);
  const [reply, setReply] = useState<Reply | "unreachable" | null>(null);
  const draft: Draft = { key: secret, values, body };

  const go = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      setReply(await send(operation, draft));
    } catch {
      setReply("unreachable");
    }
    setBusy(false);
  };
  return (
    <form className="call-try" onSubmit={(event) => void go(event)}>
      <h4>Try it</h4>
      {operation.parameters.map(({ name, required }) => (
        <label key={name}>
          {name}
          <input type="text" autoComplete="off" required={required} value={values[name] ?? ""} onChange={(event) => { setValues({ ...values, [name]: event.target.value }); }} />
        </label>
      ))}
      {operation.body !== null && (
        <label htmlFor={id}>
          Body
          <textarea id={id} rows={Math.min(14, body.split("\n").length + 1)} spellCheck={false} value={body} onChange={(event) => { setBody(event.target.value); }} />
        </label>
      )}
      <details><summary>As a command</summary><pre tabIndex={0} aria-label="Command">{curl(operation, draft, location.origin)}</pre></details>
      <div className="actions"><button type="submit" className="button button-main" aria-disabled={busy}>{busy ? "One moment…" : "Send"}</button></div>
      <div role="status">
        {reply === "unreachable" && <p>The service could not be reached.</p>}
        {reply !== null && reply !== "unreachable" && (
          <><p><strong>{reply.status}</strong></p><pre tabIndex={0} aria-label="Answer">{[reply.headers, reply.body].filter((part) => part !== "").join("\n\n")}</pre></>
        )}
      </div>
    </form>
  );
}

/** What is filled in already: a key for one wish, and the document's own examples. */
function first({ parameters }: Operation): Record<string, string> {
  return Object.fromEntries(parameters.map((one) => [one.name, one.name === "Idempotency-Key" ? crypto.randomUUID() : one.schema.example ?? ""]));
}
