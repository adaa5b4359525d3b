// The device's end of the write path: what is typed goes into the browser's database first, then to the server.
//
// An operation sets one field to one value. It gets its id here, and leaves the queue when the server has acknowledged
// that id, never before. It is marked as sent before its request leaves: from then on nothing in it changes, so that a
// lost answer can be asked for again. What is not marked yet is merged with what the same tab types next.
//
// This file knows neither pages nor Swedish; what a person sees of it is drawn elsewhere.

import { StoreTrouble, answered, nameOf, openStore } from "./store.js";

const FORMAT = 1;
const BATCH = 200; // operations, the server's limit
const BYTES = 300_000; // well below what the server takes, also when every letter is three bytes
const PATIENCE = 15_000; // ms that an answer may take
const ABOUT_IT = new Set([404, 413, 422]); // what the server says of what was sent, and not of itself or the way there
const AGREED = "agreed";
const OUTCOMES = new Set(["head", "sibling", "late", "refused"]);

// `last` tells what became of the last round: "sent", "offline" (no answer), "signed-out", or "busy" (an answer, but not
// a useful one). A "change" event tells `{subject, fields}`; `here` = from this tab, `sent` = the server has answered,
// `beside` and `late` = of which fields it said so, `differ` = where texts wait for a choice has changed,
// `gone` = the subject is no longer this person's to read.
export class Device extends EventTarget {
  constructor(person, store, { tab, fetch, newId }) {
    super();
    Object.assign(this, { person, store, tab, fetch, newId });
    this.name = store?.name ?? nameOf(person);
    this.last = "sent";
    this.most = BATCH; // operations in the next request
    this.loose = []; // operations that found no room in the database: safe nowhere until they are sent
    this.refusedLoose = [];
    this.marks = new Set(); // operations that were sent although the database had no room for their mark
    this.unkept = new Map(); // what stands, where the database had no room for it; by subject and field
    this.about = new Map(); // … and how far this tab has followed
    this.unsafe = new Set(); // controls in which something is typed that is no operation yet
    this.channel = new BroadcastChannel(this.name);
    this.channel.onmessage = ({ data }) => this.#tell(data);
  }

  close() {
    this.channel.close();
    this.store?.close();
  }

  // ── Writing ──

  // Keeps an operation. Resolves when it is safe on the device; where it cannot be kept there it is held in memory,
  // sent if that goes, and `loose` tells so.
  async write({ subject, field, value, parent = null, settles = [] }) {
    const typed = { subject, field, value, parent, settles, voice: AGREED, format: FORMAT, tab: this.tab, sent: false };
    const made = { ...typed, id: this.newId(), at: new Date().toISOString() };
    const all = [...this.loose, made]; // what found no room before comes along, in its order
    const kept = await this.#change(["waiting", "refused"], async (stores) => {
      for (const each of all) await enqueue(stores, each, this.marks);
    });
    if (kept) this.loose = this.loose.filter((each) => !all.includes(each));
    else this.loose.push({ ...made, parent: await beneath(made.parent, (id) => this.#over(id)) });
    this.#changed(subject, [field]);
    return made;
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
  // operation yet. False where there is no room for it.
  leave(left) {
    try {
      localStorage.setItem(`${this.name}-left-${crypto.randomUUID()}`, JSON.stringify({ ...left, tab: this.tab }));
      return true;
    } catch {
      return false;
    }
  }

  async takeUpLeft() {
    await navigator.locks.request(`${this.name}-left`, async () => {
      for (const [key, left] of leftIn(this.name)) if (await this.#tookUp(left)) localStorage.removeItem(key);
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

  // What stands in a subject's fields as far as this device knows, its own waiting operations over the server's.
  async see(subject) {
    const known = await this.#read(["standing", "subjects", "waiting"], async (stores) => ({
      standing: await answered(stores.standing.index("subject").getAll(subject)),
      about: await answered(stores.subjects.get(subject)),
      waiting: await inOrder(stores.waiting),
    }));
    const fields = new Map();
    for (const each of known?.standing ?? []) fields.set(each.field, { ...each, waiting: false });
    for (const each of this.unkept.values()) {
      const older = !(fields.get(each.field)?.seq >= each.seq);
      if (each.subject === subject && older) fields.set(each.field, { ...each, waiting: false });
    }
    const own = [...(known?.waiting ?? []), ...this.loose].filter((each) => each.subject === subject);
    for (const each of own) fields.set(each.field, mine(each, this.person));
    const { seq = null, clashes = [], writes = true } = this.about.get(subject) ?? known?.about ?? {};
    return { seq, clashes: unsettled(clashes, own), writes, fields };
  }

  async field(subject, field) {
    return (await this.see(subject)).fields.get(field) ?? null;
  }

  // Everything that waits, the oldest first.
  async waiting() {
    return [...((await this.#read(["waiting"], (stores) => inOrder(stores.waiting))) ?? []), ...this.loose];
  }

  async refusals() {
    const kept = (await this.#read(["refused"], (stores) => answered(stores.refused.getAll()))) ?? [];
    return [...kept, ...this.refusedLoose].filter((each) => !each.over);
  }

  async throwAway(id) {
    const away = (await this.refusals()).find((each) => each.id === id);
    if (!away) return;
    this.refusedLoose = this.refusedLoose.map((each) => (each.id === id ? over(each) : each));
    await this.#change(["refused"], ({ refused }) => answered(refused.put(over(away))));
    this.#changed(null, []);
  }

  // A refused text once more, as a new operation: on her own text where one stands; another's she may not have seen.
  async takeUp(id) {
    const again = (await this.refusals()).find((each) => each.id === id);
    if (!again) return;
    const { subject, field, value } = again;
    const stands = await this.field(subject, field);
    await this.write({ subject, field, value, parent: stands?.by === this.person ? stands.revision : again.parent });
    await this.throwAway(id);
  }

  async #over(id) {
    const kept = await this.#read(["refused"], ({ refused }) => answered(refused.get(id)));
    return kept ?? this.refusedLoose.find((each) => each.id === id);
  }

  // Text that is no operation yet.
  async draft(key) {
    return (await this.#read(["drafts"], (stores) => answered(stores.drafts.get(key))))?.value ?? null;
  }

  // False where there is no room for it.
  async keepDraft(key, value) {
    return this.#change(["drafts"], ({ drafts }) =>
      answered(value === null ? drafts.delete(key) : drafts.put({ key, value })),
    );
  }

  async #change(names, work) {
    try {
      await this.store?.change(names, work);
      return this.store !== null;
    } catch (error) {
      if (error instanceof StoreTrouble) return false;
      throw error;
    }
  }

  async #read(names, work) {
    try {
      return (await this.store?.read(names, work)) ?? null;
    } catch (error) {
      if (error instanceof StoreTrouble) return null;
      throw error;
    }
  }

  // ── Sending ──

  // Sends what waits, in its order, one tab at a time. Never throws because of the net: `last` says how it went.
  async send() {
    const before = this.last;
    this.last = await navigator.locks.request(`${this.name}-send`, () => this.#sendAll());
    if (this.last !== before) this.#changed(null, []);
    return this.last;
  }

  async #sendAll() {
    for (;;) {
      const most = this.most;
      const batch = (await this.#marked(most)) ?? this.#looseOnes(most);
      if (!batch.length) return "sent";
      const { subject } = batch[0];
      const answer = await this.#ask(`/api/inspections/${subject}/operations`, { operations: batch.map(asSent) });
      let outcomes = answer.json;
      // One of them is to blame, or they are too many, or too many for this net: fewer the next time.
      this.most = outcomes ? Math.min(BATCH, most * 2) : Math.ceil(batch.length / 4);
      if (!outcomes && !answer.told) return answer.became;
      if (!outcomes && batch.length > 1) continue;
      outcomes ??= [{ id: batch[0].id, outcome: "refused", told: answer.told }];
      if (!(await this.#take(batch, outcomes))) return "busy"; // they are sent once more, and answered alike
    }
  }

  // The first operations of one subject, marked as sent in the same transaction that reads them; null where none waits.
  async #marked(most) {
    if (!this.store) return null;
    try {
      return await this.store.change(["waiting"], async ({ waiting }) => {
        const batch = oneBatch(await inOrder(waiting), most);
        for (const each of batch) if (!each.sent) await answered(waiting.put(Object.assign(each, { sent: true })));
        return batch.length ? batch : null;
      });
    } catch (error) {
      if (!(error instanceof StoreTrouble)) throw error;
    }
    const batch = oneBatch((await this.#read(["waiting"], (stores) => inOrder(stores.waiting))) ?? [], most);
    for (const each of batch) this.marks.add(each.id);
    return batch.length ? batch : null;
  }

  // What is in memory stands on what is in the database, never the other way: it is sent last.
  #looseOnes(most) {
    const batch = oneBatch(this.loose, most);
    for (const each of batch) each.sent = true;
    return batch;
  }

  // A request as this person. Gives what the server answered, {told} for what it will not have, or only what `became`
  // of it: an answer counts as the server's when it is in its words, since a hotel's sign-in page on the way answers
  // everything.
  async #ask(address, body) {
    const headers = { Accept: "application/json", "Content-Type": "application/json", "Sporra-Person": this.person };
    const request = body ? { method: "POST", body: JSON.stringify(body), headers } : { headers };
    let response, json;
    try {
      response = await this.fetch(address, { ...request, signal: AbortSignal.timeout(PATIENCE) });
      json = await response.json();
    } catch {
      return { became: "offline" };
    }
    if (response.ok) return (body ? areOutcomes : isNews)(json) ? { json } : { became: "offline" };
    const told = json?.error?.told;
    if (typeof told !== "string") return { became: "offline" };
    if (response.status === 401) return { became: "signed-out" };
    const { status } = response;
    return ABOUT_IT.has(status) ? { became: "busy", told, status } : { became: "busy" };
  }

  // What the server has answered leaves the queue. A refused one is listed instead, and what stood on it takes over
  // its parent. False where the answers could not be noted.
  async #take(batch, outcomes) {
    const answers = new Map(outcomes.map((each) => [each.id, each]));
    const told = batch.map((operation) => ({ operation, answer: answers.get(operation.id) })).filter((e) => e.answer);
    const heads = told.filter(({ answer }) => answer.outcome === "head").map((each) => asSaid(each, this.person));
    const whole = await this.#change(["waiting", "refused", "standing", "subjects"], async (stores) => {
      for (const { operation, answer } of told) await settled(stores, operation, answer);
      for (const each of heads) await stand(stores.standing, each);
      await chosen(stores.subjects, batch[0].subject, told);
    });
    if (!whole) {
      this.#hold(heads);
      const left = await this.#change(["waiting", "refused"], async (stores) => {
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

  // What stands is held in memory, where the database has no room for it.
  #hold(said, about = null) {
    if (about) this.about.set(about.subject, about);
    for (const each of said) {
      const key = `${each.subject} ${each.field}`;
      if (!(this.unkept.get(key)?.seq >= each.seq)) this.unkept.set(key, stood(each));
    }
  }

  #tookLoose(operation, answer) {
    if (!this.loose.includes(operation)) return;
    this.loose = this.loose.filter((each) => each !== operation);
    if (answer.outcome !== "refused") return;
    this.refusedLoose.push({ ...operation, told: answer.told });
    for (const each of this.loose) if (each.parent === operation.id) each.parent = operation.parent;
  }

  // ── What is new ──

  // Follows a subject: what others have written since, and where texts wait for a choice. True where it could be asked.
  async news(subject) {
    const known = await this.see(subject);
    let { seq } = known;
    for (let more = true; more; ) {
      const first = seq === null;
      const address = `/api/inspections/${subject}/${first ? "image" : `changes?since=${seq}`}`;
      const { json, became, status } = await this.#ask(address);
      if (status === 404) await this.#forget(subject);
      if (!json) {
        if (became !== "busy") this.last = became;
        return false;
      }
      const said = first ? json.fields : json.changes;
      seq = first ? json.seq : Math.max(seq, ...said.map((each) => each.seq));
      more = !first && json.more;
      const { waiting: clashes, writes } = json;
      const kept = await this.#change(["standing", "subjects"], async (stores) => {
        for (const each of said) if (stands(each)) await stand(stores.standing, { ...each, subject });
        await answered(stores.subjects.put({ subject, seq, clashes, writes }));
      });
      if (kept) this.about.delete(subject);
      else this.#hold(said.filter(stands).map((each) => ({ ...each, subject })), { subject, seq, clashes, writes });
      const differ = JSON.stringify(clashes) !== JSON.stringify(known.clashes);
      if (said.length || differ || writes !== known.writes) this.#changed(subject, said.map((e) => e.field), { differ });
    }
    return true;
  }

  // What was fetched of a subject that is no longer this person's to read. What was typed stays.
  async #forget(subject) {
    await this.#change(["standing", "subjects"], async ({ standing, subjects }) => {
      for (const key of await answered(standing.index("subject").getAllKeys(subject))) await answered(standing.delete(key));
      await answered(subjects.delete(subject));
    });
    this.#changed(subject, [], { gone: true });
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

// Where nothing can be kept, the device still sends: `store` is null, and every operation is loose until then.
export async function openDevice(person, options = {}) {
  const name = options.name ?? nameOf(person);
  const given = { tab: crypto.randomUUID(), fetch: (...all) => fetch(...all), newId: ids(name) };
  let store = null;
  try {
    store = await openStore(name);
  } catch (error) {
    if (!(error instanceof StoreTrouble)) throw error;
  }
  const device = new Device(person, store, { ...given, ...options });
  if (leftIn(name).length) await device.takeUpLeft();
  return device;
}

function leftIn(name) {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(`${name}-left-`));
    return keys.map((key) => [key, JSON.parse(localStorage.getItem(key))]);
  } catch {
    return []; // a window that keeps nothing
  }
}

// Ids that end alike on one device, so that a person who writes on two can be told which text is from which.
function ids(name) {
  const mark = markOf(name);
  return () => crypto.randomUUID().slice(0, -mark.length) + mark;
}

function markOf(name) {
  const made = crypto.randomUUID().slice(-12);
  try {
    const kept = localStorage.getItem(`${name}-mark`) ?? made;
    localStorage.setItem(`${name}-mark`, kept);
    return kept;
  } catch {
    return made; // a window that keeps nothing
  }
}

export const fromHere = (name, id) => id.endsWith(markOf(name));

// ── What is in the stores ──

// What the same tab has typed and not yet sent becomes one operation with this, unless something already stands on it.
async function enqueue({ waiting, refused }, typed, marks) {
  const made = { ...typed, parent: await beneath(typed.parent, (id) => answered(refused.get(id))) };
  const ofField = await answered(waiting.index("field").getAll([made.subject, made.field]));
  const on = ofField.find((each) => each.id === made.parent);
  const sent = !on || on.sent || marks.has(on.id);
  const merges = !sent && on.tab === made.tab && !ofField.some((each) => each.parent === on.id);
  if (!merges) return answered(waiting.put({ ...made, n: (await last(waiting)) + 1 }));
  await answered(waiting.delete(on.id));
  const settles = [...new Set([...on.settles, ...made.settles])];
  return answered(waiting.put({ ...made, n: on.n, parent: on.parent, settles }));
}

async function inOrder(waiting) {
  return answered(waiting.index("n").getAll());
}

async function last(waiting) {
  const cursor = await answered(waiting.index("n").openCursor(null, "prev"));
  return cursor?.value.n ?? 0;
}

// As many of the first one's subject as one request takes; always at least one.
function oneBatch(operations, most) {
  const batch = [];
  let bytes = 0;
  for (const each of operations) {
    if (each.subject !== operations[0].subject) continue;
    bytes += 3 * (JSON.stringify(each.value)?.length ?? 0) + 500;
    if (batch.length && (batch.length >= most || bytes > BYTES)) break;
    batch.push(each);
  }
  return batch;
}

function asSent({ id, field, value, parent, settles, voice, at, format }) {
  return { id, field, value, parent, settles, voice, at, format };
}

function mine(operation, person) {
  const { subject, field, value, id, at } = operation;
  return { subject, field, value, revision: id, by: person, name: "", at, seq: null, waiting: true };
}

// What does not say exactly what became of an operation says nothing of it.
function areOutcomes(json) {
  const known = (each) => typeof each?.id === "string" && OUTCOMES.has(each.outcome) && Number.isInteger(each.seq);
  return Array.isArray(json) && json.every(known);
}

function isNews(json) {
  const said = json?.changes ?? json?.fields;
  const known = (each) => typeof each?.field === "string" && Number.isInteger(each.seq);
  return Array.isArray(json?.waiting) && Array.isArray(said) && said.every(known) && !(json.more && !said.length);
}

function stands({ outcome, voice }) {
  return outcome === "head" && voice === AGREED;
}

// Answers come in any order: the later operation stands.
async function stand(standing, said) {
  const before = await answered(standing.get([said.subject, said.field]));
  if (before && before.seq >= said.seq) return;
  await answered(standing.put(stood(said)));
}

function stood({ subject, field, value, id, by, name, at, seq }) {
  return { subject, field, value, revision: id, by, name, at, seq };
}

// Texts that wait for a choice, but for those that one of the operations has chosen between.
function unsettled(clashes, operations) {
  const settled = new Set(operations.flatMap((each) => each.settles));
  return clashes.filter(({ beside }) => !settled.has(beside.id));
}

function chose({ operation, answer }) {
  return operation.settles.length > 0 && ["head", "sibling"].includes(answer.outcome);
}

async function chosen(subjects, subject, told) {
  const about = await answered(subjects.get(subject));
  const clashes = about && unsettled(about.clashes, told.filter(chose).map(({ operation }) => operation));
  if (clashes && clashes.length < about.clashes.length) await answered(subjects.put({ ...about, clashes }));
}

// The server knows nothing of a refused operation. What is typed on it stands on what is beneath it: so much is
// remembered of it, also when its text has been thrown away.
async function beneath(id, over) {
  for (let each; id && (each = await over(id)); ) id = each.parent;
  return id;
}

function over({ id, parent }) {
  return { id, parent, over: true };
}

function asSaid({ operation, answer }, person) {
  return { ...operation, by: person, name: "", seq: answer.seq };
}

async function settled(stores, operation, answer) {
  const queued = await answered(stores.waiting.get(operation.id));
  if (!queued) return;
  await answered(stores.waiting.delete(operation.id));
  if (answer.outcome !== "refused") return;
  await answered(stores.refused.put({ ...operation, told: answer.told }));
  for (const each of await answered(stores.waiting.index("field").getAll([operation.subject, operation.field]))) {
    if (each.parent === operation.id) await answered(stores.waiting.put({ ...each, parent: operation.parent }));
  }
}
