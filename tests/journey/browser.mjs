/** The browser of the journey: started once, watched all the time. */
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const CANDIDATES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

const ARGUMENTS = [
  "--no-sandbox",
  "--no-first-run",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Machines without a graphics card draw the model in software.
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
];

/** Starts Chromium: the one that CHROMIUM names, or the first that is installed. */
export async function startBrowser() {
  const executablePath = process.env.CHROMIUM ?? CANDIDATES.find(existsSync);
  if (executablePath === undefined) {
    throw new Error(`no Chromium found: install one of ${CANDIDATES.join(", ")}, or name it in CHROMIUM`);
  }
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

/** A context whose every request, cookie, console error and policy report is written down. */
export async function watchedContext(browser, site) {
  // Small, because software has to draw every frame.
  const context = await browser.newContext({ viewport: { width: 900, height: 700 }, locale: "en-GB", acceptDownloads: true });
  const seen = { origins: new Set(), strangers: new Set(), cookies: [], errors: [], policyReports: [] };
  await context.exposeBinding("tellPolicyReport", (_source, report) => { seen.policyReports.push(report); });
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.tellPolicyReport(`${location.pathname}: ${event.effectiveDirective} refused ${event.blockedURI || "inline"}`);
    });
  });
  context.on("request", (request) => {
    const { protocol, hostname, origin } = new URL(request.url());
    if (protocol.startsWith("http")) {
      seen.origins.add(origin);
    }
    if (protocol.startsWith("http") && hostname !== "localhost" && hostname !== "127.0.0.1") {
      seen.strangers.add(hostname);
    }
  });
  // Cookies know no ports: only the answer says whether the site or the sign-in provider beside it sets one.
  context.on("response", (response) => {
    if (new URL(response.url()).origin === site) {
      seen.cookies.push(response.headersArray().then(cookiesOf, () => []));
    }
  });
  context.on("console", (message) => {
    if (message.type() === "error" && !isTheQuestionWhoIsHere(message, site)) {
      seen.errors.push(`${message.text()} (${message.location().url})`);
    }
  });
  context.on("weberror", (error) => { seen.errors.push(String(error.error())); });
  return { context, seen };
}

/** A visitor's page asks /api/me, and the browser itself notes the honest 401 as an error. Nothing else is excused. */
function isTheQuestionWhoIsHere(message, site) {
  return message.location().url === `${site}/api/me` && message.text().includes("401");
}

function cookiesOf(headers) {
  return headers.filter(({ name }) => name.toLowerCase() === "set-cookie").map(({ value }) => value);
}
