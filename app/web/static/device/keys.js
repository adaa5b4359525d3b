// Single keys on an area's page, for those who want them. They work outside text fields only, and can be turned off. The
// list of them is offered where there seems to be a keyboard: beside a mouse, or when a key has been used.

import { keysAreOff, turnKeysOff } from "./settings.js";

export function keys(document) {
  const list = document.getElementById("tangenter");
  const opener = document.getElementById("visa-tangenter");
  opener.hidden = !matchMedia("(hover: hover) and (pointer: fine)").matches;
  opener.addEventListener("click", () => list.showModal());
  const choice = list.querySelector("input[type=checkbox]");
  choice.checked = !keysAreOff();
  choice.addEventListener("change", () => turnKeysOff(!choice.checked));
  list.querySelector("button").addEventListener("click", () => list.close());
  document.addEventListener("keydown", (event) => {
    if (event.altKey && /^[1-8]$/.test(event.key)) return go(event, areaLink(document, Number(event.key)));
    if (event.altKey || event.ctrlKey || event.metaKey || writing(event.target)) return;
    opener.hidden = false;
    if (event.key === "?") return list.open || (event.preventDefault(), list.showModal());
    if (choice.checked && !document.querySelector("dialog[open]")) press(document, event);
  });
}

function press(document, event) {
  const key = event.key.toLowerCase();
  if (key === "j" || key === "k") return step(event, document, key === "j" ? 1 : -1);
  if (key === "g") return go(event, document.getElementById("gradering"));
  if (key === "r") return go(event, document.getElementById("kvar"));
  const card = document.activeElement?.closest(".crit");
  if (!card) return;
  if (/^[1-9]$/.test(key)) return answer(event, card.querySelectorAll("input[type=radio]")[key - 1]);
  if (key === "c") return unfold(event, card.querySelectorAll("details")[0]);
  if (key === "l") return unfold(event, card.querySelectorAll("details")[1]);
}

function writing(target) {
  return target.matches?.("textarea, select, input:not([type=radio], [type=checkbox]), [contenteditable]");
}

function step(event, document, by) {
  const cards = [...document.querySelectorAll(".crit")];
  const here = cards.indexOf(document.activeElement?.closest(".crit"));
  const next = cards[here < 0 ? (by > 0 ? 0 : cards.length - 1) : here + by];
  if (!next) return;
  event.preventDefault();
  const radios = [...next.querySelectorAll("input[type=radio]")];
  (radios.find((each) => each.checked) ?? radios[0]).focus();
  next.scrollIntoView({ block: "center" });
}

function answer(event, radio) {
  if (!radio) return;
  event.preventDefault();
  radio.focus();
  radio.click();
}

function unfold(event, details) {
  if (!details) return;
  event.preventDefault();
  details.open = true;
  (details.querySelector("textarea, a, button") ?? details.querySelector("summary")).focus();
}

function go(event, target) {
  if (!target) return;
  event.preventDefault();
  if (target.href) return target.click();
  target.tabIndex = -1;
  target.focus();
  target.scrollIntoView();
}

function areaLink(document, number) {
  return document.querySelectorAll("#rail a")[number - 1];
}
