import type { PhotoType, Problem } from "../api/types";
import { ownProblem } from "../problems";

/** The service's limits; the API and the container hold the same numbers and have the last word. */
export const MAX_BYTES = 10_485_760;
const MAX_SIDE = 8192;
const MIN_SIDE = 16;
const MAX_PIXELS = 40_000_000;

/** The file picker's filter. */
export const ACCEPT = "image/jpeg,image/png,image/webp";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type Check = ({ readonly ok: true; readonly type: PhotoType } & Size) | { readonly ok: false; readonly problem: Problem };

/** Enough of the start of a file to tell what it is. */
const SIGNATURE_BYTES = 16;

/**
 * Says whether a file can be sent, before a byte of it is. The kind is read from the first bytes, not from
 * the name: a PNG called photo.jpg is simply sent as the PNG that it is.
 */
export async function checkPhoto(file: Blob, measure: (file: Blob) => Promise<Size | null>): Promise<Check> {
  if (file.size === 0) {
    return refused("/problems/photo-empty");
  }
  // A folder, or a file that is gone since it was chosen, has no bytes to read.
  const start = await file.slice(0, SIGNATURE_BYTES).arrayBuffer().catch(() => null);
  if (start === null) {
    return refused("client:photo-unreadable");
  }
  const kind = kindOf(new Uint8Array(start));
  if (kind === "heic") {
    return refused("client:photo-heic");
  }
  if (kind === "other") {
    return refused("/problems/photo-not-an-image");
  }
  if (file.size > MAX_BYTES) {
    return refused("/problems/photo-too-large");
  }
  const size = await measure(file);
  if (size === null) {
    return refused("client:photo-unreadable");
  }
  if (Math.min(size.width, size.height) < MIN_SIDE) {
    return refused("client:photo-too-small");
  }
  if (Math.max(size.width, size.height) > MAX_SIDE || size.width * size.height > MAX_PIXELS) {
    return refused("/problems/photo-too-many-pixels");
  }
  return { ok: true, type: kind, width: size.width, height: size.height };
}

function refused(type: string): Check {
  return { ok: false, problem: ownProblem(type) };
}

/** What the first bytes say. */
export function kindOf(start: Uint8Array): PhotoType | "heic" | "other" {
  const text = String.fromCharCode(...start);
  if (text.startsWith("\xff\xd8\xff")) {
    return "image/jpeg";
  }
  if (text.startsWith("\x89PNG\r\n\x1a\n")) {
    return "image/png";
  }
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") {
    return "image/webp";
  }
  return /^ftyp(hei|hev|mif1|msf1)/.test(text.slice(4)) ? "heic" : "other";
}

/** The picture's size as this browser sees it, or `null` if it cannot open it. */
export async function measurePhoto(file: Blob): Promise<Size | null> {
  try {
    const bitmap = await createImageBitmap(file);
    const size = { width: bitmap.width, height: bitmap.height };
    bitmap.close();
    return size;
  } catch {
    return null;
  }
}
