import { useCallback, useState } from "react";
import type { Problem } from "../api/types";
import { momentText } from "../format";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Trouble } from "../shell/Trouble";
import { useRead } from "../shell/useRead";
import { words } from "../words";
import { kindText, stateText, type Webhook, type WebhookDelivery } from "./webhooks";

/** The latest deliveries of one webhook, each of which can be sent again. */
export function Deliveries({ webhook }: { webhook: Webhook }) {
  const { api, announce } = useShell();
  const read = useCallback(() => api.deliveries(webhook.id), [api, webhook.id]);
  const { value, problem, again } = useRead(read);
  const [refused, setRefused] = useState<Problem | null>(null);

  const repeat = async (delivery: WebhookDelivery): Promise<void> => {
    const answer = await api.sendAgain(webhook.id, delivery.id);
    setRefused(answer.ok ? null : answer.problem);
    if (answer.ok) {
      announce(words.deliveries.sent);
      again();
    }
  };
  return (
    <div aria-busy={value === null && problem === null}>
      {value !== null && value.items.length > 0 && (
        <table className="lines">
          <thead><tr><th scope="col">{words.account.when}</th><th scope="col">{words.account.what}</th><th scope="col">{words.deliveries.state}</th><th scope="col"><span className="unseen">{words.deliveries.again}</span></th></tr></thead>
          <tbody>
            {value.items.map((delivery) => (
              <tr key={delivery.id}>
                <td><time dateTime={delivery.created_at}>{momentText(delivery.created_at)}</time></td>
                <td>{kindText(delivery.kind)}</td>
                <td>{stateText(delivery)}<span lang="en">{lastFault(delivery)}</span></td>
                <td>{webhook.enabled && <button type="button" className="button" onClick={() => void repeat(delivery)}>{words.deliveries.again}<span className="unseen">{words.deliveries.againWhat(momentText(delivery.created_at))}</span></button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {value?.items.length === 0 && <p className="note">{words.deliveries.nothing}</p>}
      {(refused ?? problem) !== null && <Trouble explanation={explain((refused ?? problem) as Problem)} />}
      <div className="actions"><button type="button" className="button" onClick={again}>{words.deliveries.look}<span className="unseen">{words.deliveries.lookWhat}</span></button></div>
    </div>
  );
}

/** What went wrong at last, in the words of the API. */
function lastFault({ state, attempts }: WebhookDelivery): string {
  const error = state === "delivered" ? null : attempts.at(-1)?.error ?? null;
  return error === null ? "" : `: ${error}`;
}
