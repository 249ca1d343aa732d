/**
 * The scan page without a network: this worker keeps its files and the page as it was last seen, and
 * nothing else.  What the server says of goods is never kept here.
 *
 * SHELL, put before this text by the server, is {version, files}: new files make a new version.
 */

const PATH = "/scan";
const PAGE = "scan-page"; // the page of whoever is signed in; forget.js deletes it
const FILES = `scan-files-${SHELL.version}`;
const PATIENCE = 4_000; // a weak network is as good as none

addEventListener("install", (event) => {
  skipWaiting();
  const fresh = SHELL.files.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(FILES).then((files) => files.addAll(fresh)));
});

addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([forgetEarlier(), clients.claim(), keepPage().catch(() => {})]));
});

addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (pathname === PATH) event.respondWith(page(event.request));
  else if (SHELL.files.includes(pathname)) event.respondWith(file(event.request));
});

async function forgetEarlier() {
  const earlier = (await caches.keys()).filter((name) => name !== FILES && name !== PAGE);
  await Promise.all(earlier.map((name) => caches.delete(name)));
}

/** The page that registered this worker was loaded without it. */
async function keepPage() {
  await keep(await fetch(PATH, { signal: AbortSignal.timeout(PATIENCE) }));
}

/** Not the sign-in page, to which somebody unknown is sent. */
async function keep(response) {
  if (response.ok && !response.redirected) await (await caches.open(PAGE)).put(PATH, response);
}

/** The page from the server, kept; without a network the one that was kept last. */
async function page(request) {
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    await keep(response.clone());
    return response;
  } catch {
    return (await caches.match(PATH)) ?? Response.error();
  }
}

/** From the server, so that page and files are of one time; without a network as they were kept. */
async function file(request) {
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    return (await caches.match(new URL(request.url).pathname)) ?? Response.error();
  }
}
