// One finding as it is mended in its row: text, kind, area and criteria, each saved by itself as it is changed.

import { hidden, tellOvertaken } from "./differing.js";
import { boxes, made } from "./rows.js";
import { Field } from "./typing.js";

export class Mending {
  // Where the server has drawn it open, somebody may be typing in it already: then that is what is mended.
  constructor(at, finding, row) {
    this.place = row.querySelector("[data-part=mend]");
    this.drawn = this.place.firstElementChild;
    Object.assign(this, { ...at, id: finding.id, row, key: `finding/${finding.id}`, fields: {} });
    this.part = made("mend", finding);
    if (!this.drawn) return;
    this.drawn.lastElementChild.replaceWith(this.part.lastElementChild); // its buttons: here it is saved by itself
    this.part = this.drawn;
  }

  // Shown when what is typed in it is kept, and no sooner: who is quick would have typed in vain.
  async begin(seen, { kind }) {
    const control = (name) => this.part.querySelector(`[name="${this.key}/${name}"]`);
    for (const name of ["text", "kind", "area"]) await this.#bind(seen, name, [control(name)], Boolean(this.drawn));
    if (kind) control("kind").querySelector("[value='']")?.remove(); // it can be changed, not taken back
    await this.#takeCriteria(seen);
    for (const event of ["input", "shown"]) control("area").addEventListener(event, () => this.#chooseAgain());
    const beside = seen.clashes.filter(({ field }) => field === this.text.field);
    this.text.settles = beside.map((each) => each.beside.id);
    await this.text.restore();
    if (this.text.overtaken) this.overtaken(seen);
    if (!this.drawn) this.place.replaceChildren(this.part);
    this.row.querySelector("[data-part=read]").hidden = true;
  }

  get text() {
    return this.fields.text;
  }

  async #bind(seen, name, controls, asServed = false) {
    const { device, subject } = this;
    const field = `${this.key}/${name}`;
    const revision = (asServed && hidden("seen", field)[0]) || null;
    const about = { subject, field, controls, list: name === "criteria", revision, asServed };
    this.fields[name] = new Field(device, about);
    await this.fields[name].refresh({ seen });
  }

  // What has been chosen in the server's boxes, which are those of one area alone, is chosen here too.
  async #takeCriteria(seen) {
    const part = this.part.querySelector("[data-part=criteria]");
    const changed = [...part.querySelectorAll("input")].filter((each) => each.checked !== each.defaultChecked);
    await this.#drawCriteria(seen, this.fields.area.read() ?? "");
    for (const { value } of changed) part.querySelector(`[value="${CSS.escape(value)}"]`)?.click();
  }

  // The boxes follow the area that is chosen.
  async #drawCriteria(seen, area) {
    const set = boxes(this.id, area, seen.fields.get(`${this.key}/criteria`)?.value ?? []);
    const controls = [...set.querySelectorAll("input")];
    this.part.querySelector("[data-part=criteria]").replaceChildren(...(controls.length ? [set] : []));
    delete this.fields.criteria;
    if (controls.length) await this.#bind(seen, "criteria", controls);
  }

  async #chooseAgain() {
    await this.fields.criteria?.done;
    await this.#drawCriteria(await this.device.see(this.subject), this.fields.area.read() ?? "");
  }

  // ── What others do meanwhile ──

  // Somebody else has chosen while its text was being written together. What is written is on top of that choice.
  overtaken(seen) {
    const { field } = this.text;
    const known = seen.fields.get(field);
    Object.assign(this.text, { overtaken: true, settles: [], revision: known?.revision ?? null });
    tellOvertaken(this.part.querySelector("[data-settle]"), field, known);
  }

  async refresh(seen) {
    await Promise.all(Object.values(this.fields).map((each) => each.refresh({ seen })));
  }

  // False where the text cannot be kept as it stands: it says so, and stays.
  async end() {
    if (this.text.typed) this.text.save();
    await Promise.all(Object.values(this.fields).map((each) => each.done));
    if (this.text.controls[0].matches("[aria-invalid]")) return false;
    this.part.remove();
    this.row.querySelector("[data-part=read]").hidden = false;
    return true;
  }
}
