import { expect, test } from "vitest";
import { progressOf } from "./stages";

test("waking a machine is only shown while it happens", () => {
  expect(progressOf("reconstructing").map(({ stage, state }) => `${stage.id} ${state}`)).toEqual(["waiting past", "reconstructing now", "saving ahead"]);
  expect(progressOf("waking").map(({ stage, state }) => `${stage.id} ${state}`)).toEqual(["waiting past", "waking now", "reconstructing ahead", "saving ahead"]);
});
