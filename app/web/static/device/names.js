// A gentle word where a text looks as if it named a single ST-läkare or a patient. It stops nothing: the one who writes
// knows better. Under a hint, so that it is near what is typed.

const WHOM = "(?:ST-läkar(?:e|en|na)|[Dd]r\\.?|[Dd]oktor|[Pp]atient(?:en)?|läkare[nst]?)";
const NAME = "\\p{Lu}\\p{Ll}{2,}(?:-\\p{Lu}\\p{Ll}+)?";
const NAMED = new RegExp(`(?<!\\p{L})${WHOM} (${NAME}(?: ${NAME})?)(?!\\p{L})`, "u");
const NUMBER = /(?<!\d)(?:19|20)?\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])[-+ ]?\d{4}(?!\d)/;

// Why the text should be looked at once more, as a sentence; "" where nothing is to be said.
export function looksNamed(text) {
  if (NUMBER.test(text)) return "Det här ser ut som ett personnummer. Skriv roll i stället.";
  const [, name] = NAMED.exec(text) ?? [];
  return name ? `Är ”${name}” ett namn? Skriv roll i stället, så känns ingen igen.` : "";
}

// Every text area in the part that asks for it.
export function watchNames(part) {
  part.addEventListener("input", ({ target }) => target.matches("[data-names]") && sayNames(target));
  for (const each of part.querySelectorAll("[data-names]")) sayNames(each);
}

export function sayNames(control) {
  const told = looksNamed(control.value);
  let note = control.previousElementSibling?.matches("[data-named]") ? control.previousElementSibling : null;
  if (!note && !told) return;
  if (!note) {
    note = document.createElement("p");
    Object.assign(note, { className: "hint named" });
    note.dataset.named = "";
    note.setAttribute("role", "status");
    control.before(note);
  }
  if (note.textContent !== told) note.textContent = told;
}
