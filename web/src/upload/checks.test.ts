import { expect, test, vi } from "vitest";
import { MAX_BYTES, checkPhoto, kindOf, type Size } from "./checks";

const JPEG = [0xff, 0xd8, 0xff, 0xe0];
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function photo(start: readonly number[], bytes = 2000): Blob {
  const content = new Uint8Array(bytes);
  content.set(start);
  return new Blob([content]);
}

function measured(width: number, height: number): () => Promise<Size | null> {
  return () => Promise.resolve({ width, height });
}

function text(words: string): number[] {
  return Array.from(new TextEncoder().encode(words));
}

async function refusal(file: Blob, measure = measured(800, 600)): Promise<string> {
  const check = await checkPhoto(file, measure);
  return check.ok ? "accepted" : check.problem.type;
}

test("a JPEG within the limits is accepted with its size", async () => {
  expect(await checkPhoto(photo(JPEG), measured(800, 600))).toEqual({ ok: true, type: "image/jpeg", width: 800, height: 600 });
});

test("the kind is read from the content", () => {
  expect(kindOf(new Uint8Array(PNG))).toBe("image/png");
  expect(kindOf(new Uint8Array(text("RIFF....WEBPVP8 ")))).toBe("image/webp");
  expect(kindOf(new Uint8Array(text("....ftypheic")))).toBe("heic");
  expect(kindOf(new Uint8Array(text("GIF89a")))).toBe("other");
  expect(kindOf(new Uint8Array())).toBe("other");
});

test("an empty file is refused", async () => {
  expect(await refusal(new Blob([]))).toBe("/problems/photo-empty");
});

test("a text file is refused", async () => {
  expect(await refusal(photo(text("hello")))).toBe("/problems/photo-not-an-image");
});

test("an iPhone photo is refused by its own name", async () => {
  expect(await refusal(photo(text("....ftypheic")))).toBe("client:photo-heic");
});

test("exactly 10 MB pass and one byte more does not", async () => {
  expect(await refusal(photo(JPEG, MAX_BYTES))).toBe("accepted");
  expect(await refusal(photo(JPEG, MAX_BYTES + 1))).toBe("/problems/photo-too-large");
});

test("a file that is too big is not even opened", async () => {
  const measure = vi.fn(measured(1, 1));
  await refusal(photo(JPEG, MAX_BYTES + 1), measure);
  expect(measure).not.toHaveBeenCalled();
});

test("the sides and the pixels have limits", async () => {
  expect(await refusal(photo(JPEG), measured(15, 600))).toBe("client:photo-too-small");
  expect(await refusal(photo(JPEG), measured(8193, 100))).toBe("/problems/photo-too-many-pixels");
  expect(await refusal(photo(JPEG), measured(8192, 4883))).toBe("/problems/photo-too-many-pixels");
  expect(await refusal(photo(JPEG), measured(8000, 5000))).toBe("accepted");
});

test("a photo that the browser cannot open is refused", async () => {
  expect(await refusal(photo(JPEG), () => Promise.resolve(null))).toBe("client:photo-unreadable");
});

test("a folder, or a file that is gone, is refused like a damaged one", async () => {
  const gone = photo(JPEG);
  vi.spyOn(gone, "slice").mockReturnValue({ arrayBuffer: () => Promise.reject(new DOMException("gone", "NotFoundError")) } as Blob);
  expect(await refusal(gone)).toBe("client:photo-unreadable");
});
