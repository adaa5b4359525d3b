// The report beside the text, where the window has room for both: as it will be read, at the place where one writes. It
// is fetched while it is open alone, and anew when the server has taken something that is printed.
//
// Its frame runs nothing: a sandbox without scripts, under a policy that lets it have its own style and no more
// (app/inspections/pages/report.py). It is of this origin, so that its parts can be exchanged where they stand.

import { asDrawnNow } from "./differing.js";
import { ready } from "./page.js";
import { recall, remember } from "./settings.js";
import { clock } from "./times.js";

const OPEN = "sporra-report-beside";
const ROOM = matchMedia("(min-width: 75rem)"); // as in app.css
const QUIET = 1_500; // ms without another change before it is fetched anew
const PRINTED = /^(front|finding)\/|\/(narrative|grade)$/; // answers, comments and reasons are in no report
const PARAGRAPHS = /\n[ \t]*\n/; // as app/inspections/file.py tells them apart

const pane = document.getElementById("bredvid");
const opener = document.getElementById("visa-bredvid");

class Beside {
  constructor({ device, subject }) {
    const frame = pane.querySelector("iframe");
    Object.assign(this, { device, frame, path: frame.dataset.src, place: "", fetched: null, lost: false });
    this.seq = Number(document.body.dataset.seq); // how new what has come is, at least
    opener.hidden = false;
    opener.addEventListener("click", () => this.#open(pane.hidden));
    pane.querySelector("[data-do=close]").addEventListener("click", () => (this.#open(false), opener.focus()));
    frame.addEventListener("load", () => frame.hasAttribute("src") && this.#came(this.report));
    ROOM.addEventListener("change", () => this.#look());
    for (const name of ["focusin", "selectionchange", "input"]) document.addEventListener(name, () => this.#follow());
    document.addEventListener("visibilitychange", () => this.due && this.#soon());
    device.addEventListener("change", ({ detail }) => this.#changed(detail, subject));
    this.#look();
  }

  get shown() {
    return !pane.hidden && ROOM.matches;
  }

  // Null where the browser shows a page of its own instead.
  get report() {
    return this.frame.contentDocument?.querySelector("main") ? this.frame.contentDocument : null;
  }

  #open(so) {
    remember(OPEN, so ? "1" : "0");
    this.#look();
  }

  #look() {
    pane.hidden = recall(OPEN) !== "1";
    opener.setAttribute("aria-expanded", String(!pane.hidden));
    if (this.due || !this.report) this.#fetch();
  }

  // ── Fetching ──

  // What one types is in the report when the server has it: it tells so, and of what others write, with `differ`. It
  // tells one's own once more with theirs.
  async #changed({ subject, fields, differ, anew = false }, own) {
    if (this.lost && this.device.last === "sent") this.#soon();
    this.#tell();
    const printed = subject === own && differ !== undefined ? fields.filter((each) => PRINTED.test(each)) : [];
    if (!printed.length) return;
    const known = (await this.device.see(own)).fields;
    const newest = Math.max(...printed.map((each) => known.get(each)?.seq ?? 0));
    if (newest <= this.seq && !anew) return;
    this.seq = newest;
    this.#soon();
  }

  #soon() {
    this.due = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => document.hidden || this.#fetch(), QUIET);
  }

  async #fetch() {
    if (!this.shown || this.asking) return;
    this.due = false;
    if (!this.report) return (this.frame.src = this.path);
    this.asking = true;
    this.#came(await asDrawnNow(this.path));
    this.asking = false;
    if (this.due) this.#soon();
  }

  #came(fresh) {
    this.lost = !fresh;
    if (fresh) this.fetched = Date.now();
    if (fresh && fresh !== this.report) this.#redraw(fresh);
    this.frame.hidden = !this.report;
    this.#tell();
    this.#follow();
  }

  #tell() {
    const away = this.lost || this.device.last === "offline";
    const known = this.fetched && (away ? `Utan nät: som den var kl. ${clock(this.fetched)}.` : "Som den läses nu.");
    pane.querySelector("[data-part=told]").textContent = known || (away ? "Visas när nätet är tillbaka." : "Hämtas …");
  }

  // ── The place ──

  // Where one writes is brought into sight when one goes there: whoever reads on elsewhere is left alone.
  #follow() {
    if (!this.shown || !this.report) return;
    const place = placeOf(document.activeElement) || this.place || "text/0";
    if (place === this.place) return;
    this.place = place;
    this.#bring();
  }

  #bring() {
    const { innerHeight: height, scrollY } = this.frame.contentWindow;
    const { top } = partAt(this.report, this.place).getBoundingClientRect();
    const high = height * 0.15; // below the line that says that it is a draft
    if (top < high || top > height * 0.7) this.frame.contentWindow.scrollTo(0, scrollY + top - high);
  }

  // At once, so that nothing is seen of it but what is new: the first part in sight stays where it is on the screen.
  #redraw(fresh) {
    const { report } = this;
    if (report.body.isEqualNode(fresh.body)) return;
    report.documentElement.style.overflowAnchor = "none"; // not every browser has it: it is done here
    const main = report.querySelector("main");
    const [old, now] = [main, fresh.querySelector("main")].map((each) => [...each.children]);
    const at = old.findIndex((each) => each.getBoundingClientRect().bottom > 0);
    const { top } = old[at].getBoundingClientRect();
    const wrote = inSight(partAt(report, this.place));
    main.replaceChildren(...now);
    for (const name of ["header", "footer"]) report.querySelector(`body > ${name}`).replaceWith(fresh.querySelector(`body > ${name}`));
    const stays = now[old.length - at <= alikeAtTheEnd(old, now) ? at + now.length - old.length : Math.min(at, now.length - 1)];
    this.frame.contentWindow.scrollBy(0, stays.getBoundingClientRect().top - top);
    if (wrote) this.#bring();
  }
}

function inSight(part) {
  const { top, bottom } = part.getBoundingClientRect();
  return bottom > 0 && top < part.ownerDocument.defaultView.innerHeight;
}

// How many parts are the same, from the last one. What they are called in links depends on what stands before them.
function alikeAtTheEnd(old, now) {
  const told = (part) => part?.outerHTML.replace(/ (id|href)="#?p\d+"/g, "");
  let count = 0;
  while (count < old.length && told(old.at(-1 - count)) === told(now.at(-1 - count))) count++;
  return count;
}

// Where on the area's page one is, as a name: which paragraph, which criterion, or the grading. "" = at none of them.
function placeOf(part) {
  const card = part.closest(".crit");
  if (part.id === "narr") return `text/${part.value.slice(0, part.selectionStart).split(PARAGRAPHS).length - 1}`;
  if (card) return `criterion/${[...document.querySelectorAll(".crit")].indexOf(card)}`;
  return part.closest("#gradering") ? "grade" : "";
}

// The same place in the report: areas are its only headings of their level, and have their criteria in the same order.
function partAt(report, place) {
  const heading = report.querySelectorAll("main > h3")[pane.dataset.at];
  const own = [];
  for (let each = heading.nextElementSibling; each && !each.matches("h2, h3"); each = each.nextElementSibling) own.push(each);
  const [what, n] = place.split("/");
  const texts = [heading, ...own.filter((each) => each.matches("p:not(.notice)")).slice(1)];
  const found = {
    text: texts[Math.min(n, texts.length - 1)],
    criterion: own.flatMap((each) => [...each.querySelectorAll(".group li")])[n],
    grade: own.find((each) => each.matches(".choice")),
  }[what];
  return found ?? heading;
}

const at = pane && (await ready);
if (at) new Beside(at);
