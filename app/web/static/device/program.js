// The programme, written field by field: talks are added, taken away and brought back, with a net or without. What a
// colleague adds comes in by itself. Without this script the same page is one form.

import { tellWhenEnded } from "./ended.js";
import { ready } from "./page.js";
import { arrange, made, say } from "./rows.js";
import { Sheet } from "./sheet.js";
import { hours, weekday } from "./talks.js";
import { keepUnseen } from "./worker.js";

const form = document.getElementById("program");
const list = form.querySelector("[data-part=talks]");
const LAST = "~"; // after every day and time

class Program {
  constructor(at) {
    Object.assign(this, at);
    this.sheet = new Sheet(at, form, (fields, whole) => this.#shown(fields, whole));
    form.addEventListener("submit", ({ submitter }) => this.#pressed(submitter ?? {}));
    form.addEventListener("input", () => this.#draw());
  }

  begin() {
    return this.sheet.begin();
  }

  // Of other talks than its own the device may know less than the page; what was written here it knows best.
  #shown(fields, whole) {
    const talks = new Map();
    for (const [key, { value, waiting }] of fields) {
      const [room, id, name] = key.split("/");
      if (room !== "interview" || !(whole || waiting)) continue;
      if (!talks.has(id)) talks.set(id, {});
      if (value || name === "gone") talks.get(id)[name] = value;
    }
    for (const [id, { gone, ...rest }] of talks) {
      const row = document.getElementById(`s-${id}`);
      if (row && gone !== undefined) this.#show(row, !gone);
      if (!row && !gone && Object.keys(rest).length) this.#add(id);
    }
    this.#draw();
  }

  #row(id) {
    return document.getElementById(`s-${id}`) ?? this.#add(id);
  }

  #add(id) {
    const row = made("talk", { id });
    list.append(row);
    for (const each of this.sheet.bind(row)) each.refresh().then(() => this.#draw());
    return row;
  }

  #show(row, stands) {
    row.querySelector("[data-part=stands]").hidden = !stands;
    row.querySelector("[data-part=gone]").hidden = stands;
  }

  // ── What is pressed ──

  async #pressed({ name, value }) {
    if (name === "add") {
      const row = this.#add(crypto.randomUUID());
      row.querySelector("details").open = true;
      row.querySelector("input").focus();
    } else if (name === "remove" || name === "restore") {
      const row = this.#row(value);
      this.#show(row, name === "restore");
      document.querySelector(`#borttagna [value="${CSS.escape(value)}"]`)?.closest("li").remove();
      row.querySelector(name === "restore" ? "summary" : "[name=restore]").focus();
      await this.#write(value, name === "remove" ? "1" : null);
    }
  }

  async #write(id, value) {
    const { device, subject } = this;
    const field = `interview/${id}/gone`;
    const { revision = null } = (await device.field(subject, field)) ?? {};
    await device.write({ subject, field, value, parent: revision });
  }

  // ── Drawing ──

  #draw() {
    const rows = [...list.children].map((row) => ({ row, ...valuesOf(row) }));
    for (const each of rows) fill(each);
    rows.sort((one, other) => (place(one) < place(other) ? -1 : 1));
    if (!list.contains(document.activeElement)) arrange(list, rows.map(({ row }) => row)); // nothing jumps under one's hands
    let before = null;
    for (const row of list.children) before = sayDay(row, before);
  }
}

function valuesOf(row) {
  const value = (name) => row.querySelector(`[name$="/${name}"]`).value;
  const role = row.querySelector("[name$='/role']");
  const chosen = role.value && role.selectedOptions[0].textContent;
  return { day: value("day"), from: value("from"), to: value("to"), who: value("who"), room: value("room"), role: chosen };
}

const place = ({ day, from, row }) => `${day || LAST} ${from || LAST} ${row.id}`;

function fill({ row, from, to, who, role, room, day }) {
  const written = Boolean(from || to || who || role || room || day);
  say(row, "when", hours(from, to));
  say(row, "whom", who.trim() || role || (written ? "Samtal" : "Nytt samtal"));
  say(row, "room", room);
  const notes = row.querySelector("[data-part=notes]");
  if (notes) notes.hidden = !written;
}

// Over the first of each day.
function sayDay(row, before) {
  const { day, from, to, who, role, room } = valuesOf(row);
  const written = Boolean(from || to || who || role || room || day);
  const told = day ? weekday(day) : written ? "Utan dag" : "";
  const heading = row.querySelector("[data-part=day]");
  heading.hidden = !told || told === before;
  if (heading.textContent !== told) heading.textContent = told;
  return told || before;
}

const at = await ready;
if (at) {
  tellWhenEnded(at);
  // Who has seen the programme can write at every talk without a net: on this page, which stands in for theirs (../sw.js).
  keepUnseen(at.device.person, `/inspektioner/${at.subject}/intervjuer/ny`);
  await new Program(at).begin();
  document.documentElement.dataset.ready = "program";
}
