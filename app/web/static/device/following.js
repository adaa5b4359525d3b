// What the server says stands in the fields, and what is new there: one reads it once as a whole, and from then on what
// has come since. When the server does not know the last operation that one knows, a backup has been put back there:
// what was believed to stand is forgotten, and read anew.

import { inspection, request, ask } from "./asking.js";
import { answered } from "./store.js";

export const AGREED = "agreed"; // the voice of all together; another is one person's, while each answers alone
const GONE = 404;
const ANOTHER_PAST = 409;

export class Following {
  constructor(person, store, fetch) {
    Object.assign(this, { person, store, fetch });
    this.unkept = new Map(); // what stands, where the database had no room for it; by subject and field
    this.about = new Map(); // … and how far this tab has followed
  }

  // ── What is known ──

  async read(subject) {
    return this.known(subject, await this.store.read(["standing", "subjects"], (stores) => kept(stores, subject)));
  }

  // `found` = what was `kept`, null where that could not be read.
  known(subject, found) {
    const fields = new Map((found?.standing ?? []).map((each) => [each.field, { voice: AGREED, ...each }]));
    for (const each of this.unkept.values()) {
      if (each.subject === subject && follows(each, fields.get(each.field))) fields.set(each.field, each);
    }
    const about = this.about.get(subject) ?? found?.about;
    return { seq: null, last: null, clashes: [], writes: true, apart: false, ...about, fields };
  }

  // Held in memory, where the database has no room for it.
  hold(said, about = null) {
    if (about) this.about.set(about.subject, about);
    for (const each of said) {
      const key = `${each.subject} ${each.field}`;
      if (follows(each, this.unkept.get(key))) this.unkept.set(key, stood(each));
    }
  }

  // ── Asking ──

  // `tell(fields, more)` is called for what has changed, `again(lost)` for what this person wrote that the server may
  // not have any more, before it is forgotten here. Gives null, or what became of it where it could not be asked.
  async follow(subject, area, { tell, again, present }) {
    for (let more = true, anew = false; more; ) {
      const known = await this.read(subject);
      const whole = anew || known.seq === null;
      const { json, became, status } = await this.#ask(subject, whole ? null : known, area);
      if (status === GONE) await this.#forget(subject, tell);
      if (status === ANOTHER_PAST && !whole) {
        anew = true;
        continue;
      }
      if (!json) return became;
      if (json.present) present(json.present);
      const said = (whole ? json.fields : json.changes).map((each) => ({ ...each, subject }));
      const missing = anew ? lost(known.fields, said, this.person) : [];
      if (anew) await again(missing);
      const differ = Boolean(json.waiting) && JSON.stringify(json.waiting) !== JSON.stringify(known.clashes);
      const turned = known.seq !== null && json.apart !== known.apart;
      const news = whole || json.seq > known.seq || json.writes !== known.writes || turned;
      if (news) await this.#note(subject, known, said, json, { whole, anew });
      const fields = [...said, ...missing].map((each) => each.field);
      if (anew || fields.length || differ || json.writes !== known.writes || turned) tell(fields, { differ, anew, turned });
      more = !whole && json.more && json.seq > known.seq;
      anew = false;
    }
    return null;
  }

  #ask(subject, known, area) {
    const address = `${inspection(subject)}/${known ? `changes?${sinceThen(known)}${area && `&area=${encodeURIComponent(area)}`}` : "image"}`;
    return ask(this.fetch, address, request(this.person), isNews);
  }

  async #note(subject, known, said, json, { whole, anew }) {
    const heads = said.filter((each) => each.outcome === "head" && [AGREED, this.person].includes(each.voice));
    const { seq, last } = whole || json.seq > known.seq ? json : known; // not all that it looked at is ours to read
    const { writes, apart } = json;
    const about = { subject, seq, last, clashes: json.waiting ?? known.clashes, writes, apart };
    if (anew) for (const each of known.fields.values()) this.unkept.delete(`${subject} ${each.field}`);
    const noted = await this.store.change(["standing", "subjects"], async ({ standing, subjects }) => {
      if (anew) for (const each of known.fields.values()) await unsaid(standing, each);
      for (const each of heads) await stand(standing, each);
      const before = await answered(subjects.get(subject));
      if (whole || !(before?.seq > about.seq)) await answered(subjects.put(about)); // another tab was faster
    });
    if (noted) this.about.delete(subject);
    else this.hold(heads, about);
  }

  // What was fetched of a subject that is no longer this person's to read. What was typed stays.
  async #forget(subject, tell) {
    await this.store.change(["standing", "subjects"], async ({ standing, subjects }) => {
      for (const key of await answered(standing.index("subject").getAllKeys(subject))) await answered(standing.delete(key));
      await answered(subjects.delete(subject));
    });
    tell([], { gone: true });
  }
}

export async function kept({ standing, subjects }, subject) {
  return {
    standing: await answered(standing.index("subject").getAll(subject)),
    about: await answered(subjects.get(subject)),
  };
}

// One's own operations have been acknowledged since one followed.
function sinceThen({ seq, last, fields }) {
  const followed = { seq, revision: last };
  const newest = [...fields.values()].reduce((one, other) => (other.seq > one.seq ? other : one), followed);
  return new URLSearchParams({ since: seq, ...(newest.revision && { last: newest.revision, at: newest.seq }) });
}

// ── What stands ──

function isNews(json) {
  const said = json?.changes ?? json?.fields;
  const known = (each) => typeof each?.field === "string" && Number.isInteger(each.seq);
  const waits = Array.isArray(json?.waiting) || json?.waiting === null;
  return waits && Number.isInteger(json.seq) && Array.isArray(said) && said.every(known);
}

// Answers come in any order: the later operation stands, and what is agreed before what one has said alone.
export async function stand(standing, said) {
  const before = await answered(standing.get([said.subject, said.field]));
  if (follows(said, before)) await answered(standing.put(stood(said)));
}

// In which voice an operation was taken the server tells afterwards: a page may not have heard yet that all answer alone.
function follows(said, before) {
  if (!before || before.seq === said.seq) return before?.voice !== said.voice;
  const [now, then] = [said.voice === AGREED, (before.voice ?? AGREED) === AGREED];
  return now === then ? said.seq > before.seq : now;
}

function stood({ subject, field, value, voice, id, by, name, at, seq }) {
  return { subject, field, value, voice, revision: id, by, name, at, seq };
}

// Unless something else has come to stand there meanwhile.
async function unsaid(standing, { subject, field, revision }) {
  const now = await answered(standing.get([subject, field]));
  if (now?.revision === revision) await answered(standing.delete([subject, field]));
}

function lost(fields, standing, person) {
  const there = new Set(standing.map((each) => each.id));
  return [...fields.values()].filter((each) => each.by === person && !there.has(each.revision));
}

// ── Where texts wait for a choice ──

// But for those that one of the operations has chosen between.
export function unsettled(clashes, operations) {
  const settled = new Set(operations.flatMap((each) => each.settles));
  return clashes.filter(({ beside }) => !settled.has(beside.id));
}

export function chose({ operation, answer }) {
  return operation.settles.length > 0 && ["head", "sibling"].includes(answer.outcome);
}

export async function chosen(subjects, subject, told) {
  const about = await answered(subjects.get(subject));
  const clashes = about && unsettled(about.clashes, told.filter(chose).map(({ operation }) => operation));
  if (clashes && clashes.length < about.clashes.length) await answered(subjects.put({ ...about, clashes }));
}
