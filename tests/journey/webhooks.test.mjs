/** Webhooks, as a person adds, tries and watches one: the receiver is a server of this test. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";
import { startBrowser, watchedContext } from "./browser.mjs";
import { isAccessible, signIn } from "./steps.mjs";

const SITE = process.env.SITE ?? "http://localhost:8400";
/** The one host that functions of the local cloud reach by plain http: see infra/local/places.py. */
const PORT = Number(new URL(SITE).port) + 9;

/** A receiver that takes everything and tells each request as an event. */
async function receiver() {
  const server = createServer((request, response) => {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      response.writeHead(204).end();
      server.emit("heard", request.headers, Buffer.concat(parts).toString());
    });
  });
  server.listen(PORT, "127.0.0.1");
  await once(server, "listening");
  return server;
}

test("a webhook is added, shown its secret once, tried, watched, switched off and deleted", async () => {
  const [browser, server] = await Promise.all([startBrowser(), receiver()]);
  try {
    const { context } = await watchedContext(browser, SITE);
    const page = await context.newPage();
    await page.goto(SITE);
    await signIn(page, `webhooks-${Date.now()}@example.com`);
    await page.goto(`${SITE}/account`);
    const part = page.getByRole("region", { name: "Webhooks", exact: true });
    await part.getByText("You have none.").waitFor();
    await part.getByText("Add a webhook", { exact: true }).click();
    const address = part.getByLabel(/^Where do we send events/);
    await address.fill("https://10.0.0.1/hook");
    await part.getByRole("button", { name: "Add the webhook" }).click();
    await part.getByRole("alert").waitFor();
    await isAccessible(page, "a refused webhook");
    await address.fill(`http://127.0.0.1:${PORT}/hook`);
    await part.getByRole("button", { name: "Add the webhook" }).click();
    const field = part.getByLabel("The new secret");
    await field.waitFor();
    const secret = await field.inputValue();
    await isAccessible(page, "a new webhook");
    await part.getByRole("button", { name: "I have it" }).click();

    const heard = once(server, "heard");
    await part.getByRole("button", { name: "Send a test" }).click();
    const [headers, body] = await heard;
    const key = Buffer.from(secret.replace("whsec_", ""), "base64");
    const signed = createHmac("sha256", key).update(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`).digest("base64");
    assert.equal(headers["webhook-signature"], `v1,${signed}`);

    await part.getByText("Deliveries", { exact: true }).click();
    const line = part.getByRole("row", { name: /Delivered/ });
    while (!(await line.isVisible())) {
      await part.getByRole("button", { name: "Look again at the deliveries" }).click();
    }
    await isAccessible(page, "deliveries");
    const again = once(server, "heard");
    await line.getByRole("button", { name: /^Send again/ }).click();
    assert.equal((await again)[0]["webhook-id"], headers["webhook-id"]);
    if (process.env.PICTURE !== undefined) {
      await part.screenshot({ path: process.env.PICTURE });
    }

    // A double click asks once: a second new secret would end the one that the program has.
    await part.getByRole("button", { name: "New secret" }).dblclick();
    await isAccessible(page, "the question before a new secret");
    await page.getByRole("dialog").getByRole("button", { name: "New secret" }).click();
    await field.waitFor();
    assert.notEqual(await field.inputValue(), secret);
    assert.ok(await field.evaluate((element) => element === document.activeElement), "the focus is on the new secret");
    await part.getByRole("button", { name: "I have it" }).click();

    await part.getByRole("button", { name: "Switch off" }).click();
    await part.getByText("You switched it off.").waitFor();
    await part.getByRole("button", { name: "Delete", exact: true }).click();
    await isAccessible(page, "the question before deleting a webhook");
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await part.getByText("You have none.").waitFor();
    await page.reload();
    await part.getByText("You have none.").waitFor();
    assert.ok(!(await page.content()).includes("whsec_"));
  } finally {
    server.closeAllConnections();
    server.close();
    await browser.close();
  }
});
