import { afterEach, expect, test, vi } from "vitest";
import { picture } from "./picture";
import { croppedOnly, prepare, type Edit, type Prepared } from "./prepare";

vi.mock("./prepare", () => ({ prepare: vi.fn(), croppedOnly: vi.fn() }));
afterEach(() => { vi.resetAllMocks(); });

const WHOLE = new Blob(["whole"]);
const CROP = { left: 0, top: 0, width: 0.5, height: 0.5 };
const CUT: Prepared = { file: new Blob(["cut"]), side: 10, how: "cut" };
const PART = new Blob(["part"]);

function sent(edit: Edit, prepared: Prepared | null = null): Promise<Blob> {
  return picture({ photo: { file: WHOLE }, edit, prepared }, 85, new AbortController().signal);
}

test("what is on the bench is sent, and a photo that nobody changed as it is", async () => {
  expect(await sent({ background: "remove", crop: CROP }, CUT)).toBe(CUT.file);
  expect(await sent({ background: "remove", crop: null })).toBe(WHOLE);
  expect(prepare).not.toHaveBeenCalled();
});

test("what was wished and is not made yet is made first", async () => {
  vi.mocked(prepare).mockResolvedValue(CUT);
  expect(await sent({ background: "remove", crop: CROP })).toBe(CUT.file);
  expect(await sent({ background: "keep", crop: null })).toBe(CUT.file);
});

test("what was cropped away never leaves", async () => {
  vi.mocked(croppedOnly).mockResolvedValue(PART);
  vi.mocked(prepare).mockRejectedValueOnce(new Error("no network here")).mockResolvedValueOnce(null);
  expect(await sent({ background: "remove", crop: CROP })).toBe(PART);
  expect(await sent({ background: "remove", crop: CROP })).toBe(PART);
  vi.mocked(prepare).mockRejectedValueOnce(new Error("cannot draw"));
  vi.mocked(croppedOnly).mockRejectedValueOnce(new Error("cannot draw"));
  await expect(sent({ background: "remove", crop: CROP })).rejects.toThrow("cannot draw");
});
