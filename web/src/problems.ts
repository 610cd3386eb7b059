import type { Problem } from "./api/types";
import { spanText } from "./format";

/** What a person can do about a problem; the page that shows it decides how. */
export type NextStep = "retry" | "another-photo" | "sign-in" | "home" | "none";

/** A problem in words that anybody understands: what happened, and what to do now. */
export interface Explanation {
  readonly title: string;
  readonly advice: string;
  readonly next: NextStep;
}

const TABLE: ReadonlyMap<string, Explanation> = new Map<string, Explanation>([
  // The photo
  ["/problems/address-refused", { title: "The photo cannot be fetched from there", advice: "The address must be public, begin with https:// and answer with a picture. Nothing was charged.", next: "another-photo" }],
  ["/problems/in-progress", { title: "This is being worked on already", advice: "Wait two seconds and try again: nothing is made twice.", next: "retry" }],
  ["/problems/already-ended", { title: "It has ended already", advice: "There is nothing left to cancel.", next: "none" }],
  ["/problems/photo-empty", { title: "This file is empty", advice: "It has 0 bytes. It may not have finished copying: choose it again, or choose another photo.", next: "another-photo" }],
  ["/problems/photo-not-an-image", { title: "This is not a photo we can read", advice: "Choose a JPEG, PNG or WebP file.", next: "another-photo" }],
  ["/problems/photo-type-mismatch", { title: "The file is not what its name says", advice: "Open it in a photo program, save it as JPEG or PNG, and choose that file.", next: "another-photo" }],
  ["/problems/photo-too-large", { title: "This photo is too big", advice: "The limit is 10 MB. Save a smaller copy and choose that.", next: "another-photo" }],
  ["/problems/photo-too-many-pixels", { title: "This photo has too many pixels", advice: "The limit is 40 megapixels and 8192 pixels a side. Save a smaller copy and choose that.", next: "another-photo" }],
  ["/problems/photo-truncated", { title: "This photo is cut short", advice: "The end of the file is missing. Copy it again from the camera or phone and choose that copy.", next: "another-photo" }],
  ["/problems/photo-animated", { title: "This picture moves", advice: "We need a single still picture. Save one frame as JPEG or PNG and choose that.", next: "another-photo" }],
  ["/problems/photo-no-object", { title: "We could not find an object in this photo", advice: "Choose a photo where one object stands clear of a plain background and fills much of the frame.", next: "another-photo" }],
  ["client:photo-heic", { title: "This is an iPhone HEIC photo", advice: "We read JPEG, PNG and WebP. Export it as JPEG (on the phone: Settings, Camera, Formats, Most Compatible) and choose that.", next: "another-photo" }],
  ["client:photo-too-small", { title: "This photo is too small", advice: "Each side must be at least 16 pixels, and several hundred give a far better model.", next: "another-photo" }],
  ["client:photo-unreadable", { title: "This photo is damaged", advice: "This browser cannot open it. Save a fresh copy as JPEG or PNG and choose that.", next: "another-photo" }],
  ["client:not-a-file", { title: "There was no photo in that", advice: "Drop or paste a picture file: JPEG, PNG or WebP.", next: "another-photo" }],
  // The upload and the order
  ["/problems/upload-not-received", { title: "The photo did not arrive", advice: "Nothing was charged. Send it again.", next: "retry" }],
  ["/problems/upload-already-used", { title: "This photo already became a model", advice: "Find it under your models, or choose the photo again to make another one.", next: "another-photo" }],
  ["client:upload-refused", { title: "The photo was not accepted by the storage", advice: "The permission to send lasts five minutes. Nothing was charged: send it again.", next: "retry" }],
  ["/problems/options-invalid", { title: "These settings cannot be used", advice: "Nothing was charged. Choose the photo again and keep the settings as they are.", next: "another-photo" }],
  ["/problems/idempotency-key-reused", { title: "This photo was already sent with other settings", advice: "Find its model under your models, or choose the photo again to make another one.", next: "another-photo" }],
  ["/problems/too-few-credits", { title: "You do not have enough credits", advice: "Credits held by a running model come back if it fails or is cancelled. Get more under Credits.", next: "none" }],
  ["/problems/already-subscribed", { title: "You have a subscription already", advice: "Change or cancel it under “Cards, invoices and plan”.", next: "none" }],
  ["/problems/too-many-running", { title: "Several of your models are still being made", advice: "Wait until one is finished, then try again. Nothing was charged.", next: "retry" }],
  // The session and the page
  ["/problems/signed-out", { title: "You have been signed out", advice: "Sign in again; you will come back to this page.", next: "sign-in" }],
  ["/problems/cross-site", { title: "The request did not come from this site", advice: "Reload the page and try again.", next: "retry" }],
  ["/problems/not-found", { title: "There is no such model", advice: "It may have been deleted, or it belongs to another account.", next: "home" }],
  ["/problems/not-ready", { title: "This file is not there yet", advice: "Wait until the model is finished.", next: "retry" }],
  ["/problems/busy", { title: "Everybody came at once", advice: "Nothing was lost. Wait a few seconds and try again.", next: "retry" }],
  ["/problems/took-too-long", { title: "The model took too long", advice: "It happens with very detailed photos. Try it once more, or choose a plainer photo.", next: "another-photo" }],
  // The account
  ["/problems/first-step-missing", { title: "One step is missing before you can begin", advice: "Say that you are 16 or older and agree to the terms first: reload this page.", next: "home" }],
  ["/problems/under-age", { title: "You are too young for this service", advice: "It is for people of 16 years and older. Your account is being deleted, and nothing of you is kept.", next: "none" }],
  ["/problems/texts-changed", { title: "Terms or privacy policy have just changed", advice: "Reload this page to read the new ones, then go on.", next: "none" }],
  ["/problems/sign-in-again", { title: "Please sign in again first", advice: "What cannot be undone asks for a sign-in of the last ten minutes. You will come back to this page.", next: "sign-in" }],
  ["/problems/blocked", { title: "This account is blocked", advice: "You can still see, download, export and delete what is in it. If you think that this is a mistake, write to us; the address is in the terms.", next: "none" }],
  ["/problems/account-closing", { title: "This account is about to be deleted", advice: "Undo the deletion first, at the top of the page.", next: "none" }],
  ["/problems/export-running", { title: "A copy is being made already", advice: "Wait until it is ready; you will get an e-mail.", next: "none" }],
  // Only programs meet these; a browser does if something in between adds a key to its requests.
  ["/problems/key-and-session", { title: "The request brought a key and a session", advice: "Something on the way, such as an extension, adds an Authorization header. Switch it off for this site.", next: "none" }],
  ["/problems/key-invalid", { title: "The key opens nothing", advice: "It is unknown, was revoked or has ended. Make another one in your account.", next: "none" }],
  ["/problems/key-refused", { title: "No key is taken here", advice: "This is for people: sign in on the site.", next: "sign-in" }],
  ["/problems/scope-missing", { title: "The key may not do this", advice: "Make a key with the right that is missing, in your account.", next: "none" }],
  ["/problems/too-many-keys", { title: "You have as many keys as one may have", advice: "Revoke one that no program uses any more, then make the new one.", next: "none" }],
  ["/problems/too-many-webhooks", { title: "You have as many webhooks as one may have", advice: "Delete one that no program needs any more, then add the new one.", next: "none" }],
  ["/problems/webhook-off", { title: "The webhook is off", advice: "Switch it on first.", next: "none" }],
  ["/problems/too-often", { title: "That was too often in a short time", advice: "Nothing was lost. Wait a little and try again.", next: "retry" }],
  ["client:offline", { title: "No connection", advice: "Check your network. Nothing is lost: try again when you are back online.", next: "retry" }],
  ["client:no-3d", { title: "This browser cannot draw the model", advice: "3D graphics (WebGL) are off or blocked here. The model itself is fine: download it, or open this page in another browser.", next: "none" }],
  ["client:model-unreadable", { title: "The model could not be loaded", advice: "Your connection may have dropped on the way. Try again, or download it.", next: "retry" }],
]);

const UNKNOWN: Explanation = { title: "Something went wrong", advice: "Try again in a moment.", next: "retry" };
const OURS: Explanation = { title: "Something went wrong on our side", advice: "Nothing was lost. Try again in a moment.", next: "retry" };
const SLOW_DOWN: Explanation = { title: "That was a little fast", advice: "Wait a few seconds and try again.", next: "retry" };

/** Finds the words for a problem; one that this page does not know yet speaks with its own title and detail. */
export function explain(problem: Problem): Explanation {
  const known = TABLE.get(problem.type);
  if (problem.type === "/problems/too-often" && known !== undefined && problem.retryAfterS !== undefined) {
    return { ...known, advice: `Nothing was lost. It works again in ${spanText(problem.retryAfterS)}.` };
  }
  if (known !== undefined) {
    return known;
  }
  if (problem.status === 401) {
    return TABLE.get("/problems/signed-out") ?? UNKNOWN;
  }
  if (problem.status === 429) {
    return SLOW_DOWN;
  }
  if (problem.status >= 500) {
    return OURS;
  }
  return {
    title: problem.title === "" ? UNKNOWN.title : problem.title,
    advice: problem.detail === "" ? UNKNOWN.advice : problem.detail,
    next: "retry",
  };
}

/** A problem that this page found by itself, before asking the API. */
export function ownProblem(type: string): Problem {
  return { type, status: 0, title: TABLE.get(type)?.title ?? "", detail: "" };
}

/** A failure told by a finished generation: its photo was refused, or the making failed and the hold was released. */
export function explainFailure(failure: { type: string; title: string; detail: string } | null): Explanation {
  const known = failure === null ? undefined : TABLE.get(failure.type);
  if (known !== undefined && known.next === "another-photo") {
    return { ...known, advice: `${known.advice} You were not charged.` };
  }
  if (failure !== null && known === undefined && failure.type !== "/problems/ours") {
    return { title: failure.title, advice: `${failure.detail} You were not charged.`, next: "another-photo" };
  }
  return { title: "The model could not be made", advice: "You were not charged. Try the photo again, or choose another one.", next: "another-photo" };
}
