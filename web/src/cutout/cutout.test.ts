import { expect, test } from "vitest";
import { between, moved } from "../create/CropBox";
import { bringsAlpha, framed, keptPercent, objectBox } from "./frame";
import { cleanMatte, opacity } from "./matte";

/** A grid of 40 × 40 with blocks of 1: left, top, width, height. */
function grid(...blocks: readonly (readonly [number, number, number, number])[]): Float32Array {
  const cells = new Float32Array(1600);
  for (const [left, top, width, height] of blocks) {
    for (let y = top; y < top + height; y += 1) {
      cells.fill(1, y * 40 + left, y * 40 + left + width);
    }
  }
  return cells;
}

test("a speck beside the object goes, a companion stays", () => {
  const clean = cleanMatte(grid([5, 5, 20, 20], [30, 30, 2, 2], [30, 5, 8, 8]), 40);
  expect([clean?.[10 * 40 + 10], clean?.[30 * 40 + 30], clean?.[6 * 40 + 31]]).toEqual([1, 0, 1]);
});

test("a pinhole is filled, the handle of a cup is not", () => {
  const cells = grid([5, 5, 30, 30]);
  cells[10 * 40 + 10] = 0;
  cells.fill(0, 20 * 40 + 20, 20 * 40 + 25);
  const clean = cleanMatte(cells, 40);
  expect([clean?.[10 * 40 + 10], clean?.[20 * 40 + 22]]).toEqual([1, 0]);
});

test("where nothing stands out there is no object", () => {
  expect(cleanMatte(new Float32Array(1600).fill(0.2), 40)).toBeNull();
  expect(cleanMatte(grid([5, 5, 2, 2]), 40)).toBeNull();
  expect([0.2, 0.5, 0.9].map(opacity)).toEqual([0, 128, 255]);
});

test("the object's longer side fills the asked share, in the middle", () => {
  // The same numbers as the service's own test.
  expect(framed({ left: 30, top: 20, width: 170, height: 80 }, 85)).toEqual({ side: 200, place: { left: 15, top: 60, width: 170, height: 80 } });
  expect(framed({ left: 0, top: 0, width: 4000, height: 2000 }, 100)).toMatchObject({ side: 2048, place: { height: 1024 } });
  expect([keptPercent(85), keptPercent(100)]).toEqual([85, 95]);
});

test("the box holds everything but haze, and only real transparency counts", () => {
  const pixels = new Uint8ClampedArray(10 * 10 * 4);
  pixels[(3 * 10 + 2) * 4 + 3] = 255;
  pixels[(5 * 10 + 7) * 4 + 3] = 200;
  pixels[3] = 20;
  expect(objectBox(pixels, 10)).toEqual({ left: 2, top: 3, width: 6, height: 3 });
  expect(objectBox(new Uint8ClampedArray(400), 10)).toBeNull();
  expect([bringsAlpha(pixels), bringsAlpha(new Uint8ClampedArray(400).fill(255))]).toEqual([true, false]);
});

test("a crop box keeps its least size and stays on the photo", () => {
  expect(between({ x: 0.99, y: 0.5 }, { x: 0.98, y: 0.1 })).toEqual({ left: 0.95, top: 0.1, width: 0.05, height: 0.4 });
  const box = moved({ left: 0, top: 0, width: 1, height: 1 }, -0.02, 0.02, 0.02, -0.02);
  expect(box).toEqual({ left: 0, top: 0.02, width: 1, height: 0.96 });
});
