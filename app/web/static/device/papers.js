// Where files are added: beside a criterion or an area, and on the page of all of them. What is chosen is safe on the
// device before it is sent, with a net and without.

import { asDrawnNow, swap } from "./differing.js";
import { ready } from "./page.js";

const KEPT = "Finns på den här enheten och skickas av sig själv.";
const LOOSE = "Får inte plats på den här enheten. Den skickas när nätet är tillbaka, om sidan är öppen då.";
const SENT = "Tillagd.";
const CHOOSE = "Välj filen som ska läggas till.";

const places = [...document.querySelectorAll("[data-attach]")];
const mine = new Map(); // id → where it was chosen

async function add({ device, subject }, place, { about, name, file }) {
  const told = place.querySelector("[data-part=told]");
  told.textContent = "Läggs på den här enheten …";
  const made = await device.files.add({ subject, about, name, file });
  if (made.told) return (told.textContent = made.told);
  told.textContent = made.loose ? LOOSE : KEPT;
  mine.set(made.id, told);
}

// A picture beside what it is about.
function chooses(at, place) {
  const [label, input] = [place.querySelector("label"), place.querySelector("input")];
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (file) await add(at, place, { about: place.dataset.attach, name: "", file });
    input.value = ""; // the same picture may be chosen again
  });
  label.hidden = false;
}

// The form that works without script: the device keeps what it would send.
function fills(at, form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { fil, namn, om } = form.elements;
    const [file] = fil.files;
    if (!file) return (form.querySelector("[data-part=told]").textContent = CHOOSE);
    await add(at, form, { about: om.value, name: namn.value.trim() || file.name, file });
    fil.value = namn.value = "";
  });
}

async function drawAnew() {
  const fresh = await asDrawnNow();
  const lists = ["tillagda", ...places.map((place) => `bilagor-${place.dataset.attach}`)];
  swap(fresh, lists.map((id) => `[id="${id}"]`));
  swap(fresh, places.map((place) => `[data-attached-count="${place.dataset.attach}"]`));
}

const at = await ready;
if (at) {
  for (const place of places) (place.matches("form") ? fills : chooses)(at, place);
  at.device.addEventListener("change", async ({ detail }) => {
    if (!detail.settled || detail.subject !== at.subject) return;
    const told = mine.get(detail.settled);
    await drawAnew();
    if (told && mine.delete(detail.settled)) told.textContent = SENT;
  });
  document.documentElement.dataset.papers = "ready";
}
