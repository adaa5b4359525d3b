// How a finding is drawn: from the templates that the page brings along, made by the same macros as the server's own
// rows (finding.html). Touches only what has changed: somebody may have the focus in it.

import { lacks, opening, tied } from "./listing.js";
import { many } from "./waiting.js";

const ID = "__id__"; // what stands in a template for a finding's id, and for its area
const AREA = "__area__";

const template = (name) => document.getElementById(`t-${name}`).content;

export function made(name, { id, area = "" }) {
  const copy = document.importNode(template(name).firstElementChild, true);
  for (const each of [copy, ...copy.querySelectorAll("*")]) {
    for (const { name, value } of [...each.attributes]) {
      if (value.includes("__")) each.setAttribute(name, value.replaceAll(ID, id).replaceAll(AREA, area));
    }
  }
  return copy;
}

export function say(within, name, text) {
  for (const each of within.querySelectorAll(`[data-say=${name}]`)) {
    if (each.textContent !== text) each.textContent = text;
  }
}

// One that stands, among all that do.
export function fill(row, finding, stands) {
  const text = row.querySelector(".find-text");
  const told = finding.text || "(tom)";
  if (text.textContent !== told) text.textContent = told;
  say(row, "opening", opening(finding.text));
  const links = row.querySelector(".find-links");
  const fresh = links.cloneNode(false);
  fresh.append(...linksOf(finding, stands));
  if (!fresh.isEqualNode(links)) links.replaceChildren(...fresh.childNodes);
  const wanted = row.querySelector("[data-part=wanted]");
  if (finding.gone !== Boolean(wanted.firstElementChild)) {
    wanted.replaceChildren(...(finding.gone ? [made("wanted", finding)] : []));
  }
  const list = stands.filter(({ kind }) => kind === finding.kind);
  ends(row.querySelector("[value^=up]"), list[0] === finding);
  ends(row.querySelector("[value^=down]"), list.at(-1) === finding);
}

// It says so when it is pressed, and keeps the focus: so it is not disabled outright.
function ends(button, so) {
  if (so) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
}

function linksOf(finding, stands) {
  const { kind, area, criteria } = finding;
  const ties = tied(finding, stands);
  return [
    ...(area && !criteria.some((id) => areaOf(id) === area) ? [link(area, area)] : []), // else they say it
    ...criteria.map((id) => link(`${areaOf(id)}#${id}`, id)),
    ...ties.map((each) => tieTo(kind, each)),
    ...(lacks(finding, stands) ? [made("lacking", finding)] : []),
  ];
}

// Above the lists: how many weaknesses nothing answers, and the way to the first.
export function tellLacking(stands) {
  const found = stands.filter((each) => lacks(each, stands));
  const part = document.querySelector("[data-part=lacking]");
  part.hidden = !found.length;
  say(part, "lacking", many(found.length, "svaghet", "svagheter"));
  part.querySelector("a").setAttribute("href", found.length ? `#f-${found[0].id}` : "#");
}

function link(to, text) {
  const link = document.createElement("a");
  link.setAttribute("href", `/inspektioner/${document.body.dataset.subject}/omraden/${to}`);
  link.textContent = text;
  return link;
}

function tieTo(kind, { id, told }) {
  const tie = made(`tie-${kind}`, { id });
  say(tie, "told", told);
  return tie;
}

// ── Criteria ──

const box = (criterion) => template("criteria").querySelector(`[value="${CSS.escape(criterion)}"]`);
const areaOf = (criterion) => box(criterion)?.closest("[data-area]").dataset.area ?? "";

// The boxes of an area's criteria, and of those that a finding is linked to in others.
export function boxes(finding, area, chosen) {
  const found = template("criteria").querySelector(`[data-area="${CSS.escape(area)}"] fieldset`);
  const set = document.importNode(found ?? template("criteria").querySelector("fieldset"), true);
  if (!found) for (const each of set.querySelectorAll("label")) each.remove();
  const beside = chosen.filter((id) => areaOf(id) !== area && box(id));
  set.append(...beside.map((id) => document.importNode(box(id).closest("label"), true)));
  set.id = set.id.replace(ID, finding);
  for (const each of set.querySelectorAll("input")) {
    each.name = each.name.replace(ID, finding);
    each.checked = chosen.includes(each.value);
  }
  return set;
}

// ── In their order ──

// Puts the rows into their list. The one that has the focus stays where it is and the others go around it.
export function arrange(list, rows) {
  for (const each of [...list.children]) if (!rows.includes(each)) each.remove();
  const stays = (row) => row.parentElement === list && row.contains(document.activeElement);
  const at = Math.max(rows.findIndex(stays), 0);
  if (rows.length && rows[at].parentElement !== list) list.append(rows[at]);
  for (let i = at - 1; i >= 0; i--) {
    if (rows[i].nextElementSibling !== rows[i + 1]) rows[i + 1].before(rows[i]);
  }
  for (let i = at + 1; i < rows.length; i++) {
    if (rows[i].previousElementSibling !== rows[i - 1]) rows[i - 1].after(rows[i]);
  }
}
