// The one form in which a value can be kept, as app/writing/fields.py makes it: what is compared and counted here is
// what the server compares and counts. tests/browser/test_same_rules.py holds the two equal.

const MOST = 20000; // characters (code points) in a text
const MOST_LINES = 2000;
const BLANK = "[\\t\\n \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]"; // what Python calls space
const BLANKS = new RegExp(`${BLANK}+`, "g");
const AROUND = new RegExp(`^${BLANK}+|${BLANK}+$`, "g");
// Control characters, lone surrogates and the two noncharacters; with `u` a pair of surrogates is one character.
const UNSHOWABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]/gu;

export class Unstorable extends Error {} // its message is a sentence for whoever typed

// `type` is the name of a Type in app/writing/fields.py: TEXT, LINE, DAY or LINES. Throws Unstorable.
export function storable(value, type) {
  if (type === "LINES") return lines(value);
  if (value !== null && typeof value !== "string") throw new Unstorable("Värdet är av fel slag: en text väntades.");
  const made = text(value ?? "", type !== "TEXT");
  if (made && type === "DAY" && !isDay(made)) {
    throw new Unstorable(`${[...made].slice(0, 40).join("")} är ingen dag. Skriv den som 2026-10-20.`);
  }
  return made;
}

// How long a text is, as the limit counts: by code points, and what stands for one character is one.
function characters(text) {
  return [...text.replace(/□U\+[0-9A-F]{4}/g, "□")].length;
}

// Line ends as LF, and what cannot be shown as its number.
function shown(text) {
  return text.replace(/\r\n?/g, "\n").replace(UNSHOWABLE, number);
}

function number(character) {
  return `□U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
}

function text(value, oneLine) {
  const made = oneLine ? shown(value).replace(BLANKS, " ").replace(AROUND, "") : shown(value);
  const count = characters(made);
  if (count > MOST) {
    const told = String(count).replace(/\B(?=(\d{3})+$)/g, " ");
    throw new Unstorable(`Texten har ${told} tecken. Den får ha högst 20 000; dela den.`);
  }
  return made.replace(BLANKS, "") ? made : null;
}

function lines(value) {
  if (value === null) return null;
  if (!Array.isArray(value) || value.some((each) => typeof each !== "string")) {
    throw new Unstorable("Värdet är av fel slag: en lista med texter väntades.");
  }
  if (value.length > MOST_LINES) throw new Unstorable("Listan har fler än 2 000 rader. Korta den.");
  const made = value.map((each) => text(each, true)).filter(Boolean);
  return made.length ? made : null;
}

function isDay(text) {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text < "1900") return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.valueOf()) && day.toISOString().startsWith(text); // else a 31st that does not exist
}
