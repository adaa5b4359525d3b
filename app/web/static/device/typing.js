// A control on the page that writes one field: a text, a choice, a set of boxes.
//
// Before the first key it takes over the newest text that the device knows; a pause in the typing makes an operation;
// what others write is shown while nobody types here. One field is typed in one tab at a time: in another it is read
// only, and says so.

import { AGREED } from "./following.js";
import { Unstorable, storable } from "./shown.js";

const PAUSE = 250; // ms without a key
const ELSEWHERE = "Du skriver här i en annan flik. Skriv färdigt där, eller stäng den.";

export class Field {
  // `controls`: one text area or input, or the radios or boxes of one field. `settles`: operations that this field's
  // next value settles; a text that settles waits for `settle()`, and is a draft until then.
  // `voice`: "agreed" where people agree, and what each says alone is shown beside; one's own where each answers alone;
  // else what the server makes of it.
  // `asServed`: what stood in the controls when the server drew them is where one starts from; somebody may have typed
  // since, before this script came.
  constructor(device, { subject, field, controls, list = false, settles = [], revision = null, voice, asServed = false }) {
    Object.assign(this, { device, subject, field, controls, list, settles, revision, voice });
    this.text = controls[0].matches("textarea, input:not([type=radio], [type=checkbox])");
    this.value = asServed ? this.#served() : this.read();
    this.typed = false; // something stands here that is no operation yet
    this.touched = false; // … or did, since it was entered
    this.beside = false; // what stands here was written beside another text: it stays until both are shown
    this.drafted = false; // a draft is kept of it
    this.overtaken = false; // somebody else has chosen while this text was being written together: it waits for her
    this.saving = 0; // operations that are on their way into the database
    this.said = {};
    this.done = Promise.resolve();
    for (const control of controls) {
      control.addEventListener("input", () => this.#input());
      control.addEventListener("focus", () => this.#enter());
      control.addEventListener("blur", () => this.#leave());
    }
    device.addEventListener("change", ({ detail }) => {
      if (detail.subject === subject && detail.beside?.includes(field)) this.beside = true;
    });
    if (!same(this.read(), this.value)) this.#input();
  }

  get draftKey() {
    return `${this.subject} ${this.field}`;
  }

  get settling() {
    return this.text && (this.overtaken || this.settles.length > 0);
  }

  read() {
    const [control] = this.controls;
    if (this.text) return this.list ? lines(control.value) : nothing(control.value);
    const chosen = this.controls.filter((each) => (each.matches("select") ? each.value : each.checked));
    const values = chosen.map((each) => each.value).filter(Boolean);
    return this.list ? nothing(values) : (values[0] ?? null);
  }

  #served() {
    const [control] = this.controls;
    if (this.text) return this.list ? lines(control.defaultValue) : nothing(control.defaultValue);
    const from = control.matches("select") ? [...control.options].filter((each) => each.defaultSelected) : this.controls;
    const chosen = from.filter((each) => each.defaultChecked ?? true).map((each) => each.value).filter(Boolean);
    return this.list ? nothing(chosen) : (chosen[0] ?? null);
  }

  show(value) {
    const [control] = this.controls;
    if (this.text) control.value = this.list ? (value ?? []).join("\n") : (value ?? "");
    else if (control.matches("select")) control.value = value ?? "";
    else for (const each of this.controls) each.checked = [value].flat().includes(each.value);
  }

  // ── What the device knows ──

  // Shows the newest that the device knows, unless something is being typed. `seq` = how new the page itself is.
  async refresh({ seen = null, seq = -1 } = {}) {
    const { fields } = seen ?? (await this.device.see(this.subject));
    const known = fields.get(this.field);
    if (!known || this.saving || this.touched || this.drafted || this.settling || known.revision === this.revision) return;
    if (!known.waiting && (this.beside || known.seq <= seq)) return; // what another tab has typed on is taken over
    if (this.voice === AGREED && known.voice !== AGREED) return;
    Object.assign(this, { revision: known.revision, voice: known.voice });
    if (same(known.value, this.value)) return;
    this.value = known.value;
    this.show(known.value);
    this.controls[0].dispatchEvent(new CustomEvent("shown", { bubbles: true }));
  }

  // What is no operation yet, as it was left: a text that is being written together, or one that is too long. What
  // somebody has typed before this script came is made one first: both cannot stand here.
  async restore() {
    const draft = this.text && (await this.device.draft(this.draftKey));
    if (!draft) return;
    clearTimeout(this.timer);
    const { revision, settles } = this;
    while (this.typed && !same(this.read(), draft.value) && this.#storable() !== undefined) await this.#write([]);
    const early = this.revision !== revision;
    Object.assign(this, { settles, drafted: true });
    this.show(draft.value);
    this.overtaken = Boolean(draft.together) && !this.settles.length;
    if (this.settling) return this.device.typing(this, false);
    if (!early) this.revision = draft.revision;
    this.typed = this.touched = true;
    await this.save();
  }

  // ── Typing ──

  #input() {
    this.typed = this.touched = this.text;
    this.device.typing(this, true);
    clearTimeout(this.timer);
    if (this.text) this.timer = setTimeout(() => this.save(), PAUSE);
    else this.save();
  }

  // Makes an operation of what stands here, if it is another value than before. One at a time, in the order typed.
  save() {
    clearTimeout(this.timer);
    this.saving += 1;
    this.done = this.done.then(() => (this.settling ? this.#keepDraft() : this.#write(this.settles)));
    this.done = this.done.finally(() => (this.saving -= 1));
    return this.done.then(() => this.typed || this.device.typing(this, false));
  }

  // As `save`, of a page that is going away.
  leave() {
    const { subject, field, revision, settles, voice } = this;
    const value = this.read();
    const drafted = this.settling || this.#storable() === undefined;
    const choice = !this.text;
    const left = drafted
      ? { draft: { key: this.draftKey, value: this.#asDraft() } }
      : { subject, field, value, parent: revision, settles, choice, voice };
    const made = this.device.leave(left);
    if (made) Object.assign(this, { value, revision: made.id, settles: [], typed: false }); // should the page come back
  }

  async #keepDraft() {
    this.drafted = true;
    this.typed = !(await this.device.keepDraft(this.draftKey, this.#asDraft()));
  }

  #asDraft() {
    return { value: this.read(), revision: this.revision, together: this.settling };
  }

  // The text that was written together, in place of all that waited beside it.
  async settle(value = this.read()) {
    this.show(value);
    this.drafted = true;
    this.done = this.done.then(() => this.#write(this.settles, true));
    await this.done;
  }

  // What stands, in place of what was written together.
  async giveUp() {
    await this.done;
    await this.device.keepDraft(this.draftKey, null);
    Object.assign(this, { overtaken: false, drafted: false, typed: false, touched: false, beside: false });
    const stands = await this.device.field(this.subject, this.field);
    if (stands) Object.assign(this, { value: stands.value, revision: stands.revision, voice: stands.voice });
    this.show(this.value);
  }

  async #write(settles, anyway = false) {
    this.typed = false;
    const value = this.#storable();
    if (value === undefined) return this.#keepDraft();
    if (same(value, this.value) && !anyway && !this.drafted) return;
    const { subject, field, revision: parent, voice } = this;
    this.value = value;
    Object.assign(this, { settles: [], overtaken: false });
    const choice = !this.text; // in two tabs at once: the later one stands
    this.revision = (await this.device.write({ subject, field, value, parent, settles, choice, voice })).id;
    if (!this.drafted) return;
    this.drafted = false;
    await this.device.keepDraft(this.draftKey, null);
  }

  // As the server would keep it; undefined where it could not, which is then said beside the control.
  #storable() {
    const type = this.list ? "LINES" : this.controls[0].matches("textarea") ? "TEXT" : "LINE";
    try {
      const value = storable(this.read(), type);
      this.#say("wrong", "");
      return value;
    } catch (error) {
      if (!(error instanceof Unstorable)) throw error;
      this.#say("wrong", `${error.message} Den finns kvar på den här enheten så länge.`);
      return undefined;
    }
  }

  // ── One tab at a time ──

  async #enter() {
    this.inside = true;
    if (!this.text || this.leaving) return;
    const leaving = (this.leaving = new AbortController());
    const name = `${this.device.name} ${this.subject} ${this.field}`;
    const hold = async () => {
      this.#elsewhere(false);
      await this.refresh();
      await aborted(leaving.signal);
      return true;
    };
    const held = await navigator.locks.request(name, { ifAvailable: true }, (lock) => lock && hold());
    if (held || leaving.signal.aborted) return;
    this.#elsewhere(true);
    await navigator.locks.request(name, { signal: leaving.signal }, hold).catch(() => {}); // left before it was free
  }

  async #leave() {
    this.inside = false;
    if (this.typed) this.save();
    await this.done;
    if (this.inside || !this.leaving) return;
    this.touched = false;
    this.leaving.abort();
    this.leaving = null;
    this.#elsewhere(false);
    await this.refresh();
  }

  #elsewhere(so) {
    this.controls[0].readOnly = so;
    this.#say("hint", so ? ELSEWHERE : "");
  }

  // A sentence at the control, in one of two manners; "" takes it away.
  #say(manner, text) {
    const [control] = this.controls;
    if (manner === "wrong") control[text ? "setAttribute" : "removeAttribute"]("aria-invalid", "true");
    if (text === (this.said[manner]?.textContent ?? "")) return;
    this.said[manner]?.remove();
    delete this.said[manner];
    if (!text) return;
    const note = (this.said[manner] = document.createElement("p"));
    Object.assign(note, { className: manner, textContent: text });
    note.setAttribute("role", "status");
    control.before(note);
  }
}

function aborted(signal) {
  return new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener("abort", resolve)));
}

function nothing(value) {
  return value.length && (Array.isArray(value) || value.trim()) ? value : null;
}

function lines(text) {
  return nothing(text.split("\n").map((line) => line.trim()).filter(Boolean));
}

function same(one, other) {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
