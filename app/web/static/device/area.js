// The page of an area: the grading is suggested as one answers, with a net and without.

import { asDrawnNow, swap, tellWhenDrawn } from "./differing.js";
import { Dock } from "./dock.js";
import { tellEarlier } from "./earlier.js";
import { tellWhenEnded } from "./ended.js";
import { keys } from "./keys.js";
import { ready } from "./page.js";
import { showPresent } from "./presence.js";
import { Sheet } from "./sheet.js";
import { draw, factsIn } from "./suggestion.js";

const QUIET = 1_500; // ms without a new answer before the server is asked what is left
const DECIDES = /\/(answer|grade|grade_reason|narrative)$|^finding\//;
const LEFT = ["#kvar", ".tabs [href$='#kvar-att-gora']", ".dock [href$='#kvar-att-gora']"]; // the list, and of how many

const form = document.getElementById("omrade");
const facts = factsIn(document);

function shown(fields, whole) {
  for (const card of form.querySelectorAll(".crit")) mark(card);
  if (facts) draw(document, facts, fields, whole);
  tellEarlier();
}

function mark(card) {
  const answered = Boolean(card.querySelector("input[type=radio]:checked"));
  card.classList.toggle("crit-open", !answered);
  card.querySelector("button[name=clear]")?.toggleAttribute("hidden", !answered);
}

// What is left is the server's to say, of all areas and of what the colleague has done.
function askWhatIsLeft(device) {
  let timer;
  let drawn = Date.now();
  const ask = async (parts) => {
    const fresh = await asDrawnNow();
    if (fresh) drawn = Date.now();
    swap(fresh, parts);
  };
  device.addEventListener("change", ({ detail }) => {
    tellWhenDrawn(device, drawn);
    if (detail.turned) ask(["#for-sig", ...LEFT]);
    if (!detail.sent || !detail.fields.some((each) => DECIDES.test(each))) return;
    clearTimeout(timer);
    timer = setTimeout(() => ask(LEFT), QUIET);
  });
}

const at = await ready;
if (at && "writes" in form.dataset) {
  const sheet = new Sheet(at, form, shown);
  new Dock(at, document.querySelector(".dock"));
  tellWhenEnded(at);
  askWhatIsLeft(at.device);
  at.device.addEventListener("present", ({ detail }) => showPresent(detail));
  await sheet.begin();
  keys(document);
  document.documentElement.dataset.ready = "area";
}
