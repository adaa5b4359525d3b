// What waits to be sent, in the words and the numbers of the one who typed it: a field, or a finding with all its
// parts, is one change, however many operations it is made of.

const PLACES = [
  [/^area\/([^/]+)\/narrative$/, "Beskrivning av område $1"],
  [/^area\/([^/]+)\/grade$/, "Gradering av område $1"],
  [/^area\/([^/]+)\/grade_reason$/, "Skäl för graderingen av område $1"],
  [/^criterion\/([^/]+)\/answer$/, "Svar på $1"],
  [/^criterion\/([^/]+)\/comment$/, "Kommentar till $1"],
  [/^finding\/.*$/, "Iakttagelse"],
  [/^front\/.*$/, "Framsidan"],
];

export const many = (count, one, more) => `${count} ${count === 1 ? one : more}`;

// One for each place, the latest value of each: {place, field, text, at}.
export function changes(operations) {
  const found = new Map();
  for (const { subject, field, value, at } of operations) {
    const [room, id] = field.split("/");
    const key = room === "finding" ? `${subject}/${room}/${id}` : `${subject}/${field}`;
    const before = found.get(key);
    const isText = room !== "finding" || field.endsWith("/text");
    found.set(key, { place: placeOf(field), field, text: isText ? asText(value) : (before?.text ?? ""), at });
  }
  return [...found.values()];
}

export function placeOf(field) {
  const [pattern, place] = PLACES.find(([each]) => each.test(field)) ?? [null, field];
  return pattern ? field.replace(pattern, place) : place;
}

const asText = (value) => (Array.isArray(value) ? value.join(", ") : (value ?? ""));

// All of it as one text, to be carried away in the clipboard.
export function inOneText(found) {
  return found.map(({ place, text }) => `${place}\n${text || "(tomt)"}`).join("\n\n");
}
