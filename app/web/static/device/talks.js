// A talk of the programme in words, as app/inspections/program.py has it.

const WEEKDAY = new Intl.DateTimeFormat("sv-SE", { weekday: "long", day: "numeric", month: "long" });

// "" where nothing is known.
export function hours(from, to) {
  const [begins, ends] = [from, to].map((each) => each.replace(":", "."));
  return begins && ends ? `${begins}–${ends}` : begins || (ends && `till ${ends}`);
}

export function weekday(day) {
  const told = WEEKDAY.format(new Date(`${day}T12:00`));
  return told.charAt(0).toUpperCase() + told.slice(1);
}
