// A key of the device (passkey), asked for by a form:
//
//   <form data-passkey="/logga-in/nyckel" data-does="get" hidden>   get: shows who one is · create: makes a new one
//
// `…/fraga` gives the question, the address itself takes the answer and says where to go on. The form stays hidden where
// the browser has no keys; `data-quietly` offers one in the field for the address as well, where the browser can.
// Written by hand to and from JSON: browsers from before 2025 cannot by themselves.

const QUIET = new Set(["AbortError"]);
const TOLD = {
  NotAllowedError: "Det blev inget av den gången. Försök igen när du vill.",
  InvalidStateError: "Den här enheten har redan en nyckel till ditt konto.",
  NetworkError: "Det finns inget nät just nu. Försök igen när det är tillbaka.",
};
const OTHERWISE = "Webbläsaren kunde inte använda en nyckel här. Försök igen, eller gör det på ett annat sätt.";

class Told extends Error {}

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = (keys = []) => keys.map((key) => ({ ...key, id: bytes(key.id) }));

async function ask(path, body) {
  const { person } = document.body.dataset;
  const headers = { accept: "application/json", "content-type": "application/json" };
  if (person) headers["sporra-person"] = person;
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => {
    throw new Told(TOLD.NetworkError);
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Told(said.error?.told ?? OTHERWISE);
  return said;
}

async function answer(form, signal, mediation) {
  const asked = await ask(`${form.dataset.passkey}/fraga`, {});
  const publicKey = { ...asked, challenge: bytes(asked.challenge) };
  const makes = form.dataset.does === "create";
  if (makes) Object.assign(publicKey, { user: { ...asked.user, id: bytes(asked.user.id) } });
  if (makes) publicKey.excludeCredentials = known(asked.excludeCredentials);
  else publicKey.allowCredentials = known(asked.allowCredentials);
  const key = await navigator.credentials[form.dataset.does]({ publicKey, signal, mediation });
  const response = {};
  for (const part of ["clientDataJSON", "authenticatorData", "signature", "userHandle", "attestationObject"])
    if (key.response[part]) response[part] = text(key.response[part]);
  return { id: key.id, rawId: text(key.rawId), type: key.type, response };
}

function begin(form) {
  const told = form.querySelector("[data-part=told]");
  let present = new AbortController();
  let sending = false;

  async function go(mediation) {
    if (sending) return; // one answer is enough: the quiet offer was taken, and the button pressed as well
    present.abort();
    present = new AbortController();
    told.hidden = true;
    try {
      const credential = await answer(form, present.signal, mediation);
      sending = true;
      const { to } = await ask(form.dataset.passkey, { credential, ...Object.fromEntries(new FormData(form)) });
      location.assign(to);
    } catch (error) {
      sending = false;
      if (QUIET.has(error.name) || (mediation && !(error instanceof Told))) return;
      told.lastElementChild.textContent = error instanceof Told ? error.message : (TOLD[error.name] ?? OTHERWISE);
      told.hidden = false;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
  form.hidden = false;
  return () => go("conditional");
}

if (window.PublicKeyCredential) {
  for (const each of document.querySelectorAll("[data-without-keys]")) each.hidden = true;
  for (const form of document.querySelectorAll("[data-passkey]")) {
    const quietly = begin(form);
    if ("quietly" in form.dataset && (await PublicKeyCredential.isConditionalMediationAvailable?.())) quietly();
  }
}
