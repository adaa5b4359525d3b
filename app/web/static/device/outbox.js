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
const AGREED = "agreed";

// What became of the last round: "sent", "offline" (no answer), "signed-out", "busy" (an answer, but not a useful one).
export class Device extends EventTarget {
  constructor(person, store, { tab, fetch, newId }) {
    super();
    Object.assign(this, { person, store, tab, fetch, newId });
    this.name = store?.name ?? nameOf(person);
    this.last = "sent";
    this.loose = []; // operations that found no room in the database: safe nowhere until they are sent
    this.refusedLoose = [];
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
    try {
      if (!this.store) throw new StoreTrouble("no database");
      await this.store.change(["waiting"], ({ waiting }) => enqueue(waiting, made));
    } catch (error) {
      if (!(error instanceof StoreTrouble)) throw error;
      this.loose.push(made);
    }
    this.#changed(subject, [field]);
    return made;
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
    for (const each of [...(known?.waiting ?? []), ...this.loose]) {
      if (each.subject === subject) fields.set(each.field, mine(each, this.person));
    }
    const { seq = null, clashes = [], writes = true } = known?.about ?? {};
    return { seq, clashes, writes, fields };
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
    return [...kept, ...this.refusedLoose];
  }

  async throwAway(id) {
    this.refusedLoose = this.refusedLoose.filter((each) => each.id !== id);
    await this.store?.change(["refused"], (stores) => answered(stores.refused.delete(id)));
    this.#changed(null, []);
  }

  // A refused text once more, as a new operation on what stands now.
  async takeUp(id) {
    const again = (await this.refusals()).find((each) => each.id === id);
    if (!again) return;
    const { subject, field, value } = again;
    const stands = await this.field(subject, field);
    await this.write({ subject, field, value, parent: stands?.revision ?? null });
    await this.throwAway(id);
  }

  // Text that is no operation yet.
  async draft(key) {
    return (await this.#read(["drafts"], (stores) => answered(stores.drafts.get(key))))?.value ?? null;
  }

  async keepDraft(key, value) {
    await this.store?.change(["drafts"], ({ drafts }) =>
      answered(value === null ? drafts.delete(key) : drafts.put({ key, value })),
    );
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
    let most = BATCH;
    for (;;) {
      const batch = (await this.#marked(most)) ?? this.#looseOnes(most);
      if (!batch.length) return "sent";
      const { subject } = batch[0];
      const answer = await this.#ask(`/api/inspections/${subject}/operations`, { operations: batch.map(asSent) });
      let { outcomes } = answer;
      if (!outcomes && !answer.told) return answer.became;
      if (!outcomes && batch.length > 1) {
        most = Math.ceil(batch.length / 4); // one of them is to blame, or they are too many
        continue;
      }
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
      if (error instanceof StoreTrouble) return null; // what is in memory can still be sent
      throw error;
    }
  }

  #looseOnes(most) {
    return oneBatch(this.loose, most);
  }

  // A request as this person. Gives {outcomes} or another body, {told} for what the server will not have, or only
  // what `became` of it: an answer counts as the server's when it is in its words, since a hotel's sign-in page on the
  // way answers everything.
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
    if (response.ok) return Array.isArray(json) ? { outcomes: json } : { json };
    if (typeof json?.told !== "string") return { became: "offline" };
    if (response.status === 401) return { became: "signed-out" };
    if (response.status === 429 || response.status >= 500) return { became: "busy" };
    return { became: "busy", told: json.told, status: response.status };
  }

  // What the server has answered leaves the queue. A refused one is listed instead, and what stood on it takes over
  // its parent. False where the answers could not be noted.
  async #take(batch, outcomes) {
    const answers = new Map(outcomes.map((each) => [each.id, each]));
    const told = batch.map((operation) => ({ operation, answer: answers.get(operation.id) })).filter((e) => e.answer);
    try {
      await this.store?.change(["waiting", "refused", "standing"], async (stores) => {
        for (const { operation, answer } of told) await settled(stores, operation, answer, this.person);
      });
    } catch (error) {
      if (!(error instanceof StoreTrouble)) throw error;
      if (told.some(({ operation }) => !isLoose(operation))) return false;
    }
    for (const { operation, answer } of told) if (isLoose(operation)) this.#tookLoose(operation, answer);
    const outcome = (name) => told.some(({ answer }) => answer.outcome === name);
    const fields = batch.map((each) => each.field);
    this.#changed(batch[0].subject, fields, { sent: true, beside: outcome("sibling"), late: outcome("late") });
    return told.length > 0;
  }

  #tookLoose(operation, answer) {
    this.loose = this.loose.filter((each) => each.id !== operation.id);
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
      const { json, became } = await this.#ask(address);
      if (!json) {
        if (became !== "busy") this.last = became;
        return false;
      }
      const said = first ? json.fields : json.changes;
      seq = first ? json.seq : Math.max(seq, ...said.map((each) => each.seq));
      more = !first && json.more;
      const { waiting: clashes, writes } = json;
      await this.store?.change(["standing", "subjects"], async (stores) => {
        for (const each of said) if (stands(each)) await stand(stores.standing, { ...each, subject });
        await answered(stores.subjects.put({ subject, seq, clashes, writes }));
      });
      const differ = JSON.stringify(clashes) !== JSON.stringify(known.clashes);
      if (said.length || differ || writes !== known.writes) this.#changed(subject, said.map((e) => e.field), { differ });
    }
    return true;
  }

  // ── Telling ──

  #changed(subject, fields, more = {}) {
    const detail = { subject, fields, ...more };
    this.channel.postMessage(detail);
    this.#tell(detail);
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
  return new Device(person, store, { ...given, ...options });
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
async function enqueue(waiting, made) {
  const ofField = await answered(waiting.index("field").getAll([made.subject, made.field]));
  const on = ofField.find((each) => each.id === made.parent);
  const merges = on && !on.sent && on.tab === made.tab && !ofField.some((each) => each.parent === on.id);
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

function stands({ outcome, voice }) {
  return outcome === "head" && voice === AGREED;
}

// Answers come in any order: the later operation stands.
async function stand(standing, { subject, field, value, id, by, name, at, seq }) {
  const before = await answered(standing.get([subject, field]));
  if (before && before.seq >= seq) return;
  await answered(standing.put({ subject, field, value, revision: id, by, name, at, seq }));
}

function isLoose(operation) {
  return operation.n === undefined;
}

async function settled(stores, operation, answer, person) {
  const queued = await answered(stores.waiting.get(operation.id));
  if (queued) await answered(stores.waiting.delete(operation.id));
  if (answer.outcome === "head" && (queued || isLoose(operation))) {
    await stand(stores.standing, { ...operation, by: person, name: "", seq: answer.seq });
  }
  if (answer.outcome !== "refused" || !queued) return;
  await answered(stores.refused.put({ ...operation, told: answer.told }));
  for (const each of await answered(stores.waiting.index("field").getAll([operation.subject, operation.field]))) {
    if (each.parent === operation.id) await answered(stores.waiting.put({ ...each, parent: operation.parent }));
  }
}
