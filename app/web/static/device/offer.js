// Where a criterion is not met, its card offers to write the weakness while one remembers it, and what could be done:
// one line, which unfolds when it is pressed. What is typed and never added is kept as a draft. Beside each criterion
// stands what is written of it, and the way there.

import { addFindings, lacking } from "./capture.js";
import { KINDS, listed } from "./listing.js";
import { ready } from "./page.js";
import { factsIn } from "./suggestion.js";
import { many } from "./waiting.js";

const PAUSE = 250; // ms without a key
// As in app/inspections/pages/findings_view.py.
const WORDS = {
  strength: ["styrka", "styrkor"],
  weakness: ["svaghet", "svagheter"],
  improvement: ["förbättringspotential", "förbättringspotentialer"],
  "": ["iakttagelse utan slag", "iakttagelser utan slag"],
};
const template = document.getElementById("t-offer");

class Offer {
  constructor({ device, subject }, card) {
    const part = document.importNode(template.content.firstElementChild, true);
    Object.assign(this, { device, subject, part, criterion: card.id, key: `${subject} offer ${card.id}` });
    this.part.setAttribute("aria-label", `Svaghet för ${card.id}`);
    this.texts = [...part.querySelectorAll("textarea")];
    this.texts.forEach((each) => (each.id = `${each.name}-${card.id}`));
    part.querySelectorAll("label").forEach((each, i) => (each.htmlFor = this.texts[i].id));
    part.addEventListener("input", () => this.#typed());
    part.addEventListener("click", (event) => this.#pressed(event.target.closest("button")?.dataset.do));
    card.append(part);
  }

  // One that was begun is open, as it was left.
  async begin() {
    const draft = await this.device.draft(this.key);
    this.texts.forEach((each, i) => (each.value = draft?.[i] ?? ""));
    this.show(draft ? "open" : "folded");
  }

  get values() {
    return this.texts.map((each) => each.value);
  }

  get empty() {
    return !this.values.some((each) => each.trim());
  }

  show(name) {
    for (const each of this.part.querySelectorAll("[data-face]")) each.hidden = each.dataset.face !== name;
  }

  #typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), PAUSE);
  }

  keep() {
    clearTimeout(this.timer);
    return this.device.keepDraft(this.key, this.empty ? null : this.values);
  }

  #pressed(does) {
    if (does === "add") return this.#add();
    if (does !== "now" && does !== "later") return;
    this.show(does === "now" ? "open" : "folded");
    (does === "now" ? this.texts[0] : this.part.querySelector("[data-do=now]")).focus();
  }

  async #add() {
    const findings = this.values.map((text, i) => ({ text, kind: ["weakness", "improvement"][i], ...this.#belongs() }));
    const written = findings.filter(({ text }, i) => i === 0 || text.trim()); // what they can do may come later
    const why = written.map(lacking).find(Boolean) ?? "";
    const wrong = this.part.querySelector("[data-part=wrong]");
    wrong.hidden = !why;
    wrong.querySelector("[data-say=wrong]").textContent = why;
    if (why) return this.texts[0].focus();
    this.added = true;
    await addFindings(this.device, this.subject, written);
    for (const each of this.texts) each.value = "";
    await this.keep();
    this.show("added");
    this.part.querySelector("[data-face=added] a").focus();
  }

  #belongs() {
    return { area: facts.area, criteria: [this.criterion] };
  }
}

class Offers {
  constructor(at, worst) {
    Object.assign(this, at, { at, worst, made: new Map(), work: Promise.resolve() });
    document.addEventListener("change", ({ target }) => {
      if (target.matches(".ans input")) this.look([target.closest(".crit")]);
    });
    this.device.addEventListener("change", ({ detail }) => {
      if (detail.fields.some((each) => /^finding|answer$/.test(each))) this.look();
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.made.forEach((each) => each.keep()));
  }

  // One look at a time.
  look(cards = [...document.querySelectorAll(".crit")]) {
    this.work = this.work.then(async () => {
      const seen = await this.device.see(this.subject);
      const findings = listed(seen).filter(({ hidden }) => !hidden);
      const whole = seen.seq !== null && seen.seq >= Number(document.body.dataset.seq); // else the page knows more
      for (const card of cards) {
        const written = findings.filter(({ criteria }) => criteria.includes(card.id));
        if (whole) this.#tell(card, written);
        await this.#one(card, written.some(({ kind }) => kind === "weakness"));
      }
    });
  }

  #tell(card, written) {
    const place = card.querySelector("[data-written]");
    const fresh = place.cloneNode(false);
    for (const kind of KINDS) {
      const [first, ...more] = written.filter((each) => each.kind === kind);
      if (!first) continue;
      const link = document.createElement("a");
      Object.assign(link, { className: "tap", textContent: many(more.length + 1, ...WORDS[kind]) });
      link.setAttribute("href", `/inspektioner/${this.subject}/iakttagelser#f-${first.id}`);
      link.setAttribute("aria-label", `${link.textContent} om ${card.id}`);
      fresh.append(link);
    }
    if (!fresh.isEqualNode(place)) place.replaceChildren(...fresh.childNodes);
  }

  async #one(card, written) {
    const offer = this.made.get(card.id);
    const wanted = !written && card.querySelector(".ans input:checked")?.value === this.worst;
    if (wanted && !offer) {
      this.made.set(card.id, new Offer(this.at, card));
      await this.made.get(card.id).begin();
    } else if (!wanted && offer?.empty && !offer.added) {
      offer.part.remove();
      this.made.delete(card.id);
    }
  }
}

const facts = factsIn(document);
const at = template && facts && (await ready);
if (at) new Offers(at, facts.counted.at(-1)).look();
