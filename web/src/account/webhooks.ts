import type { components } from "../api/schema";
import { words } from "../words";

type Schemas = components["schemas"];

/** Where a program of the person hears what becomes of their models. */
export type Webhook = Schemas["Webhook"];
export type WebhookKind = Schemas["WebhookKind"];
export type WebhookDelivery = Schemas["WebhookDelivery"];
export type MadeWebhook = Schemas["MadeWebhook"];

export const KINDS: ReadonlyArray<{ readonly id: WebhookKind; readonly title: string }> = [
  { id: "generation.succeeded", title: words.webhooks.succeeded },
  { id: "generation.failed", title: words.webhooks.failed },
  { id: "generation.cancelled", title: words.webhooks.cancelled },
];

/** What an event is about, in words. */
export function kindText(kind: string): string {
  return KINDS.find(({ id }) => id === kind)?.title ?? (kind === "test" ? words.webhooks.testKind : kind);
}

/** How a webhook stands, in words; nothing if all is well. */
export function standingText({ off, failing_since }: Pick<Webhook, "off" | "failing_since">): string | null {
  switch (off) {
    case "owner": return words.webhooks.offByOwner;
    case "gone": return words.webhooks.offGone;
    case "failing": return words.webhooks.offFailing;
    default: return failing_since === null ? null : words.webhooks.failing;
  }
}

/** How a delivery stands, in words. */
export function stateText({ state, attempts }: Pick<WebhookDelivery, "state" | "attempts">): string {
  const tries = words.deliveries.tries(attempts.length);
  switch (state) {
    case "delivered": return attempts.length > 1 ? words.deliveries.deliveredAfter(tries) : words.deliveries.delivered;
    case "failed": return words.deliveries.failed(tries);
    default: return attempts.length === 0 ? words.deliveries.waits : words.deliveries.waitsAfter(tries);
  }
}
