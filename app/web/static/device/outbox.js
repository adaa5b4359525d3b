// The device's end of the write path: what is typed goes into the browser's database first, then to the server.
//
// An operation sets one field to one value. It gets its id here, and leaves the queue when the server has acknowledged
// that id, never before. It is marked as sent before its request leaves: from then on nothing in it changes, so that a
// lost answer can be asked for again. What is not marked yet is merged with what the same tab types next (queue.js).
//
// This file knows neither pages nor Swedish; what a person sees of it is drawn elsewhere.

import { ask, inspection, request } from "./asking.js";
import { Files } from "./files.js";
import { AGREED, Following, chose, chosen, kept, stand, unsettled } from "./following.js";
import { asSent, beneath, byTurn, enqueue, enqueueFirst, inOrder, oneBatch, over, settled } from "./queue.js";
import { forget, keysBeginning, recall, remember } from "./settings.js";
import { Store, answered, nameOf } from "./store.js";

const FORMAT = 1;
const ABOUT_IT = new Set([404, 413, 422]); // what the server says of what was sent, and not of itself or the way there
const OUTCOMES = new Set(["head", "sibling", "late", "refused"]);

// `last` tells what became of the last round: "sent", or as in asking.js. A "change" event tells `{subject, fields}`;
// `here` = from this tab, `sent` = the server has answered, `beside` and `late` = of which fields it said so,
// `differ` = where texts wait for a choice has changed, `anew` = a backup has been put back on the server,
// `gone` = the subject is no longer this person's to read, `turned` = all have begun or ceased to answer alone.
export class Device extends EventTarget {
  constructor(person, store, { tab, fetch, newId }) {
    super();
    Object.assign(this, { person, store, tab, fetch, newId });
    this.name = store.name;
    this.following = new Following(person, store, fetch);
    this.files = new Files({ person, name: store.name, fetch, newId, tell: ({ subject = null, ...more }) => this.#changed(subject, [], more) });
    this.last = "sent";
    this.most = Infinity; // operations in the next request
    this.loose = []; // operations that found no room in the database: safe nowhere until they are sent
    this.refusedLoose = [];
    this.marks = new Set(); // operations that were sent although the database had no room for their mark
    this.unsafe = new Set(); // controls in which something is typed that is no operation yet
    this.channel = new BroadcastChannel(this.name);
    this.channel.onmessage = ({ data }) => {
      this.store.remember();
      this.files.heard(data);
      this.#tell(data);
    };
    store.lost = (waiting, refused) => this.#loosen(waiting, refused);
  }

  close() {
    this.channel.close();
    this.store.close();
    this.files.store.close();
  }

  // ── Writing ──

  // Keeps an operation. Resolves when it is safe on the device; where it cannot be kept there it is held in memory,
  // sent if that goes, and `loose` tells so. `choice` = it goes over whatever was chosen here before.
  async write(typed) {
    return (await this.writeAll([typed]))[0];
  }

  // What one gesture makes, in one subject: all of it is kept, or nothing of it where the page goes away meanwhile.
  async writeAll(gesture) {
    const all = gesture.map((each) => this.#made(each));
    if (!(await this.#house(...all))) {
      for (const made of all) this.loose.push({ ...made, ...(await beneath(made, (id) => this.#over(id))) });
    }
    this.#changed(all[0].subject, all.map(({ field }) => field));
    return all;
  }

  // What found no room before comes along, in its order.
  async #house(...made) {
    const all = [...this.loose, ...made];
    const safe = await this.store.change(["waiting", "refused"], async (stores) => {
      for (const each of all) await enqueue(stores, each, this.marks);
    });
    if (safe) this.loose = this.loose.filter((each) => !all.includes(each));
    return safe;
  }

  #made({ subject, field, value, parent = null, settles = [], choice = false, voice = AGREED }) {
    const typed = { subject, field, value, parent, settles, choice, voice, format: FORMAT, tab: this.tab };
    return { ...typed, sent: false, id: this.newId(), at: new Date().toISOString() };
  }

  // A control tells when something is typed in it, and when that is safe.
  typing(control, so) {
    const before = this.unsafe.size;
    if (so) this.unsafe.add(control);
    else this.unsafe.delete(control);
    if (!before !== !this.unsafe.size) this.#tell({ subject: null, fields: [], here: true });
  }

  // The page is going away, with a text that is not safe yet: a database answers too late for that, so it is put where
  // it can be put at once, and goes into the queue when a page opens next. `draft` is {key, value}, for what is no
  // operation yet. Where there is no room it leaves at once, and is given back.
  leave(left) {
    const key = `${this.name}-left-${crypto.randomUUID()}`;
    const put = remember(key, JSON.stringify({ ...left, tab: this.tab }));
    return put || left.draft ? null : this.#sendAway(left);
  }

  // With what it stands on, which may not have left yet. The browser takes some 60 kB of a page that goes.
  #sendAway(left) {
    const made = { ...this.#made(left), sent: true };
    const waiting = this.store.remembered.waiting.toSorted(byTurn);
    const before = [...waiting, ...this.loose].filter((e) => e.subject === made.subject && e.field === made.field);
    for (const each of before) this.marks.add(each.id);
    this.loose.push(made);
    const about = request(this.person, { operations: [...before, made].map(asSent) });
    this.fetch(`${inspection(made.subject)}/operations`, { ...about, keepalive: true }).catch(() => {}); // no net
    return made;
  }

  async takeUpLeft() {
    await navigator.locks.request(`${this.name}-left`, async () => {
      for (const [key, left] of leftIn(this.name)) if (await this.#tookUp(left)) forget(key);
    });
  }

  async #tookUp({ draft, tab, ...left }) {
    if (draft) return this.keepDraft(draft.key, draft.value);
    const before = (await this.waiting()).findLast((each) => each.tab === tab && each.field === left.field);
    if (before?.value === left.value) return true;
    const made = await this.write({ ...left, parent: before?.id ?? left.parent });
    return !this.loose.some((each) => each.id === made.id);
  }

  // ── Reading ──

  // What stands in a subject's fields as far as this device knows, its own waiting operations over the server's. What
  // this person has said alone stands there while all do so (`apart`), and waits to be laid together afterwards.
  async see(subject) {
    const found = await this.store.read(["standing", "subjects", "waiting"], async (stores) => ({
      ...(await kept(stores, subject)),
      waiting: await inOrder(stores),
    }));
    const { seq, clashes, writes, apart, fields: standing } = this.following.known(subject, found);
    const counts = ({ voice }) => apart || voice === AGREED;
    const said = [...standing.values()].filter(counts).map((each) => [each.field, { ...each, waiting: false }]);
    const fields = new Map(said);
    const own = [...(found?.waiting ?? []), ...this.loose].filter((each) => each.subject === subject);
    for (const each of own.filter(counts)) fields.set(each.field, mine(each, this.person));
    return { seq, clashes: unsettled(clashes, own), writes, apart, fields };
  }

  async field(subject, field) {
    return (await this.see(subject)).fields.get(field) ?? null;
  }

  // Everything that waits, the oldest first.
  async waiting() {
    return [...((await this.store.read(["waiting"], inOrder)) ?? []), ...this.loose];
  }

  // With the files that wait, for those who tell a person of it.
  async unsent() {
    return [...(await this.waiting()), ...(await this.files.waiting())];
  }

  async refusals() {
    const kept = (await this.store.read(["refused"], (stores) => answered(stores.refused.getAll()))) ?? [];
    return [...kept, ...this.refusedLoose].filter((each) => !each.over);
  }

  async throwAway(id) {
    const away = (await this.refusals()).find((each) => each.id === id);
    if (!away) return;
    this.refusedLoose = this.refusedLoose.map((each) => (each.id === id ? over(each) : each));
    await this.store.change(["refused"], ({ refused }) => answered(refused.put(over(away))));
    this.#changed(null, []);
  }

  // A refused text once more, as a new operation: on her own text where one stands; another's she may not have seen.
  async takeUp(id) {
    const again = (await this.refusals()).find((each) => each.id === id);
    if (!again) return;
    const { subject, field, value, voice } = again;
    const stands = await this.field(subject, field);
    await this.write({ subject, field, value, parent: stands?.by === this.person ? stands.revision : again.parent, voice });
    await this.throwAway(id);
  }

  async #over(id) {
    const kept = await this.store.read(["refused"], ({ refused }) => answered(refused.get(id)));
    return kept ?? this.refusedLoose.find((each) => each.id === id);
  }

  // Text that is no operation yet.
  async draft(key) {
    return (await this.store.read(["drafts"], (stores) => answered(stores.drafts.get(key))))?.value ?? null;
  }

  // All such text: [{ key, value }]
  async drafts() {
    return (await this.store.read(["drafts"], (stores) => answered(stores.drafts.getAll()))) ?? [];
  }

  // False where there is no room for it.
  async keepDraft(key, value) {
    const kept = await this.store.change(["drafts"], ({ drafts }) =>
      answered(value === null ? drafts.delete(key) : drafts.put({ key, value })),
    );
    this.#changed(null, []);
    return kept;
  }

  // The database is gone, and there is no new one.
  #loosen(waiting, refused) {
    const known = new Set([...this.loose, ...this.refusedLoose].map((each) => each.id));
    const unknown = ({ id }) => !known.has(id);
    this.loose.unshift(...waiting.toSorted(byTurn).filter(unknown));
    this.refusedLoose.unshift(...refused.filter(unknown));
    this.#changed(null, []);
  }

  // ── Sending ──

  // Sends what waits, in its order, one tab at a time. Never throws because of the net: `last` says how it went.
  async send() {
    this.#went(await navigator.locks.request(`${this.name}-send`, () => this.#sendAll()));
    return this.last;
  }

  #went(last) {
    if (last === this.last) return;
    this.last = last;
    this.#changed(null, []);
  }

  // Where nothing waits nothing is learned of the net: `news` tells.
  async #sendAll() {
    if (this.loose.length && (await this.#house())) this.#changed(null, []);
    for (let sent = false; ; sent = true) {
      const most = this.most;
      const marked = await this.#marked(most);
      const batch = marked.length ? marked : this.#looseOnes(most);
      if (!batch.length) return sent ? "sent" : this.last;
      const { subject } = batch[0];
      const about = request(this.person, { operations: batch.map(asSent) });
      const answer = await ask(this.fetch, `${inspection(subject)}/operations`, about, areOutcomes);
      let outcomes = answer.json;
      // One of them is to blame, or they are too many, or too many for this net: fewer the next time.
      this.most = outcomes ? most * 2 : Math.ceil(batch.length / 4);
      if (!outcomes && !ABOUT_IT.has(answer.status)) return answer.became;
      if (!outcomes && batch.length > 1) continue;
      outcomes ??= [{ id: batch[0].id, outcome: "refused", told: answer.told }];
      if (!(await this.#take(batch, outcomes))) return "busy"; // they are sent once more, and answered alike
    }
  }

  // The first operations of one subject, marked as sent in the same transaction that reads them.
  async #marked(most) {
    const marked = await this.store.change(["waiting"], async ({ waiting }) => {
      const batch = oneBatch(await inOrder({ waiting }), most);
      for (const each of batch) if (!each.sent) await answered(waiting.put(Object.assign(each, { sent: true })));
      return batch;
    });
    if (marked) return marked;
    const batch = oneBatch((await this.store.read(["waiting"], inOrder)) ?? [], most);
    for (const each of batch) this.marks.add(each.id);
    return batch;
  }

  // What is in memory stands on what is in the database, never the other way: it is sent last.
  #looseOnes(most) {
    const batch = oneBatch(this.loose, most);
    for (const each of batch) each.sent = true;
    return batch;
  }

  // What the server has answered leaves the queue. A refused one is listed instead, and what stood on it takes over
  // its parent. False where the answers could not be noted.
  async #take(batch, outcomes) {
    const answers = new Map(outcomes.map((each) => [each.id, each]));
    const told = batch.map((operation) => ({ operation, answer: answers.get(operation.id) })).filter((e) => e.answer);
    const heads = told.filter(({ answer }) => answer.outcome === "head").map((each) => asSaid(each, this.person));
    const whole = await this.store.change(["waiting", "refused", "standing", "subjects"], async (stores) => {
      for (const { operation, answer } of told) await settled(stores, operation, answer);
      for (const each of heads) await stand(stores.standing, each);
      await chosen(stores.subjects, batch[0].subject, told);
    });
    if (!whole) {
      this.following.hold(heads);
      const left = await this.store.change(["waiting", "refused"], async (stores) => {
        for (const { operation, answer } of told) await settled(stores, operation, answer);
      });
      if (!left && told.some(({ operation }) => !this.loose.includes(operation))) return false;
    }
    for (const { operation, answer } of told) this.#tookLoose(operation, answer);
    const became = (name) => told.filter(({ answer }) => answer.outcome === name).map((each) => each.operation.field);
    const fields = batch.map((each) => each.field);
    const said = { sent: true, beside: became("sibling"), late: became("late"), differ: told.some(chose) };
    this.#changed(batch[0].subject, fields, said);
    return told.length > 0;
  }

  #tookLoose(operation, answer) {
    if (!this.loose.includes(operation)) return;
    this.loose = this.loose.filter((each) => each !== operation);
    if (answer.outcome !== "refused") return;
    this.refusedLoose = this.refusedLoose.map((each) => (each.id === operation.instead ? over(each) : each));
    this.refusedLoose.push({ ...operation, told: answer.told });
    for (const each of this.loose.filter(({ parent }) => parent === operation.id)) {
      Object.assign(each, { parent: operation.parent, instead: operation.id });
    }
  }

  // ── What is new ──

  // Follows a subject; `area` = the one that is open. True where it could be asked.
  async news(subject, area = "") {
    const trouble = await this.following.follow(subject, area, {
      present: (detail) => this.dispatchEvent(new CustomEvent("present", { detail })),
      tell: (fields, more) => this.#changed(subject, fields, more),
      again: (lost) => this.#again(lost),
    });
    if (trouble ? trouble !== "busy" : !(await this.waiting()).length) this.#went(trouble ?? "sent");
    return !trouble;
  }

  // What the server had acknowledged before a backup was put back there: under the same id, since it may know it still,
  // and on nothing, since nobody knows what stands there now. Where it is another text both are shown.
  async #again(lost) {
    const about = { parent: null, settles: [], format: FORMAT, tab: this.tab, sent: true };
    const made = lost.map(({ revision: id, subject, field, value, at, voice }) => ({ ...about, id, subject, field, value, at, voice }));
    const safe = await this.store.change(["waiting"], async (stores) => {
      for (const each of made) await enqueueFirst(stores, each);
    });
    if (!safe) this.#loosen(made, []);
  }

  // ── Telling ──

  #changed(subject, fields, more = {}) {
    const detail = { subject, fields, ...more };
    this.channel.postMessage(detail);
    this.#tell({ ...detail, here: true });
  }

  #tell(detail) {
    this.dispatchEvent(new CustomEvent("change", { detail }));
  }
}

// Where nothing can be kept, the device still sends: every operation is loose until then.
export async function openDevice(person, options = {}) {
  const name = options.name ?? nameOf(person);
  const given = { tab: crypto.randomUUID(), fetch: (...all) => fetch(...all), newId: ids(name) };
  const device = new Device(person, new Store(name), { ...given, ...options });
  await device.store.remember();
  await device.files.takeOver(device.store);
  if (leftIn(name).length) await device.takeUpLeft();
  return device;
}

function leftIn(name) {
  return keysBeginning(`${name}-left-`).map((key) => [key, JSON.parse(recall(key))]);
}

// Ids that end alike on one device, so that a person who writes on two can be told which text is from which.
function ids(name) {
  const mark = markOf(name);
  return () => crypto.randomUUID().slice(0, -mark.length) + mark;
}

function markOf(name) {
  const kept = recall(`${name}-mark`) ?? crypto.randomUUID().slice(-12);
  remember(`${name}-mark`, kept);
  return kept;
}

export const fromHere = (name, id) => id.endsWith(markOf(name));

function mine(operation, person) {
  const { subject, field, value, id, at, voice } = operation;
  return { subject, field, value, voice, revision: id, by: person, name: "", at, seq: null, waiting: true };
}

// What does not say exactly what became of an operation says nothing of it.
function areOutcomes(json) {
  const known = (each) => typeof each?.id === "string" && OUTCOMES.has(each.outcome) && Number.isInteger(each.seq);
  return Array.isArray(json) && json.every(known);
}

function asSaid({ operation, answer }, person) {
  return { ...operation, by: person, name: "", seq: answer.seq };
}
