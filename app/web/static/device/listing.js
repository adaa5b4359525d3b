// The findings as lists, from the fields that a device knows: the report's order, as app/inspections/content.py reads
// it from the tables, and what answers what, as app/inspections/pages/findings_view.py does.

import { between } from "./order.js";

export const KINDS = ["strength", "weakness", "improvement", ""];
const ANSWERS = { weakness: "improvement", improvement: "weakness" };
const OPENING = 40; // characters

// Every finding, in order: { id, text, kind, area, criteria, order, revision (the text's), gone, hidden, differ }.
// `fields` and `clashes` are what `device.see()` gives. Gone is what somebody wanted away: it is hidden while its text
// is the one that they saw and nobody has written another.
export function listed({ fields, clashes }) {
  const found = new Map();
  for (const [key, { value, revision }] of fields) {
    const [room, id, name] = key.split("/");
    if (room !== "finding") continue;
    if (!found.has(id)) found.set(id, { id });
    Object.assign(found.get(id), { [name]: value }, name === "text" && { revision });
  }
  const differ = new Set(clashes.map(({ field }) => field));
  return [...found.values()].map((each) => finished(each, differ.has(`finding/${each.id}/text`))).sort(inOrder);
}

function finished({ id, text, revision = "", kind, area, criteria, order, gone }, differ) {
  const values = { text: text ?? "", kind: kind ?? "", area: area ?? "", criteria: criteria ?? [], order: order ?? "" };
  const hidden = Boolean(gone) && gone === revision && !differ;
  return { id, ...values, revision, gone: Boolean(gone), hidden, differ };
}

// By code points, as the keys are made: never by a language's alphabet.
function inOrder(one, other) {
  if (one.order !== other.order) return one.order < other.order ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}

// The findings at the other end: what answers a weakness, what an improvement answers. [{ id, told }]
export function tied(finding, stands) {
  return stands
    .filter(({ kind }) => kind && kind === ANSWERS[finding.kind])
    .map((each, i) => ({ ...each, told: `${i + 1}. ${opening(each.text)}` }))
    .filter(({ criteria }) => criteria.some((id) => finding.criteria.includes(id)))
    .map(({ id, told }) => ({ id, told }));
}

export function lacks(finding, stands) {
  return finding.kind === "weakness" && finding.criteria.length > 0 && !tied(finding, stands).length;
}

// The first words, to tell a finding from the others by.
export function opening(text) {
  const words = text.split(/\s+/).filter(Boolean).join(" ");
  const first = [...words].slice(0, OPENING).join("");
  return first === words ? words : `${first.replace(/ [^ ]*$/, "")}…`;
}

// A place after all the others.
export function atTheEnd(findings) {
  return between(findings.at(-1)?.order ?? "", "");
}

// The new keys with which `id` comes to stand at `place` among `rows` (of one kind, in order): [[id, key]]. One, but
// where neighbours share a key, made by two people at once: then they are told apart as well. As app/writing/order.py.
export function moved(rows, id, place) {
  const rest = rows.filter((row) => row.id !== id);
  const after = rest.slice(place);
  const made = [];
  let before = rest[place - 1]?.order ?? "";
  for (const row of [{ id, order: "" }, ...after]) {
    if (made.length && row.order > before) break;
    before = between(before, after.find(({ order }) => order > before)?.order ?? "");
    made.push([row.id, before]);
  }
  return made;
}

// The operations of a new finding, its text first: a finding without its text is none.
export function operationsOf({ id, text, kind, area, criteria, order }) {
  const values = { text, kind, area, criteria, order };
  return Object.entries(values)
    .filter(([, value]) => value?.length)
    .map(([name, value]) => ({ field: `finding/${id}/${name}`, value }));
}
