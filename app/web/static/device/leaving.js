// Signing out of a device that may be shared. What waits to be sent would wait in vain on a tablet that somebody else
// takes over, so first it must go, or be carried away by hand.
//
// Without anything waiting, what was fetched is deleted: pages and fields. What a person typed that never became an
// operation, and what the server could not take, stays with that person, and is shown to nobody else.

import { openDevice } from "./outbox.js";
import { answered } from "./store.js";
import { begun, changes, inOneText, many, unsaved } from "./waiting.js";
import { tellOfParting } from "./whose.js";
import { askWorker } from "./worker.js";

const HERE = "/logga-ut";
const EVERYWHERE = "/konto/logga-ut-overallt"; // somebody has lost a tablet: that does not wait for what waits here
const SIGN_IN = "/logga-in";
const FETCHED = ["standing", "subjects"];

const ABOUT_WAITING =
  "Det som väntar finns bara på den här enheten, och ingen annan kan läsa det. Skicka det först, eller kopiera " +
  "texterna om du lämnar den ifrån dig.";
const ABOUT_BEGUN = "Det ligger kvar på den här enheten. Bara du ser det, när du har loggat in här igen.";
const BECAME = {
  offline: "Nätet är inte tillbaka än. Inget är borta.",
  "signed-out": "Servern har redan loggat ut dig. Logga in igen, så skickas det som väntar.",
  busy: "Servern kunde inte ta emot just nu. Inget är borta. Försök igen om en stund.",
};

export function guardSignOut(person) {
  document.addEventListener("submit", (event) => {
    const address = event.target.getAttribute("action");
    if (address !== HERE && address !== EVERYWHERE) return;
    event.preventDefault();
    leave(person, address).catch(() => event.target.submit()); // a device that cannot keep anything has nothing to guard
  });
}

async function leave(person, address) {
  const device = await openDevice(person);
  const found = changes(await device.unsent());
  const texts = begun(await device.drafts());
  if (found.length && address === HERE) showWaiting(device, found, texts);
  else if (texts.length && address === HERE) showBegun(device, texts);
  else await goodbye(device, address);
}

// The server first: a tablet that only seemed signed out would open itself again when the net is back.
async function goodbye(device, address = HERE) {
  const whose = { "Sporra-Person": device.person }; // somebody else may have signed in here since
  const answer = await fetch(address, { method: "POST", headers: whose }).catch(() => null);
  if (!answer?.ok || new URL(answer.url).pathname !== SIGN_IN) return showNoNet(); // a hotel's page answers everything
  await device.store.change(FETCHED, (stores) => Promise.all(FETCHED.map((name) => answered(stores[name].clear()))));
  await askWorker({ does: "forgotten", person: device.person });
  tellOfParting();
  location.assign(SIGN_IN);
}

// ── What is shown ──

function showNoNet() {
  const told = "Servern måste få veta att du går, annars är du inloggad här igen när nätet är tillbaka.";
  show("Det går inte att logga ut utan nät", told, [button("Stäng", close)]);
}

function showWaiting(device, found, texts) {
  const title = many(found.length, "ändring är inte skickad än", "ändringar är inte skickade än");
  const send = button("Försök skicka nu", () => sendFirst(device, texts), "btn-main");
  const copy = button("Kopiera texterna", () => carryAway([...found, ...texts]));
  show(title, [ABOUT_WAITING, about(texts)].join(" "), [send, copy, button("Stäng", close)]);
}

// What is no change yet is nothing to send: it stays, and she may go.
function showBegun(device, texts) {
  const out = button("Logga ut", () => goodbye(device), "btn-main");
  show(unsaved(texts), ABOUT_BEGUN, [out, button("Kopiera texterna", () => carryAway(texts)), button("Stäng", close)]);
}

const about = (texts) => (texts.length ? `Dessutom: ${unsaved(texts)}. ${ABOUT_BEGUN}` : "");

async function sendFirst(device, texts) {
  say("Skickar …");
  await device.files.send();
  const became = await device.send();
  const left = changes(await device.unsent());
  if (left.length) return say(BECAME[became] ?? BECAME[device.files.last] ?? BECAME.busy);
  return show("Allt är skickat", ["Nu kan du logga ut.", about(texts)].join(" "), [
    button("Logga ut", () => goodbye(device), "btn-main"),
    button("Stäng", close),
  ]);
}

async function carryAway(found) {
  const text = inOneText(found);
  try {
    await navigator.clipboard.writeText(text);
    say("Texterna är kopierade. Klistra in dem där du vill ha dem.");
  } catch {
    showToSelect(text);
  }
}

// Where the browser gives no clipboard, the person has one.
function showToSelect(text) {
  const area = document.createElement("textarea");
  Object.assign(area, { className: "area", readOnly: true, rows: 8, value: text, id: "texterna" });
  const label = document.createElement("label");
  Object.assign(label, { htmlFor: area.id, textContent: "Markera och kopiera härifrån" });
  said().replaceChildren(label, area);
  area.select();
}

const place = () => document.getElementById("trouble");
let cameFrom = null;

function close() {
  place().replaceChildren();
  cameFrom?.focus();
}

const said = () => place().querySelector("[role=status]");
const say = (text) => said().replaceChildren(text);

function show(title, text, buttons) {
  const sheet = document.createElement("dialog");
  const head = document.createElement("h2");
  const [told, after, row] = ["p", "div", "p"].map((name) => document.createElement(name));
  Object.assign(sheet, { className: "trouble trouble-wait stack" });
  Object.assign(head, { textContent: title, id: "trouble-om", tabIndex: -1 });
  sheet.setAttribute("aria-labelledby", head.id);
  told.textContent = text;
  after.setAttribute("role", "status");
  row.className = "row";
  row.append(...buttons);
  sheet.append(head, told, after, row);
  sheet.addEventListener("keydown", (event) => event.key === "Escape" && close());
  if (!place().contains(document.activeElement)) cameFrom = document.activeElement;
  const menu = cameFrom?.closest("details[open]");
  if (menu) {
    menu.open = false; // else it stands beside the sheet, and over it
    cameFrom = menu.querySelector("summary");
  }
  place().replaceChildren(sheet);
  sheet.show();
  head.focus();
}

function button(text, press, look = "") {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: `btn ${look}`.trim(), textContent: text });
  made.addEventListener("click", press);
  return made;
}
