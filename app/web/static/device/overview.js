// The overview's counts, from what the device knows: true without a net as well. What is left is the server's to say.

import { asDrawnNow, swap, tellWhenDrawn } from "./differing.js";
import { ready } from "./page.js";
import { answersTo, badgesOf, factsIn, fill } from "./suggestion.js";

const pageSeq = Number(document.body.dataset.seq);

function draw({ fields, seq }) {
  if (seq === null || seq < pageSeq) return; // the page is newer than what the device has followed
  const given = (key) => fields.get(key)?.value || "";
  const drawn = [...document.querySelectorAll(".tasks [data-area]")];
  const lines = drawn.map((line) => [line, stateOf(line.dataset.area, given)]);
  const badges = badgesOf(document);
  for (const [line, state] of lines) fill(line, state, badges);
  const answered = lines.reduce((sum, [, { said }]) => sum + said.answered, 0);
  const graded = lines.filter(([, { said }]) => said.standing).length;
  const card = document.getElementById("hittills");
  fill(card, { on: {}, said: { answered, graded } }, badges);
  const bar = card.querySelector("progress");
  bar.value = answered;
  bar.setAttribute("aria-label", `${answered} av ${bar.max} kriterier har svar`);
}

function stateOf(area, given) {
  const criteria = facts.areas[area];
  const answered = answersTo(criteria, given).size;
  const standing = facts.changed[area] ?? given(`area/${area}/grade`);
  const whole = answered > 0 && answered === criteria.length;
  const some = answered > 0 || Boolean(given(`area/${area}/narrative`));
  const on = {
    whole,
    partly: !whole,
    graded: standing,
    ready: whole && !standing,
    begun: some && !whole && !standing,
    untouched: !some && !standing,
  };
  return { on, said: { answered, standing } };
}

const facts = factsIn(document);
const at = facts && (await ready);
if (at) {
  const drawn = Date.now();
  const look = async () => {
    tellWhenDrawn(at.device, drawn);
    draw(await at.device.see(at.subject));
  };
  at.device.addEventListener("change", look);
  at.device.addEventListener("change", async ({ detail }) => detail.turned && swap(await asDrawnNow(), ["#for-sig"]));
  await look();
}
