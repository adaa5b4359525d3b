// The line at the bottom that says whether everything is saved, and the list of what is not. Always true: "sparat" is
// said when the server has answered. A screen reader hears when the state changes, not every save.

import { clock } from "./times.js";
import { begun, changes, inOneText, many, placeOf, unsaved } from "./waiting.js";

const PATIENCE = 1_000; // ms before a save is worth a word

// What the line says: [state, icon, look, first line, second line]. The first that fits.
function state({ loose, held, typing, waiting, refused, file, drafts, clashes, last, saved }) {
  const count = many(waiting, "ändring", "ändringar");
  if (loose && last !== "sent") {
    const then = held ? "Stäng inte sidan förrän nätet är tillbaka." : "Kopiera texten innan du går vidare.";
    return ["full", "triangle-alert", "stop", "Det får inte plats på den här enheten", then];
  }
  if (waiting && last === "signed-out") {
    return ["out", "key-round", "wait", `Logga in igen för att skicka ${count}`, "De ligger kvar här tills det är gjort."];
  }
  if (waiting && last !== "sent") {
    const what = last === "offline" ? "väntar på nät" : "väntar på servern";
    return [last, "cloud-off", "wait", `${count} ${what}`, "Sparade på den här enheten. Skriv vidare som vanligt."];
  }
  if (waiting || typing) return ["saving", "refresh-cw", "ok", "Sparar …", "finns redan på den här enheten"];
  if (refused) {
    const what = `${file ? many(refused, "sak", "saker") : many(refused, "text", "texter")} kunde inte tas emot`;
    return ["refused", "triangle-alert", "wait", what, "Resten är sparat. Se efter vad som behöver ändras."];
  }
  if (drafts.length) {
    const together = drafts.some((each) => each.together);
    const told = `${together ? "Spara när ni är överens." : "Kvar på enheten där du skrev."} Allt annat är sparat.`;
    return ["draft", "pencil", together ? "wait" : "quiet", unsaved(drafts), told];
  }
  if (clashes) {
    const where = `Ni har skrivit olika på ${many(clashes, "ställe", "ställen")}`;
    return ["clash", "split", "wait", where, "Resten är sparat. Båda texterna finns kvar, välj när det passar."];
  }
  return saved && ["saved", "cloud-check", "ok", "Allt är sparat", `kl. ${clock(saved)}, hos dig och på servern`];
}

export class Dock {
  constructor({ device, subject }, dock) {
    Object.assign(this, { device, subject, dock });
    this.list = document.getElementById("vantande");
    this.lastState = "";
    document.getElementById("sparat").removeAttribute("role"); // a screen reader hears of changes, not of every save
    dock.querySelector("[data-do=show]").addEventListener("click", () => this.#toggle());
    this.list.addEventListener("click", (event) => this.#press(event.target.closest("button")));
    this.list.addEventListener("keydown", (event) => event.key === "Escape" && this.#toggle(false));
    device.addEventListener("change", ({ detail }) => {
      if (detail.sent) this.saved = Date.now();
      this.draw();
    });
    this.draw();
  }

  async draw() {
    if (this.device.unsafe.size) this.dock.dataset.state = "saving";
    document.documentElement.dataset.net = this.device.last === "offline" ? "away" : "here";
    const { files } = this.device;
    const [operations, refused, drafts, seen] = await Promise.all([
      this.device.unsent(),
      Promise.all([this.device.refusals(), files.refusals()]).then((both) => both.flat()),
      this.device.drafts(),
      this.device.see(this.subject),
    ]);
    this.found = changes(operations);
    this.refused = refused;
    this.now = {
      loose: this.device.loose.length || files.loose,
      held: files.loose,
      typing: this.device.unsafe.size,
      waiting: this.found.length,
      refused: refused.length,
      file: refused.some(({ field }) => field.startsWith("file/")),
      drafts: begun(drafts).filter(({ subject }) => subject === this.subject),
      clashes: new Set(seen.clashes.map((each) => each.field)).size,
      last: this.device.last === "sent" ? files.last : this.device.last,
      saved: this.saved,
    };
    const found = state(this.now);
    this.dock.dataset.state = found?.[0] ?? "";
    clearTimeout(this.timer);
    if (found?.[0] === "saving") this.timer = setTimeout(() => this.#say(found), PATIENCE);
    else this.#say(found);
    if (!this.list.hidden) this.#fill();
  }

  #say(found) {
    const [name, icon, look, first, second] = found || [];
    if (!name) return; // nothing has happened here yet: what the server wrote stands
    const line = document.getElementById("sparat");
    this.dock.className = `dock${look === "ok" ? "" : ` dock-${look}`}`;
    line.className = `save save-${look}`;
    const use = line.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#i-${icon}`));
    const bold = document.createElement("b");
    bold.textContent = first;
    const more = document.createElement("small");
    more.textContent = second;
    line.querySelector("span").replaceChildren(bold, more);
    const stood = document.activeElement;
    this.dock.querySelector("[data-do=show]").hidden = !(this.now.waiting && look !== "ok") && name !== "refused";
    this.dock.querySelector("[data-do=differ]").hidden = !["clash", "draft"].includes(name) || !this.now.clashes;
    this.dock.querySelector("[data-do=out]").hidden = name !== "out";
    if (stood.hidden) this.#stand();
    if (name !== this.lastState) this.#announce(`${first}. ${second}`);
    this.lastState = name;
  }

  // Heard once, and gone: what stands there later would be older than the line that is seen.
  #announce(text) {
    const status = this.dock.querySelector(".dock-in [role=status]");
    status.textContent = text;
    clearTimeout(this.said);
    this.said = setTimeout(() => (status.textContent = ""), PATIENCE * 3);
  }

  // For who stood on what has gone.
  #stand() {
    this.dock.querySelector("[data-do=show]:not([hidden]), [data-capture]").focus();
  }

  // ── The list ──

  #toggle(open = this.list.hidden) {
    this.list.hidden = !open;
    if (!open) return this.#stand();
    this.#fill();
    this.list.querySelector("h2").focus();
  }

  #fill() {
    const part = (name) => this.list.querySelector(`[data-part=${name}]`);
    part("waits").replaceChildren(...this.found.map((each) => row(each.at, each.place, inWords(each))));
    part("told").textContent = whenSent(this.now);
    const stood = document.activeElement;
    for (const does of ["send", "copy-all"]) this.list.querySelector(`[data-do=${does}]`).hidden = !this.found.length;
    if (stood.hidden) this.list.querySelector("h2").focus();
    part("refused").hidden = !this.refused.length;
    part("refusals").replaceChildren(...this.refused.map((each) => this.#refusal(each)));
  }

  #refusal({ id, at, field, value, told }) {
    const line = row(at, placeOf(field), [value].flat().join(", "));
    const why = document.createElement("p");
    why.className = "wrong";
    why.textContent = told;
    const buttons = document.createElement("p");
    buttons.className = "row";
    buttons.append(button("copy", "Kopiera", id), button("again", "Skicka igen", id), button("away", "Släng", id));
    line.lastChild.append(why, buttons);
    return line;
  }

  async #press(pressed) {
    switch (pressed?.dataset.do) {
      case "send":
        this.#told("Försöker …");
        await this.device.send();
        await this.device.files.send();
        await this.draw();
        return this.now.waiting && this.#told("Det gick inte än. Inget är borta.");
      case "copy-all":
        return this.#copy(inOneText(this.found.map((each) => ({ ...each, text: inWords(each) }))));
      case "copy":
        return this.#copy([this.refused.find((each) => each.id === pressed.value)?.value].flat().join("\n"));
      case "again":
        await this.device.files.takeUp(pressed.value);
        return this.device.takeUp(pressed.value);
      case "away":
        await this.device.files.throwAway(pressed.value);
        return this.device.throwAway(pressed.value);
      case "close":
        return this.#toggle(false);
    }
  }

  #told(text) {
    this.list.querySelector("[data-part=told]").textContent = text;
  }

  async #copy(text) {
    const place = this.list.querySelector("textarea");
    try {
      await navigator.clipboard.writeText(text);
      this.#told("Kopierat.");
    } catch {
      place.hidden = false; // no clipboard here: to be marked by hand
      place.value = text;
      place.select();
      this.#told("Markera och kopiera texten i rutan.");
    }
  }
}

function whenSent({ waiting, loose, last }) {
  if (!waiting) return "Inget väntar. Allt annat är på servern.";
  if (last === "signed-out") return "Skickas när du har loggat in igen.";
  if (loose) return "Skickas när nätet är tillbaka, om sidan är öppen då. Kopiera texterna innan du stänger den.";
  return "Skickas av sig själva när nätet är tillbaka.";
}

// A choice by its words on the page, where the page has it; of a grade by its letter and its word, and not its whole text.
function inWords({ field, text }) {
  const among = `[value="${CSS.escape(text)}"]`;
  const choice = document.querySelector(`input[name="${field}"]${among}, select[name="${field}"] option${among}`);
  const label = choice?.closest("label, option");
  const word = label?.querySelector("b");
  return word ? `${text} ${word.textContent}` : label?.textContent.trim() || text;
}

function row(at, place, text) {
  const line = document.createElement("li");
  const time = document.createElement("time");
  time.textContent = clock(at);
  const what = document.createElement("div");
  const shown = text.length > 60 ? `${text.slice(0, 60)} …` : text;
  what.append(text ? `${place}: ”${shown}”` : place);
  line.append(time, what);
  return line;
}

function button(does, text, value) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "btn btn-quiet", value, textContent: text });
  made.dataset.do = does;
  return made;
}
