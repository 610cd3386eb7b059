// @vitest-environment happy-dom
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ShellContext, type Shell } from "../shell/context";
import { checkPhoto } from "../upload/checks";
import { keyOf } from "./batch";
import { makeModel } from "./makeModel";
import { useBatch } from "./useBatch";

vi.mock("./makeModel", () => ({ makeModel: vi.fn() }));
vi.mock("../upload/checks", async (original) => ({ ...await original<object>(), checkPhoto: vi.fn() }));

beforeEach(() => { vi.mocked(checkPhoto).mockResolvedValue({ ok: true, type: "image/png", width: 8, height: 6 }); });
afterEach(() => { cleanup(); vi.resetAllMocks(); });

function hands() {
  const shell = { announce: () => undefined } as Partial<Shell> as Shell;
  return renderHook(useBatch, { wrapper: ({ children }: { children: ReactNode }) => <ShellContext value={shell}>{children}</ShellContext> });
}

async function with2() {
  const { result } = hands();
  act(() => { result.current.pick([new File(["a"], "a.png"), new File(["b"], "b.png")]); });
  await waitFor(() => { expect(result.current.batch.entries).toHaveLength(2); });
  return result;
}

test("a photo that is taken away while another is sent is not sent", async () => {
  const result = await with2();
  const second = keyOf(result.current.batch.entries[1] as never);
  let arrive: (id: string) => void = () => undefined;
  vi.mocked(makeModel).mockImplementation(() => new Promise((done) => { arrive = done; }));
  let made: Promise<readonly string[]> = Promise.resolve([]);
  act(() => { made = result.current.make(); });
  await waitFor(() => { expect(makeModel).toHaveBeenCalledTimes(1); });
  act(() => { result.current.tell({ type: "removed", key: second }); });
  await act(async () => { arrive("gen_1"); await made; });
  expect(await made).toEqual(["gen_1"]);
  expect(makeModel).toHaveBeenCalledTimes(1);
});

test("a file that cannot be read any more fails like any other, and the next click works", async () => {
  const result = await with2();
  vi.mocked(makeModel).mockRejectedValueOnce(new Error("the file is gone")).mockResolvedValue("gen_2");
  await act(async () => { expect(await result.current.make()).toEqual(["gen_2"]); });
  expect(result.current.batch.entries[0]?.flow).toMatchObject({ step: "failed", problem: { type: "client:photo-unreadable" } });
  await act(async () => { expect(await result.current.make()).not.toEqual([]); });
});

test("forgetting all photos stops what is being sent", async () => {
  const result = await with2();
  let signal: AbortSignal | null = null;
  vi.mocked(makeModel).mockImplementation((_, __, ___, given) => {
    signal = given;
    return new Promise((done) => { given.addEventListener("abort", () => { done(null); }); });
  });
  let made: Promise<readonly string[]> = Promise.resolve([]);
  act(() => { made = result.current.make(); });
  await waitFor(() => { expect(signal).not.toBeNull(); });
  await act(async () => { result.current.clear(); await made; });
  expect(await made).toEqual([]);
  expect(makeModel).toHaveBeenCalledTimes(1);
  expect(result.current.batch.entries).toEqual([]);
});
