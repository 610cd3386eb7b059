import { request, type Answer } from "./client";
import type { components, paths } from "./schema";
import type { CheckoutState, Generation, GenerationPage, Me, ModelOptions, PhotoType, Standing, Upload } from "./types";

type Schemas = components["schemas"];

/** The API as this page uses it, one function per route. */
export type Api = ReturnType<typeof createApi>;

/** Binds the routes; `onSignedOut` hears of every answer that says the session has ended. */
export function createApi(onSignedOut: () => void) {
  async function call<T>(...args: Parameters<typeof request>): Promise<Answer<T>> {
    const answer = await request<T>(...args);
    if (!answer.ok && answer.problem.status === 401) {
      onSignedOut();
    }
    return answer;
  }
  return {
    me: () => call<Me>("/api/me"),
    signOut: () => call<null>("/api/auth/logout", { method: "POST" }),
    openUpload: (photo: { content_type: PhotoType; bytes: number; sha256: string }, signal: AbortSignal) =>
      call<Upload>("/api/uploads", { method: "POST", body: photo, signal }),
    order: (key: string, order: { upload_id: string; options: ModelOptions }, signal: AbortSignal) =>
      call<Generation>("/api/generations", { method: "POST", body: order, headers: { "Idempotency-Key": key }, signal }),
    /** `null` when the generation is still the version that `etag` names. */
    generation: (id: string, etag: string | null, signal: AbortSignal) =>
      call<Generation | null>(`/api/generations/${encodeURIComponent(id)}`, { signal, headers: etag === null ? {} : { "If-None-Match": etag } }),
    generations: (cursor: string | null) =>
      call<GenerationPage>(`/api/generations?limit=${PAGE_SIZE}${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`),
    products: () => call<Schemas["Products"]>("/api/billing/products"),
    standing: () => call<Standing>("/api/billing"),
    entries: (cursor: string | null) =>
      call<Schemas["EntryPage"]>(`/api/billing/entries?limit=${ENTRIES_SIZE}${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`),
    checkout: (key: string, wish: Schemas["NewCheckout"]) =>
      call<Schemas["StripePage"]>("/api/billing/checkout", { method: "POST", body: wish, headers: { "Idempotency-Key": key } }),
    checkoutState: (id: string) => call<CheckoutState>(`/api/billing/checkout/${encodeURIComponent(id)}`),
    portal: () => call<Schemas["StripePage"]>("/api/billing/portal", { method: "POST" }),
    remove: (id: string) => call<null>(`/api/generations/${encodeURIComponent(id)}`, { method: "DELETE" }),
  };
}

/** Movements a page. */
export const ENTRIES_SIZE = 20;

/** Three rows of four on a wide screen. */
export const PAGE_SIZE = 12;

export type FileName = paths["/api/generations/{id}/files/{file}"]["get"]["parameters"]["path"]["file"];

/** The stable address of a file; it redirects to a short-lived one in the bucket. */
export function fileUrl(id: string, name: FileName): string {
  return `/api/generations/${encodeURIComponent(id)}/files/${name}`;
}

/** Where signing in starts, and how it finds its way back to the page of now. */
export function signInUrl(returnTo: string): string {
  return `/api/auth/login?return_to=${encodeURIComponent(returnTo)}`;
}
