// The closing talk, drawn from what the device knows: what was written a minute ago without a net is shown as well.
// As app/inspections/pages/closing.py makes it.

import { listed } from "./listing.js";
import { AGREED } from "./following.js";
import { ready } from "./page.js";
import { badgesOf, factsIn, fill } from "./suggestion.js";

const pageSeq = Number(document.body.dataset.seq);
const facts = factsIn(document);
const titles = new Map([["", ""], ...facts.areas]);

function draw(seen) {
  if (seen.seq === null || seen.seq < pageSeq) return; // the page is newer than what the device has followed
  const shown = listed(seen).filter((each) => !each.hidden && each.text.trim());
  for (const list of document.querySelectorAll("[data-of]")) {
    drawList(list, shown.filter(({ kind }) => kind === list.dataset.of));
  }
  for (const line of document.querySelectorAll(".closing-grades [data-area]")) drawGrade(line, seen.fields);
}

// Touches nothing where nothing has changed: somebody may be reading, or have marked a line.
function drawList(list, findings) {
  const fresh = list.cloneNode(false);
  for (const [area, title] of titles) {
    const texts = findings.filter((each) => each.area === area).map(({ text }) => text);
    if (texts.length && title) fresh.append(made("h3", title));
    if (texts.length) fresh.append(made("ul", ...texts.map((text) => asIs(text))));
  }
  if (!fresh.children.length) fresh.append(Object.assign(made("p", "Inget att ta upp här."), { className: "soft" }));
  const told = (one) => [...one.children].map((each) => each.outerHTML).join();
  if (told(fresh) !== told(list)) list.replaceChildren(...fresh.children);
}

function drawGrade(line, fields) {
  const { area } = line.dataset;
  const grade = fields.get(`area/${area}/grade`);
  const standing = facts.changed[area] ?? (grade?.voice === AGREED && grade.value ? grade.value : "");
  fill(line, { on: {}, said: { standing } }, badgesOf(document));
}

const asIs = (text) => Object.assign(made("li", text), { className: "asis" });

function made(name, ...inside) {
  const element = document.createElement(name);
  element.append(...inside);
  return element;
}

const button = document.querySelector("[data-do=print]");
button.hidden = false;
button.addEventListener("click", () => print());

const at = await ready;
if (at) {
  const look = async () => draw(await at.device.see(at.subject));
  at.device.addEventListener("change", look);
  await look();
}
document.documentElement.dataset.ready = "closing";
