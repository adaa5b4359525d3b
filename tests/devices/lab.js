// Devices without a page around them: the shipped modules, each tab with the controls of a few fields, and a net whose
// every request waits here until the test has decided what becomes of it.
//
// What a page does is done here as area.js does it: every tab of a device looks again after every change, and a field
// with another text beside it is drawn anew with what it settles. A pause in typing comes when the test says so.

async ([outbox, typing]) => {
  const { openDevice, fromHere } = await import(outbox);
  const { Field } = await import(typing);
  const { setTimeout } = globalThis;
  globalThis.setTimeout = () => 0; // pauses

  const tabs = new Map();
  const mail = new Map();
  const drafts = new Map();
  const browsers = indexedDB;
  const database = Object.getOwnPropertyDescriptor(globalThis, "indexedDB");
  const { put } = IDBObjectStore.prototype;
  const { setItem } = Storage.prototype;
  const full = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  let fresh = []; // requests that the test has not seen yet
  let count = 0;

  class Tab {
    constructor(key, device, page) {
      Object.assign(this, { key, device, page, jobs: {}, fields: new Map(), clashes: new Map(), heard: 0, due: 0 });
      const post = device.channel.postMessage.bind(device.channel);
      device.channel.postMessage = (told) => {
        for (const other of beside(this)) other.due += 1;
        post(told);
      };
      device.addEventListener("change", ({ detail }) => {
        if (!detail.here) this.heard += 1;
        this.wake?.();
      });
    }

    // Until what the device's other tabs have told is heard here.
    async hear() {
      while (this.heard < this.due) await new Promise((resolve) => (this.wake = resolve));
    }

    async look() {
      await this.hear();
      const seen = await this.device.see(this.page.subject);
      for (const each of this.fields.values()) await each.refresh({ seen, seq: this.page.seq });
    }

    // Begins to send or to ask; gives when it is over, or waits for an answer.
    begin(kind, start) {
      const job = (this.jobs[kind] = {});
      job.asked = new Promise((resolve) => (job.wake = resolve));
      job.done = start().then((result) => {
        job.result = result;
        delete this.jobs[kind];
      });
      return Promise.race([job.asked, job.done]);
    }
  }

  const same = (tab) => [...tabs.values()].filter((each) => each.device.name === tab.device.name);
  const beside = (tab) => same(tab).filter((each) => each !== tab);
  const look = (tab) => Promise.all(same(tab).map((each) => each.look()));

  function controls(kind) {
    const place = document.createElement("div");
    if (kind === "text") place.append(document.createElement("textarea"));
    else if (kind === "line") place.append(document.createElement("input"));
    else for (const value of kind) place.append(Object.assign(document.createElement("input"), { type: "radio", value }));
    return [...place.children];
  }

  const asked = (key) => (url, { method = "GET", body = null, headers }) =>
    new Promise((resolve, reject) => {
      const id = ++count;
      const job = tabs.get(key).jobs[method === "POST" ? "send" : "news"];
      mail.set(id, { resolve, reject, key, job });
      fresh.push({ id, tab: key, url, method, body, headers });
      job?.wake(); // without one: it left with the page, which waits for nothing
    });

  // The lock manager takes what it is asked for in its order: when this is answered, so is what was asked before.
  const locked = () => navigator.locks.query();

  async function enter(field) {
    if (!field.text || field.leaving) return;
    field.controls[0].dispatchEvent(new Event("focus"));
    await locked();
    await field.refresh({ seq: -1 });
  }

  // What stands in a field, on the screen and beside, as somebody sees it who begins to type there.
  function shown(tab, field) {
    const beside = field.settles.length ? (tab.clashes.get(field.field) ?? []) : [];
    return { saw: [field.value, field.read(), ...beside], revision: field.revision };
  }

  // What has become of the typing: an operation, or a draft, which keeps what was on the screen when it was begun.
  function made(tab, at, before) {
    const draft = `${tab.device.name} ${at.field}`;
    const begun = drafts.get(draft);
    const saw = [...before.saw, ...(begun ?? [])];
    if (at.drafted) drafts.set(draft, saw);
    else drafts.delete(draft);
    if (at.revision !== before.revision) return { id: at.revision, value: at.value, saw, begun: Boolean(begun) };
    return at.drafted ? { draft: at.read(), saw } : {};
  }

  const acts = {
    // A page, drawn by the server some time ago, is opened in a tab.
    async open({ key, name, person, page, kinds }) {
      const device = await openDevice(person, { name, fetch: asked(key) });
      const tab = new Tab(key, device, page);
      tabs.set(key, tab);
      for (const [field, kind] of Object.entries(kinds)) {
        const drawn = page.fields[field];
        const made = { subject: page.subject, field, controls: controls(kind), settles: [], revision: drawn?.revision ?? null };
        const here = new Field(device, made);
        here.show(drawn?.value ?? null);
        here.value = here.read();
        tab.fields.set(field, here);
      }
      const restored = {};
      for (const [field, at] of tab.fields) {
        const draft = await device.draft(at.draftKey);
        if (!draft) continue;
        await at.restore();
        await at.done;
        restored[field] = made(tab, at, { saw: [draft.value], revision: draft.revision });
      }
      await tab.look();
      return { waiting: await device.waiting(), restored };
    },

    // Types or chooses, in place of all that stands; `pause` = long enough for an operation.
    async type({ key, field, value, pause }) {
      const tab = tabs.get(key);
      const at = tab.fields.get(field);
      await enter(at);
      const [control] = at.controls;
      if (control.readOnly) return { elsewhere: true };
      const before = shown(tab, at);
      at.show(value);
      control.dispatchEvent(new Event("input"));
      if (at.text && pause) at.save();
      await at.done;
      const told = made(tab, at, before);
      await look(tab);
      return told;
    },

    async leave({ key, field }) {
      const tab = tabs.get(key);
      const at = tab.fields.get(field);
      const before = shown(tab, at);
      const { typed } = at;
      at.controls[0].dispatchEvent(new Event("blur"));
      await at.done;
      const told = typed ? made(tab, at, before) : {};
      await locked();
      await look(tab);
      return told;
    },

    // The page is drawn anew where people have written differently; `drawn` is what the server says now.
    async redraw({ key, drawn }) {
      const tab = tabs.get(key);
      const { fields } = await tab.device.see(tab.page.subject);
      for (const [name, at] of tab.fields) {
        const clash = drawn.clashes[name];
        if (fields.get(name)?.waiting) continue; // the server does not know yet what has been chosen
        if ((!clash && !tab.clashes.has(name)) || (at.inside && at.text)) continue;
        await at.done;
        if (clash) tab.clashes.set(name, clash.texts);
        else tab.clashes.delete(name);
        at.settles = clash?.settles ?? [];
        at.revision = clash?.seen ?? null;
        at.beside = false;
      }
      await look(tab);
      return { settling: [...tab.fields].filter(([, at]) => at.settles.length).map(([name]) => name) };
    },

    async settle({ key, field, value, which }) {
      const tab = tabs.get(key);
      const at = tab.fields.get(field);
      if (!at.settles.length) return {};
      const before = shown(tab, at);
      await at.settle(which === null ? value : (tab.clashes.get(field)[which] ?? value));
      const told = made(tab, at, before);
      await look(tab);
      return told;
    },

    // A choice in two tabs at the same moment, before either has heard of the other.
    async both({ keys, field, values }) {
      const fields = keys.map((key) => tabs.get(key).fields.get(field));
      fields.forEach((at, i) => at.show(values[i]));
      for (const at of fields) at.controls[0].dispatchEvent(new Event("input"));
      await Promise.all(fields.map((at) => at.done));
      await look(tabs.get(keys[0]));
      return {};
    },

    // The page goes away in the middle of a word.
    async goes({ key }) {
      tabs.get(key).device.unsafe.forEach((each) => each.leave());
      return {};
    },

    // What is written without a control: the kind and the place of a finding, that it is gone, a text from elsewhere.
    async put({ key, field, value, seen }) {
      const tab = tabs.get(key);
      if (same(tab).some((each) => each.fields.get(field)?.leaving)) return {}; // somebody types there
      const { fields } = await tab.device.see(tab.page.subject);
      const given = seen ? (fields.get(seen)?.revision ?? null) : value;
      const parent = fields.get(field)?.revision ?? null;
      const { id } = await tab.device.write({ subject: tab.page.subject, field, value: given, parent });
      await look(tab);
      return { id, value: given, saw: [fields.get(field)?.value ?? null] };
    },

    // `wait` = until there is something to tell; another tab that is sending lets it wait for long.
    async send({ key, wait = true }) {
      const tab = tabs.get(key);
      const sent = tab.begin("send", () => tab.device.send());
      await (wait ? sent : locked());
      await look(tab);
      return {};
    },

    async news({ key }) {
      const tab = tabs.get(key);
      await tab.begin("news", () => tab.device.news(tab.page.subject));
      await look(tab);
      return {};
    },

    // An answer, or null for none.
    async answer({ id, answer }) {
      const { resolve, reject, key, job } = mail.get(id);
      mail.delete(id);
      if (job) job.asked = new Promise((wake) => (job.wake = wake));
      if (answer) resolve(new Response(answer.body, { status: answer.status }));
      else reject(new TypeError("Failed to fetch"));
      if (job) await Promise.race([job.asked, job.done]);
      await look(tabs.get(key));
      return { last: tabs.get(key).device.last };
    },

    // What was in the tab's memory is gone.
    async crash({ key }) {
      const tab = tabs.get(key);
      for (const [id, each] of mail) if (each.key === key) mail.delete(id) && each.reject(new TypeError("gone"));
      await Promise.all(Object.values(tab.jobs).map((job) => job.done));
      for (const each of tab.fields.values()) each.leaving?.abort();
      tab.device.close();
      tabs.delete(key);
      await locked();
      return {};
    },

    async takeUp({ key, id }) {
      const tab = tabs.get(key);
      const again = (await tab.device.refusals()).find((each) => each.id === id);
      const stands = await tab.device.field(again.subject, again.field);
      await tab.device.takeUp(id);
      await look(tab);
      const made = (await tab.device.waiting()).at(-1);
      return { id: made.id, value: made.value, saw: [again.value, stands?.by === tab.device.person ? stands.value : null] };
    },

    async throwAway({ key, id }) {
      const tab = tabs.get(key);
      await tab.device.throwAway(id);
      await look(tab);
      return {};
    },

    async tell({ key, ids }) {
      const { device, page, fields } = tabs.get(key);
      const here = ids.filter((id) => fromHere(device.name, id));
      const { clashes, fields: known } = await device.see(page.subject);
      const kept = {};
      for (const [name, each] of fields) kept[name] = (await device.draft(each.draftKey))?.value ?? null;
      const [waiting, refused] = [await device.waiting(), await device.refusals()];
      const about = { clashes, known: Object.fromEntries(known), drafts: kept, waiting, refused };
      const screen = Object.fromEntries([...fields].map(([name, each]) => [name, each.read()]));
      return { ...about, screen, fromHere: here, loose: device.loose, last: device.last };
    },

    // Where the browser keeps things: `full` = there is no room for more, `gone` = it is a window that keeps nothing,
    // `crowded` = there is no room where things are kept at once.
    async storage({ state }) {
      Storage.prototype.setItem = state === "crowded" ? full : setItem;
      IDBObjectStore.prototype.put = state === "full" ? full : put;
      const nowhere = { value: undefined, configurable: true };
      Object.defineProperty(globalThis, "indexedDB", state === "gone" ? nowhere : database);
      return {};
    },

    // The browser throws a database away, also while it is open.
    async evict({ name }) {
      const gone = browsers.deleteDatabase(name);
      await new Promise((resolve) => (gone.onsuccess = resolve));
      return {};
    },

    // An operation as an earlier edition has left it in the queue.
    async left({ key, operation }) {
      await tabs.get(key).device.store.change(["waiting"], ({ waiting }) => void waiting.put(operation));
      return {};
    },

    async forget({ names }) {
      for (const key of [...tabs.keys()]) await acts.crash({ key });
      for (const name of names) {
        for (const each of [name, `${name}-files`]) browsers.deleteDatabase(each);
        localStorage.removeItem(`${name}-mark`);
      }
      return {};
    },
  };

  globalThis.lab = async (asked) => {
    const { act, ...about } = JSON.parse(asked);
    const stuck = new Promise((_, reject) => setTimeout(() => reject(new Error(`${asked} does not end`)), 5_000));
    const result = await Promise.race([acts[act](about), stuck]);
    const requests = fresh;
    fresh = [];
    return JSON.stringify({ ...result, requests });
  };
}
