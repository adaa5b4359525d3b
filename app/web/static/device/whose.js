// One browser, one person at a time: when somebody else signs in, or this person signs out in another tab, a page that
// was drawn for the one before is put away. Else it could be read, written in and signed by the wrong hands.

const channel = new BroadcastChannel("sporra-who");

const TITLE = "Den här sidan är undanlagd";
const ELSE = "Någon annan är inloggad här nu, eller så har du loggat ut i en annan flik. Det du skrev är kvar för dig.";

export function standAside(person) {
  channel.onmessage = ({ data }) => data === person || putAway();
  channel.postMessage(person);
}

export const tellOfParting = () => channel.postMessage(null);

function putAway() {
  dispatchEvent(new Event("pagehide")); // what is typed is kept as when the page goes
  for (const each of document.body.children) each.hidden = true;
  const [main, head, told, link] = ["main", "h1", "p", "a"].map((name) => document.createElement(name));
  main.className = "page page-narrow stack";
  Object.assign(head, { textContent: TITLE, tabIndex: -1 });
  told.textContent = ELSE;
  Object.assign(link, { href: "", textContent: "Ladda om sidan", className: "btn" });
  main.append(head, told, link);
  document.body.append(main);
  head.focus();
}
