/**
 * Keeps the site's own files, so that it opens without a network and can say so. Never anything of a person: what it does not
 * name here (the API, photos, models) goes past it, and past its memory, to the network.
 */
const SHELF = "shell-1";
const PAGE = "/";

/** Files named by their content: what is kept of them is right for ever. The cut-out's 14 MB are not worth it. */
const isNamedByContent = (path) => /^\/assets\/[^/]+\.(?:js|css|svg)$/.test(path);
/** Addresses of the one page, as the CDN has them. */
const isPage = (path) => !path.startsWith("/api/") && !path.startsWith("/reference") && !path.split("/").at(-1).includes(".");

self.addEventListener("install", (event) => event.waitUntil(fetch(PAGE).then(keepPage)));
self.addEventListener("activate", (event) => event.waitUntil(
  caches.keys().then((names) => Promise.all(names.filter((name) => name !== SHELF).map((name) => caches.delete(name)))),
));
self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin) {
    return;
  }
  if (event.request.mode === "navigate" && isPage(pathname)) {
    const answer = fetch(event.request);
    event.respondWith(answer.catch(async () => (await caches.match(PAGE)) ?? Response.error()));
    event.waitUntil(answer.then((page) => keepPage(page.clone()), () => undefined));
  } else if (isNamedByContent(pathname)) {
    event.respondWith(caches.match(event.request).then((kept) => kept ?? fetchAsset(event.request)));
  }
});

// A notification leads back to the page that showed it; on Android it is shown by this worker.
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.matchAll({ type: "window" }).then((pages) => pages[0]?.focus() ?? self.clients.openWindow(PAGE)));
});

/** Keeps the page. A new one takes the place of the old one, together with the files that it names. */
async function keepPage(page) {
  const text = await page.text();
  const before = await caches.match(PAGE);
  if (!page.ok || await before?.text() === text) {
    return;
  }
  await caches.delete(SHELF);
  const shelf = await caches.open(SHELF);
  await shelf.addAll([...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, file]) => file));
  await shelf.put(PAGE, new Response(text, { headers: page.headers }));
}

async function fetchAsset(request) {
  const answer = await fetch(request);
  if (answer.ok) {
    await (await caches.open(SHELF)).put(request, answer.clone());
  }
  return answer;
}
