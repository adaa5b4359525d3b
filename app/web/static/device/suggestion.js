// What the page of an area says of its grading, drawn anew from the answers on the device: live, and without the
// server. The words and the badges stand in the page as the server drew them (`data-if` is shown or hidden, `data-say`
// is filled, `data-badge` gets another badge), so that it looks just as it will after a reload.

import { owesReason, suggest, why } from "./grading.js";

// What app/inspections/suggested.py says of the area that the page shows; null on any other page.
export function factsIn(document) {
  const text = document.getElementById("graderingar")?.dataset.facts;
  return text ? JSON.parse(text) : null;
}

// `fields` is a Map from a field's key to `{ value }`, for all areas of the inspection, or not `whole`: for this one.
export function draw(document, facts, fields, whole = true) {
  const given = (key) => fields.get(key)?.value || "";
  const answers = answersTo(facts.criteria.map(({ id }) => id), given);
  const suggestion = suggest(facts, answers);
  const causes = why(facts, suggestion, answers);
  const state = stateOf(facts, suggestion, causes, given, answers.size);
  const badges = badgesOf(document);
  for (const id of ["nu", "forslag", "skal-h"]) {
    const part = document.getElementById(id);
    if (part) fill(part, state, badges);
  }
  tell(document.querySelector("#forslag .why"), facts, causes);
  for (const line of document.querySelectorAll("#rail [data-area]")) {
    if (!whole && line.dataset.area !== facts.area) continue;
    fill(line, lineOf(facts, line.dataset.area, given), badges);
  }
}

function stateOf(facts, suggestion, causes, given, answered) {
  const { grade, best, worst, missing } = suggestion;
  const decided = given(`area/${facts.area}/grade`);
  const differs = facts.offered.includes(decided) && owesReason(facts, suggestion, decided);
  const asked = differs && !given(`area/${facts.area}/grade_reason`);
  const on = {
    suggested: best,
    closed: grade,
    open: best && !grade,
    none: !best,
    missing: missing.length,
    caused: causes.length,
    asked,
    unasked: !asked,
  };
  const said = { best, worst, missing: missing.length, answered, decided };
  return { on, said };
}

function lineOf(facts, area, given) {
  const answered = answersTo(facts.areas[area], given).size;
  return { on: {}, said: { answered, standing: facts.changed[area] ?? given(`area/${area}/grade`) } };
}

export function answersTo(criteria, given) {
  const answers = criteria.map((id) => [id, given(`criterion/${id}/answer`)]);
  return new Map(answers.filter(([, answer]) => answer));
}

// A function from size and grade to a badge, as the server drew it.
export function badgesOf(document) {
  const drawn = [...document.getElementById("graderingar").content.children];
  const marked = (mark) => drawn.find((each) => each.dataset.mark === mark);
  return (size, grade) => (marked(`${size} ${grade}`) ?? marked(`${size} `)).firstElementChild.cloneNode(true);
}

// Touches only what has changed: a screen reader listens, and somebody may have the focus in it.
export function fill(part, { on, said }, badges) {
  for (const each of within(part, "data-if")) each.toggleAttribute("hidden", !on[each.dataset.if]);
  for (const each of within(part, "data-say")) {
    const text = String(said[each.dataset.say] ?? "");
    if (each.textContent !== text) each.textContent = text;
  }
  for (const each of within(part, "data-badge")) {
    const [size, name] = each.dataset.badge.split(" ");
    const [before, badge] = [each.querySelector(".grade"), badges(size, said[name] ?? "")];
    if (!before.isEqualNode(badge)) before.replaceWith(badge);
  }
}

function within(part, attribute) {
  const inside = [...part.querySelectorAll(`[${attribute}]`)];
  return part.hasAttribute(attribute) ? [part, ...inside] : inside;
}

function tell(list, facts, causes) {
  if (!list) return;
  const fresh = list.cloneNode(false);
  fresh.append(...causes.map((cause) => lineWith(list.ownerDocument, facts, cause)));
  if (!fresh.isEqualNode(list)) list.replaceChildren(...fresh.childNodes);
}

function lineWith(document, facts, { criteria, told }) {
  const line = document.createElement("li");
  criteria.forEach((id, i) => {
    const link = document.createElement("a");
    link.setAttribute("href", `#${id}`);
    link.textContent = facts.criteria.find((each) => each.id === id).short;
    const left = criteria.length - i;
    line.append(link, left > 2 ? ", " : left === 2 ? " och " : " ");
  });
  line.append(told);
  line.normalize();
  return line;
}
