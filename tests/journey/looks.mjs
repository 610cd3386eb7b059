/**
 * Compares what a page looks like with a small picture of before. Small on purpose: other fonts and other smoothing pass, also
 * a model's edges, which software draws a little differently on another machine; a part that moved, vanished or changed its
 * colour does not. A cell is 10 by 10 pixels.
 */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";

const SIDE = [90, 70];
/** The mean difference of a colour, of 255, and the share of cells that may differ by much. */
const MEAN = 6;
const FAR = 0.06;

/** Of the whole page, or of a part that would be lost in it. `I3D_WRITE=1` writes the pictures anew. */
export async function looksAs(page, name, part = page) {
  const place = new URL(`looks/${name}.json`, import.meta.url);
  const shot = (await part.screenshot({ animations: "disabled" })).toString("base64");
  const now = await page.evaluate(async ([picture, [width, height]]) => {
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    const pen = new OffscreenCanvas(width, height).getContext("2d");
    pen.imageSmoothingQuality = "high";
    pen.drawImage(await createImageBitmap(new Blob([bytes]), { resizeWidth: width, resizeHeight: height, resizeQuality: "high" }), 0, 0);
    return [...pen.getImageData(0, 0, width, height).data].filter((_, at) => at % 4 !== 3);
  }, [shot, SIDE]);
  if (process.env.I3D_WRITE !== undefined) {
    await writeFile(place, JSON.stringify(Buffer.from(now).toString("base64")) + "\n");
  }
  const before = Buffer.from(JSON.parse(await readFile(place, "utf8")), "base64");
  const gaps = now.map((value, at) => Math.abs(value - before[at]));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const far = gaps.filter((gap) => gap > 48).length / gaps.length;
  assert.ok(mean < MEAN && far < FAR, `${name} differs by ${mean.toFixed(1)} of 255 on average, ${(far * 100).toFixed(1)} % by much`);
}
