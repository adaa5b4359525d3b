// How a device asks the server, as one person. An answer counts as the server's when it is in its words: a hotel's
// sign-in page on the way answers everything.

const PATIENCE = 15_000; // ms that an answer may take

export const inspection = (subject) => `/api/inspections/${subject}`;

export function request(person, body = null) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "Sporra-Person": person };
  return body ? { method: "POST", body: JSON.stringify(body), headers } : { headers };
}

// Gives what the server answered as `json`, or what `became` of it: "offline" (no answer), "signed-out", or "busy" (an
// answer, but not a useful one), and then what it `told` with which `status`. `known` says whether it can be read.
export async function ask(fetch, address, about, known, patience = PATIENCE) {
  let response, json;
  try {
    response = await fetch(address, { ...about, signal: AbortSignal.timeout(patience) });
    json = await response.json();
  } catch {
    return { became: "offline" };
  }
  if (response.ok) return known(json) ? { json } : { became: "offline" };
  const told = json?.error?.told;
  if (typeof told !== "string") return { became: "offline" };
  const { status } = response;
  return { became: status === 401 ? "signed-out" : "busy", told, status };
}
