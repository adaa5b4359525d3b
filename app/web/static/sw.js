// The worker between the pages and the net: what was fetched once can be shown without a net, to the same person.
// The server puts EDITION, FILES and ABSENT before this text (app/web/offline.py).
//
// Pages are kept by person. Whose may be shown is decided by the server's last answer: a page of somebody's makes it
// theirs, the sign-in page makes it nobody's. So a session that has ended, or a tablet that was handed over, shows
// nothing from here. What is typed is not the worker's: everything but GET, and the whole API, passes it by.

const PATIENCE = 4_000; // ms: then a page that is here is better than one that may come
const KEPT_FOR = 7 * 24 * 60 * 60 * 1000; // as long as iPadOS lets a site be that is not installed
const AWAY = [502, 503, 504]; // the server is not there, says something in front of it
const PAGE = /^\/(inspektioner(\/[^/]+(\/(omraden(\/[^/]+)?|iakttagelser|underlag|program|intervjuer\/[^/]+|olika|jamka|slutsamtal|framsida|rapport))?)?)?$/;
const TALK = /^(\/inspektioner\/[^/]+\/intervjuer\/)[0-9a-f-]{36}$/;
const SIGN_IN = "/logga-in";

const WHO = "sporra-who"; // a cache with one entry: the person
const STATIC = "sporra-static-";
const PAGES = "sporra-pages-";

let partings = 0; // how often the person has changed: an answer that was asked for before changes nothing any more

// ── The worker's own life ──

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(take()));

async function install() {
  await (await caches.open(STATIC + EDITION)).addAll(FILES);
  await self.skipWaiting(); // addresses carry hashes: an old page goes on with its own files
}

async function take() {
  await self.clients.claim();
  await sweep();
}

// ── Requests ──

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (hashed(url)) event.respondWith(file(request));
  else if (request.mode === "navigate" && request.destination === "document") event.respondWith(visited(event, url));
});

const hashed = ({ pathname, searchParams }) =>
  pathname.startsWith("/static/") && (pathname.startsWith("/static/device-") || searchParams.has("v"));

async function file(request) {
  const here = await caches.match(request);
  if (here) return here;
  const answer = await fetch(request);
  if (answer.headers.get("Cache-Control")?.includes("immutable")) {
    const copy = answer.clone();
    caches.open(STATIC + EDITION).then((cache) => cache.put(request, copy)).catch(() => {}); // full: then not
  }
  return answer;
}

async function visited(event, url) {
  const asked = fetch(event.request).catch(() => null);
  const before = partings;
  const copy = (answer) => (worthKeeping(url) ? answer.clone() : answer); // a download is not read twice
  event.waitUntil(asked.then((answer) => answer && notice(url, copy(answer), before)).catch(() => {}));
  const first = await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, PATIENCE, null))]);
  if (first && !AWAY.includes(first.status)) return first;
  return (await kept(url)) ?? (await asked) ?? (await caches.match(ABSENT));
}

// ── Pages ──

const worthKeeping = ({ pathname, search }) => !search && PAGE.test(pathname);
const address = ({ pathname, search }) => (pathname.startsWith("/inspektioner/") ? pathname : pathname + search);

// What an answer says of who is here, and the page itself where it is one to keep. Readers' pages are not: only whoever
// has been where they write has a cache.
async function notice(url, answer, before) {
  if (before !== partings) return;
  const person = answer.headers.get("Sporra-Person");
  if (person) await remember(person);
  else if (url.pathname === SIGN_IN && answer.ok) await caches.delete(WHO);
  if (!person || !worthKeeping(url) || !(await caches.has(PAGES + person))) return;
  if (answer.status === 200) await keep(person, url, answer, partings);
  if (answer.status === 404) await (await caches.open(PAGES + person)).delete(address(url)); // hers no longer
}

async function keep(person, url, answer, before) {
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  const marked = (await answer.text()).replace("<body", `<body data-kept="${Date.now()}"`);
  if (before !== partings) return; // she left while the page was coming
  await put(person, url, new Response(marked, { headers }));
}

async function put(person, url, answer) {
  answer.headers.set("Kept-At", Date.now());
  answer.headers.set("Kept-With", EDITION);
  await (await caches.open(PAGES + person)).put(address(url), answer);
}

const keptAt = (answer) => Number(answer.headers.get("Kept-At"));
const fresh = (answer) => Date.now() - keptAt(answer) < KEPT_FOR;

async function kept(url) {
  const person = await who();
  if (!person) return null;
  const cache = await caches.open(PAGES + person);
  // A talk that was added without a net: its notes are written in a page that was taken along for it (notes.js).
  const standIn = url.pathname.replace(TALK, "$1ny");
  const answer = (await cache.match(address(url))) ?? (await cache.match(standIn));
  return answer && fresh(answer) ? answer : null;
}

async function who() {
  return (await (await caches.match("/", { cacheName: WHO }))?.text()) ?? null;
}

async function remember(person) {
  if ((await who()) !== person) partings += 1;
  await (await caches.open(WHO)).put("/", new Response(person));
}

// Old pages go, and the files of an edition when the last page that was kept with it has gone.
async function sweep() {
  const names = await caches.keys();
  const used = new Set([EDITION]);
  for (const name of names.filter((each) => each.startsWith(PAGES))) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      if (fresh(answer)) used.add(answer.headers.get("Kept-With"));
      else await cache.delete(request);
    }
  }
  const unused = names.filter((each) => each.startsWith(STATIC) && !used.has(each.slice(STATIC.length)));
  await Promise.all(unused.map((each) => caches.delete(each)));
}

// ── What a page asks for: {does, …}, answered on the port that came with it ──

const DOES = { fetched, since, renewed, forgotten, dropped, who };

self.addEventListener("message", (event) => {
  const { does, ...given } = event.data;
  const answered = DOES[does](given).catch((error) => ({ trouble: error.name }));
  event.waitUntil(answered.then((answer) => event.ports[0].postMessage(answer)));
});

// Fetches a page to keep it. Gives "kept", "signed-out" (by the server, or somebody else is here now), "gone", "busy"
// or "offline".
async function fetched({ person, path }) {
  const before = partings;
  const answer = await fetch(path, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer || AWAY.includes(answer.status)) return "offline";
  if (answer.status >= 500) return "busy";
  const url = new URL(answer.url);
  if (answer.headers.get("Sporra-Person") !== person) return "signed-out";
  const { status } = answer;
  if (status === 200 && answer.redirected) {
    const onwards = new Response(null, { status: 303, headers: { Location: url.pathname } });
    await put(person, new URL(path, self.location), onwards);
  }
  await notice(url, answer, before);
  return status === 200 ? "kept" : "gone";
}

// Since when all of these pages are here, and until when they are; null where one is missing.
async function since({ person, paths }) {
  const cacheName = PAGES + person; // asked and not opened: that would make one, also for who only reads
  const answers = await Promise.all(paths.map((path) => caches.match(path, { cacheName })));
  if (!answers.every((answer) => answer && fresh(answer))) return null;
  const oldest = Math.min(...answers.map(keptAt));
  return { since: oldest, until: oldest + KEPT_FOR };
}

// After an upgrade of the server: pages of the edition before are fetched anew. From now on this person's are kept,
// where `writes` says that it is worth it; and the first is the one that asks, which came before there was a place for it.
async function renewed({ person, writes, path }) {
  const begins = !(await caches.has(PAGES + person));
  if (begins && !writes) return "none";
  const cache = await caches.open(PAGES + person);
  if (begins) await fetched({ person, path });
  for (const request of await cache.keys()) {
    const answer = await cache.match(request);
    if (answer.headers.get("Kept-With") === EDITION || !fresh(answer)) continue;
    const became = await fetched({ person, path: new URL(request.url).pathname });
    if (became !== "kept" && became !== "gone") break;
  }
  await sweep();
  return "renewed";
}

// The pages at an address and below it.
async function dropped({ person, path }) {
  const cache = await caches.open(PAGES + person);
  const below = ({ pathname }) => pathname === path || pathname.startsWith(`${path}/`);
  await Promise.all((await cache.keys()).filter((each) => below(new URL(each.url))).map((each) => cache.delete(each)));
  return "dropped";
}

async function forgotten({ person }) {
  partings += 1;
  await Promise.all([caches.delete(PAGES + person), caches.delete(WHO)]);
  return "forgotten";
}
