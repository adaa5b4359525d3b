// What was taken over from the unit's report before this one is marked until somebody has changed it. The mark is read
// from the two texts and kept nowhere, so that it is as true without a net.

const [earlier, mark, begin] = ["earlier", "untried", "begin"].map((part) => document.querySelector(`[data-part=${part}]`));
const narrative = document.getElementById("narr");

export function tellEarlier() {
  if (!earlier) return;
  mark.hidden = narrative.value !== earlier.textContent;
  begin?.toggleAttribute("hidden", narrative.value.trim() !== "");
}

narrative.addEventListener("input", tellEarlier);
