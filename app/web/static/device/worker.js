// How a page asks the worker (../sw.js), which answers on a port of its own. Null where there is no worker.

export async function askWorker(message) {
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => null);
  if (!registration?.active) return null;
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    registration.active.postMessage(message, [port2]);
  });
}
