// The findings' page, drawn from what the device knows: written, ordered, moved between the lists, linked, taken away
// and brought back, with a net or without. Without this script the same page is one form.

import { goOnInCapture, openCapture } from "./capture.js";
import { AGAIN, asDrawnNow, swap } from "./differing.js";
import { Dock } from "./dock.js";
import { Dragging } from "./dragging.js";
import { tellWhenEnded } from "./ended.js";
import { KINDS, listed, moved, opening } from "./listing.js";
import { Mending } from "./mending.js";
import { ready } from "./page.js";
import { arrange, fill, made, say, tellLacking } from "./rows.js";

const form = document.getElementById("omrade");
const pageSeq = Number(document.body.dataset.seq);
const NAMES = { strength: "styrkorna", weakness: "svagheterna", improvement: "förbättringspotentialen" };

class FindingsPage {
  constructor(at) {
    Object.assign(this, at, { rows: new Map(), undos: new Map(), mended: new Map(), work: Promise.resolve() });
    for (const row of form.querySelectorAll(".find")) this.rows.set(row.id.slice(2), row);
    for (const each of document.querySelectorAll("[data-unscripted]")) each.hidden = true;
    form.classList.add("finds-live");
    form.addEventListener("submit", (event) => this.#submitted(event));
    form.addEventListener("click", (event) => this.#clicked(event));
    form.addEventListener("keydown", (event) => this.#typed(event));
    this.dragging = new Dragging(form, {
      dropped: (row, list, place) => this.#next(() => this.#dropped(row, list, place)),
      left: () => this.#next(() => this.#draw()),
    });
    this.device.addEventListener("change", ({ detail }) => detail.subject === this.subject && this.#changed(detail));
    document.addEventListener("visibilitychange", () => document.hidden && this.#saveAll());
  }

  // What was drawn may be newer than what the device has followed.
  async #begin() {
    const { seq } = await this.device.see(this.subject);
    if (seq === null || seq < pageSeq) await this.device.news(this.subject);
    await this.#look();
    await this.#differ();
  }

  begin() {
    return this.#next(() => this.#begin());
  }

  // One thing at a time, in the order asked for; what fails stops nothing after it.
  #next(work) {
    this.work = this.work.catch(() => {}).then(work);
    return this.work;
  }

  #changed({ differ }) {
    this.#next(() => this.#look());
    if (differ) this.#next(() => this.#differ());
  }

  #saveAll() {
    for (const { text } of this.mended.values()) if (text.typed) text.save();
  }

  // ── Drawing ──

  // What the server has drawn open is mended here, too, as soon as the device knows of it.
  async #look() {
    await this.#draw();
    const open = [...form.querySelectorAll("[data-part=mend]")].filter((each) => each.firstElementChild);
    for (const each of open) await this.#mend(each.closest(".find").id.slice(2), { quiet: true });
  }

  async #draw() {
    const seen = await this.device.see(this.subject);
    if (this.dragging.row || seen.seq === null) return; // held just now; or the server's own page is all there is
    const focused = document.activeElement;
    this.findings = listed(seen);
    this.stands = this.findings.filter((each) => !each.hidden || this.mended.has(each.id));
    for (const kind of KINDS) this.#drawList(kind);
    this.#drawAway();
    if (!this.mended.size) tellLacking(this.stands); // nothing moves below it under one's hands
    if (focused !== document.activeElement && focused.isConnected) focused.focus(); // it went to another list
    for (const each of this.mended.values()) await each.refresh(seen);
  }

  #drawList(kind) {
    const stands = this.#of(kind);
    const shown = (each) => stands.includes(each) || this.undos.has(each.id);
    const here = this.findings.filter((each) => each.kind === kind && shown(each));
    for (const part of document.querySelectorAll(`[data-of="${kind}"]`)) {
      part.hidden = !kind && !here.length;
      say(part, "count", String(stands.length));
    }
    const rows = here.map((each) => (stands.includes(each) ? this.#row(each) : this.undos.get(each.id)));
    arrange(form.querySelector(`section[data-of="${kind}"] .finds`), rows);
  }

  #of(kind) {
    return this.stands.filter((each) => each.kind === kind);
  }

  #row(finding) {
    const { id } = finding;
    if (!this.rows.has(id)) this.rows.set(id, made("row", finding));
    this.undos.delete(id);
    fill(this.rows.get(id), finding, this.stands);
    return this.rows.get(id);
  }

  #drawAway() {
    const part = document.getElementById("borttagna");
    const list = part.querySelector("ul");
    const away = this.findings.filter((each) => each.hidden);
    part.hidden = !away.length;
    say(part, "count", String(away.length));
    const lines = away.map((each) => document.getElementById(`b-${each.id}`) ?? made("away", each));
    away.forEach((each, i) => (say(lines[i], "text", each.text), say(lines[i], "opening", opening(each.text))));
    arrange(list, lines);
  }

  // ── What is pressed ──

  #submitted(event) {
    event.preventDefault();
    const { name, value } = event.submitter ?? {};
    const does = {
      move: () => this.#step(value.slice(value.indexOf(":") + 1), value.startsWith("up") ? -1 : 1),
      remove: () => this.#remove(value),
      restore: () => this.#restore(value),
      keep: () => this.#keep(value),
      settle: () => this.#settle(value.split("/")[1]),
      drop: () => this.#drop(value.split("/")[1]),
    }[name];
    if (does) this.#next(does);
  }

  #clicked(event) {
    const pressed = event.target.closest("[data-do], [data-start-from]");
    const id = pressed?.closest(".find")?.id.slice(2);
    if (!id) return;
    event.preventDefault();
    if (pressed.dataset.startFrom !== undefined) return this.#startFrom(id, pressed);
    if (pressed.dataset.do === "mend") this.#next(() => this.#mend(id));
    if (pressed.dataset.do === "done") this.#next(() => this.#done(id));
    if (pressed.dataset.do === "answer") this.#answer(id);
  }

  #typed(event) {
    const way = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const row = event.target.closest(".find");
    if (!way || !event.altKey || !row || event.target.matches("textarea, select, input")) return;
    event.preventDefault();
    this.#next(() => this.#step(row.id.slice(2), way));
  }

  #find(id) {
    return this.findings?.find((each) => each.id === id);
  }

  async #write(id, name, value, settles = []) {
    const { device, subject } = this;
    const field = `finding/${id}/${name}`;
    const { revision = null } = (await device.field(subject, field)) ?? {};
    await device.write({ subject, field, value, parent: revision, settles });
  }

  // ── Order ──

  async #step(id, by) {
    const finding = this.#find(id);
    if (!finding) return;
    const rows = this.#of(finding.kind);
    const place = rows.indexOf(finding) + by;
    if (!rows[place]) return tell(by < 0 ? "Står redan först." : "Står redan sist.");
    await this.#put(finding, finding.kind, place);
    document.activeElement.scrollIntoView({ block: "nearest" });
  }

  async #dropped(row, list, among) {
    const finding = this.#find(row.id.slice(2));
    const { of } = list.closest("section").dataset;
    const place = [...list.children].slice(0, among).filter((each) => each.matches(".find")).length;
    const stood = finding.kind === of && this.#of(of).indexOf(finding) === place;
    if (stood || !of) return this.#draw();
    await this.#put(finding, of, place);
  }

  async #put(finding, kind, place) {
    if (finding.kind !== kind) await this.#write(finding.id, "kind", kind);
    for (const [id, key] of moved(this.#of(kind), finding.id, place)) await this.#write(id, "order", key);
    await this.#draw();
    const among = finding.kind === kind ? "" : ` bland ${NAMES[kind]}`;
    tell(`Flyttad till plats ${place + 1} av ${this.#of(kind).length}${among}.`);
  }

  // ── Away and back ──

  async #remove(id) {
    await this.#done(id, { quiet: true });
    const finding = this.#find(id);
    if (!finding) return;
    const undo = made("undo", finding);
    say(undo, "opening", opening(finding.text));
    this.undos.set(id, undo);
    await this.#write(id, "gone", finding.revision);
    await this.#draw();
    if (undo.isConnected) undo.querySelector("button").focus();
  }

  async #restore(id) {
    this.undos.delete(id);
    await this.#write(id, "gone", null);
    await this.#draw();
    this.rows.get(id).querySelector("[data-do=mend]").focus();
    tell("Tillbaka.");
  }

  // ── Mending ──

  async #mend(id, { quiet = false } = {}) {
    const finding = this.#find(id);
    if (!finding || this.mended.has(id)) return;
    const mending = new Mending(this, finding, this.rows.get(id));
    await mending.begin(await this.device.see(this.subject), finding);
    this.mended.set(id, mending);
    if (!quiet) mending.text.controls[0].focus();
  }

  async #done(id, { quiet = false } = {}) {
    const mending = this.mended.get(id);
    if (!mending) return;
    if (!(await mending.end())) return mending.text.controls[0].focus();
    this.mended.delete(id);
    await this.#draw();
    if (!quiet) this.rows.get(id).querySelector("[data-do=mend]").focus();
  }

  #answer(id) {
    const { area, criteria } = this.#find(id);
    openCapture({ kind: "improvement", area, criteria });
  }

  // ── Where people have written differently ──

  // The server draws it: `fresh` is the page as it is drawn now. Nothing else waits for that.
  async #differ(fresh = null) {
    const { clashes } = await this.device.see(this.subject);
    const shown = [...form.querySelectorAll("[data-clash]:has(.clash)")].map((each) => each.dataset.clash);
    const open = clashes.map((each) => each.field).filter((each) => each.startsWith("finding/"));
    for (const field of shown.filter((each) => !open.includes(each))) await this.#agreed(field);
    const unseen = open.filter((each) => !shown.includes(each));
    if (unseen.length && !fresh) this.#askForBoth();
    for (const field of fresh ? unseen : []) await this.#showBoth(field, fresh);
  }

  async #askForBoth() {
    const fresh = await asDrawnNow();
    clearTimeout(this.timer);
    if (fresh) this.#next(() => this.#differ(fresh));
    else this.timer = setTimeout(() => this.#next(() => this.#differ()), AGAIN);
  }

  // A text that is being typed in is left alone until it is left.
  async #showBoth(field, fresh) {
    const id = field.split("/")[1];
    const text = this.mended.get(id)?.text;
    const again = () => this.#next(() => this.#differ());
    if (text?.inside) return text.controls[0].addEventListener("blur", again, { once: true });
    if (text) await this.#done(id, { quiet: true });
    swap(fresh, [`[data-clash="${field}"]`]);
    await this.#mend(id, { quiet: true });
    swap(fresh, [`[data-settle="${field}"]`]);
  }

  // Somebody has chosen.
  async #agreed(field) {
    form.querySelector(`[data-clash="${field}"]`).replaceChildren();
    const mending = this.mended.get(field.split("/")[1]);
    if (mending?.text.drafted && mending.text.settling) mending.overtaken(await this.device.see(this.subject));
    else await this.#done(field.split("/")[1], { quiet: true });
  }

  async #keep(revision) {
    const { clashes } = await this.device.see(this.subject);
    const clash = clashes.find((each) => [each.stands?.id, each.beside.id].includes(revision));
    if (!clash) return; // somebody else has chosen meanwhile
    const said = clash.beside.id === revision ? clash.beside : clash.stands;
    const tips = clashes.filter(({ field }) => field === clash.field).map(({ beside }) => beside.id);
    const [, id, name] = clash.field.split("/");
    await this.#done(id, { quiet: true });
    await this.#write(id, name, said.value, tips);
    await this.device.keepDraft(`${this.subject} ${clash.field}`, null);
    await this.#differ();
    await this.#draw();
    this.rows.get(id).querySelector("[data-do=mend]").focus();
  }

  async #settle(id) {
    await this.mended.get(id).text.settle();
    await this.#differ();
    await this.#done(id);
  }

  async #drop(id) {
    await this.mended.get(id).text.giveUp();
    await this.#done(id);
  }

  async #startFrom(id, button) {
    await this.#next(() => this.#mend(id));
    const { text } = this.mended.get(id);
    text.show(button.querySelector("template")?.content.textContent ?? button.dataset.startFrom);
    text.save();
    text.controls[0].focus();
  }
}

function tell(text) {
  document.getElementById("sagt").textContent = text;
}

// What somebody had typed of a new one before this script came: in the page's own form, which is hidden now.
function typedBefore() {
  const { text, kind, area } = form.elements;
  if (!text.value.trim() || text.value === text.defaultValue) return;
  const criteria = [...form.querySelectorAll("#ny [name=criteria]:checked")].map((each) => each.value);
  goOnInCapture({ text: text.value, kind: kind.value, area: area.value, criteria });
  text.value = "";
}

const at = await ready;
if (at) {
  const page = new FindingsPage(at);
  typedBefore();
  new Dock(at, document.querySelector(".dock"));
  tellWhenEnded(at);
  await page.begin();
  document.documentElement.dataset.ready = "findings";
}
