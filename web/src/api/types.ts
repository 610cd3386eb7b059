import type { components } from "./schema";

type Schemas = components["schemas"];

/** The signed-in person and their credits. */
export type Me = Schemas["Me"];
/** Where and how one photo may be sent. */
export type Upload = Schemas["UploadForm"];
/** One photo becoming one model. */
export type Generation = Schemas["Generation"];
/** Where a generation stands. */
export type Status = Generation["status"];
/** A page of the library, newest first. */
export type GenerationPage = Schemas["GenerationPage"];

/** What everybody with the link sees of a shared model. */
export type Shared = Schemas["SharedModel"];

/** Something that can be bought. */
export type Product = Schemas["Product"];
/** How the account stands. */
export type Standing = Schemas["Standing"];
/** One movement of credits. */
export type Entry = Schemas["Entry"];
/** How a checkout stands. */
export type CheckoutState = Schemas["CheckoutState"];

/** What may be done beyond the service itself. */
export type Choices = Schemas["Choices"];
/** Choices of now and every consent so far. */
export type Privacy = Schemas["Privacy"];
/** One agreement, choice or withdrawal. */
export type Consent = Schemas["Consent"];
/** A sign-in on one browser. */
export type SignedIn = Schemas["Session"];
/** One line of the security activity. */
export type Activity = Schemas["Activity"];
/** A key with which a program calls the API, without what is secret of it. */
export type ApiKey = Schemas["ApiKey"];
/** What a key may do. */
export type Scope = ApiKey["scopes"][number];
/** A copy of everything that is held of a person. */
export type Export = Schemas["Export"];

/** The three picture formats that the service reads. */
export type PhotoType = "image/jpeg" | "image/png" | "image/webp";

/** What a person may choose about a model; the rest keeps the API's defaults. */
export type ModelOptions = Readonly<Required<Pick<
  Schemas["Options"],
  "foreground_percent" | "faces" | "texture_size" | "symmetry" | "flat_base" | "height_mm"
>>>;

/** An RFC 9457 problem, from the API or, with a `client:` type, from this page itself. */
export interface Problem {
  readonly type: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** When asking again makes sense, in seconds, if the service said so. */
  readonly retryAfterS?: number;
}

/** Whether nothing more will happen to this generation. */
export function isOver(generation: Generation): boolean {
  return generation.status !== "QUEUED" && generation.status !== "RUNNING";
}
