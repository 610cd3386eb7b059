import { useState, type SubmitEvent } from "react";
import type { Problem } from "../api/types";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Trouble } from "../shell/Trouble";
import { words } from "../words";
import { KINDS, type MadeWebhook, type WebhookKind } from "./webhooks";

/** Stopping a model is the person's own doing, and rarely news. */
const USUAL_KINDS: readonly WebhookKind[] = ["generation.succeeded", "generation.failed"];
const LONGEST_URL = 2048;

/** Makes a webhook: an address, and what it hears of. */
export function NewWebhookForm({ onMade }: { onMade: (made: MadeWebhook) => void }) {
  const { api } = useShell();
  const [url, setUrl] = useState("");
  const [kinds, setKinds] = useState(USUAL_KINDS);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const ready = url.trim() !== "" && kinds.length > 0;

  const make = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (busy || !ready) {
      return;
    }
    setBusy(true);
    const answer = await api.makeWebhook({ url: url.trim(), kinds: [...kinds] });
    setBusy(false);
    setProblem(answer.ok ? null : answer.problem);
    if (answer.ok) {
      setUrl("");
      setKinds(USUAL_KINDS);
      onMade(answer.value);
    }
  };
  const toggle = (id: WebhookKind, on: boolean): void => {
    setKinds((before) => (on ? [...before, id] : before.filter((other) => other !== id)));
  };
  return (
    <details className="more">
      <summary>{words.webhooks.add}</summary>
      <form className="account-form key-form" onSubmit={(event) => void make(event)}>
        <label htmlFor="webhook-url">{words.webhooks.url}</label>
        <input id="webhook-url" type="url" autoComplete="off" maxLength={LONGEST_URL} required value={url} onChange={(event) => { setUrl(event.target.value); }} />
        <fieldset className="key-choices">
          <legend>{words.webhooks.kinds}</legend>
          {KINDS.map(({ id, title }) => (
            <label key={id} className="first-tick">
              <input type="checkbox" checked={kinds.includes(id)} onChange={(event) => { toggle(id, event.target.checked); }} />
              {title}
            </label>
          ))}
        </fieldset>
        {problem !== null && <Trouble explanation={explain(problem)} />}
        <div className="actions"><button type="submit" className="button" aria-disabled={busy || !ready}>{busy ? words.shell.moment : words.webhooks.make}</button></div>
      </form>
    </details>
  );
}
