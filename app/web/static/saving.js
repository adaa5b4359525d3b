// The line at the bottom that says whether everything is saved, kept true while htmx does the saving.
// Without script the page itself says it, after each press of Spara.

const form = document.getElementById("omrade");
let unsaved = false;

function say(look, state, comfort) {
  const line = document.getElementById("sparat");
  if (!line) return;
  line.className = `save save-${look}`;
  const text = line.querySelector("span");
  const bold = document.createElement("b");
  bold.textContent = state;
  text.replaceChildren(bold, comfort);
}

function failed() {
  unsaved = true;
  say("stop", "Det gick inte att spara", "Det du skrivit står kvar här. Tryck på Spara när nätet är tillbaka.");
}

if (form) {
  form.addEventListener("input", () => {
    unsaved = true;
    say("wait", "Inte sparat än", "Sparas när du går vidare till nästa fält.");
  });
  form.addEventListener("submit", () => (unsaved = false));
  document.addEventListener("htmx:before:request", () => (unsaved = false));
  document.addEventListener("htmx:error", failed);
  document.addEventListener("htmx:response:error", failed);
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
}
