// The notes of a talk: one's own are written field by field, the colleague's come in beside them, and each can be made a
// finding where one is.

import { openCapture } from "./capture.js";
import { tellWhenEnded } from "./ended.js";
import { watchNames } from "./names.js";
import { ready } from "./page.js";
import { say } from "./rows.js";
import { Sheet } from "./sheet.js";
import { hours, weekday } from "./talks.js";

const ID = "__id__"; // what stands for the talk in a page that was taken along for one that is added without a net
const form = document.getElementById("anteckningar");
const talk = location.pathname.split("/").at(-1);
const roles = JSON.parse(form.dataset.roles);
const standsIn = form.getAttribute("action").endsWith(ID);

// What is asked about is every criterion until the server knows the role.
function standIn() {
  for (const each of document.querySelectorAll("#main, #main *")) {
    for (const { name, value } of [...each.attributes]) {
      if (value.includes(ID)) each.setAttribute(name, value.replaceAll(ID, talk));
    }
  }
}

// Whom it is with, when and where, as the programme has it now.
function tellTalk(fields) {
  const told = (name) => fields.get(`interview/${talk}/${name}`)?.value ?? "";
  const role = roles[told("role")] ?? "";
  const whom = told("who") || role || "Samtal";
  const when = [told("day") && weekday(told("day")), hours(told("from"), told("to")), role === whom ? "" : role, told("room")];
  say(document, "whom", whom);
  say(document, "when", when.filter(Boolean).join(" · "));
}

function shown(fields, whole, person) {
  if (whole || standsIn) tellTalk(fields);
  for (const [key, { value, by, name }] of fields) {
    const [room, of, whose, about] = key.split("/");
    const place = room === "note" && of === talk && form.querySelector(`[data-about="${CSS.escape(about)}"]`);
    if (!place) continue;
    if (whose !== person) showOther(place, key, name, value);
  }
  for (const each of form.querySelectorAll("[data-about]")) {
    each.querySelector(":scope > .since-row > [data-part=finding]").hidden = !each.querySelector("textarea").value.trim();
  }
}

function showOther(place, key, name, text) {
  let part = place.querySelector(`[data-other="${CSS.escape(key)}"]`);
  if (!part && text) {
    part = document.importNode(document.getElementById("t-other").content.firstElementChild, true);
    part.dataset.other = part.querySelector("[data-note]").dataset.note = key;
    place.querySelector("[data-part=others]").append(part);
  }
  if (!part) return;
  part.hidden = !text;
  for (const [what, said] of [["by", name], ["text", text ?? ""]]) {
    const line = part.querySelector(`[data-say=${what}]`);
    if (said && line.textContent !== said) line.textContent = said;
  }
}

// The sheet opens over the page: one goes on listening where one was.
function makeFinding(event) {
  const link = event.target.closest("[data-note]");
  if (!link) return;
  event.preventDefault();
  const place = link.closest("[data-about]");
  const other = link.closest("[data-other]");
  const text = other ? other.querySelector("[data-say=text]").textContent : place.querySelector("textarea").value;
  const { about, area } = place.dataset;
  openCapture({ text, area, criteria: area ? [about] : [] });
}

const at = await ready;
if (at) {
  tellWhenEnded(at);
  if (standsIn) standIn();
  form.addEventListener("click", makeFinding);
  form.addEventListener("input", () => shown(new Map(), false, at.device.person));
  watchNames(form);
  await new Sheet(at, form, (fields, whole) => shown(fields, whole, at.device.person)).begin();
  document.documentElement.dataset.ready = "notes";
}
