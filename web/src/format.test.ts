import { expect, test, vi } from "vitest";
import { countText, creditsText, elapsedText, moneyText, signedText, sizeText, spanText } from "./format";

test("sizes are said as people say them", () => {
  expect([812, 49_152, 10_485_760, 1_610_612_736].map(sizeText)).toEqual(["812 B", "48 KB", "10.0 MB", "1.5 GB"]);
});

test("times count minutes and never run backwards", () => {
  expect([7_900, 151_000, -5_000].map(elapsedText)).toEqual(["0:07", "2:31", "0:00"]);
});

test("spans have the largest unit that they fill, and are never told too short", () => {
  expect([0, 45, 60, 61, 600, 3600, 5400, 86_400, 7_776_000].map(spanText)).toEqual([
    "1 second", "45 seconds", "1 minute", "2 minutes", "10 minutes", "1 hour", "2 hours", "1 day", "90 days",
  ]);
});

test("one credit is singular", () => {
  expect([creditsText(1), creditsText(0), countText(12_480)]).toEqual(["1 credit", "0 credits", "12,480"]);
});

test("money has the digits that its currency has, and changes have their sign", () => {
  expect([moneyText(500, "eur"), moneyText(750, "jpy")]).toEqual(["€5.00", "¥750"]);
  expect([20, -1, 0].map(signedText)).toEqual(["+20", "−1", "0"]);
});

test("a date is the same day everywhere, a moment is told in the reader's own time", async () => {
  vi.stubEnv("TZ", "America/Los_Angeles");
  vi.resetModules();
  const { dateText } = await import("./format");
  expect([dateText("2026-11-26"), dateText("2026-11-26T03:00:00Z")]).toEqual(["26 November 2026", "25 November 2026"]);
  vi.unstubAllEnvs();
});
