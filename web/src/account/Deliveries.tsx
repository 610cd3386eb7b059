import { useCallback, useState } from "react";
import type { Problem } from "../api/types";
import { momentText } from "../format";
import { explain } from "../problems";
import { useShell } from "../shell/context";
import { Trouble } from "../shell/Trouble";
import { useRead } from "../shell/useRead";
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
      announce("The event is on its way again.");
      again();
    }
  };
  return (
    <div aria-busy={value === null && problem === null}>
      {value !== null && value.items.length > 0 && (
        <table className="lines">
          <thead><tr><th scope="col">When</th><th scope="col">What</th><th scope="col">How it stands</th><th scope="col"><span className="unseen">Send again</span></th></tr></thead>
          <tbody>
            {value.items.map((delivery) => (
              <tr key={delivery.id}>
                <td><time dateTime={delivery.created_at}>{momentText(delivery.created_at)}</time></td>
                <td>{kindText(delivery.kind)}</td>
                <td>{stateText(delivery)}{lastFault(delivery)}</td>
                <td>{webhook.enabled && <button type="button" className="button" onClick={() => void repeat(delivery)}>Send again<span className="unseen"> the event of {momentText(delivery.created_at)}</span></button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {value?.items.length === 0 && <p className="note">Nothing was sent in the last 30 days.</p>}
      {(refused ?? problem) !== null && <Trouble explanation={explain((refused ?? problem) as Problem)} />}
      <div className="actions"><button type="button" className="button" onClick={again}>Look again<span className="unseen"> at the deliveries</span></button></div>
    </div>
  );
}

function lastFault({ state, attempts }: WebhookDelivery): string {
  const error = state === "delivered" ? null : attempts.at(-1)?.error ?? null;
  return error === null ? "" : `: ${error}`;
}
