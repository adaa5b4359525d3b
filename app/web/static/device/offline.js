// What can be read without a net, and how long: the page's side of the worker (../sw.js), on every page of somebody
// who has signed in. What is typed is kept elsewhere (store.js) and needs nothing of this.
//
// "Ta med offline" on an inspection's overview fetches its pages and its fields. An open page says so when it is an
// older one from the device.

import { openDevice } from "./outbox.js";
import { guardSignOut } from "./leaving.js";
import { day, lately } from "./times.js";
import { standAside } from "./whose.js";
import { LONG, askWorker, keepUnseen } from "./worker.js";

const { person = null, subject = null, kept = null } = document.body.dataset;

const NO_TLS =
  "Sporra nås här utan kryptering, och då kan webbläsaren inte ta med något. Be den som sköter Sporra om en adress " +
  "som börjar med https.";
const NO_WORKER =
  "Webbläsaren sparar inga sidor här. Är fönstret privat, eller den här enheten full? Öppna Sporra i ett vanligt " +
  "fönster och försök igen.";
const NOT_PROMISED =
  "Webbläsaren kan rensa bort det när den här enheten blir full. Installera Sporra eller lägg den på " +
  "hemskärmen: det är tryggare.";
const WHY_NOT = {
  offline: "Nätet försvann på vägen. Det som redan finns på den här enheten är kvar. Försök igen när nätet är tillbaka.",
  "signed-out": "Logga in igen och försök sedan på nytt.",
  busy: "Servern kunde inte lämna ut allt just nu. Försök igen om en stund.",
  gone: "Inspektionen går inte att hämta längre. Ladda om sidan, så syns varför.",
  full: "Det får inte plats på den här enheten. Ta bort något annat här och försök igen.",
};

// ── Taking along ──

class TakeAlong {
  constructor(card) {
    const part = (name) => card.querySelector(`[data-part=${name}]`);
    Object.assign(this, { told: part("told"), doubt: part("doubt"), bar: part("bar"), button: part("button") });
    this.paths = card.dataset.pages.split(" ");
    this.about = this.told.textContent;
    this.button.addEventListener("click", () => this.take());
    this.unable = unableToKeep();
    card.hidden = false;
  }

  async begin() {
    const why = await this.unable;
    if (!why) return this.tell();
    this.told.textContent = why;
    this.button.hidden = true;
  }

  async take() {
    if (this.taking || (await this.unable)) return;
    this.taking = true;
    try {
      const became = await this.fetchAll();
      await this.tell(became === "kept" ? "" : (WHY_NOT[became] ?? WHY_NOT.offline));
    } finally {
      this.taking = false;
      this.bar.hidden = true;
    }
  }

  async fetchAll() {
    await navigator.storage?.persist?.();
    Object.assign(this.bar, { hidden: false, max: this.paths.length + 1, value: 0 });
    for (const path of this.paths) {
      this.told.textContent = `Hämtar ${this.bar.value + 1} av ${this.paths.length} sidor …`;
      const became = await askWorker({ does: "fetched", person, path }, LONG);
      if (became?.trouble) return became.trouble === "QuotaExceededError" ? "full" : "offline";
      if (became !== "kept") return became;
      this.bar.value += 1;
    }
    return fetchFields();
  }

  // Says what is there, which the worker alone knows.
  async tell(trouble = "") {
    const here = await askWorker({ does: "since", person, paths: this.paths });
    const told = here?.since
      ? `Finns på den här enheten sedan ${lately(here.since)}. Räcker till ${day(here.until)}.`
      : "";
    this.told.textContent = [trouble, told].filter(Boolean).join(" ") || this.about;
    this.button.querySelector("span").textContent = told ? "Hämta igen" : "Ta med offline";
    this.doubt.textContent = NOT_PROMISED;
    this.doubt.hidden = !told || (await promised());
  }
}

async function promised() {
  return matchMedia("(display-mode: standalone)").matches || Boolean(await navigator.storage?.persisted?.());
}

async function fetchFields() {
  const device = await openDevice(person);
  try {
    if (!(await device.news(subject))) return device.last;
    return device.following.about.has(subject) ? "full" : "kept";
  } finally {
    device.close();
  }
}

// Why nothing can be kept here, as a sentence; "" where it can, and then the worker is at work.
async function unableToKeep() {
  if (!window.isSecureContext) return NO_TLS;
  try {
    const registration = await navigator.serviceWorker.register("/sw.js");
    if (!registration.active) await working(registration.installing ?? registration.waiting);
    return "";
  } catch {
    return NO_WORKER;
  }
}

function working(worker) {
  return new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("not installed"));
    });
  });
}

// ── On every page ──

function tellThatItIsOld() {
  const line = document.createElement("p");
  line.className = "hint kept";
  line.textContent = `Sidan är från ${lately(Number(kept))}, när den senast hämtades.`;
  document.getElementById("main").prepend(line);
  const stood = document.querySelector("[data-part=stood]"); // beside what the server alone can count
  if (stood) stood.textContent = `Så stod det ${lately(Number(kept))}.`;
}

const renew = () => askWorker({ does: "renewed", person, writes: Boolean(card), path: location.pathname }, LONG);

const card = document.getElementById("ta-med");
if (person) guardSignOut(person);
if (person) standAside(person);
if (kept) tellThatItIsOld();
if (card) await new TakeAlong(card).begin();
if (person) {
  navigator.serviceWorker?.addEventListener("controllerchange", renew); // a new edition has taken over
  const became = await renew();
  // Where a finding can be caught, they can all be read and mended.
  if (became === "renewed" && document.getElementById("fanga")) keepUnseen(person, `/inspektioner/${subject}/iakttagelser`);
}
