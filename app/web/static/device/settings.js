// Small things that one browser remembers at once. A window that keeps nothing, or has no room, does without.

export function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

// False where it could not be kept.
export function remember(key, text) {
  try {
    localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // then nothing was kept either
  }
}

export function keysBeginning(start) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(start));
  } catch {
    return [];
  }
}

// Single keys can be turned off, on every page at once.
const OFF = "sporra-keys-off";

export const keysAreOff = () => recall(OFF) === "1";
export const turnKeysOff = (so) => remember(OFF, so ? "1" : "0");
