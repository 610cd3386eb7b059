import type { Operation } from "./document";

/** What somebody filled in to try a call. */
export interface Draft {
  readonly key: string;
  /** By the parameter's name. */
  readonly values: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came back. */
export interface Reply {
  readonly status: number;
  readonly headers: string;
  readonly body: string;
}

/** The address of a call, with what was filled in. */
export function address({ path, parameters }: Operation, values: Draft["values"]): string {
  const filled = path.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name] ?? "";
    return value === "" ? whole : encodeURIComponent(value);
  });
  const query = new URLSearchParams(parameters
    .filter((one) => one.in === "query" && (values[one.name] ?? "") !== "")
    .map((one) => [one.name, values[one.name] ?? ""])).toString();
  return query === "" ? filled : `${filled}?${query}`;
}

/** The same call as a command. */
export function curl(operation: Operation, draft: Draft, site: string): string {
  const headers = Object.entries(sent(operation, draft, "$KEY")).map(([name, value]) => ` \\\n  -H ${quoted(`${name}: ${value}`)}`).join("");
  const method = operation.method === "GET" ? "" : ` -X ${operation.method}`;
  const body = operation.body === null ? "" : ` \\\n  -d ${quoted(draft.body)}`;
  return `curl${method} ${quoted(site + address(operation, draft.values))}${headers}${body}`;
}

function quoted(text: string): string {
  return text.includes("$KEY") ? `"${text}"` : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function sent(operation: Operation, { values }: Draft, key: string): Record<string, string> {
  const headers = operation.parameters.filter((one) => one.in === "header" && (values[one.name] ?? "") !== "");
  return {
    ...(key === "" ? {} : { Authorization: `Bearer ${key}` }),
    ...(operation.method === "GET" || operation.method === "DELETE" ? {} : { "Content-Type": "application/json" }),
    ...Object.fromEntries(headers.map((one) => [one.name, values[one.name] ?? ""])),
  };
}

/** Makes the call: with the key, or as whoever is signed in here. Never both: the service would refuse it. */
export async function send(operation: Operation, draft: Draft): Promise<Reply> {
  const key = draft.key.trim();
  const answer = await fetch(address(operation, draft.values), {
    method: operation.method,
    headers: sent(operation, draft, key),
    credentials: key === "" ? "same-origin" : "omit",
    cache: "no-store",
    redirect: "manual",
    ...(operation.body === null ? {} : { body: draft.body }),
  });
  if (answer.type === "opaqueredirect") {
    return { status: 302, headers: "", body: "A redirect to the file; `curl -L` follows it." };
  }
  const text = await answer.text();
  return { status: answer.status, headers: [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n"), body: readable(text) };
}

function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
