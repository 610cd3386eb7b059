import { chromium } from "playwright-core";
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const [w, scheme] of [[1100, "light"], [390, "dark"]]) {
  const p = await b.newPage({ viewport: { width: w, height: 1000 }, colorScheme: scheme });
  p.on("console", (m) => console.log("console", m.type(), m.text()));
  p.on("pageerror", (e) => console.log("error", e.message));
  await p.goto("http://localhost:8400/reference/");
  await p.waitForSelector(".call");
  await p.click("#create_generation > summary");
  await p.screenshot({ path: `/tmp/ref-${w}.png`, fullPage: false });
  await p.evaluate(() => document.querySelector("#create_generation .call-try").scrollIntoView());
  await p.screenshot({ path: `/tmp/ref-${w}-try.png` });
  console.log(await p.evaluate(() => document.documentElement.scrollWidth));
}
await b.close();
