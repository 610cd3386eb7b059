import { bringsAlpha, framed, inPixels, keptPercent, MAX_FRAME_SIDE, objectBox, type Box } from "./frame";
import { opacity, SIDE } from "./matte";
import { matteOf } from "./network";

/** What a person wants of a photo before it becomes 3D. */
export interface Edit {
  readonly background: "remove" | "keep";
  /** The part to use, in shares of the photo; `null` for all of it. */
  readonly crop: Box | null;
}

/** The picture that is really sent, and how it came about. */
export interface Prepared {
  readonly file: Blob;
  readonly side: number;
  readonly how: "cut" | "own" | "kept";
}

/** Browsers that cannot write WebP write PNG; the service reads both. */
const WRITTEN: ImageEncodeOptions = { type: "image/webp", quality: 0.95 };

/** Makes the picture that is sent: cropped, cut out, framed. `null` if no object stands out. */
export async function prepare(photo: Blob, edit: Edit, percent: number, signal: AbortSignal): Promise<Prepared | null> {
  const work = await cropped(photo, edit.crop);
  const own = bringsAlpha(pixelsOf(work));
  if (edit.background === "remove" && !own) {
    const matte = await matteOf(pixelsOf(squeezed(work)), signal);
    if (matte === null) {
      return null;
    }
    cutOut(work, matte);
  }
  const keeps = edit.background === "keep" && !own;
  const object = keeps ? { left: 0, top: 0, width: work.width, height: work.height } : objectBox(pixelsOf(work), work.width);
  if (object === null) {
    return null;
  }
  const { side, place } = framed(object, keeps ? keptPercent(percent) : percent);
  const frame = canvas(side, side);
  drawing(frame).drawImage(work, object.left, object.top, object.width, object.height, place.left, place.top, place.width, place.height);
  return { file: await frame.convertToBlob(WRITTEN), side, how: keeps ? "kept" : own ? "own" : "cut" };
}

/** The wanted part of a photo with all that surrounds the object, for the service to cut out. */
export async function croppedOnly(photo: Blob, crop: Box | null): Promise<Blob> {
  return (await cropped(photo, crop)).convertToBlob(WRITTEN);
}

/** The wanted part of a photo, no larger than is ever needed. */
async function cropped(photo: Blob, crop: Box | null): Promise<OffscreenCanvas> {
  const bitmap = await createImageBitmap(photo);
  const part = inPixels(crop ?? { left: 0, top: 0, width: 1, height: 1 }, bitmap.width, bitmap.height);
  const scale = Math.min(1, MAX_FRAME_SIDE / Math.max(part.width, part.height));
  const work = canvas(part.width * scale, part.height * scale);
  drawing(work).drawImage(bitmap, part.left, part.top, part.width, part.height, 0, 0, work.width, work.height);
  bitmap.close();
  return work;
}

/** What the network sees: all of the picture in its square. */
function squeezed(work: OffscreenCanvas): OffscreenCanvas {
  const small = canvas(SIDE, SIDE);
  const pen = drawing(small);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(work, 0, 0, SIDE, SIDE);
  return small;
}

/** Makes everything but the object transparent. */
function cutOut(work: OffscreenCanvas, matte: Float32Array): void {
  const grid = new ImageData(SIDE, SIDE);
  matte.forEach((score, cell) => { grid.data[cell * 4 + 3] = Math.round(score * 255); });
  const small = canvas(SIDE, SIDE);
  drawing(small).putImageData(grid, 0, 0);
  const large = canvas(work.width, work.height);
  drawing(large).drawImage(small, 0, 0, work.width, work.height);
  const scores = pixelsOf(large);
  const picture = drawing(work).getImageData(0, 0, work.width, work.height);
  for (let at = 3; at < scores.length; at += 4) {
    picture.data[at] = opacity((scores[at] ?? 0) / 255);
  }
  drawing(work).putImageData(picture, 0, 0);
}

function canvas(width: number, height: number): OffscreenCanvas {
  return new OffscreenCanvas(Math.max(1, Math.round(width)), Math.max(1, Math.round(height)));
}

function drawing(on: OffscreenCanvas): OffscreenCanvasRenderingContext2D {
  const pen = on.getContext("2d", { willReadFrequently: true });
  if (pen === null) {
    throw new Error("this browser cannot draw");
  }
  return pen;
}

function pixelsOf(of: OffscreenCanvas): Uint8ClampedArray {
  return drawing(of).getImageData(0, 0, of.width, of.height).data;
}
