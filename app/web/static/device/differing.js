// Where people have written differently, the server draws it: what was there, both texts, and what differs between
// them. This fetches the page as it is drawn now, and puts such parts into the page that is open.

import { lately } from "./times.js";

const PATIENCE = 15_000; // ms that it may take
export const AGAIN = 5_000; // … before it is asked for once more, where it did not come and two texts wait to be shown

export async function asDrawnNow(path = location.pathname) {
  try {
    const headers = { "Sporra-Person": document.body.dataset.person };
    const answer = await fetch(path, { headers, signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok || answer.redirected) return null;
    const text = (await answer.text()).replace(/<style>[^<]*<\/style>/, ""); // a report's own: our policy would complain
    return new DOMParser().parseFromString(text, "text/html");
  } catch {
    return null;
  }
}

// Where the button was that saves what is written together: somebody else has chosen meanwhile. `stands` is what the
// device knows of the field, or nothing.
export function tellOvertaken(place, field, stands) {
  const who = !stands ? "Någon" : stands.by === document.body.dataset.person ? "Du" : stands.name;
  const where = who === "Du" ? " på en annan enhet" : "";
  const [told, mine, theirs] = ["span", "button", "button"].map((name) => document.createElement(name));
  told.setAttribute("role", "status");
  told.textContent = `${who} har valt${where} medan texten skrevs ihop. ${nowStands(stands)}Din text är inte sparad än.`;
  Object.assign(mine, { name: "settle", value: field, className: "btn btn-main", textContent: "Spara min text i stället" });
  Object.assign(theirs, { name: "drop", value: field, className: "btn", textContent: "Släng min text" });
  place.replaceChildren(told, mine, theirs);
}

function nowStands(stands) {
  const text = [stands?.value ?? []].flat().join(", ");
  return text ? `Nu gäller: ”${text}” ` : "";
}

// Beside what the server alone can count, while the net is away: when it was so. What was kept from before says so
// itself (offline.js).
export function tellWhenDrawn(device, drawn) {
  const part = document.querySelector("[data-part=stood]");
  if (!part || document.body.dataset.kept) return;
  const away = device.last === "offline" || device.files.last === "offline"; // a picture alone may be what found out
  const told = away ? `Så stod det ${lately(drawn)}.` : "";
  if (part.textContent !== told) part.textContent = told;
}

export function swap(fresh, selectors) {
  for (const each of fresh ? selectors : []) {
    const [old, drawn] = [document.querySelector(each), fresh.querySelector(each)];
    if (old && drawn && !old.isEqualNode(drawn)) old.replaceWith(document.adoptNode(drawn));
  }
}

// What the server wrote of a field in a hidden input: `seen` its operation, `settles` those beside it.
export function hidden(name, field, within = document) {
  const inputs = [...within.querySelectorAll(`input[type=hidden][name=${name}]`)];
  const found = inputs.map((each) => each.value).find((each) => each.startsWith(`${field}=`));
  return found ? found.slice(field.length + 1).split(" ") : [];
}
