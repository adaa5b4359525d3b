// The sheet in which a finding is caught in seconds, from any page of an inspection: one kind, one field, and where it
// belongs, filled in from where one is. What is typed stays there as a draft until it is added.

import { atTheEnd, listed, operationsOf } from "./listing.js";
import { sayNames, watchNames } from "./names.js";
import { ready } from "./page.js";
import { keysAreOff } from "./settings.js";
import { storable } from "./shown.js";

const PAUSE = 250; // ms without a key
const SEEN = 8_000; // ms that it is said what was added, where the page itself may show nothing of it
const BEGUN = "Den här hade du börjat på. Lägg till den först, och tryck sedan en gång till på den nya.";
const BESIDE = "(min-width: 75rem)"; // there is room for the sheet and the page

const sheet = document.getElementById("fanga");
const form = sheet?.querySelector("form");
let lastCriterion = "";

class Capture {
  constructor(device, subject) {
    Object.assign(this, { device, subject, key: `${subject} capture` });
    form.addEventListener("submit", (event) => this.#submitted(event));
    form.addEventListener("input", () => this.#typed());
    watchNames(form);
    form.elements.area.addEventListener("change", () => this.#drawCriteria([]));
    form.addEventListener("keydown", (event) => this.#pressed(event));
    sheet.addEventListener("keydown", (event) => event.key === "Escape" && !sheet.matches(":modal") && sheet.close());
    sheet.addEventListener("close", () => this.#closed());
    sheet.querySelector("[data-do=close]").addEventListener("click", () => sheet.close());
  }

  async begin() {
    const draft = await this.device.draft(this.key);
    if (draft) this.#fill(draft);
  }

  // What was typed and never added, on this page or another, comes first; else what is known of where one is.
  open({ kind = "", text = "", area = "", criteria = [] } = {}) {
    if (!sheet.open) this.back = document.activeElement;
    const there = this.finding.text;
    const begun = Boolean(there.trim()) && there !== this.offered;
    if (!begun) this.#fill({ kind, text, area, criteria });
    if (!begun) this.offered = text; // a note's, which is kept there: nobody has typed it here
    this.#wrong("");
    this.#tell(begun && text ? BEGUN : "");
    if (!sheet.open) matchMedia(BESIDE).matches ? sheet.show() : sheet.showModal();
    form.elements.text.focus();
  }

  // Something that has been typed elsewhere, and is kept here from now on: under what was begun here before.
  goOn(typed) {
    const { text } = this.finding;
    this.#fill(text.trim() ? { ...this.finding, text: `${text}\n\n${typed.text}` } : typed);
    this.open();
    this.#typed();
  }

  get finding() {
    const { text, kind, area } = form.elements;
    const criteria = [...form.querySelectorAll("[name=criteria]:checked")].map((each) => each.value);
    return { text: text.value, kind: kind.value, area: area.value, criteria };
  }

  #fill({ kind, text, area, criteria }) {
    for (const each of form.elements.kind) each.checked = each.value === kind;
    form.elements.text.value = text;
    sayNames(form.elements.text);
    form.elements.area.value = area;
    this.#drawCriteria(criteria);
  }

  #drawCriteria(criteria) {
    form.querySelector("[data-part=criteria]").replaceChildren(...criteria.map(box));
  }

  // ── Typing ──

  #typed() {
    clearTimeout(this.timer);
    this.changed = true;
    this.device.typing(this, true);
    this.timer = setTimeout(() => this.#keep(), PAUSE);
  }

  get draft() {
    const { finding } = this;
    return finding.text.trim() ? finding : null;
  }

  // In another tab there may be another draft: one that nobody has touched here goes over nothing.
  async #keep() {
    clearTimeout(this.timer);
    if (!this.changed) return;
    this.changed = false;
    if (await this.device.keepDraft(this.key, this.draft)) this.device.typing(this, false);
  }

  // As Field.leave: the page is going away.
  leave() {
    this.device.leave({ draft: { key: this.key, value: this.adding ?? this.draft } });
  }

  #pressed(event) {
    const adds = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (adds) form.requestSubmit(form.querySelector("[value=one]"));
  }

  // ── Adding ──

  async #submitted(event) {
    event.preventDefault();
    const { finding } = this;
    const why = lacking(finding);
    this.#wrong(why);
    if (why || this.adding) return;
    this.adding = finding;
    const told = inWords();
    this.#fill({ ...finding, text: "" }); // what is typed while it is kept is the next one
    await this.#add(finding);
    this.adding = null;
    if (event.submitter?.value !== "more") {
      sheet.close();
      return tellAtTheDock(told);
    }
    this.#tell("Tillagd. Skriv nästa.");
    form.elements.text.focus();
  }

  async #add(finding) {
    clearTimeout(this.timer);
    await addFindings(this.device, this.subject, [finding]);
    this.changed = true;
    await this.#keep();
  }

  #wrong(text) {
    const part = form.querySelector("[data-part=wrong]");
    part.hidden = !text;
    part.querySelector("[data-say=wrong]").textContent = text;
  }

  #tell(text) {
    form.querySelector("[data-part=told]").textContent = text;
  }

  #closed() {
    this.#keep();
    if (this.back?.isConnected) this.back.focus({ preventScroll: true });
  }
}

// Last of all findings, safe on the device when it resolves: each whole, with its kind and where it belongs.
export async function addFindings(device, subject, findings) {
  const stand = listed(await device.see(subject));
  for (const each of findings) stand.push({ ...each, id: crypto.randomUUID(), order: atTheEnd(stand) });
  const made = stand.slice(-findings.length).flatMap(operationsOf);
  await device.writeAll(made.map((each) => ({ subject, ...each })));
}

// Why it cannot be added, as a sentence; "" where it can.
export function lacking({ text, kind }) {
  if (!text.trim()) return "Skriv vad du såg eller hörde.";
  if (!kind) return "Välj slag: styrka, svaghet eller förbättringspotential.";
  try {
    storable(text, "TEXT");
    return "";
  } catch (error) {
    return error.message;
  }
}

// What is being added: "Styrka tillagd under F Teoretisk utbildning".
function inWords() {
  const kind = form.querySelector("[name=kind]:checked").closest("label").textContent.trim();
  const [area] = form.elements.area.selectedOptions;
  return `${kind} tillagd${area.value ? ` under ${area.textContent}` : ""}`;
}

let told = 0;

function tellAtTheDock(text) {
  const place = document.querySelector(".dock-told");
  place.textContent = text;
  clearTimeout(told);
  told = setTimeout(() => (place.textContent = ""), SEEN);
}

function box(criterion) {
  const [label, input] = ["label", "input"].map((name) => document.createElement(name));
  label.className = "chip chip-choice";
  Object.assign(input, { type: "checkbox", name: "criteria", value: criterion, checked: true });
  label.append(input, criterion);
  return label;
}

// ── From anywhere ──

let capture = null;

export function openCapture(about) {
  capture?.open(about);
}

export function goOnInCapture(typed) {
  capture?.goOn(typed);
}

function here(area) {
  const criteria = lastCriterion && document.getElementById(lastCriterion) ? [lastCriterion] : [];
  return { area: area ?? document.querySelector("[data-capture]")?.dataset.capture ?? "", criteria };
}

function count(findings) {
  const part = document.querySelector(".tabs a[href$='/iakttagelser'] .count");
  if (part) part.textContent = String(findings.filter((each) => !each.hidden).length);
}

// The key N, by itself and outside texts; a sheet that was just closed may still have the focus.
function asksForOne({ key, altKey, ctrlKey, metaKey, shiftKey, target }) {
  if (key.toLowerCase() !== "n" || altKey || ctrlKey || metaKey || shiftKey) return false;
  if (keysAreOff() || document.querySelector("dialog[open]")) return false;
  return sheet.contains(target) || !target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
}

const at = sheet && (await ready);
if (at) {
  const { device, subject } = at;
  const open = (area) => openCapture(here(area));
  capture = new Capture(device, subject);
  await capture.begin();
  document.addEventListener("focusin", ({ target }) => (lastCriterion = target.closest(".crit")?.id ?? lastCriterion));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-capture]");
    if (!link) return;
    event.preventDefault();
    open(link.dataset.capture);
  });
  document.addEventListener("keydown", (event) => {
    if (!asksForOne(event)) return;
    event.preventDefault();
    open();
  });
  device.addEventListener("change", async ({ detail }) => {
    if (detail.subject !== subject || !detail.fields.some((each) => each.startsWith("finding/"))) return;
    const seen = await device.see(subject);
    if (seen.seq !== null) count(listed(seen));
  });
  if (location.hash === "#ny") open();
}
