// Places in a list that two people can change at once, as app/writing/order.py makes them: a key between its
// neighbours' keys, of letters and digits, compared character by character (`<`, never localeCompare).

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"; // in the order of their code points

// A key that sorts after `before` and before `after`; "" stands for the list's start or end. Where the two leave no
// room (equal keys, made by two people at once) the new one comes right after `before`.
export function between(before, after) {
  let limit = after && before >= after ? "" : after;
  const longest = before.length + limit.length;
  let made = "";
  for (let i = 0; i <= longest; i++) {
    const low = i < before.length ? DIGITS.indexOf(before[i]) : 0;
    const high = i < limit.length ? DIGITS.indexOf(limit[i]) : DIGITS.length;
    if (high - low > 1) return made + DIGITS[(low + high) >> 1];
    made += DIGITS[Math.max(low, 0)];
    if (high > low) limit = ""; // from here on anything sorts before it
  }
  return made + DIGITS[DIGITS.length >> 1];
}
