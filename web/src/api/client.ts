import type { Problem } from "./types";

/** What came back: a value, or the reason why there is none. Never an exception. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T; readonly etag: string | null; readonly retryAfterS: number | null }
  | { readonly ok: false; readonly problem: Problem; readonly retryAfterS: number | null };

export interface Request {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Where the service is, and by whose right it is called: a program's key, or the session of this page. */
export interface Connection {
  readonly site: string;
  readonly key: string | null;
}

/** The page's own. */
const PAGE: Connection = { site: "", key: null };

/** The answer to a request that never reached the API. */
export const OFFLINE: Problem = { type: "client:offline", status: 0, title: "No connection", detail: "The service could not be reached." };

/** The answer to a request that this page itself called off. */
export const CALLED_OFF: Problem = { type: "client:called-off", status: 0, title: "Called off", detail: "The request was called off." };

/**
 * The only place that calls `fetch`. `T` is `null` for an answer without a body: 204, or 304 to a request
 * that named the version it already has.
 */
export async function request<T>(path: string, options: Request = {}, { site, key }: Connection = PAGE): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: "application/json, application/problem+json", ...options.headers };
  const init: RequestInit = { method: options.method ?? "GET", headers, cache: "no-store", credentials: key === null ? "same-origin" : "omit" };
  if (key !== null) {
    headers["Authorization"] = `Bearer ${key}`;
  }
  // Also without a body: no form of another site can send this type.
  if (options.method !== undefined && options.method !== "GET" && options.method !== "DELETE") {
    headers["Content-Type"] = "application/json";
  }
  if (options.body !== undefined) {
    init.body = JSON.stringify(options.body);
  }
  if (options.signal !== undefined) {
    init.signal = options.signal;
  }
  let response: Response;
  let text: string;
  try {
    response = await fetch(site + path, init);
    text = await response.text();
  } catch {
    return { ok: false, problem: options.signal?.aborted === true ? CALLED_OFF : OFFLINE, retryAfterS: null };
  }
  const retryAfterS = seconds(response.headers.get("Retry-After"));
  const body = parsed(text);
  if (!response.ok && response.status !== 304) {
    return { ok: false, problem: asProblem(body, response.status, retryAfterS), retryAfterS };
  }
  if (body === undefined) {
    return { ok: false, problem: asProblem(undefined, 502, null), retryAfterS };
  }
  return { ok: true, value: body as T, etag: response.headers.get("ETag"), retryAfterS };
}

/** The JSON of a body, `null` for none, `undefined` for something that is not JSON. */
function parsed(text: string): unknown {
  if (text === "") {
    return null;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Reads a problem out of any error body; gateways in between answer with pages of their own. */
function asProblem(body: unknown, status: number, retryAfterS: number | null): Problem {
  const fields: Record<string, unknown> = typeof body === "object" && body !== null ? { ...body } : {};
  const text = (name: string, otherwise: string): string => {
    const value = fields[name];
    return typeof value === "string" ? value : otherwise;
  };
  const problem: Problem = { type: text("type", `client:status-${status}`), status, title: text("title", ""), detail: text("detail", "") };
  return retryAfterS === null ? problem : { ...problem, retryAfterS };
}

/** Retry-After in its only form that we send: whole seconds. */
function seconds(header: string | null): number | null {
  return header !== null && /^\d+$/.test(header) ? Number(header) : null;
}
