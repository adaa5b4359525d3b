// How a page asks the worker (../sw.js), which answers on a port of its own. Null where there is no worker, or one that
// does not answer.

const PATIENCE = 10_000; // ms
export const LONG = 60_000; // … where it fetches something first

export async function askWorker(message, patience = PATIENCE) {
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => null);
  if (!registration?.active) return null;
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(resolve, patience, null);
    registration.active.postMessage(message, [port2]);
  });
}

// A page that nobody has opened here is kept all the same, unless it is here already.
export async function keepUnseen(person, path) {
  if (!(await askWorker({ does: "since", person, paths: [path] }))) askWorker({ does: "fetched", person, path }, LONG);
}
