/** What a person does on the site, one function per deed. */
import assert from "node:assert/strict";
import { basename } from "node:path";
import axe from "axe-core";

/** Software drawing on a busy machine, or a cold model server: generous, and never slept through. */
export const PATIENCE_MS = 180_000;

/** No fault that a machine can find in the page's accessibility. */
export async function isAccessible(page, name) {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }));
  const faults = found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  assert.deepEqual(faults, [], `accessibility of ${name}`);
}

/** From the visitor's page through the provider's forms and back, and through the first step if it is the first time. */
export async function signIn(page, email) {
  await passProvider(page, email);
  if (await firstStep(page).isVisible()) {
    await isAccessible(page, "the first step");
    await page.getByLabel("I am 16 or older").check();
    await page.getByLabel(/^I agree to the terms/).check();
    await page.getByRole("button", { name: "Begin" }).click();
    await firstStep(page).waitFor({ state: "detached" });
  }
  await page.getByRole("link", { name: /your account$/ }).waitFor();
}

/** The title of the page that a new person sees first. */
export function firstStep(page) {
  return page.getByRole("heading", { name: "Before you begin" });
}

/** From the visitor's page through the provider's forms and back, no further. */
export async function passProvider(page, email) {
  await page.getByRole("link", { name: /sign in/i }).click();
  await page.locator("input[name=login]").fill(email);
  await page.locator("input[name=password]").fill("anything");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  const signedIn = page.getByRole("button", { name: "Sign out" });
  const consent = page.getByRole("button", { name: "Continue" });
  await signedIn.or(consent).first().waitFor();
  if (await consent.isVisible()) {
    await consent.click();
  }
  await signedIn.waitFor();
}

/** Chooses a photo, sends it and follows it to the end. Answers the id and the stages that the page showed. */
export async function makeModel(page, site, photo) {
  await page.locator("input[type=file]").first().setInputFiles(photo);
  await page.getByRole("img", { name: `Your photo ${basename(photo)}` }).waitFor();
  await page.evaluate(() => {
    window.stages = [];
    new MutationObserver(() => {
      const now = document.querySelector("[aria-current=step] strong")?.textContent;
      if (now && window.stages.at(-1) !== now) {
        window.stages.push(now);
      }
    }).observe(document.body, { childList: true, subtree: true, attributes: true });
  });
  const stored = page.waitForResponse((response) => response.request().method() === "POST" && !response.url().startsWith(site));
  // A double click must make one model.
  await page.getByRole("button", { name: "Make the 3D model" }).dblclick();
  assert.equal((await stored).status(), 204, "the storage takes the photo");
  await page.waitForURL(/\/m\/gen_/);
  await page.getByRole("link", { name: /Download GLB/ }).waitFor({ timeout: PATIENCE_MS });
  return { id: new URL(page.url()).pathname.split("/").at(-1), stages: await page.evaluate(() => window.stages) };
}

/** Waits until the model stands on its turntable, and that something of it is really drawn. */
export async function seeModel(page) {
  await page.getByRole("button", { name: "Reset view" }).waitFor({ timeout: PATIENCE_MS });
  const picture = (await page.getByRole("application").screenshot()).toString("base64");
  const colours = await page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const pen = new OffscreenCanvas(64, 64).getContext("2d");
    pen.drawImage(await createImageBitmap(new Blob([bytes])), 0, 0, 64, 64);
    const { data } = pen.getImageData(0, 0, 64, 64);
    return new Set([...Array(64 * 64).keys()].map((cell) => data.slice(cell * 4, cell * 4 + 3).map((value) => value >> 4).join())).size;
  }, picture);
  // The empty mat has half a dozen.
  assert.ok(colours > 24, `the stage has ${colours} colours`);
}

/** Downloads the GLB to a file and answers its bytes' place. */
export async function download(page, path) {
  const coming = page.waitForEvent("download");
  await page.getByRole("link", { name: /Download GLB/ }).click();
  const file = await coming;
  await file.saveAs(path);
  return { path, name: file.suggestedFilename() };
}

/** The cards of the library, without the place of the next one and those that stand for what is being read. */
export function cards(page) {
  return page.getByRole("region", { name: "Your models" }).locator("li.card:not(.card-next, .card-blank)");
}
