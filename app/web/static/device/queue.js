// The operations that wait in the database, and those that were refused: what stands on what, what is one with what,
// and what leaves together. Everything here happens within a transaction that is under way.

import { answered } from "./store.js";

const BATCH = 200; // operations, the server's limit
const BYTES = 300_000; // well below what the server takes, also when every letter is three bytes

// What the same tab has typed and not yet sent becomes one operation with this, unless something already stands on it.
// A choice goes over the last one on this device, in whichever tab that was made.
export async function enqueue({ waiting, refused }, typed, marks) {
  const inField = await answered(waiting.index("field").getAll([typed.subject, typed.field]));
  const ofField = inField.filter((each) => each.id !== typed.id && each.voice === typed.voice);
  const newest = typed.choice && ofField.length ? ofField.sort(byTurn).at(-1).id : typed.parent;
  const made = { ...typed, ...(await beneath({ parent: newest }, (id) => answered(refused.get(id)))) };
  const on = ofField.find((each) => each.id === made.parent);
  const sent = !on || on.sent || marks.has(on.id);
  const merges = !sent && on.tab === made.tab && !ofField.some((each) => each.parent === on.id);
  if (!merges) return answered(waiting.put({ ...made, n: (await turn(waiting, "prev")) + 1 }));
  await answered(waiting.delete(on.id));
  const settles = [...new Set([...on.settles, ...made.settles])];
  return answered(waiting.put({ ...made, n: on.n, parent: on.parent, instead: on.instead, settles }));
}

// Before all that waits: some of it may stand on this.
export async function enqueueFirst({ waiting }, made) {
  return answered(waiting.put({ ...made, n: (await turn(waiting, "next")) - 1 }));
}

export async function inOrder({ waiting }) {
  return answered(waiting.index("n").getAll());
}

export const byTurn = (one, other) => one.n - other.n;

async function turn(waiting, end) {
  const cursor = await answered(waiting.index("n").openCursor(null, end));
  return cursor?.value.n ?? 0;
}

// As many of the first one's subject as one request takes; always at least one.
export function oneBatch(operations, most = BATCH) {
  const batch = [];
  let bytes = 0;
  for (const each of operations) {
    if (each.subject !== operations[0].subject) continue;
    bytes += 3 * (JSON.stringify(each.value)?.length ?? 0) + 500;
    if (batch.length && (batch.length >= Math.min(most, BATCH) || bytes > BYTES)) break;
    batch.push(each);
  }
  return batch;
}

export function asSent({ id, field, value, parent, settles, voice, at, format }) {
  return { id, field, value, parent, settles, voice, at, format };
}

// The server has answered: it leaves the queue. A refused one is listed instead, and what stood on it takes over its
// parent. One that was typed on a refused one has its place in the list: every pause in the same text is one line there.
export async function settled(stores, operation, answer) {
  const queued = await answered(stores.waiting.get(operation.id));
  if (!queued) return;
  await answered(stores.waiting.delete(operation.id));
  if (answer.outcome !== "refused") return;
  const before = queued.instead && (await answered(stores.refused.get(queued.instead)));
  if (before) await answered(stores.refused.put(over(before)));
  await answered(stores.refused.put({ ...operation, told: answer.told }));
  for (const each of await answered(stores.waiting.index("field").getAll([operation.subject, operation.field]))) {
    const { parent, id: instead } = operation;
    if (each.parent === instead) await answered(stores.waiting.put({ ...each, parent, instead }));
  }
}

// The server knows nothing of a refused operation. What is typed on it stands on what is beneath it, `instead` of it: so
// much is remembered of it, also when its text has been thrown away.
export async function beneath({ parent }, over) {
  const instead = parent && (await over(parent)) ? parent : null;
  for (let each; parent && (each = await over(parent)); ) parent = each.parent;
  return { parent, instead };
}

export function over({ id, parent }) {
  return { id, parent, over: true };
}
