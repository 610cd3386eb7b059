import { request, type Answer, type Connection, type Request } from "./client";
import type { components, paths } from "./schema";
import type { CheckoutState, Choices, Export, Generation, GenerationPage, Me, ModelOptions, PhotoType, Privacy, Standing, Upload } from "./types";

type Schemas = components["schemas"];

/** The API as this page uses it, one function per route. */
export type Api = ReturnType<typeof createApi>;

/**
 * Binds the routes; `onSignedOut` hears of every answer that says the session has ended. A program names the site and its
 * key in `connection`; a page leaves it out.
 */
export function createApi(onSignedOut: () => void, connection?: Connection) {
  async function call<T>(path: string, options?: Request): Promise<Answer<T>> {
    const answer = await request<T>(path, options, connection);
    if (!answer.ok && answer.problem.status === 401) {
      onSignedOut();
    }
    return answer;
  }
  const list = (wish: string) => (cursor: string | null) =>
    call<GenerationPage>(`/api/generations?limit=${PAGE_SIZE}${wish}${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`);
  return {
    me: () => call<Me>("/api/me"),
    signOut: () => call<null>("/api/auth/logout", { method: "POST" }),
    openUpload: (photo: { content_type: PhotoType; bytes: number; sha256: string }, signal: AbortSignal) =>
      call<Upload>("/api/uploads", { method: "POST", body: photo, signal }),
    order: (key: string, order: { upload_id: string; options?: Partial<ModelOptions> }, signal: AbortSignal) =>
      call<Generation>("/api/generations", { method: "POST", body: order, headers: { "Idempotency-Key": key }, signal }),
    /** `null` when the generation is still the version that `etag` names. */
    generation: (id: string, etag: string | null, signal: AbortSignal) =>
      call<Generation | null>(`/api/generations/${encodeURIComponent(id)}`, { signal, headers: etag === null ? {} : { "If-None-Match": etag } }),
    /** The same, with its news: waits up to 20 seconds for another status or stage. */
    news: (id: string, signal: AbortSignal) => call<Generation>(`/api/generations/${encodeURIComponent(id)}?wait=20`, { signal }),
    cancel: (id: string) => call<Generation>(`/api/generations/${encodeURIComponent(id)}/cancel`, { method: "POST" }),
    /** The lists of models: all, and those that stand in one way. Each is a function of its own, and the page remembers it by that. */
    lists: { all: list(""), done: list("&status=SUCCEEDED"), broken: list("&status=FAILED"), stopped: list("&status=CANCELLED") },
    products: () => call<Schemas["Products"]>("/api/billing/products"),
    standing: () => call<Standing>("/api/billing"),
    entries: (cursor: string | null) =>
      call<Schemas["EntryPage"]>(`/api/billing/entries?limit=${ENTRIES_SIZE}${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`),
    checkout: (key: string, wish: Schemas["NewCheckout"]) =>
      call<Schemas["StripePage"]>("/api/billing/checkout", { method: "POST", body: wish, headers: { "Idempotency-Key": key } }),
    checkoutState: (id: string) => call<CheckoutState>(`/api/billing/checkout/${encodeURIComponent(id)}`),
    portal: () => call<Schemas["StripePage"]>("/api/billing/portal", { method: "POST" }),
    /** Agrees to the texts; `old_enough: false` deletes the account, and the answer is a problem. */
    welcome: (step: Schemas["Welcome"]) => call<Me>("/api/me/welcome", { method: "POST", body: step }),
    rename: (name: string | null) => call<Me>("/api/me", { method: "PATCH", body: { name } }),
    privacy: () => call<Privacy>("/api/me/privacy"),
    choose: (choices: Choices) => call<Privacy>("/api/me/privacy", { method: "PUT", body: choices }),
    viewPage: (page: Schemas["PageView"]["page"]) => call<null>("/api/me/usage", { method: "POST", body: { page } }),
    renew: () => call<null>("/api/auth/renew", { method: "POST" }),
    sessions: () => call<Schemas["Sessions"]>("/api/auth/sessions"),
    endSession: (id: string) => call<null>(`/api/auth/sessions/${encodeURIComponent(id)}`, { method: "DELETE" }),
    endAllSessions: () => call<null>("/api/auth/logout-all", { method: "POST" }),
    activity: (cursor: string | null) =>
      call<Schemas["ActivityPage"]>(`/api/me/activity?limit=${ENTRIES_SIZE}${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`),
    keys: () => call<Schemas["ApiKeys"]>("/api/me/keys"),
    /** The answer holds the key's secret, this once. */
    makeKey: (wish: Schemas["NewApiKey"]) => call<Schemas["MadeApiKey"]>("/api/me/keys", { method: "POST", body: wish }),
    revokeKey: (id: string) => call<null>(`/api/me/keys/${encodeURIComponent(id)}`, { method: "DELETE" }),
    webhooks: () => call<Schemas["Webhooks"]>("/api/me/webhooks"),
    /** The answer holds the secret, this once. */
    makeWebhook: (wish: Schemas["NewWebhook"]) => call<Schemas["MadeWebhook"]>("/api/me/webhooks", { method: "POST", body: wish }),
    changeWebhook: (id: string, change: Schemas["WebhookChange"]) =>
      call<Schemas["Webhook"]>(`/api/me/webhooks/${encodeURIComponent(id)}`, { method: "PATCH", body: change }),
    deleteWebhook: (id: string) => call<null>(`/api/me/webhooks/${encodeURIComponent(id)}`, { method: "DELETE" }),
    /** The answer holds the new secret, this once. */
    rotateWebhook: (id: string) => call<Schemas["MadeWebhook"]>(`/api/me/webhooks/${encodeURIComponent(id)}/secret`, { method: "POST" }),
    testWebhook: (id: string) => call<Schemas["WebhookDelivery"]>(`/api/me/webhooks/${encodeURIComponent(id)}/test`, { method: "POST" }),
    deliveries: (id: string) => call<Schemas["DeliveryPage"]>(`/api/me/webhooks/${encodeURIComponent(id)}/deliveries?limit=${ENTRIES_SIZE}`),
    sendAgain: (id: string, event: string) =>
      call<Schemas["WebhookDelivery"]>(`/api/me/webhooks/${encodeURIComponent(id)}/deliveries/${encodeURIComponent(event)}/send`, { method: "POST" }),
    exports: () => call<Schemas["Exports"]>("/api/me/exports"),
    /** How one export stands. */
    export: (id: string, signal: AbortSignal) => call<Export>(`/api/me/exports/${encodeURIComponent(id)}`, { signal }),
    askForExport: () => call<Export>("/api/me/exports", { method: "POST" }),
    beginDeletion: () => call<Schemas["Deletion"]>("/api/me/deletion", { method: "POST" }),
    undoDeletion: () => call<null>("/api/me/deletion", { method: "DELETE" }),
    /** Gives a model a name and tags. */
    label: (id: string, label: Schemas["Label"]) => call<Generation>(`/api/generations/${encodeURIComponent(id)}`, { method: "PATCH", body: label }),
    share: (id: string) => call<Generation>(`/api/generations/${encodeURIComponent(id)}/share`, { method: "POST" }),
    endShare: (id: string) => call<Generation>(`/api/generations/${encodeURIComponent(id)}/share`, { method: "DELETE" }),
    removeSeveral: (ids: readonly string[]) => call<Schemas["Deleted"]>("/api/generations/deletions", { method: "POST", body: { ids } }),
    remove: (id: string) => call<null>(`/api/generations/${encodeURIComponent(id)}`, { method: "DELETE" }),
  };
}

/** Lines a page, of movements and of activity. */
const ENTRIES_SIZE = 20;

/** The most that the API gives at once: a search through thousands is few requests. */
const PAGE_SIZE = 100;

export type FileName = paths["/api/generations/{id}/files/{file}"]["get"]["parameters"]["path"]["file"];

/** The stable address of a file; it redirects to a short-lived one in the bucket. */
export function fileUrl(id: string, name: FileName): string {
  return `/api/generations/${encodeURIComponent(id)}/files/${name}`;
}

/** Where signing in starts, and how it finds its way back to the page of now. */
export function signInUrl(returnTo: string): string {
  return `/api/auth/login?return_to=${encodeURIComponent(returnTo)}`;
}

/** What everybody with the secret of a shared model may read. */
export function sharedUrl(secret: string): string {
  return `/api/shares/${encodeURIComponent(secret)}`;
}

export function sharedFileUrl(secret: string, name: "model.glb" | "preview.webp" | "turntable.webp"): string {
  return `${sharedUrl(secret)}/files/${name}`;
}
