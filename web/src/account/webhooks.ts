import type { components } from "../api/schema";

type Schemas = components["schemas"];

/** Where a program of the person hears what becomes of their models. */
export type Webhook = Schemas["Webhook"];
export type WebhookKind = Schemas["WebhookKind"];
export type WebhookDelivery = Schemas["WebhookDelivery"];
export type MadeWebhook = Schemas["MadeWebhook"];

export const KINDS: ReadonlyArray<{ readonly id: WebhookKind; readonly title: string }> = [
  { id: "generation.succeeded", title: "A model is ready" },
  { id: "generation.failed", title: "A model could not be made" },
  { id: "generation.cancelled", title: "You stopped a model" },
];

/** What an event is about, in words. */
export function kindText(kind: string): string {
  return KINDS.find(({ id }) => id === kind)?.title ?? (kind === "test" ? "Test" : kind);
}

/** How a webhook stands, in words; nothing if all is well. */
export function standingText({ off, failing_since }: Pick<Webhook, "off" | "failing_since">): string | null {
  switch (off) {
    case "owner": return "You switched it off.";
    case "gone": return "We switched it off: it answered 410, which says that it wants no more.";
    case "failing": return "We switched it off: every delivery failed for three days.";
    default: return failing_since === null ? null : "The last delivery failed; we try again for a day.";
  }
}

/** How a delivery stands, in words. */
export function stateText({ state, attempts }: Pick<WebhookDelivery, "state" | "attempts">): string {
  const tries = attempts.length === 1 ? "1 try" : `${attempts.length} tries`;
  switch (state) {
    case "delivered": return attempts.length > 1 ? `Delivered after ${tries}` : "Delivered";
    case "failed": return `Given up after ${tries}`;
    default: return attempts.length === 0 ? "On its way" : `Waits for another try after ${tries}`;
  }
}
