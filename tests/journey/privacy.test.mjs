/**
 * What the site promises about privacy, seen in a real browser: nothing but what it needs, everything in one's own hands.
 *   SITE=http://localhost:8400 PHOTOS_DIR=.local/photos npm test
 */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startBrowser, watchedContext } from "./browser.mjs";
import { PATIENCE_MS, cards, firstStep, isAccessible, makeModel, passProvider, signIn } from "./steps.mjs";
import { erase, keysNaming, rowsHolding, rowsNaming, runNow } from "./store.mjs";
import { entriesOf } from "./zip.mjs";

const SITE = process.env.SITE ?? "http://localhost:8400";
const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const PHOTOS = resolve(REPOSITORY, process.env.PHOTOS_DIR ?? ".local/photos");
const PROMISE = JSON.parse(await readFile(join(REPOSITORY, "shared/api/promise.json"), "utf8"));
/** The site, and beside it the storage, the sign-in provider and the fake Stripe: see infra/local/places.py. */
const PORT = Number(new URL(SITE).port);
const KNOWN = [SITE, `http://127.0.0.1:${PORT + 1}`, `http://localhost:${PORT + 2}`, `http://127.0.0.1:${PORT + 5}`];

let browser;
let folder;
before(async () => {
  browser = await startBrowser();
  folder = await mkdtemp(join(tmpdir(), "privacy-"));
});
after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A part of the account page by its title. */
function part(page, name) {
  return page.getByRole("region", { name, exact: true });
}

async function openAccount(page) {
  await page.goto(`${SITE}/account`);
  await part(page, "Sessions").getByText("This browser").waitFor();
  await part(page, "Activity").getByRole("table").waitFor();
}

async function me(context) {
  return (await context.request.get(`${SITE}/api/me`)).json();
}

/** Everything that scripts can store in this browser for the site. */
function stored(page) {
  return page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    databases: (await indexedDB.databases()).map(({ name }) => name),
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
  }));
}

/** Only the site's own files; site.test.mjs looks into them. */
const NOTHING_OF_ANYBODY = { local: 0, session: 0, databases: [], caches: ["shell-1"], workers: 1 };

test("a person's data is in their own hands, and nobody else's", async (t) => {
  const { context, seen } = await watchedContext(browser, SITE);
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const email = `privacy-${Date.now()}@example.com`;
  let user = "";
  let given = "";

  await t.test("a visitor reads the privacy policy and the terms, made from the table of what is held", async () => {
    await page.goto(SITE);
    await page.getByRole("link", { name: "Privacy policy" }).click();
    await page.getByRole("heading", { level: 1, name: "Privacy policy" }).waitFor();
    await page.locator(`h1 + .note time[datetime="${PROMISE.privacy_version}"]`).waitFor();
    for (const { what, kept } of PROMISE.held) {
      const item = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: what, exact: true }) });
      assert.ok((await item.innerText()).includes(kept), `${what}: ${kept}`);
    }
    for (const { name } of PROMISE.processors) {
      await page.getByRole("heading", { level: 3, name, exact: true }).waitFor();
    }
    await isAccessible(page, "the privacy policy");
    await page.getByRole("link", { name: "Terms", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Terms" }).waitFor();
    await page.locator(`h1 + .note time[datetime="${PROMISE.terms_version}"]`).waitFor();
    await isAccessible(page, "the terms");
  });

  await t.test("who is younger than 16 is signed out at once, and nothing is left of the account", async () => {
    const young = `young-${Date.now()}@example.com`;
    const { context: other } = await watchedContext(browser, SITE);
    const child = await other.newPage();
    await child.goto(SITE);
    await passProvider(child, young);
    await firstStep(child).waitFor();
    const { user_id: id } = await me(other);
    assert.notDeepEqual(await rowsNaming(SITE, id), []);
    await child.getByRole("button", { name: "I am younger than 16" }).click();
    await isAccessible(child, "the question to those who are younger");
    await child.getByRole("button", { name: "Yes, remove my account" }).click();
    await child.getByRole("alert").filter({ hasText: "Only a code made from your Google account stays" }).waitFor();
    assert.equal((await other.request.get(`${SITE}/api/me`)).status(), 401);
    await child.reload();
    await child.getByRole("link", { name: /sign in/i }).waitFor();
    await other.close();
    await erase(SITE, id);
    const left = [...await rowsHolding(SITE, id), ...await rowsHolding(SITE, young)];
    assert.deepEqual(left.map(({ pk, sk }) => `${pk} ${sk}`), []);
  });

  await t.test("nothing works before the first step, and then everything does", async () => {
    await page.goto(SITE);
    await passProvider(page, email);
    await firstStep(page).waitFor();
    assert.equal((await me(context)).welcome, "needed");
    await page.goto(`${SITE}/account`);
    await firstStep(page).waitFor();
    await page.getByRole("button", { name: "Begin" }).click();
    await page.getByRole("alert").filter({ hasText: "tick both boxes" }).waitFor();
    await isAccessible(page, "the first step");
    await page.getByLabel("I am 16 or older").check();
    await page.getByLabel(/^I agree to the terms/).check();
    await page.getByRole("button", { name: "Begin" }).click();
    await page.getByRole("heading", { level: 1, name: "Your account" }).waitFor();
    const known = await me(context);
    [user, given] = [known.user_id, known.name ?? known.email];
    assert.equal(known.welcome, "done");
  });

  await t.test("the account page shows who one is, and a name can be corrected", async () => {
    await page.goto(SITE);
    await page.getByRole("link", { name: /your account$/ }).click();
    await part(page, "Sessions").getByText("This browser").waitFor();
    await part(page, "Activity").getByRole("cell", { name: "Signed in" }).first().waitFor();
    await part(page, "Profile").getByText(email).waitFor();
    await isAccessible(page, "the account page");
    await page.getByLabel("Name", { exact: true }).fill("Grace Hopper");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("link", { name: "Grace Hopper, your account" }).waitFor();
    await page.reload();
    await page.getByRole("link", { name: "Grace Hopper, your account" }).waitFor();
    await page.getByRole("button", { name: "Use the name from Google" }).click();
    await page.getByRole("link", { name: `${given}, your account` }).waitFor();
  });

  await t.test("choices are off, are switched on and off, and each change stays on record", async () => {
    const told = [];
    page.on("request", (request) => {
      if (request.url() === `${SITE}/api/me/usage`) {
        told.push(request.postData());
      }
    });
    const usage = async () => (await rowsNaming(SITE, user)).filter(({ sk }) => sk.startsWith("USE#"));
    await openAccount(page);
    const switches = part(page, "Choices").getByRole("switch");
    await switches.nth(2).waitFor();
    assert.equal(await part(page, "Choices").getByRole("switch", { checked: true }).count(), 0, "all are off");
    assert.deepEqual([told, await usage()], [[], []]);

    const analysis = page.getByRole("switch", { name: "Usage analysis" });
    // The page hears the new choices, and then once more who is here and what is allowed.
    const saved = () => Promise.all([
      page.waitForResponse((answer) => answer.request().method() === "PUT" && answer.ok()),
      page.waitForResponse(`${SITE}/api/me`),
    ]);
    await Promise.all([saved(), analysis.check()]);
    await page.getByText("What you agreed to and chose so far").click();
    await page.getByRole("cell", { name: "Usage analysis: switched on" }).waitFor();
    await page.getByRole("cell", { name: "Terms: agreed" }).waitFor();
    await isAccessible(page, "the history of choices");
    const credits = page.waitForResponse((answer) => answer.request().postData() === '{"page":"credits"}');
    await page.getByRole("link", { name: /credits?$/ }).click();
    assert.equal((await credits).status(), 204);
    assert.ok(told.includes('{"page":"account"}'), told.join(" "));
    assert.notDeepEqual(await usage(), [], "what was allowed is written down");

    await openAccount(page);
    await Promise.all([saved(), analysis.uncheck()]);
    await page.getByText("What you agreed to and chose so far").click();
    await page.getByRole("cell", { name: "Usage analysis: switched off" }).waitFor();
    const [asked, written] = [told.length, (await usage()).length];
    await page.getByRole("link", { name: /credits?$/ }).click();
    await page.getByRole("heading", { level: 1, name: "Credits" }).waitFor();
    await openAccount(page);
    assert.deepEqual([told.length, (await usage()).length], [asked, written], "nothing more is told or written");
  });

  await t.test("a second browser is seen, and ended from the first it is out at once", async () => {
    const { context: second } = await watchedContext(browser, SITE);
    const other = await second.newPage();
    await other.goto(SITE);
    await signIn(other, email);
    await openAccount(page);
    const sessions = part(page, "Sessions").getByRole("list", { name: "Sessions" }).getByRole("listitem");
    await sessions.nth(1).waitFor();
    await page.getByRole("button", { name: /^End the session of/ }).first().click();
    await sessions.nth(1).waitFor({ state: "detached" });
    assert.equal(await sessions.count(), 1);
    assert.equal((await second.request.get(`${SITE}/api/me`)).status(), 401, "out at once");
    await other.goto(`${SITE}/account`);
    await other.getByRole("link", { name: /sign in/i }).waitFor();
    await second.close();
    assert.equal((await context.request.get(`${SITE}/api/me`)).status(), 200, "the first stays");
  });

  await t.test("a key for a program is made, shown once, used and revoked", async () => {
    await openAccount(page);
    const keys = part(page, "Keys for programs");
    await keys.getByText("You have none.").waitFor();
    await keys.getByText("Make a key", { exact: true }).click();
    await keys.getByLabel("What is it for?").fill("My printer");
    await keys.getByLabel("Delete models").check();
    await keys.getByLabel("30 days").check();
    await isAccessible(page, "the form of a new key");
    await keys.getByRole("button", { name: "Make the key" }).click();
    const field = keys.getByLabel("The new key");
    await field.waitFor();
    const secret = await field.inputValue();
    assert.match(secret, /^i3d_live_[0-9A-Za-z]{8}_[0-9A-Za-z]{32}_[0-9a-f]{8}$/);
    await isAccessible(page, "a new key");
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: SITE });
    await keys.getByRole("button", { name: "Copy" }).click();
    await keys.getByRole("button", { name: "Copied" }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), secret);
    await keys.getByRole("button", { name: "I have it" }).click();
    await field.waitFor({ state: "detached" });
    await openAccount(page);
    const listed = keys.getByRole("list", { name: "Keys" }).getByRole("listitem");
    await listed.getByText("May see, make and delete models").waitFor();
    assert.ok(!(await page.content()).includes(secret.split("_")[3]), "shown once");
    const asProgram = () => fetch(`${SITE}/api/generations`, { headers: { Authorization: `Bearer ${secret}` } });
    assert.equal((await asProgram()).status, 200);
    await page.getByRole("button", { name: "Revoke the key My printer" }).click();
    await isAccessible(page, "the question before revoking a key");
    await page.getByRole("dialog").getByRole("button", { name: "Revoke", exact: true }).click();
    await keys.getByText("You have none.").waitFor();
    assert.equal((await asProgram()).status, 401, "refused at once");
    await openAccount(page);
    await part(page, "Activity").getByRole("cell", { name: "Key for a program revoked" }).waitFor();
  });

  const made = [];
  await t.test("a copy of everything is asked for, made, and downloaded", async () => {
    for (const photo of ["mushroom-with-alpha.png", "coffee.png"]) {
      await page.goto(SITE);
      made.push((await makeModel(page, SITE, join(PHOTOS, photo))).id);
    }
    await openAccount(page);
    await page.getByRole("button", { name: "Ask for a copy" }).click();
    await page.getByText("Being made", { exact: true }).waitFor();
    await runNow(SITE, "privacy");
    const link = page.getByRole("link", { name: /^export-1\.zip/ });
    await link.waitFor();
    await isAccessible(page, "an export that is ready");
    const coming = page.waitForEvent("download");
    await link.click();
    const path = join(folder, "export-1.zip");
    await (await coming).saveAs(path);
    const entries = entriesOf(await readFile(path));
    const names = entries.map(({ name }) => name);
    for (const name of ["README.txt", "schema.json", "account.json", "generations-1.json"]) {
      assert.ok(names.includes(name), `${name} is in ${names.join(", ")}`);
    }
    for (const id of made) {
      assert.ok(names.some((name) => name.startsWith(`photos/${id}.`)) && names.includes(`models/${id}/model.glb`), `${id} is in ${names.join(", ")}`);
    }
    await openAccount(page);
    await part(page, "Activity").getByRole("cell", { name: "Copy of your data downloaded" }).first().waitFor();
  });

  await t.test("several models are deleted in one go, with the keyboard alone", async () => {
    await page.goto(SITE);
    await cards(page).nth(1).waitFor();
    await page.getByRole("button", { name: "Select several" }).press("Enter");
    await cards(page).getByRole("checkbox").first().press("Space");
    await page.getByRole("button", { name: "Delete 1 model" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Select several" }).press("Enter");
    for (const box of await cards(page).getByRole("checkbox").all()) {
      await box.press("Space");
    }
    await isAccessible(page, "choosing several models");
    await page.getByRole("button", { name: "Delete 2 models" }).press("Enter");
    await isAccessible(page, "the question before deleting several");
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).press("Enter");
    await page.getByText("Nothing here yet.").waitFor();
    for (const id of made) {
      assert.equal((await context.request.get(`${SITE}/api/generations/${id}`)).status(), 404);
      assert.deepEqual(await keysNaming(SITE, "models", id), []);
    }
  });

  await t.test("the deletion of the account asks for a word, is announced on every page, and can be undone", async () => {
    // Such a deed asks for a sign-in of the last ten minutes.
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("link", { name: /sign in/i }).waitFor();
    await signIn(page, email);
    await openAccount(page);
    await part(page, "Delete account").getByRole("button", { name: "Delete my account" }).click();
    const dialog = page.getByRole("dialog");
    const really = dialog.getByRole("button", { name: "Delete my account" });
    assert.ok(await really.isDisabled(), "not before the word is typed");
    await isAccessible(page, "the question before deleting the account");
    await dialog.getByLabel("Type DELETE to go on").fill("DELETE");
    await really.click();
    const banner = page.getByRole("region", { name: "Deletion of your account" });
    await banner.waitFor();
    const { deletion_begins_at: begins, standing } = await me(context);
    assert.equal(standing, "closing");
    const days = (Date.parse(begins) - Date.now()) / 86_400_000;
    assert.ok(days > PROMISE.grace_days - 0.1 && days <= PROMISE.grace_days, `${days} days`);
    await isAccessible(page, "the account page of somebody who leaves");
    await page.goto(SITE);
    await banner.getByText("Your account will be deleted on", { exact: false }).waitFor();
    await banner.getByRole("button", { name: "Undo the deletion" }).click();
    await banner.waitFor({ state: "detached" });
    assert.equal((await me(context)).standing, "good");
  });

  await t.test("nothing but two cookies is stored, and nobody else is asked", async () => {
    assert.deepEqual(await stored(page), NOTHING_OF_ANYBODY);
    const set = (await Promise.all(seen.cookies)).flat().flatMap((value) => value.split("\n"));
    const names = new Set(set.map((cookie) => cookie.split("=")[0]));
    assert.deepEqual([...names].sort(), ["__Host-oauth", "__Host-session"]);
    for (const cookie of set) {
      const flags = cookie.split(";").slice(1).map((flag) => flag.trim().toLowerCase());
      for (const flag of ["httponly", "secure", "samesite=lax", "path=/"]) {
        assert.ok(flags.includes(flag), `${cookie.split("=")[0]} has ${flags.join(", ")}`);
      }
      assert.ok(!flags.some((flag) => flag.startsWith("domain")), "bound to this host");
    }
    assert.deepEqual([...seen.origins].filter((origin) => !KNOWN.includes(origin)), []);
    assert.deepEqual([...seen.strangers], []);
    assert.deepEqual(seen.policyReports, []);
    assert.deepEqual(seen.errors, []);
  });
  await context.close();
}, { timeout: PATIENCE_MS * 6 });
