// Who else is on which area, told quietly: initials beside it in the rail, and words for who listens. Nothing is
// announced, and nothing moves: the initials have a place of their own.

export function showPresent(present) {
  for (const place of document.querySelectorAll("#rail [data-present]")) {
    const here = present.filter(({ area }) => area === place.dataset.present);
    const face = place.querySelector("[aria-hidden]");
    const words = place.querySelector(".unseen");
    say(face, here.map(({ initials }) => initials).join(" "));
    say(words, here.length ? ` ${here.map(({ name }) => name).join(" och ")} är här` : "");
  }
}

function say(part, text) {
  if (part.textContent !== text) part.textContent = text;
}
