// Who else is on which area, told quietly: initials beside it in the rail, with words for who listens, and words beside
// the heading of the area that is open. Nothing is announced, and nothing moves: each has a place of its own.

export function showPresent(present) {
  for (const place of document.querySelectorAll("[data-present]")) {
    const here = present.filter(({ area }) => area === place.dataset.present);
    const names = here.map(({ name }) => name).join(" och ");
    say(place, "face", here.map(({ initials }) => initials).join(" "));
    say(place, "words", here.length ? ` ${names} är här` : "");
  }
}

function say(place, name, text) {
  const part = place.querySelector(`[data-part=${name}]`);
  if (part && part.textContent !== text) part.textContent = text;
}
