/** Where things lie in a picture, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A pixel above this opacity belongs to the object; fainter ones are haze. The same number as in `inference/image/src/frame.rs`. */
const BOX_ALPHA = 32;
/** More than a framed picture ever needs; the service reduces to the same side. */
export const MAX_FRAME_SIDE = 2048;
/** The most of the frame that a picture without a cut-out may fill: its margin says that the cutting out is done. */
const MOST_KEPT = 95;

/** The smallest box around everything that is not haze; `null` if there is nothing. `pixels` are RGBA. */
export function objectBox(pixels: Uint8ClampedArray, width: number): Box | null {
  let [left, right, top, bottom] = [Infinity, -1, Infinity, -1];
  for (let at = 3; at < pixels.length; at += 4) {
    if ((pixels[at] ?? 0) > BOX_ALPHA) {
      const cell = (at - 3) / 4;
      const [x, y] = [cell % width, Math.floor(cell / width)];
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** The square around an object whose longer side fills `percent` of it, and where the object stands in it. */
export function framed(object: Box, percent: number): { side: number; place: Box } {
  const wanted = Math.ceil((Math.max(object.width, object.height) * 100) / percent);
  const side = Math.min(MAX_FRAME_SIDE, wanted);
  const scale = side / wanted;
  const [width, height] = [object.width * scale, object.height * scale];
  return { side, place: { left: (side - width) / 2, top: (side - height) / 2, width, height } };
}

/** The share of the frame for a picture that is kept whole. */
export function keptPercent(percent: number): number {
  return Math.min(percent, MOST_KEPT);
}

/** Whether a picture brings a transparency worth using: at least one percent clear and one percent solid, as the service asks. */
export function bringsAlpha(pixels: Uint8ClampedArray): boolean {
  let [clear, solid] = [0, 0];
  for (let at = 3; at < pixels.length; at += 4) {
    const alpha = pixels[at] ?? 0;
    if (alpha < 16) { clear += 1; }
    if (alpha > 240) { solid += 1; }
  }
  return clear * 400 >= pixels.length && solid * 400 >= pixels.length;
}

/** A box of shares (0 to 1) in whole pixels of a picture. */
export function inPixels(share: Box, width: number, height: number): Box {
  return { left: share.left * width, top: share.top * height, width: Math.max(1, share.width * width), height: Math.max(1, share.height * height) };
}
