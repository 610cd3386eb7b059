/**
 * One person's whole way through a running site, in a real browser:
 *   SITE=http://localhost:8400 PHOTOS_DIR=.local/photos npm test
 */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { validateBytes } from "gltf-validator";
import { readGlb } from "./glb.mjs";
import { startBrowser, watchedContext } from "./browser.mjs";
import { PATIENCE_MS, cards, download, isAccessible, makeModel, seeModel, signIn } from "./steps.mjs";
import { keysNaming, rowsNaming } from "./store.mjs";

const SITE = process.env.SITE ?? "http://localhost:8400";
const PHOTOS = resolve(fileURLToPath(new URL("../..", import.meta.url)), process.env.PHOTOS_DIR ?? ".local/photos");
const THREE = ["coffee.png", "chelsea.png", "mushroom-with-alpha.png"];
const STAGES = ["In the queue", "Starting a machine", "Building the model", "Saving"];

let browser;
let folder;
before(async () => {
  browser = await startBrowser();
  folder = await mkdtemp(join(tmpdir(), "journey-"));
});
after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

test("three photos become three models, one is deleted, and nobody else hears of it", async (t) => {
  const { context, seen } = await watchedContext(browser, SITE);
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const email = `journey-${Date.now()}@example.com`;
  const made = [];

  await t.test("a visitor reads what it is", async () => {
    await page.goto(SITE);
    await page.getByRole("heading", { level: 1 }).waitFor();
    assert.match(await page.locator("main").innerText(), /one photo .* 3D model/i);
    await isAccessible(page, "the visitor's page");
  });

  await t.test("signing in comes back with free credits and an empty library", async () => {
    await signIn(page, email);
    assert.equal(new URL(page.url()).origin, SITE);
    await page.getByText("Nothing here yet.").waitFor();
    await isAccessible(page, "the empty library");
  });

  await t.test("a file that is no photo is refused in plain words before it is sent", async () => {
    const file = { name: "notes.jpg", mimeType: "image/jpeg", buffer: Buffer.from("dear diary") };
    await page.locator("input[type=file]").first().setInputFiles(file);
    await page.getByRole("alert").filter({ hasText: "Choose a JPEG, PNG or WebP file." }).waitFor();
  });

  await t.test("what is used of a photo is shown before anything is sent, and can be changed", async () => {
    await page.locator("input[type=file]").first().setInputFiles(join(PHOTOS, THREE[0]));
    const used = page.getByRole("img", { name: /^What is used of/ });
    await used.waitFor({ timeout: PATIENCE_MS });
    const clear = () => used.evaluate((image) => {
      const pen = new OffscreenCanvas(50, 50).getContext("2d");
      pen.drawImage(image, 0, 0, 50, 50);
      const { data } = pen.getImageData(0, 0, 50, 50);
      return data.filter((alpha, at) => at % 4 === 3 && alpha < 16).length / 2500;
    });
    assert.ok(await clear() > 0.3, "the background is clear");
    await page.getByText("Costs 1 credit, only if it succeeds").waitFor();
    await isAccessible(page, "a chosen photo");
    await page.getByText("Keep everything").click();
    await page.getByText("The whole picture counts as the object.").waitFor();
    await page.getByRole("button", { name: "Crop" }).click();
    await isAccessible(page, "cropping");
    await page.getByRole("button", { name: "Bottom right corner" }).press("ArrowLeft");
    await page.getByRole("button", { name: "Use this part" }).click();
    await used.waitFor();
    await page.getByRole("button", { name: "Choose another photo" }).click();
  });

  for (const photo of THREE) {
    await t.test(`${photo} becomes a model in the viewer and a valid GLB file`, async () => {
      await page.goto(SITE);
      const { id, stages } = await makeModel(page, SITE, join(PHOTOS, photo));
      assert.ok(stages.length > 0, "a stage was shown");
      assert.deepEqual(stages, STAGES.filter((stage) => stages.includes(stage)), "stages come in their order");
      await seeModel(page);
      await page.getByText(/^Watertight/).waitFor();
      const file = await download(page, join(folder, `${id}.glb`));
      assert.match(file.name, /\.glb$/);
      const report = await validateBytes(new Uint8Array(await readFile(file.path)));
      assert.equal(report.issues.numErrors, 0, JSON.stringify(report.issues.messages));
      made.push(id);
    });
  }
  assert.equal(made.length, THREE.length, "all three were made");

  await t.test("the compact file decodes elsewhere to the model of record", async () => {
    const files = `${SITE}/api/generations/${made[0]}/files`;
    const [plain, compact] = await Promise.all(
      ["model.glb", "model-compact.glb"].map(async (name) => (await context.request.get(`${files}/${name}`)).body()),
    );
    const [was, is] = [await readGlb(plain), await readGlb(compact)];
    assert.ok(compact.length < plain.length / 2, `${compact.length} of ${plain.length} bytes`);
    assert.equal(is.triangles, was.triangles);
    assert.equal(is.texture, "image/webp");
    for (const [corner, place] of was.corners.entries()) {
      assert.ok(Math.abs(is.corners[corner] - place) < 1e-4, `${is.corners} is not ${was.corners}`);
    }
    assert.ok(Math.abs(is.volume - was.volume) < 1e-3 * was.volume, `${is.volume} is not ${was.volume}`);
  });

  await t.test("a model's page stands on its own address", async () => {
    await page.goto(`${SITE}/m/${made[0]}`);
    await seeModel(page);
    await isAccessible(page, "a model's page");
  });

  await t.test("a model gets a name, and a link opens it to others until it is ended", async () => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.getByRole("button", { name: "Stop turning" }).click();
    await page.getByText("Name and tags").click();
    await page.getByLabel("Name", { exact: true }).fill("My <cup>");
    const tags = page.getByRole("textbox", { name: /^Tags/ });
    await tags.fill("kitchen, blue");
    await tags.press("Enter");
    await page.getByRole("button", { name: "Remove the tag blue" }).click();
    await tags.fill("red");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("heading", { name: "My <cup>" }).waitFor();
    assert.deepEqual(await page.getByRole("list", { name: "Tags" }).getByRole("link").allInnerTexts(), ["kitchen", "red"]);
    await page.getByText("Share", { exact: true }).click();
    await page.getByRole("button", { name: "Make a link" }).click();
    const link = await page.getByLabel("Link", { exact: true }).inputValue();
    await isAccessible(page, "a shared model's own page");

    const { context: stranger } = await watchedContext(browser, SITE);
    const text = await (await stranger.request.get(link)).text();
    assert.match(text, /og:title" content="My &lt;cup&gt;"/);
    const other = await stranger.newPage();
    // Two turning models at once are too much for a machine that draws in software.
    await other.emulateMedia({ reducedMotion: "reduce" });
    await other.goto(link);
    await other.waitForURL(/\/s\/[0-9a-f]{40}$/);
    await other.getByRole("heading", { name: "My <cup>" }).waitFor();
    await seeModel(other);
    await isAccessible(other, "a shared model");

    await page.getByRole("button", { name: "End sharing" }).click();
    await page.getByRole("button", { name: "Make a link" }).waitFor();
    assert.equal((await stranger.request.get(link)).status(), 404);
    await other.reload();
    await other.getByRole("alert").filter({ hasText: "This link opens nothing" }).waitFor();
    await stranger.close();
  });

  await t.test("the library shows three pictures and keeps them over a reload", async () => {
    await page.goto(SITE);
    for (const _again of [false, true]) {
      await cards(page).nth(2).waitFor();
      assert.equal(await cards(page).count(), 3);
      for (const picture of await cards(page).getByRole("img").all()) {
        await picture.scrollIntoViewIfNeeded();
        await picture.evaluate((image) => image.decode());
        assert.ok(await picture.evaluate((image) => image.naturalWidth > 0), "the preview is a picture");
      }
      await page.reload();
    }
    await isAccessible(page, "the library");
  });

  await t.test("deleting asks first, and then everything of it is gone", async () => {
    const gone = made[2];
    const api = `${SITE}/api/generations/${gone}`;
    const { upload_id: upload } = await (await context.request.get(api)).json();
    const pass = (await context.request.get(`${api}/files/model.glb`, { maxRedirects: 0 })).headers().location;
    assert.equal((await context.request.get(pass)).status(), 200, "the short-lived address works before");
    assert.notDeepEqual(await keysNaming(SITE, "models", gone), []);

    const card = cards(page).filter({ has: page.locator(`a[href="/m/${gone}"]`) });
    const bin = card.getByRole("button", { name: /^Delete/ });
    await bin.click();
    const dialog = page.getByRole("dialog");
    await isAccessible(page, "the question before deleting");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.equal(await cards(page).count(), 3, "Escape means no");
    assert.ok(await bin.evaluate((button) => button === document.activeElement), "the focus is back on the button");

    await bin.click();
    await dialog.getByRole("button", { name: "Delete" }).click();
    await card.waitFor({ state: "detached" });
    assert.equal(await cards(page).count(), 2);
    assert.equal((await context.request.get(api)).status(), 404);
    assert.ok([403, 404].includes((await context.request.get(pass)).status()), "the short-lived address is dead");
    assert.deepEqual(await keysNaming(SITE, "models", gone), []);
    assert.deepEqual(await keysNaming(SITE, "uploads", upload), []);
    assert.doesNotMatch(JSON.stringify(await rowsNaming(SITE, gone)), /model\.glb/, "the row that stays for the ledger names no file");
    await page.reload();
    await cards(page).nth(1).waitFor();
    assert.equal(await cards(page).count(), 2, "and stays gone");
  });

  await t.test("credits are bought on Stripe's page and arrive while one looks", async () => {
    await page.getByRole("link", { name: /credits?$/ }).first().click();
    await page.getByRole("heading", { name: "Credits", exact: true }).waitFor();
    const before = Number.parseInt(await page.locator(".credits-have strong").innerText(), 10);
    await page.getByRole("cell", { name: "Model made" }).first().waitFor();
    await isAccessible(page, "the credits page");
    await page.getByLabel("Currency").selectOption("usd");
    await page.getByRole("button", { name: "Buy 20 credits for $5.00" }).click();
    await page.getByRole("button", { name: /declined/ }).click();
    await page.getByRole("alert").filter({ hasText: "declined" }).waitFor();
    await page.getByRole("button", { name: "Pay", exact: true }).click();
    const began = Date.now();
    await page.getByText("20 credits have arrived", { exact: false }).first().waitFor();
    t.diagnostic(`from the click on Pay to the credits: ${((Date.now() - began) / 1000).toFixed(1)} s`);
    await page.locator(".credits-have").getByText(`${before + 20} credits`).waitFor();
    await page.getByRole("cell", { name: "Purchase" }).waitFor();
    await isAccessible(page, "the credits page after a purchase");
  });

  await t.test("signing out closes the door", async () => {
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("link", { name: /sign in/i }).waitFor();
    assert.equal((await context.request.get(`${SITE}/api/me`)).status(), 401);
    await page.goto(`${SITE}/m/${made[0]}`);
    const link = page.getByRole("link", { name: /sign in/i });
    assert.match(await link.getAttribute("href"), new RegExp(encodeURIComponent(`/m/${made[0]}`)), "signing in comes back to this page");
  });

  await t.test("no stranger was asked, no error was logged, no rule was broken", () => {
    assert.deepEqual([...seen.strangers], []);
    assert.deepEqual(seen.policyReports, []);
    assert.deepEqual(seen.errors, []);
  });
  await context.close();
}, { timeout: PATIENCE_MS * 6 });
