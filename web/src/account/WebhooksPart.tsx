import { useState } from "react";
import { flushSync } from "react-dom";
import type { Answer } from "../api/client";
import type { Problem } from "../api/types";
import { momentText } from "../format";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Question } from "../shell/Question";
import { Rich } from "../shell/Rich";
import { Trouble } from "../shell/Trouble";
import { useRead } from "../shell/useRead";
import { words } from "../words";
import { Deliveries } from "./Deliveries";
import { NewSecret } from "./NewSecret";
import { NewWebhookForm } from "./NewWebhookForm";
import { Part } from "./Part";
import { kindText, standingText, type MadeWebhook, type Webhook } from "./webhooks";

/** Where programs hear what becomes of models: added, tried, watched, deleted. */
export function WebhooksPart() {
  const { api, announce } = useShell();
  const { value, problem, know, again } = useRead(api.webhooks);
  const [shown, setShown] = useState<MadeWebhook | null>(null);
  /** What is asked about before it is done, since there is no way back. */
  const [asked, setAsked] = useState<{ what: "delete" | "rotate"; webhook: Webhook } | null>(null);
  const [refused, setRefused] = useState<Problem | null>(null);
  const items = value?.items ?? [];

  const changed = (webhook: Webhook): void => { know({ items: items.map((one) => (one.id === webhook.id ? webhook : one)) }); };
  const made = (one: MadeWebhook): void => {
    know({ items: [...items.filter(({ id }) => id !== one.webhook.id), one.webhook] });
    setShown(one);
  };
  /** Does something, and says what came of it. */
  const act = async <T,>(doing: Promise<Answer<T>>, done: string, take: (value: T) => void): Promise<void> => {
    const answer = await doing;
    setRefused(answer.ok ? null : answer.problem);
    if (answer.ok) {
      take(answer.value);
      announce(done);
    }
  };
  const gone = (webhook: Webhook): void => {
    flushSync(() => {
      setAsked(null);
      know({ items: items.filter(({ id }) => id !== webhook.id) });
      setShown((before) => (before?.webhook.id === webhook.id ? null : before));
    });
    announce(words.webhooks.deleted);
    document.getElementById("webhooks")?.focus();
  };
  const rotated = (webhook: Webhook, one: MadeWebhook | null): void => {
    if (one === null) {
      gone(webhook);
      return;
    }
    flushSync(() => {
      setAsked(null);
      made(one);
    });
    announce(words.webhooks.rotated);
  };
  return (
    <Part id="webhooks" title={words.account.webhooks} busy={value === null && problem === null}>
      <p><Rich text={words.webhooks.lead} parts={{ standard: (text) => <a href="https://www.standardwebhooks.com/">{text}</a> }} /></p>
      {shown !== null && (
        <NewSecret key={shown.secret} name={shown.webhook.url} what="secret" why={words.webhooks.why} secret={shown.secret} onDone={() => {
          flushSync(() => { setShown(null); });
          document.getElementById("webhooks")?.focus();
        }} />
      )}
      {items.length > 0 && (
        <ul className="sessions" aria-label={words.account.webhooks}>
          {items.map((webhook) => (
            <li key={webhook.id} className="session">
              <div>
                <p className="session-device"><code>{webhook.url}</code>{!webhook.enabled && <span className="badge">{words.webhooks.off}</span>}</p>
                <p className="note">{words.webhooks.made(webhook.kinds.map(kindText).join(", "), momentText(webhook.created_at))}</p>
                {standingText(webhook) !== null && <p className="note">{standingText(webhook)}</p>}
              </div>
              <div className="actions" role="group" aria-label={webhook.url}>
                {webhook.enabled && <button type="button" className="button" onClick={() => void act(api.testWebhook(webhook.id), words.webhooks.testSent, () => undefined)}>{words.webhooks.test}</button>}
                <button type="button" className="button" onClick={() => void act(api.changeWebhook(webhook.id, { enabled: !webhook.enabled }), webhook.enabled ? words.webhooks.isOff : words.webhooks.isOn, changed)}>{webhook.enabled ? words.webhooks.switchOff : words.webhooks.switchOn}</button>
                <button type="button" className="button" onClick={() => { setAsked({ what: "rotate", webhook }); }}>{words.webhooks.rotate}</button>
                <button type="button" className="button" onClick={() => { setAsked({ what: "delete", webhook }); }}>{words.webhooks.delete}</button>
              </div>
              <Watched webhook={webhook} />
            </li>
          ))}
        </ul>
      )}
      {value?.items.length === 0 && <p className="note">{words.account.none}</p>}
      {refused !== null && <Trouble explanation={explain(refused)} />}
      {problem !== null && <Trouble explanation={explain(problem)}><button type="button" className="button" onClick={again}>{words.shell.tryAgain}</button></Trouble>}
      <NewWebhookForm onMade={made} />
      {asked?.what === "delete" && (
        <Question
          name="deleting-webhook" title={words.webhooks.question} about={words.webhooks.questionText(asked.webhook.url)} yes={words.webhooks.delete}
          act={() => api.deleteWebhook(asked.webhook.id)} onClose={() => { setAsked(null); }} onDone={() => { gone(asked.webhook); }}
        />
      )}
      {asked?.what === "rotate" && (
        <Question
          name="rotating-webhook" title={words.webhooks.rotateQuestion} about={words.webhooks.rotateText(asked.webhook.url)} yes={words.webhooks.rotate}
          act={() => api.rotateWebhook(asked.webhook.id)} onClose={() => { setAsked(null); }} onDone={(one) => { rotated(asked.webhook, one); }}
        />
      )}
    </Part>
  );
}

/** The deliveries, read once somebody wants to see them. */
function Watched({ webhook }: { webhook: Webhook }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="more" onToggle={(event) => { setOpen(event.currentTarget.open); }}>
      <summary>{words.deliveries.title}</summary>
      {open && <Deliveries webhook={webhook} />}
    </details>
  );
}
