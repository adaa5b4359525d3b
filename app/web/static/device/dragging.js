// A row is dragged by its grip to another place, in its own list or another's, with mouse, pen or finger. The rows move
// as one goes, and what is under the finger stays there: the page scrolls by itself near its edges.

const EDGE = 80; // px from the edge of the window where it begins to scroll
const STEP = 12; // px a frame

export class Dragging {
  // `form`: what holds the lists, and all the while the pointer. `over(x, y)`: the list under a point, or null.
  // `dropped(row, list, place)` is called at the end, `left()` where it was broken off.
  constructor(form, { dropped, left }) {
    Object.assign(this, { form, dropped, left, row: null });
    form.addEventListener("pointerdown", (event) => this.#take(event));
    form.addEventListener("pointermove", (event) => this.#move(event));
    form.addEventListener("pointerup", () => this.#drop());
    form.addEventListener("pointercancel", () => this.#leave());
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.#leave());
  }

  #take(event) {
    const grip = event.target.closest(".find-grip");
    if (!grip || event.button !== 0 || this.row) return;
    event.preventDefault(); // no text is marked on the way
    this.form.setPointerCapture(event.pointerId); // of the form, since the grip itself moves between lists
    this.row = grip.closest("li");
    this.row.classList.add("find-held");
    Object.assign(this, { x: event.clientX, y: event.clientY });
    this.#scroll();
  }

  #move({ clientX, clientY }) {
    if (!this.row) return;
    Object.assign(this, { x: clientX, y: clientY });
    this.#follow();
  }

  // The row goes before the first one whose middle is below the pointer.
  #follow() {
    const list = this.#listUnder() ?? this.row.parentElement;
    const others = [...list.children].filter((each) => each !== this.row);
    const next = others.find((each) => middle(each) > this.y) ?? null;
    if (this.row.parentElement !== list || this.row.nextElementSibling !== next) list.insertBefore(this.row, next);
  }

  #listUnder() {
    return document.elementFromPoint(this.x, this.y)?.closest("section[data-of]")?.querySelector(".finds");
  }

  #scroll() {
    if (!this.row) return;
    const below = innerHeight - (document.querySelector(".dock")?.offsetHeight ?? 0);
    const by = this.y < EDGE ? -STEP : this.y > below - EDGE ? STEP : 0;
    if (by) {
      scrollBy(0, by);
      this.#follow();
    }
    requestAnimationFrame(() => this.#scroll());
  }

  #drop() {
    const row = this.#let();
    if (row) this.dropped(row, row.parentElement, [...row.parentElement.children].indexOf(row));
  }

  #leave() {
    if (this.#let()) this.left();
  }

  #let() {
    const { row } = this;
    row?.classList.remove("find-held");
    this.row = null;
    return row;
  }
}

function middle(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}
