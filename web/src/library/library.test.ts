import { unzipSync } from "fflate";
import { expect, test, vi } from "vitest";
import type { Generation } from "../api/types";
import { EVERYTHING, found, needsAll, tagsIn } from "./find";
import { fileName, pack } from "./pack";
import { joined, refreshed } from "./useLibrary";
import { columnsFor, windowOf } from "./useShelves";

function model(id: string, more: Partial<Generation> = {}): Generation {
  return { id, status: "SUCCEEDED", created_at: "2026-03-04T10:00:00Z", title: null, tags: [], ...more } as Generation;
}

test("a search needs every word, in the name, a tag or the day, and a tag is meant whole", () => {
  const items = [model("gen_1", { title: "Red cup", tags: ["Kitchen"] }), model("gen_2", { title: "Cup", tags: ["Kitchens"] }), model("gen_3")];
  const ids = (text: string, tag: string | null = null): string[] => found(items, { ...EVERYTHING, text, tag }).map(({ id }) => id);
  expect(ids("cup")).toEqual(["gen_1", "gen_2"]);
  expect(ids(" CUP  kitchen red ")).toEqual(["gen_1"]);
  expect(ids("mar 2026")).toHaveLength(3);
  expect([ids("", "Kitchen"), ids("cup", "Office"), ids(" ")]).toEqual([["gen_1"], [], ["gen_1", "gen_2", "gen_3"]]);
  expect([needsAll(EVERYTHING), needsAll({ ...EVERYTHING, text: " ", state: "done" }), needsAll({ ...EVERYTHING, tag: "Kitchen" })]).toEqual([false, false, true]);
});

test("the tags that are used most are offered, in the order of the alphabet, and the wished one with them", () => {
  const items = [model("gen_0", { tags: ["z", "a"] }), ...Array.from({ length: 12 }, (_, at) => model(`gen_${at + 1}`, { tags: [`b${at}`, "z"] }))];
  expect(tagsIn(items, null)).toHaveLength(12);
  expect([tagsIn(items, null)[0], tagsIn(items, null).at(-1)]).toEqual(["a", "z"]);
  expect(tagsIn(items, "other")).toContain("other");
});

test("few models fill their rows as far as they can; many, and those in one row, take all the room", () => {
  expect([1, 5, 6, 7, 8, 11, 400].map((count) => columnsFor(1_136, count))).toEqual([5, 5, 4, 4, 4, 4, 5]);
  expect([columnsFor(288, 7), columnsFor(720, 4)]).toEqual([2, 3]);
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
