// Times of this device, as the server writes them: 9.05, 20 oktober, and a day only where it is another.

export function clock(time) {
  const date = new Date(time);
  return `${date.getHours()}.${String(date.getMinutes()).padStart(2, "0")}`;
}

export function day(time) {
  return new Date(time).toLocaleDateString("sv-SE", { day: "numeric", month: "long" });
}

export function lately(time) {
  const today = new Date(time).toDateString() === new Date().toDateString();
  return `${today ? "" : `${day(time)} `}kl. ${clock(time)}`;
}
