// Pictures and documents on their way to the server. As with what is typed: into the browser's database first, under an
// id that is made here, and out of it when the server has answered for that id, never before. They go by themselves,
// beside the texts, so that a large picture on a bad net holds no sentence up.
//
// They lie in a database of their own: its `files` are what is known of each, by id, and `contents` their bytes, apart,
// since what waits is counted at every change. What this tab was given it holds in memory too until it is answered:
// where the database has no room, or is thrown away, it is still sent as long as the page is open.

import { ask, inspection } from "./asking.js";
import { Store, answered } from "./store.js";

const MOST = 15_000_000; // bytes, the server's limit
const LONGEST_SIDE = 2_560; // of a picture, as the server keeps it
const PATIENCE = 300_000; // ms for one of them, on a net that is hardly there
const BOTH = ["files", "contents"];
const SHAPE = { make: (db) => BOTH.forEach((name) => db.createObjectStore(name, { keyPath: "id" })), onlyHere: [] };
const ABOUT_IT = new Set([404, 413, 422]); // what the server says of what was sent

export const TOO_LARGE = "Filen är större än 15 MB. Dela upp den, eller spara den mindre.";

export class Files {
  #held = new Map(); // id → record

  // `tell(detail)` says that something has changed: `taken` = here is one to send, `settled` = an id that is done with.
  constructor({ person, name, fetch, newId, tell }) {
    Object.assign(this, { person, fetch, newId, tell });
    this.store = new Store(`${name}-files`, SHAPE);
    this.last = "sent"; // as the device's
  }

  // One edition had them in the database of what is typed. Each is here before it leaves there; a page of that edition
  // that sends it too is answered alike.
  async takeOver(typed) {
    if (!(await typed.holds("files"))) return;
    await navigator.locks.request(this.store.name, async () => {
      for (const record of (await typed.read(["files"], ({ files }) => answered(files.getAll()))) ?? []) {
        const kept = await typed.read(["contents"], ({ contents }) => answered(contents.get(record.id)));
        if (kept && !(await this.#put(record, kept.content))) return;
        await typed.change(BOTH, (stores) => Promise.all(BOTH.map((name) => answered(stores[name].delete(record.id)))));
      }
    });
  }

  #put(record, content) {
    return this.store.change(BOTH, ({ files, contents }) =>
      Promise.all([answered(files.put(record)), answered(contents.put({ id: record.id, content }))]),
    );
  }

  // Resolves when it is safe on the device; `loose` = it found no room there, and is in this page's memory alone.
  async add({ subject, about, name, file }) {
    const made = await scaled(file);
    if (made.size > MOST) return { told: TOO_LARGE };
    const content = await made.arrayBuffer();
    const noted = { id: this.newId(), subject, about, name, at: new Date().toISOString(), told: "", loose: false };
    const safe = await this.#put(noted, content);
    const record = { ...noted, loose: !safe };
    this.#held.set(record.id, { record, content });
    this.tell({ taken: true });
    return record;
  }

  // Something is in this page's memory alone.
  get loose() {
    return [...this.#held.values()].some(({ record }) => record.loose);
  }

  async #all() {
    const kept = (await this.store.read(["files"], ({ files }) => answered(files.getAll()))) ?? [];
    const known = new Set(kept.map((each) => each.id));
    const held = [...this.#held.values()].map(({ record }) => record).filter((each) => !known.has(each.id));
    return [...kept, ...held.map((each) => ({ ...each, loose: true }))].sort((a, b) => (a.at < b.at ? -1 : 1));
  }

  async #content(id) {
    const kept = () => this.store.read(["contents"], ({ contents }) => answered(contents.get(id)));
    return (this.#held.get(id) ?? (await kept()))?.content;
  }

  // As operations look, for those who count and list what waits.
  async waiting() {
    return (await this.#all()).filter((each) => !each.told).map(asTyped);
  }

  async refusals() {
    return (await this.#all()).filter((each) => each.told).map(asTyped);
  }

  async throwAway(id) {
    await this.#settle(id);
  }

  async takeUp(id) {
    const again = (await this.#all()).find((each) => each.id === id);
    if (!again) return;
    await this.#note({ ...again, told: "" });
    this.tell({ taken: true });
  }

  // Sends what waits, the oldest first, one tab at a time. `last` says how it went.
  async send() {
    const before = this.last;
    this.last = await navigator.locks.request(this.store.name, () => this.#sendAll());
    if (this.last !== before) this.tell({});
  }

  async #sendAll() {
    for (const record of await this.#all()) {
      const { id, subject, about, name } = record;
      const content = record.told ? null : await this.#content(id);
      if (!content) continue; // refused, or another tab has been answered meanwhile
      const where = `${inspection(subject)}/attachments/${id}?${new URLSearchParams({ about })}`;
      const kind = { Accept: "application/json", "Content-Type": "application/octet-stream" };
      const headers = { ...kind, "Content-Disposition": `attachment; filename*=UTF-8''${percent(name)}` };
      const sent = { method: "PUT", body: content, headers: { ...headers, "Sporra-Person": this.person } };
      const answer = await ask(this.fetch, where, sent, (json) => json?.id === id, PATIENCE);
      if (answer.json) await this.#settle(id, { sent: true, subject });
      else if (ABOUT_IT.has(answer.status)) await this.#note({ ...record, told: answer.told });
      else return answer.became;
    }
    return "sent";
  }

  // Where the database does not take it back, it is sent once more, and answered alike.
  async #settle(id, more = {}) {
    this.#held.delete(id);
    await this.store.change(BOTH, (stores) =>
      Promise.all(Object.values(stores).map((each) => answered(each.delete(id)))),
    );
    this.tell({ settled: id, ...more });
  }

  async #note(record) {
    const held = this.#held.get(record.id);
    if (held) held.record = record;
    if (!record.loose) await this.store.change(["files"], ({ files }) => answered(files.put(record)));
    this.tell({});
  }

  // Another tab has been answered.
  heard({ settled }) {
    this.#held.delete(settled);
  }
}

// Any text, as a header can hold it.
const percent = (text) => new URLSearchParams({ text }).toString().slice("text=".length).replaceAll("+", "%20");

function asTyped({ id, subject, about, name, at, told, loose }) {
  return { id, subject, field: `file/${id}/${about}`, value: name, at, told, loose };
}

// A picture as small as it will be kept, drawn anew: neither its place nor its camera stays on the device. What this
// browser cannot draw goes as it is, and the server says what it is.
export async function scaled(file) {
  const drawn = file.type.startsWith("image/") && (await createImageBitmap(file).catch(() => null));
  if (!drawn) return file;
  const smaller = Math.min(1, LONGEST_SIDE / Math.max(drawn.width, drawn.height));
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: Math.round(drawn.width * smaller), height: Math.round(drawn.height * smaller) });
  const brush = canvas.getContext("2d", { alpha: false });
  brush.fillStyle = "white";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(drawn, 0, 0, canvas.width, canvas.height);
  drawn.close();
  return (await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85))) ?? file;
}
