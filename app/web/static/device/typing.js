// A control on the page that writes one field: a text, a choice, a set of boxes.
//
// Before the first key it takes over the newest text that the device knows; a pause in the typing makes an operation;
// what others write is shown while nobody types here. One field is typed in one tab at a time: in another it is read
// only, and says so.

const PAUSE = 250; // ms without a key
const ELSEWHERE = "Du skriver här i en annan flik. Skriv färdigt där, eller stäng den.";

export class Field {
  // `controls`: one text area or input, or the radios or boxes of one field. `settles`: operations that this field's
  // next value settles; a text that settles waits for `settle()`, and is a draft until then.
  constructor(device, { subject, field, controls, list = false, settles = [], revision = null }) {
    Object.assign(this, { device, subject, field, controls, list, settles, revision });
    this.text = controls[0].matches("textarea, input:not([type=radio], [type=checkbox])");
    this.value = this.read();
    this.typed = false; // something stands here that is no operation yet
    this.done = Promise.resolve();
    for (const control of controls) {
      control.addEventListener("input", () => this.#input());
      control.addEventListener("focus", () => this.#enter());
      control.addEventListener("blur", () => this.#leave());
    }
  }

  get draftKey() {
    return `${this.subject} ${this.field}`;
  }

  get settling() {
    return this.text && this.settles.length > 0;
  }

  read() {
    const [control] = this.controls;
    if (this.text) return this.list ? lines(control.value) : nothing(control.value);
    const chosen = this.controls.filter((each) => (each.matches("select") ? each.value : each.checked));
    const values = chosen.map((each) => each.value).filter(Boolean);
    return this.list ? nothing(values) : (values[0] ?? null);
  }

  show(value) {
    const [control] = this.controls;
    if (this.text) control.value = this.list ? (value ?? []).join("\n") : (value ?? "");
    else if (control.matches("select")) control.value = value ?? "";
    else for (const each of this.controls) each.checked = [value].flat().includes(each.value);
  }

  // ── What the device knows ──

  // Shows the newest that the device knows, unless something is being typed.
  async refresh() {
    if (this.typed || this.settling) return;
    const known = await this.device.field(this.subject, this.field);
    if (!known || this.typed || known.revision === this.revision) return;
    this.revision = known.revision;
    if (same(known.value, this.value)) return;
    this.value = known.value;
    this.show(known.value);
    this.controls[0].dispatchEvent(new CustomEvent("shown", { bubbles: true }));
  }

  async restore() {
    const draft = this.settling && (await this.device.draft(this.draftKey));
    if (draft) this.show(draft);
    await this.refresh();
  }

  // ── Typing ──

  #input() {
    this.typed = true;
    clearTimeout(this.timer);
    if (this.text) this.timer = setTimeout(() => this.save(), PAUSE);
    else this.save();
  }

  // Makes an operation of what stands here, if it is another value than before. One at a time, in the order typed.
  save() {
    clearTimeout(this.timer);
    this.done = this.done.then(() => (this.settling ? this.#keepDraft() : this.#write(this.settles)));
    return this.done;
  }

  async #keepDraft() {
    this.typed = false;
    await this.device.keepDraft(this.draftKey, this.read());
  }

  // The text that was written together, in place of all that waited beside it.
  async settle(value = this.read()) {
    this.show(value);
    this.done = this.done.then(() => this.#write(this.settles, true));
    await this.done;
    await this.device.keepDraft(this.draftKey, null);
  }

  async #write(settles, anyway = false) {
    this.typed = false;
    const value = this.read();
    if (same(value, this.value) && !anyway) return;
    const { subject, field, revision: parent } = this;
    this.value = value;
    this.settles = [];
    this.revision = (await this.device.write({ subject, field, value, parent, settles })).id;
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
    this.leaving.abort();
    this.leaving = null;
    this.#elsewhere(false);
    await this.refresh();
  }

  #elsewhere(so) {
    const [control] = this.controls;
    if (so === Boolean(this.note)) return;
    control.readOnly = so;
    this.note?.remove();
    this.note = so ? document.createElement("p") : null;
    if (!so) return;
    this.note.className = "hint";
    this.note.setAttribute("role", "status");
    this.note.textContent = ELSEWHERE;
    control.before(this.note);
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
