/** The API's description, read for people: what stands in openapi.json, in the order in which one looks for it. */

/** A JSON schema, as far as our document uses it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Content {
  readonly schema: Schema;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly summary: string; readonly value: { readonly detail: string } }>>;
}

interface RawOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Readonly<Record<string, Content>> }>>;
}

export interface Parameter {
  readonly in: "path" | "query" | "header";
  readonly name: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema & { readonly example?: string };
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** One call. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  /** What a key needs for it; `null` if no key is taken. */
  readonly scope: string | null;
  readonly parameters: readonly Parameter[];
  /** The body's schema and an example of it; `null` if it takes none. */
  readonly body: { readonly schema: Schema; readonly example: string } | null;
  /** Whether the photo may come along in a form. */
  readonly form: boolean;
  readonly answers: readonly Answer[];
}

export interface Answer {
  readonly status: string;
  readonly means: string;
  readonly example: string | null;
  readonly problems: readonly Trouble[];
}

/** A problem that a call can answer with, and what to do about it. */
export interface Trouble {
  readonly type: string;
  readonly title: string;
  readonly remedy: string;
}

/** The calls that a program can make first, each group in the document's order. */
export function operations(document: Document): Operation[] {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, raw]) => operation(method.toUpperCase(), path, raw)));
  return [...all.filter((one) => one.scope !== null), ...all.filter((one) => one.scope === null)];
}

function operation(method: string, path: string, raw: RawOperation): Operation {
  const json = raw.requestBody?.content["application/json"];
  return {
    id: raw.operationId,
    method,
    path,
    summary: raw.summary,
    scope: raw.security.map((one) => one["key"]?.[0]).find((scope) => scope !== undefined) ?? null,
    parameters: raw.parameters,
    body: json === undefined ? null : { schema: json.schema, example: pretty(json.example) },
    form: raw.requestBody?.content["multipart/form-data"] !== undefined,
    answers: Object.entries(raw.responses).map(([status, answer]) => ({
      status,
      means: answer.description,
      example: answer.content?.["application/json"]?.example === undefined ? null : pretty(answer.content["application/json"].example),
      problems: Object.entries(answer.content?.["application/problem+json"]?.examples ?? {}).map(([type, one]) =>
        ({ type: `/problems/${type}`, title: one.summary, remedy: one.value.detail })),
    })),
  };
}

/** Every problem there is, once. */
export function troubles(all: readonly Operation[]): (Trouble & { readonly status: string })[] {
  const found = new Map<string, Trouble & { readonly status: string }>();
  for (const { status, problems } of all.flatMap((one) => one.answers)) {
    for (const problem of problems) {
      found.set(problem.type, { ...problem, status });
    }
  }
  return [...found.values()].sort((a, b) => a.status.localeCompare(b.status) || a.type.localeCompare(b.type));
}

/** A field of a body, ready to be shown. */
export interface Field {
  readonly name: string;
  readonly kind: string;
  readonly limits: string;
  readonly means: string;
  readonly required: boolean;
}

/** The fields of a schema; those of nested objects behind their name. */
export function fields(document: Document, schema: Schema, before = ""): Field[] {
  const { properties = {}, required = [] } = resolved(document, schema);
  return Object.entries(properties).flatMap(([name, property]) => {
    const inner = resolved(document, property.items ?? property);
    const place = `${before}${name}${property.items === undefined ? "" : "[]"}`;
    const means = property.description ?? inner.description ?? "";
    const field = { name: place, kind: kind(document, property), limits: limits({ ...inner, ...property }), means, required: required.includes(name) };
    return [field, ...(inner.properties === undefined ? [] : fields(document, inner, `${place}.`))];
  });
}

function resolved(document: Document, schema: Schema): Schema {
  const target = schema.$ref ?? schema.oneOf?.find((one) => one.$ref !== undefined)?.$ref;
  const name = target?.split("/").at(-1);
  return (name === undefined ? undefined : document.components.schemas[name]) ?? schema;
}

function kind(document: Document, schema: Schema): string {
  if (schema.items !== undefined) {
    return `list of ${kind(document, schema.items)}`;
  }
  const { type, properties } = resolved(document, schema);
  const word = [type ?? (properties === undefined ? "any" : "object")].flat().join(" or ");
  return schema.oneOf === undefined ? word : `${word} or null`;
}

function limits(schema: Schema): string {
  const { enum: words, format, minimum, maximum, minItems, maxItems } = schema;
  const said = [
    words?.map((word) => JSON.stringify(word)).join(", "),
    minimum !== undefined && maximum !== undefined ? `${String(minimum)} to ${String(maximum)}` : undefined,
    minItems !== undefined && maxItems !== undefined ? `${String(minItems)} to ${String(maxItems)} items` : undefined,
    // How an integer is stored is nobody's business.
    format?.startsWith("int") === true ? undefined : format,
    schema.default === undefined ? undefined : `default ${JSON.stringify(schema.default)}`,
  ];
  return said.filter((one) => one !== undefined).join("; ");
}

function pretty(value: unknown): string {
  return value === undefined ? "" : JSON.stringify(value, null, 2);
}
