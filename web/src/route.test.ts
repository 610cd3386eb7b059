import { expect, test } from "vitest";
import { routeOf } from "./route";

test("an address names a model or the home page", () => {
  expect(routeOf("/m/gen_01ABC")).toEqual({ page: "model", id: "gen_01ABC" });
  expect(routeOf("/")).toEqual({ page: "home" });
  expect(routeOf("/m/../../x")).toEqual({ page: "home" });
  expect(routeOf("/credits")).toEqual({ page: "credits" });
  expect(routeOf("/credits/x")).toEqual({ page: "home" });
  expect(["/account", "/privacy/", "/terms"].map((path) => routeOf(path).page)).toEqual(["account", "privacy", "terms"]);
  expect(routeOf("/privacyx")).toEqual({ page: "home" });
  expect(routeOf("/anything")).toEqual({ page: "home" });
});
