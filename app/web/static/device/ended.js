// Says it on an open page when what is written there no longer counts: the report was signed meanwhile, or somebody
// else inspects now. Nobody is stopped from writing: it is kept, and shown beside.

import { askWorker } from "./worker.js";

const SIGNED = "Rapporten är fastställd. Det du skriver nu ändrar inget i den, men visas för er bredvid den.";
const HANDED_OVER = "Du är inte längre inspektör här. Det du skrev är kvar, och visas för dem som har tagit över.";

export function tellWhenEnded({ device, subject }) {
  const look = async () => {
    if (!(await device.see(subject)).writes) say(SIGNED, `/inspektioner/${subject}/rapport`);
  };
  device.addEventListener("change", ({ detail }) => {
    if (detail.subject !== subject) return;
    if (detail.gone) handedOver(device.person, subject);
    else look();
  });
  look();
}

// What was fetched is theirs who inspect: the pages go, as the fields have gone. What was typed stays.
async function handedOver(person, subject) {
  say(HANDED_OVER);
  await askWorker({ does: "dropped", person, path: `/inspektioner/${subject}` });
}

let told = "";

// It lies over the page, where one may go on writing: so it can be closed, and is not said again.
function say(text, report = "") {
  if (told === text) return;
  told = text;
  const place = document.getElementById("trouble");
  const [note, words, row, link, close] = ["div", "p", "p", "a", "button"].map((name) => document.createElement(name));
  note.className = "trouble trouble-wait";
  words.textContent = text;
  row.className = "row";
  Object.assign(link, { href: report, textContent: "Till rapporten", className: "tap" });
  Object.assign(close, { type: "button", textContent: "Stäng", className: "btn" });
  close.addEventListener("click", () => note.remove());
  document.addEventListener("keydown", ({ key }) => key === "Escape" && note.remove()); // from where one writes
  row.append(...(report ? [link] : []), close);
  note.append(words, row);
  place.replaceChildren(note);
}
