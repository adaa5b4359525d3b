// The line at the bottom that says whether everything is saved, kept true while htmx does the saving.
// Without script the page itself says it, after each press of Spara.

const STANDS = "Det du skrivit står kvar här.";
let unsaved = false; // something stands here that has not been sent, or was sent in vain

function say(look, state, comfort) {
  const line = document.getElementById("sparat");
  if (!line) return;
  line.className = `save save-${look}`;
  const bold = document.createElement("b");
  bold.textContent = state;
  line.querySelector("span").replaceChildren(bold, comfort);
}

function waits() {
  say("wait", "Inte sparat än", "Sparas när du går vidare till nästa fält.");
}

function failed(status) {
  unsaved = true;
  if (status === 401) say("wait", "Logga in igen för att spara", STANDS);
  else if (status) say("stop", "Det gick inte att spara", `${STANDS} Tryck på Spara om en stund.`);
  else say("wait", "Väntar på nät", `${STANDS} Tryck på Spara när nätet är tillbaka.`);
}

if (document.getElementById("omrade")) {
  document.addEventListener("input", (event) => {
    if (!event.target.form?.matches("#omrade")) return;
    unsaved = true;
    waits();
  });
  let meanwhile = false; // something was typed while a save was on its way
  document.addEventListener("htmx:before:request", () => (meanwhile = false));
  document.addEventListener("input", () => (meanwhile = true));
  document.addEventListener("htmx:after:swap", () => {
    unsaved = meanwhile;
    if (unsaved && document.querySelector(".save-ok")) waits();
  });
  document.addEventListener("submit", () => (unsaved = false)); // without htmx the page itself goes
  document.addEventListener("htmx:error", () => failed());
  document.addEventListener("htmx:response:error", (event) => failed(event.detail.ctx.response.status));
  window.addEventListener("beforeunload", (event) => unsaved && event.preventDefault());
}
