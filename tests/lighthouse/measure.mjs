/**
 * Lighthouse on the page where models are made, signed in, on its own throttled phone, against the tests' cloud:
 *
 *     node measure.mjs http://localhost:8400 [figures.json]
 *
 * Fails under 95 in any of the four.
 */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import lighthouse from "lighthouse";
import { startBrowser } from "../journey/browser.mjs";
import { signIn } from "../journey/steps.mjs";

const LEAST = 95;
const TIMES = ["first-contentful-paint", "largest-contentful-paint", "interactive", "total-blocking-time"];
const PORT = 9333;
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const [site, figures] = process.argv.slice(2);

/** The cookie of somebody new. */
async function session() {
  const browser = await startBrowser();
  const page = await browser.newPage();
  await page.goto(site);
  await signIn(page, `lighthouse-${Date.now()}@example.com`);
  const cookies = await page.context().cookies(site);
  await browser.close();
  return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}

/** Chromium with a door for the measurement, and nothing remembered. */
async function chromium(profile) {
  const child = spawn(CHROMIUM, ["--headless=new", "--no-sandbox", `--user-data-dir=${profile}`, `--remote-debugging-port=${PORT}`, "about:blank"], { stdio: ["ignore", "ignore", "pipe"] });
  await new Promise((opened, failed) => {
    child.once("exit", failed);
    child.stderr.on("data", (text) => { if (String(text).includes("DevTools listening")) { opened(); } });
  });
  return child;
}

const cookie = await session();
const profile = await mkdtemp(join(tmpdir(), "lighthouse-"));
const child = await chromium(profile);
try {
  let low = false;
  const all = {};
  for (const [name, extraHeaders] of [["visitor", {}], ["create", { Cookie: cookie }]]) {
    const { lhr } = await lighthouse(`${site}/`, { port: PORT, output: "json", logLevel: "error", extraHeaders });
    const scores = Object.values(lhr.categories).map(({ title, score }) => [title, Math.round((score ?? 0) * 100)]);
    all[name] = { scores: Object.fromEntries(scores), milliseconds: Object.fromEntries(TIMES.map((id) => [id, Math.round(lhr.audits[id].numericValue)])) };
    const took = TIMES.map((id) => `${id} ${lhr.audits[id].displayValue}`);
    console.log(`${name}: ${scores.map(([title, score]) => `${title} ${score}`).join(", ")}; ${took.join(", ")}`);
    for (const { id, title, score } of Object.values(lhr.audits)) {
      if (score !== null && score < 0.9) {
        console.log(`  ${id}: ${title} (${score})`);
      }
    }
    low ||= scores.some(([, score]) => score < LEAST);
  }
  if (figures !== undefined) {
    await mkdir(dirname(figures), { recursive: true });
    await writeFile(figures, `${JSON.stringify(all, null, 2)}\n`);
  }
  process.exitCode = low ? 1 : 0;
} finally {
  child.kill();
  await new Promise((ended) => { child.once("exit", ended); });
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
}
