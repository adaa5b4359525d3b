// One device for a page on which something can be written: opened once, sent from, and kept up to date.
//
//   ready    → { device, subject }, when what the device knows can be read; null where the page is not to be written on
//              this way (nobody has signed in, or the browser has no secure context: then its forms work as they are)

import { openDevice } from "./outbox.js";
import { askWorker } from "./worker.js";

const RETRY = 5_000; // ms; an `online` event cannot be trusted alone
const NEWS = 15_000;

const { person, subject } = document.body.dataset;
const { area } = document.querySelector("#rail [aria-current]")?.dataset ?? {}; // what the colleague is told: see presence.js

export const ready = person && subject && globalThis.isSecureContext ? open() : Promise.resolve(null);

async function open() {
  const device = await openDevice(person);
  device.addEventListener("change", ({ detail }) => {
    if (detail.here && !detail.sent && detail.fields.length) sendSoon(device);
    if (detail.here && detail.taken) device.files.send();
    if (detail.here && detail.turned) askWorker({ does: "fetched", person, path: `/inspektioner/${subject}/jamka` });
    if (detail.here && (detail.beside?.length || detail.late?.length)) device.news(subject, area);
  });
  setInterval(() => retry(device), RETRY);
  setInterval(() => document.hidden || device.news(subject, area), NEWS);
  addEventListener("online", () => meet(device));
  addEventListener("pagehide", () => device.unsafe.forEach((each) => each.leave()));
  addEventListener("beforeunload", (event) => (device.loose.length || device.files.loose) && event.preventDefault());
  document.addEventListener("visibilitychange", () => document.hidden || meet(device));
  meet(device);
  return { device, subject };
}

async function meet(device) {
  await device.send();
  await device.news(subject, area);
  device.files.send();
}

async function retry(device) {
  if ((await device.waiting()).length) await device.send();
  else if ([device, device.files].some(({ last }) => last !== "sent")) await meet(device);
  device.files.send();
}

// One round at a time, and one more if something came meanwhile.
let sending = null;
let again = false;

function sendSoon(device) {
  again = true;
  sending ??= (async () => {
    while (again) {
      again = false;
      await device.send();
    }
  })().finally(() => (sending = null));
}
