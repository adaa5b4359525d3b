// A form of which every control writes its field by itself: what a colleague writes is shown, two texts in one field
// are shown beside each other, and each button that the server drew makes an operation. Without script the same form is
// sent as a whole.

import { AGAIN, asDrawnNow, hidden, swap, tellOvertaken } from "./differing.js";
import { AGREED } from "./following.js";
import { fromHere } from "./outbox.js";
import { lately } from "./times.js";
import { Field } from "./typing.js";

const pageSeq = Number(document.body.dataset.seq);

// `shown(fields, whole)` is called whenever what the page shows may have changed; not `whole` = of other fields than its
// own the device may know less than the page.
export class Sheet {
  constructor(at, form, shown = () => {}) {
    Object.assign(this, at, { form, shown, fields: new Map(), again: () => this.#differ(), seq: pageSeq });
    this.bind(form);
    for (const each of document.querySelectorAll("[data-unscripted]")) each.hidden = true;
    form.addEventListener("submit", (event) => this.#pressed(event));
    form.addEventListener("click", (event) => this.#clicked(event.target.closest("[data-start-from]")));
    this.device.addEventListener("change", ({ detail }) => this.#changed(detail));
    document.addEventListener("visibilitychange", () => document.hidden && this.saveAll());
  }

  // A part that has come into the form since. Gives its fields.
  bind(part) {
    const made = [...named(part)];
    for (const [name, controls] of made) this.#bind(name, controls);
    return made.map(([name]) => this.fields.get(name));
  }

  #bind(field, controls) {
    const { device, subject } = this;
    const [settles, [revision]] = [hidden("settles", field), hidden("seen", field)];
    const { list, voice } = controls[0].dataset;
    const about = { controls, list: list !== undefined, voice, settles, revision, asServed: true };
    this.fields.set(field, new Field(device, { subject, field, ...about }));
  }

  async begin() {
    await Promise.all([...this.fields.values()].map((each) => each.restore()));
    await this.#refresh();
    const { fields } = await this.device.see(this.subject);
    for (const [name, field] of this.fields) if (field.overtaken) this.#overtaken(name, fields.get(name));
    this.#sayWhose();
    await this.#differ(); // what this page did not know when it was drawn
  }

  saveAll() {
    return Promise.all([...this.fields.values()].filter((each) => each.typed).map((each) => each.save()));
  }

  // ── What has changed ──

  async #changed(detail) {
    if (detail.subject !== this.subject) return;
    if (detail.anew) this.seq = -1; // what was counted when the page was drawn is counted no more
    await this.#refresh();
    if (detail.differ) await this.#differ();
  }

  async #refresh() {
    const seen = await this.device.see(this.subject);
    await Promise.all([...this.fields.values()].map((each) => each.refresh({ seen, seq: this.seq })));
    for (const line of this.form.querySelectorAll("[data-since]")) this.#sayWho(line, seen.fields.get(line.dataset.since));
    this.#tell(seen);
  }

  // A page that is newer than what the device has followed knows better: of its own fields, at least. And what each has
  // said alone stays on a page that was drawn while all did.
  #tell({ fields, seq }) {
    const whole = seq !== null && seq >= this.seq;
    const own = [...this.fields].filter(([, { voice = AGREED }]) => !whole || voice !== AGREED);
    this.shown(new Map([...fields, ...own.map(([name, { value }]) => [name, { value }])]), whole);
  }

  #sayWho(line, known) {
    if (!known || (!known.waiting && known.seq <= this.seq)) return;
    const who = known.by === this.device.person ? "Du" : known.name;
    line.querySelector("[data-part=who]").textContent = `${who} ändrade senast, ${lately(known.at)}`;
    line.hidden = false;
  }

  // ── Where people have written differently ──

  // The server draws what was there and both texts. A field that is being typed in is left alone until it is left.
  async #differ() {
    const { clashes } = await this.device.see(this.subject);
    const shown = new Set([...this.form.querySelectorAll("[data-clash]:has(.clash)")].map((each) => each.dataset.clash));
    const open = new Set(clashes.map((each) => each.field).filter((each) => this.fields.has(each)));
    const news = [...open].some((each) => !shown.has(each)) || [...shown].some((each) => !open.has(each));
    if (!news) return;
    const fresh = await asDrawnNow();
    clearTimeout(this.timer);
    if (!fresh) return (this.timer = setTimeout(this.again, AGAIN));
    for (const field of new Set([...open, ...shown])) await this.#redraw(field, fresh);
    this.#sayWhose();
  }

  async #redraw(name, fresh) {
    const field = this.fields.get(name);
    await field.done;
    const known = (await this.device.see(this.subject)).fields.get(name);
    const settles = hidden("settles", name, fresh);
    field.overtaken = field.drafted && field.settling && !settles.length && !known?.waiting;
    if (field.overtaken) this.#overtaken(name, known);
    if (field.inside && field.text) return field.controls[0].addEventListener("blur", this.again, { once: true });
    if (known?.waiting) return this.#putAside(name); // chosen here: the server does not know so yet
    swap(fresh, [`[data-clash="${name}"]`]);
    if (field.overtaken) return;
    swap(fresh, [`[data-settle="${name}"]`]);
    field.settles = settles;
    field.revision = field.settles.length ? (hidden("seen", name, fresh)[0] ?? null) : null;
    field.beside = false;
    await field.refresh();
  }

  // Somebody else has chosen while this one was being written together. What is written is on top of that choice.
  #overtaken(name, known) {
    const field = this.fields.get(name);
    Object.assign(field, { settles: [], revision: known?.revision ?? field.revision });
    tellOvertaken(document.querySelector(`[data-settle="${name}"]`), name, known);
  }

  #putAside(name) {
    for (const each of ["clash", "settle"]) document.querySelector(`[data-${each}="${name}"]`)?.replaceChildren();
    Object.assign(this.fields.get(name), { settles: [], beside: false });
  }

  // Of two texts by oneself: which is from here.
  #sayWhose() {
    for (const each of this.form.querySelectorAll("[data-mine]")) {
      const here = fromHere(this.device.name, each.dataset.mine);
      each.querySelector("[data-part=whose]").textContent = here ? "" : " (från en annan enhet)";
    }
  }

  #clicked(button) {
    if (!button) return;
    const { clash, startFrom } = button.dataset;
    const field = this.fields.get(clash);
    field.show(button.querySelector("template")?.content.textContent ?? startFrom);
    field.save();
    field.controls[0].focus();
  }

  // ── Buttons ──

  async #pressed(event) {
    event.preventDefault();
    const { submitter } = event;
    const { name, value } = submitter ?? {};
    const part = submitter?.matches(":focus-visible") && submitter.closest("[data-clash], [data-settle]"); // by keyboard
    if (name === "keep") await this.#keep(value);
    else if (name === "clear") await this.#clear(value);
    else if (name === "settle") await this.#settle(value);
    else if (name === "drop") await this.#drop(value);
    else await this.saveAll();
    await this.#differ();
    if (!part || submitter.isConnected) return;
    const { controls } = this.fields.get(part.dataset.clash ?? part.dataset.settle);
    controls.find((each) => each.checked !== false)?.focus(); // what was pressed has gone
  }

  async #keep(revision) {
    const { clashes } = await this.device.see(this.subject);
    const clash = clashes.find((each) => [each.stands?.id, each.beside.id].includes(revision));
    if (!clash) return; // somebody else has chosen meanwhile
    const said = clash.beside.id === revision ? clash.beside : clash.stands;
    await this.fields.get(clash.field).settle(said.value);
  }

  async #settle(name) {
    const field = this.fields.get(name);
    await field.settle();
    if (!field.settling) this.#putAside(name);
  }

  async #drop(name) {
    await this.fields.get(name).giveUp();
    this.#putAside(name);
  }

  async #clear(name) {
    const field = this.fields.get(name);
    field.show(null);
    await field.save();
    field.controls[0].focus();
  }
}

function named(form) {
  const found = new Map();
  for (const each of form.querySelectorAll("[name*='/']")) found.set(each.name, [...(found.get(each.name) ?? []), each]);
  return found;
}
