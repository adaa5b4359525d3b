// One finding as it is mended in its row: text, kind, area and criteria, each saved by itself as it is changed.

import { tellOvertaken } from "./differing.js";
import { boxes, made } from "./rows.js";
import { Field } from "./typing.js";

export class Mending {
  constructor(at, finding, row) {
    Object.assign(this, { ...at, id: finding.id, row });
    this.key = `finding/${finding.id}`;
    this.part = made("mend", finding);
    this.fields = {};
    const settle = row.querySelector("[data-settle]"); // where the server has drawn two texts beside each other
    if (settle) this.part.querySelector("[data-settle]").replaceWith(settle);
    row.querySelector("[data-part=mend]").replaceChildren(this.part);
    row.querySelector("[data-part=read]").hidden = true;
  }

  async begin(seen, finding) {
    const control = (name) => this.part.querySelector(`[name="${this.key}/${name}"]`);
    if (finding.kind) control("kind").querySelector("[value='']").remove(); // it can be changed, not taken back
    for (const name of ["text", "kind", "area"]) await this.#bind(seen, name, [control(name)]);
    await this.#drawCriteria(seen, finding.area);
    for (const event of ["input", "shown"]) control("area").addEventListener(event, () => this.#chooseAgain());
    const beside = seen.clashes.filter(({ field }) => field === this.text.field);
    this.text.settles = beside.map((each) => each.beside.id);
    await this.text.restore();
    if (this.text.overtaken) this.overtaken(seen);
  }

  get text() {
    return this.fields.text;
  }

  async #bind(seen, name, controls) {
    const { device, subject } = this;
    const field = new Field(device, { subject, field: `${this.key}/${name}`, controls, list: name === "criteria" });
    await field.refresh({ seen });
    this.fields[name] = field;
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
