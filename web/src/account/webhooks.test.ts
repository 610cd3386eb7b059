import { describe, expect, it } from "vitest";
import { kindText, standingText, stateText } from "./webhooks";

describe("webhooks in words", () => {
  it("says why one hears nothing, and nothing if all is well", () => {
    expect(standingText({ off: null, failing_since: null })).toBeNull();
    expect(standingText({ off: "gone", failing_since: null })).toContain("410");
    expect(standingText({ off: "failing", failing_since: "2026-11-25T10:00:00Z" })).toContain("three days");
    expect(standingText({ off: null, failing_since: "2026-11-25T10:00:00Z" })).toContain("try again");
  });
  it("counts the tries of a delivery", () => {
    const attempt = { at: "2026-11-25T10:00:00Z", status: 500, took_ms: 5, error: "The endpoint answered 500." };
    expect(stateText({ state: "waiting", attempts: [] })).toBe("On its way");
    expect(stateText({ state: "waiting", attempts: [attempt] })).toBe("Waits for another try after 1 try");
    expect(stateText({ state: "failed", attempts: [attempt, attempt] })).toBe("Given up after 2 tries");
    expect(stateText({ state: "delivered", attempts: [attempt] })).toBe("Delivered");
  });
  it("names an event that it does not know by its own name", () => {
    expect([kindText("test"), kindText("generation.failed"), kindText("other")]).toEqual(["Test", "A model could not be made", "other"]);
  });
});
