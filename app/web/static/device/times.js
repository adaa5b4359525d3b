// Times of this device, as the server writes them (app/web/swedish.py): 9.05, 20 oktober, and a day only where it is
// another.

export function clock(time) {
  const date = new Date(time);
  return `${date.getHours()}.${String(date.getMinutes()).padStart(2, "0")}`;
}

export function day(time) {
  return new Date(time).toLocaleDateString("sv-SE", { day: "numeric", month: "long" });
}

export function lately(time) {
  const [now, then] = [new Date(), new Date(time)];
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  const on = (date) => then.toDateString() === date.toDateString();
  const before = on(now) ? "" : on(yesterday) ? "i går " : `${day(time)} ${then.getFullYear()} `;
  return `${before}kl. ${clock(time)}`;
}
