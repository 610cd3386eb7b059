import { unzipSync } from "fflate";
import { expect, test, vi } from "vitest";
import type { Generation } from "../api/types";
import { found } from "./find";
import { fileName, pack } from "./pack";
import { joined, refreshed } from "./useLibrary";
import { windowOf } from "./useShelves";

function model(id: string, more: Partial<Generation> = {}): Generation {
  return { id, status: "SUCCEEDED", created_at: "2026-03-04T10:00:00Z", title: null, tags: [], ...more } as Generation;
}

test("a search needs every word, in the name, a tag or the day", () => {
  const items = [model("gen_1", { title: "Red cup", tags: ["Kitchen"] }), model("gen_2", { title: "Cup" }), model("gen_3", { status: "FAILED" })];
  const ids = (text: string, state: "all" | "broken" = "all"): string[] => found(items, { text, state }).map(({ id }) => id);
  expect(ids("cup")).toEqual(["gen_1", "gen_2"]);
  expect(ids(" CUP  kitchen ")).toEqual(["gen_1"]);
  expect(ids("mar 2026")).toHaveLength(3);
  expect(ids("", "broken")).toEqual(["gen_3"]);
});

test("only the rows near what is seen are on the page", () => {
  expect(windowOf(0, 800, 200, 5, 5_000)).toEqual({ columns: 5, from: 0, to: 35 });
  expect(windowOf(100_000, 800, 200, 5, 5_000)).toEqual({ columns: 5, from: 2_485, to: 2_535 });
  expect(windowOf(-400, 800, 200, 5, 3)).toMatchObject({ from: 0 });
});

test("a first page that meets what is known keeps the rest, and forgets what was deleted elsewhere", () => {
  const [a, b, c, d] = [model("gen_4"), model("gen_3"), model("gen_2"), model("gen_1")] as const;
  expect(refreshed({ items: [b, c, d], cursor: "x" }, [a, c], "y")).toEqual({ items: [a, c, d], cursor: "x" });
  expect(refreshed({ items: [d], cursor: null }, [a, b], "y")).toEqual({ items: [a, b], cursor: "y" });
  expect(joined([a, b], [b, c])).toEqual([a, b, c]);
});

test("a ZIP holds every model under a name of its own", async () => {
  vi.stubGlobal("fetch", vi.fn((url: string) => Promise.resolve(new Response(`bytes of ${url}`))));
  const models = [model("gen_00000A", { title: "Tasse für Mäuse / 1" }), model("gen_00000B", { title: "Tasse für Mäuse / 1" })];
  const counts: number[] = [];
  const files = unzipSync(new Uint8Array(await (await pack(models, (count) => { counts.push(count); })).arrayBuffer()));
  expect(Object.keys(files)).toEqual(models.map(fileName));
  expect(fileName(model("gen_00000A", { title: "Tasse für Mäuse / 1" }))).toBe("Tasse-fu-r-Ma-use-1-00000A.glb");
  expect(new TextDecoder().decode(Object.values(files)[1])).toContain("gen_00000B/files/model.glb");
  expect(counts).toEqual([1, 2]);
  vi.unstubAllGlobals();
});
