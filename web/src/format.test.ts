import { expect, test } from "vitest";
import { countText, creditsText, elapsedText, moneyText, signedText, sizeText } from "./format";

test("sizes are said as people say them", () => {
  expect([812, 49_152, 10_485_760].map(sizeText)).toEqual(["812 B", "48 KB", "10.0 MB"]);
});

test("times count minutes and never run backwards", () => {
  expect([7_900, 151_000, -5_000].map(elapsedText)).toEqual(["0:07", "2:31", "0:00"]);
});

test("one credit is singular", () => {
  expect([creditsText(1), creditsText(0), countText(12_480)]).toEqual(["1 credit", "0 credits", "12,480"]);
});

test("money has the digits that its currency has, and changes have their sign", () => {
  expect([moneyText(500, "eur"), moneyText(750, "jpy")]).toEqual(["€5.00", "¥750"]);
  expect([20, -1, 0].map(signedText)).toEqual(["+20", "−1", "0"]);
});
