// The browser's own database, one for each person: what is typed is safe here before it is sent anywhere.
//
//   waiting    operations that the server has not acknowledged; by id, in the order of `n`
//   refused    operations that the server could not take; by id
//   drafts     what is typed but is no operation yet; by a key of its own
//   standing   what the server last told stands; by [subject, field]
//   subjects   how far this device has followed: {subject, seq, last, clashes, writes}
//
// It is opened as it is, whatever its number: a page of another edition may have it open, and neither waits for the
// other. So its shape never changes. What is new gets a database of its own, as files have (files.js).
//
// A browser may throw all of it away under an open page. What was typed is nowhere else, so every page
// remembers it, and whichever is first to open a new database makes it with that in it. Where none can be opened any
// more, `lost` is called with what waited in it.


class StoreTrouble extends Error {}

export const nameOf = (person) => `sporra-${person}`;

// What is typed: how its database is made, and what in it is nowhere else.
const TYPED = { make, onlyHere: ["waiting", "refused", "drafts"] };

function make(db, remembered) {
  const waiting = db.createObjectStore("waiting", { keyPath: "id" });
  waiting.createIndex("n", "n");
  waiting.createIndex("field", ["subject", "field"]);
  const refused = db.createObjectStore("refused", { keyPath: "id" });
  const drafts = db.createObjectStore("drafts", { keyPath: "key" });
  db.createObjectStore("standing", { keyPath: ["subject", "field"] }).createIndex("subject", "subject");
  db.createObjectStore("subjects", { keyPath: "subject" });
  for (const each of remembered.waiting) waiting.put(leftHere(each));
  for (const each of remembered.refused) refused.put(each);
  for (const each of remembered.drafts) drafts.put(each);
}

// Another tab may have sent it: nothing in it changes any more.
const leftHere = (operation) => ({ ...operation, sent: true });

export function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

export class Store {
  #opening = null; // the database, promised
  #closed = false;

  constructor(name, shape = TYPED) {
    Object.assign(this, { name, shape });
    this.remembered = { waiting: [], refused: [], drafts: [] };
    this.lost = () => {};
  }

  // `work` gets the stores by name, and may await nothing but their requests. What it gives comes when all of it is on
  // disk, or else true: a change is made whole or not at all. False where it could not be made.
  async change(names, work) {
    const only = names.filter((each) => this.shape.onlyHere.includes(each));
    const made = await this.#run(names, "readwrite", async (stores) => [await work(stores), await all(stores, only)]);
    if (!made) return false;
    const [result, here] = made;
    Object.assign(this.remembered, here);
    return result ?? true;
  }

  // Null where nothing can be read. Once more, where the database went while it was being read.
  async read(names, work) {
    const within = async (stores) => [await work(stores)];
    const found = (await this.#run(names, "readonly", within)) ?? (await this.#run(names, "readonly", within));
    return found && found[0];
  }

  // What other tabs have put here is remembered too.
  async remember() {
    const { onlyHere } = this.shape;
    if (onlyHere.length) Object.assign(this.remembered, await this.read(onlyHere, (stores) => all(stores, onlyHere)));
  }

  // Whether it has such a store.
  async holds(name) {
    try {
      return (await this.#open()).objectStoreNames.contains(name);
    } catch {
      return false;
    }
  }

  async #run(names, mode, work) {
    let opened = null;
    try {
      opened = this.#open();
      return await inOne((await opened).transaction(names, mode, { durability: "strict" }), names, work);
    } catch (error) {
      if (mode === "readonly" || error.name === "InvalidStateError") this.#leave(opened);
      if (error instanceof StoreTrouble || error instanceof DOMException) return null;
      throw error;
    }
  }

  #open() {
    if (this.#closed) throw new StoreTrouble("closed");
    this.#opening ??= this.#opened().catch((error) => {
      this.#opening = null;
      this.#giveUp();
      throw new StoreTrouble(error?.message ?? "no database");
    });
    return this.#opening;
  }

  async #opened() {
    const asked = indexedDB.open(this.name);
    asked.onupgradeneeded = () => this.shape.make(asked.result, this.remembered);
    const db = await answered(asked);
    const opened = this.#opening;
    // The browser has thrown it away, or wants to. Where somebody may be typing a new one is made at once: nobody
    // remembers more.
    db.onclose = db.onversionchange = () => {
      this.#leave(opened);
      if (!document.hidden) this.remember();
    };
    return db;
  }

  #leave(opened) {
    opened?.then((db) => db.close()).catch(() => {});
    if (this.#opening === opened) this.#opening = null;
  }

  #giveUp() {
    const { waiting, refused } = this.remembered;
    Object.assign(this.remembered, { waiting: [], refused: [] });
    if (waiting.length || refused.length) this.lost(waiting.map(leftHere), refused);
  }

  close() {
    this.#closed = true;
    this.#leave(this.#opening);
  }
}

async function inOne(transaction, names, work) {
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(new StoreTrouble(transaction.error?.name ?? "aborted"));
  });
  done.catch(() => {}); // told below, where somebody waits for it
  try {
    const result = await work(Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)])));
    await done;
    return result;
  } catch (error) {
    if (!(error instanceof StoreTrouble)) abort(transaction);
    throw error;
  }
}

function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // it has ended already
  }
}

async function all(stores, names) {
  const found = await Promise.all(names.map((name) => answered(stores[name].getAll())));
  return Object.fromEntries(names.map((name, i) => [name, found[i]]));
}
