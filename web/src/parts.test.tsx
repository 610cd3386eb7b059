// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { nextBatch, EMPTY, type BatchEvent } from "./create/batch";
import type { Generation } from "./api/types";
import type { Photo } from "./create/flow";
import { OptionFields } from "./create/OptionFields";
import { Strip } from "./create/Strip";
import { USUAL } from "./create/usual";
import { Shop } from "./credits/Shop";
import { InSpace, sceneViewer } from "./generation/InSpace";
import { tagsOf } from "./generation/Label";
import { notify } from "./generation/useTabTitle";
import { EVERYTHING } from "./library/find";
import { Finder, TagRow } from "./library/Finder";
import { sharePage, snippet } from "./share/addresses";
import { ShellContext, type Shell } from "./shell/context";
import { Rich, strong } from "./shell/Rich";
import { Safe } from "./shell/Safe";
import { StageTools, USUAL_VIEW } from "./viewer/StageTools";

afterEach(cleanup);

function photo(name: string): Photo {
  return { file: new Blob(["x"]), name, type: "image/jpeg", width: 8, height: 6, url: `blob:${name}`, idempotencyKey: name };
}

test("settings are told in plain words, and go back to the usual ones", () => {
  const set = vi.fn();
  render(<OptionFields options={{ ...USUAL, foreground_percent: 70 }} onOptions={set} />);
  expect(screen.getByText("The object fills 70 % of the frame")).toBeTruthy();
  fireEvent.click(screen.getByLabelText("Left and right are mirror images"));
  expect(set).toHaveBeenLastCalledWith({ ...USUAL, foreground_percent: 70, symmetry: true });
  fireEvent.click(screen.getByText("Back to the usual settings"));
  expect(set).toHaveBeenLastCalledWith(USUAL);
});

test("each chosen photo stands in the strip with its own state", () => {
  const events: BatchEvent[] = [
    { type: "picked", count: 2 }, { type: "accepted", photo: photo("cup") }, { type: "accepted", photo: photo("owl") },
    { type: "went", key: "owl", event: { type: "started" } },
  ];
  const tell = vi.fn();
  render(<Strip batch={events.reduce(nextBatch, EMPTY)} tell={tell} onPick={vi.fn()} />);
  const [cup, owl] = screen.getAllByRole("button").filter((button) => button.hasAttribute("aria-pressed"));
  expect([cup?.textContent, owl?.textContent]).toEqual(["Ready", "Sending…"]);
  expect(cup?.getAttribute("aria-pressed")).toBe("true");
  if (owl !== undefined) {
    fireEvent.click(owl);
  }
  expect(tell).toHaveBeenCalledWith({ type: "selected", key: "owl" });
  expect(screen.queryByText("Remove owl"), "what is being sent cannot be taken away").toBeNull();
});

test("the view's tools tell what they change", () => {
  const set = vi.fn();
  render(<StageTools view={USUAL_VIEW} onView={set} onReset={vi.fn()} onFull={vi.fn()} comparing={false} onCompare={null} />);
  fireEvent.change(screen.getByLabelText("Look"), { target: { value: "wires" } });
  expect(set).toHaveBeenLastCalledWith({ ...USUAL_VIEW, look: "wires" });
  fireEvent.click(screen.getByText("Stop turning"));
  expect(set).toHaveBeenLastCalledWith({ ...USUAL_VIEW, turning: false });
  expect(screen.queryByText("Compare with the photo"), "no photo, no comparison").toBeNull();
});

test("a sentence takes its parts wherever a language puts them", () => {
  const link = (text: string) => <a href="/terms">{text}</a>;
  const { container } = render(<p><Rich text="Ihr Konto wird am <time>2. Mai</time> gelöscht: <terms>Bedingungen</terms>." parts={{ terms: link, time: strong }} /></p>);
  expect(container.innerHTML).toBe('<p>Ihr Konto wird am <strong>2. Mai</strong> gelöscht: <a href="/terms">Bedingungen</a>.</p>');
});

test("the finder hands on every letter and the state", () => {
  const wish = vi.fn();
  render(<Finder wish={EVERYTHING} onWish={wish} />);
  fireEvent.change(screen.getByRole("searchbox"), { target: { value: "cup" } });
  expect(wish).toHaveBeenLastCalledWith({ ...EVERYTHING, text: "cup" });
  fireEvent.change(screen.getByLabelText("Show"), { target: { value: "broken" } });
  expect(wish).toHaveBeenLastCalledWith({ ...EVERYTHING, state: "broken" });
});

test("a tag is pressed to see its models, and again to see all", () => {
  const wish = vi.fn();
  render(<TagRow tags={["kitchen", "red"]} wish={{ ...EVERYTHING, tag: "red" }} onWish={wish} />);
  fireEvent.click(screen.getByRole("button", { name: "kitchen", pressed: false }));
  expect(wish).toHaveBeenLastCalledWith({ ...EVERYTHING, tag: "kitchen" });
  fireEvent.click(screen.getByRole("button", { name: "red", pressed: true }));
  expect(wish).toHaveBeenLastCalledWith(EVERYTHING);
});

test("tags and addresses are what they are said to be", () => {
  expect(tagsOf(" red, kitchen,, red ")).toEqual(["red", "kitchen"]);
  expect(sharePage("00ff", "https://site.example")).toBe("https://site.example/api/shares/00ff/page");
  expect(snippet("00ff", "https://site.example")).not.toMatch(/<script|<iframe/);
  expect(sceneViewer("https://a.example/m?x=1&y=2")).toContain("file=https%3A%2F%2Fa.example%2Fm%3Fx%3D1%26y%3D2&");
});

test("a page that cannot be drawn says so and leaves the rest", () => {
  const silent = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const Broken = (): never => { throw new Error("a part did not load"); };
  render(<><p>The header</p><Safe><Broken /></Safe></>);
  expect(screen.getByRole("alert").textContent).toContain("This page could not be shown");
  expect(screen.getByText("The header")).toBeTruthy();
  silent.mockRestore();
});

test("where pages may show no notification, the service worker shows it", async () => {
  const showNotification = vi.fn(() => Promise.resolve());
  vi.stubGlobal("Notification", function Refused() { throw new TypeError("Illegal constructor"); });
  vi.stubGlobal("navigator", { serviceWorker: { ready: Promise.resolve({ showNotification }) } });
  notify("Your model is ready", { tag: "gen_1" });
  await Promise.resolve();
  expect(showNotification).toHaveBeenCalledWith("Your model is ready", { tag: "gen_1" });
  vi.unstubAllGlobals();
});

test("on Android a model is seen in one's room by the link that it is shared with, and only then", () => {
  vi.spyOn(navigator, "userAgent", "get").mockReturnValue("Mozilla/5.0 (Linux; Android 15)");
  const model = (shared: string | null) => ({ id: "gen_1", shared }) as Generation;
  const { container, rerender } = render(<InSpace generation={model(null)} />);
  expect(container.innerHTML).toBe("");
  rerender(<InSpace generation={model("00ff")} />);
  expect(decodeURIComponent(screen.getByRole("link").getAttribute("href") ?? "")).toContain("/api/shares/00ff/files/model.glb&");
  vi.restoreAllMocks();
});

test("back from Stripe's page, the shop sells again", async () => {
  const assign = vi.spyOn(location, "assign").mockImplementation(() => undefined);
  const checkout = vi.fn(() => Promise.resolve({ ok: true, value: { url: "https://pay.example" } }));
  const shell = { api: { checkout }, announce: () => undefined } as unknown as Shell;
  const product = { id: "starter", credits: 20, every_month: false, prices: { eur: 500 } } as never;
  render(<ShellContext value={shell}><Shop products={[product]} subscribed={false} onProblem={vi.fn()} /></ShellContext>);
  fireEvent.click(screen.getByRole("button"));
  await vi.waitFor(() => { expect(assign).toHaveBeenCalledWith("https://pay.example"); });
  expect(screen.getByRole("button")).toHaveProperty("disabled", true);
  fireEvent(window, Object.assign(new Event("pageshow"), { persisted: true }));
  expect(screen.getByRole("button")).toHaveProperty("disabled", false);
  vi.restoreAllMocks();
});
