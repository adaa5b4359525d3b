// The page in reserve, under the address of one that is neither on the net nor on the device: what waits to be sent, and
// the way to those pages of the same inspection that are here.

import { openDevice } from "./outbox.js";
import { changes, many } from "./waiting.js";
import { askWorker } from "./worker.js";

async function tellWhatWaits(person) {
  const device = await openDevice(person);
  const { length } = changes(await device.unsent());
  device.close();
  if (!length) return;
  const place = document.getElementById("vantar");
  const waits = `${many(length, "ändring", "ändringar")} väntar på nät. ${length === 1 ? "Den" : "De"}`;
  place.textContent = `${waits} finns på den här enheten och skickas när nätet är tillbaka.`;
  place.hidden = false;
}

async function showTheWay(person) {
  const [home] = location.pathname.match(/^\/inspektioner\/[^/]+/) ?? [];
  for (const link of home ? document.querySelectorAll("[data-within]") : []) {
    const path = home + link.dataset.within;
    const here = await askWorker({ does: "since", person, paths: [path] });
    Object.assign(link, { href: path, hidden: !here?.since });
  }
}

const person = await askWorker({ does: "who" });
if (typeof person === "string") {
  await showTheWay(person);
  await tellWhatWaits(person);
}
