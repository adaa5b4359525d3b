// The browser's own database, one for each person: what is typed is safe here before it is sent anywhere.
//
//   waiting    operations that the server has not acknowledged; by id, in the order of `n`
//   refused    operations that the server could not take; by id
//   standing   what the server last told stands; by [subject, field]
//   subjects   how far this device has followed: {subject, seq, clashes, writes}
//   drafts     what is typed but is no operation yet; by a key of its own

const VERSION = 1;

export class StoreTrouble extends Error {}

export const nameOf = (person) => `sporra-${person}`;

export async function openStore(name) {
  try {
    const asked = indexedDB.open(name, VERSION);
    asked.onupgradeneeded = () => make(asked.result);
    return new Store(name, await answered(asked));
  } catch (error) {
    throw new StoreTrouble(error?.message ?? "no database");
  }
}

function make(db) {
  const waiting = db.createObjectStore("waiting", { keyPath: "id" });
  waiting.createIndex("n", "n");
  waiting.createIndex("field", ["subject", "field"]);
  db.createObjectStore("refused", { keyPath: "id" });
  db.createObjectStore("standing", { keyPath: ["subject", "field"] }).createIndex("subject", "subject");
  db.createObjectStore("subjects", { keyPath: "subject" });
  db.createObjectStore("drafts", { keyPath: "key" });
}

export function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

class Store {
  constructor(name, db) {
    this.name = name;
    this.#keep(db);
  }

  #db;
  #keep(db) {
    this.#db = db;
    db.onversionchange = () => this.close(); // a newer edition of Sporra in another tab
    db.onclose = () => (this.#db = null); // the browser has thrown it away
  }

  // `work` gets the stores by name, and may await nothing but their requests. What it returns comes when all of it is
  // on disk: a change is made whole or not at all.
  async change(names, work) {
    return this.#run(names, "readwrite", work);
  }

  async read(names, work) {
    return this.#run(names, "readonly", work);
  }

  async #run(names, mode, work) {
    let transaction;
    try {
      transaction = (await this.#open()).transaction(names, mode, { durability: "strict" });
    } catch (error) {
      throw new StoreTrouble(error?.message ?? "no transaction");
    }
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(new StoreTrouble(transaction.error?.name ?? "aborted"));
    });
    done.catch(() => {}); // told below, where somebody waits for it
    const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
    try {
      const result = await work(stores);
      await done;
      return result;
    } catch (error) {
      if (!(error instanceof StoreTrouble)) abort(transaction);
      throw error instanceof DOMException ? new StoreTrouble(error.name) : error;
    }
  }

  async #open() {
    if (!this.#db) this.#keep((await openStore(this.name)).#db);
    return this.#db;
  }

  close() {
    this.#db?.close();
    this.#db = null;
  }
}

function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // it has ended already
  }
}
