// What waits to be sent, in the words and the numbers of the one who typed it: a field, or a finding with all its
// parts, is one change, however many operations it is made of.

const PLACES = [
  [/^file\/[^/]+\/area\/(.+)$/, "Underlag om område $1"],
  [/^file\/[^/]+\/(.+)$/, "Underlag om $1"],
  [/^file\/.*$/, "Underlag"],
  [/^area\/([^/]+)\/narrative$/, "Beskrivning av område $1"],
  [/^area\/([^/]+)\/grade$/, "Gradering av område $1"],
  [/^area\/([^/]+)\/grade_reason$/, "Skäl för graderingen av område $1"],
  [/^criterion\/([^/]+)\/answer$/, "Svar på $1"],
  [/^criterion\/([^/]+)\/comment$/, "Kommentar till $1"],
  [/^finding\/.*$/, "Iakttagelse"],
  [/^front\/.*$/, "Framsidan"],
  [/^done\/.*$/, "Klar med egna svar"],
  [/^interview\/[^/]+\/gone$/, "Ett samtal i programmet"],
  [/^interview\/.*$/, "Programmet"],
  [/^note\/[^/]+\/[^/]+\/fritt$/, "Fri anteckning"],
  [/^note\/[^/]+\/[^/]+\/([^/]+)$/, "Anteckning om $1"],
];

export const many = (count, one, more) => `${count} ${count === 1 ? one : more}`;

// One for each place, the latest value of each: {place, field, text, at}.
export function changes(operations) {
  const found = new Map();
  for (const { subject, field, value, at } of operations) {
    const [room, id] = field.split("/");
    const key = room === "finding" ? `${subject}/${room}/${id}` : `${subject}/${field}`;
    const before = found.get(key);
    const isText = room === "finding" ? field.endsWith("/text") : !field.endsWith("/gone");
    found.set(key, { place: placeOf(field), field, text: isText ? asText(value) : (before?.text ?? ""), at });
  }
  return [...found.values()];
}

export function placeOf(field) {
  const [pattern, place] = PLACES.find(([each]) => each.test(field)) ?? [null, field];
  return pattern ? field.replace(pattern, place) : place;
}

const asText = (value) => (Array.isArray(value) ? value.join(", ") : (value ?? ""));

// ── What is typed and is no change yet ──

// Each text that is kept here until somebody says that it is done: {subject, place, text, together}. By the keys of the
// drafts, which typing.js, capture.js and offer.js make. `together`: it is written in place of two that differ.
export function begun(drafts) {
  return drafts.map(({ key, value }) => {
    const [subject, what, criterion] = key.split(" ");
    if (what === "capture") return { subject, place: "Ny iakttagelse", text: value.text };
    if (what === "offer") return { subject, place: `Svaghet för ${criterion}`, text: value.filter(Boolean).join("\n\n") };
    return { subject, place: placeOf(what), text: asText(value.value), together: value.together };
  });
}

export function unsaved(texts) {
  const one = texts.length === 1;
  const what = texts.every((each) => each.together)
    ? many(texts.length, "text ni skriver ihop", "texter ni skriver ihop")
    : many(texts.length, "påbörjad text", "påbörjade texter");
  return `${what} är inte ${one ? "sparad" : "sparade"} än`;
}

// All of it as one text, to be carried away in the clipboard.
export function inOneText(found) {
  return found.map(({ place, text }) => `${place}\n${text || "(tomt)"}`).join("\n\n");
}
