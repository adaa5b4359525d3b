// The page on which each says "Jag är klar", and all then lay together what each has said alone: one tap takes a text or
// all that is alike in an area; an answer is chosen as on its area's page. Written in the voice of all.

import { asDrawnNow, swap, tellWhenDrawn } from "./differing.js";
import { Dock } from "./dock.js";
import { tellWhenEnded } from "./ended.js";
import { ready } from "./page.js";
import { Sheet } from "./sheet.js";
import { fill } from "./suggestion.js";

const form = document.getElementById("jamka");
const count = document.querySelector("main > [role=status]");

function take(sheet, button) {
  const [key, revisions] = button.value.split("=");
  const texts = revisions.split(" ").filter(Boolean);
  const said = (id) => form.querySelector(`[data-said="${id}"]`).textContent;
  return sheet.fields.get(key).settle(texts.map(said).join("\n\n") || null);
}

async function takeEqual(sheet, section) {
  for (const each of section.querySelectorAll("[data-equal]")) {
    if (decided(sheet, fieldOf(each))) continue;
    if (each.matches("button")) await take(sheet, each);
    else each.click();
  }
}

const fieldOf = (control) => (control.matches("button") ? control.value.split("=")[0] : control.name);
const decided = (sheet, name) => sheet.fields.get(name).revision !== null;

function draw(sheet) {
  for (const card of form.querySelectorAll("[data-card]")) {
    const agreed = namesIn(card).every((name) => decided(sheet, name));
    card.classList.toggle("crit-open", !agreed);
    fill(card, { on: { agreed }, said: {} });
  }
  for (const section of form.querySelectorAll("[data-agree]")) {
    const some = [...section.querySelectorAll("[data-equal]")].some((each) => !decided(sheet, fieldOf(each)));
    section.querySelector("[data-part=equal]")?.toggleAttribute("hidden", !some);
  }
  const left = namesIn(form).filter((name) => !decided(sheet, name)).length;
  if (count) fill(count, { on: { agreed: !left }, said: { left } });
}

const namesIn = (part) => [...new Set([...part.querySelectorAll("[name*='/']")].map(({ name }) => name))];

// Before all are done there is but one thing to say here, and what it brings about is the server's to tell.
function drawDone(sheet) {
  const [field] = sheet.fields.values();
  const done = Boolean(field.read());
  form.querySelector("button[name=clear]").hidden = !done;
  fill(document.querySelector("[data-own]"), { on: { done, answers: !done }, said: {} });
}

const at = await ready;
if (at && form) {
  const alone = !count;
  const sheet = new Sheet(at, form, () => (alone ? drawDone(sheet) : draw(sheet)));
  new Dock(at, document.querySelector(".dock"));
  tellWhenEnded(at);
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button[name=take], button[name=equal]");
    if (!button) return;
    event.preventDefault();
    if (button.name === "take") await take(sheet, button);
    else await takeEqual(sheet, button.closest("section"));
    draw(sheet);
  });
  let drawn = Date.now();
  at.device.addEventListener("change", ({ detail }) => {
    tellWhenDrawn(at.device, drawn);
    if (detail.turned) location.reload();
    else if (alone && detail.here && detail.sent) {
      at.device.news(at.subject);
      asDrawnNow().then((fresh) => {
        if (fresh) drawn = Date.now();
        swap(fresh, ["main > .tasks"]); // who is done
      });
    }
  });
  await sheet.begin();
}
document.documentElement.dataset.ready = "agreeing";
