"""What a person's hands and eyes do in the stories: going by keyboard, and seeing that nothing is hidden or moves."""

from playwright.sync_api import Error, Locator, Page

FAR = 250  # presses of Tab after which somebody would have given up

# What is drawn as focused: the part itself, the label around an invisible radio, or the row around a link.
_IN_SIGHT = """() => {
  const part = document.activeElement;
  const label = part.closest("label");
  const outlined = [[part], [part, "::after"], ...(label ? [[label]] : [])].some(([each, pseudo]) => {
    const style = getComputedStyle(each, pseudo);
    return style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 3;
  });
  const box = part.getBoundingClientRect();
  const over = [...document.querySelectorAll(".dock, .trouble")].filter((each) => each.checkVisibility() && !each.contains(part));
  const floor = Math.min(innerHeight, ...over.map((each) => each.getBoundingClientRect().top));
  const tall = box.height > 150; // of a long text its beginning is enough
  const room = box.top >= 0 && (tall ? box.top + 40 : box.bottom) <= floor + 1;
  return (outlined ? "" : "fokus syns inte ") + (room ? "" : `skymd (${box.top} till ${box.bottom} av ${floor})`);
}"""


# Asking for a module again gives the one that runs, when it has run to its end.
_BEGUN = "() => Promise.all([...document.querySelectorAll('script[type=module]')].map(({ src }) => import(src)))"


def begun(page: Page) -> None:
    """Every script of the page has taken over what it takes over: what is pressed now is answered by it. One that has
    just read its page anew, since there is more to show, is waited for once more."""
    try:
        page.evaluate(_BEGUN)
    except Error as error:
        if "navigation" not in error.message:
            raise
        page.wait_for_load_state()
        page.evaluate(_BEGUN)


# Past the window's edge, or past the edge of a part that hides or scrolls what has no room in it. A field scrolls its own
# text, and a table that one can scroll by keyboard may be wider than the page.
_STICKS_OUT = """() => [...document.querySelectorAll("body *")].flatMap((part) => {
  const box = part.getBoundingClientRect();
  const seen = box.width > 1 && part.checkVisibility({ visibilityProperty: true }); // 1 px wide = for screen readers
  if (!seen || part.closest("svg, .unseen, [tabindex='0'] *")) return [];
  const out = box.right > innerWidth + 1 || box.left < -1;
  const scrolls = part.matches("input, select, textarea, iframe, [tabindex='0']");
  const cut = !scrolls && getComputedStyle(part).overflowX !== "visible" && part.scrollWidth > part.clientWidth + 1;
  const name = `${part.localName}.${part.className} (${Math.round(box.left)} till ${Math.round(box.right)})`;
  return [...(out ? [`${name} sticker ut`] : []), ...(cut ? [`${name} skär av ${part.scrollWidth} px`] : [])];
})"""

# On paper: all that is typed and seen is there, nothing to press or laid over the rest, no line around what had the
# focus, no heading over nothing, and no white text, since what it stands on is not printed. What waits to be added (in a
# sheet, or `.offer`) is not written yet.
_TYPED = """() => {
  globalThis.seen = (part) => part.checkVisibility({ visibilityProperty: true }) && part.getBoundingClientRect().width > 1;
  const texts = [...document.querySelectorAll("textarea:not([readonly])")];
  globalThis.focused = document.activeElement;
  globalThis.typed = texts.filter((part) => part.value && seen(part) && !part.closest(".offer, dialog"));
}"""
_ON_PAPER = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const empty = (part) => {
    const head = part.querySelector("h2, h3");
    return head && part.innerText.trim() === head.innerText.trim() && !part.querySelector("input, select, textarea, .chart");
  };
  const white = (part) => {
    const written = [...part.childNodes].some((each) => each.nodeType === Node.TEXT_NODE && each.data.trim());
    return written && Math.min(...getComputedStyle(part).color.match(/[0-9]+/g).slice(0, 3)) > 128;
  };
  const told = {
    "skrivet som inte skrivs ut": typed.filter((part) => !seen(part)),
    "något att trycka på": all(":is(button, .btn, nav, dialog, .trouble, .chev):not(.unseen)"),
    "en rubrik över ingenting": all("section").filter(empty),
    "en ram om det som var i fokus": all(":focus").filter((part) => getComputedStyle(part).outlineStyle !== "none"),
    "vit text": all("body *:not(.grade-mark *, svg *)").filter(white),
  };
  const name = (part) => `${part.localName}.${part.className} ”${part.textContent.trim().slice(0, 40)}”`;
  return Object.entries(told).flatMap(([what, parts]) => parts.map((part) => `${what}: ${name(part)}`));
}"""


def tab_to(page: Page, part: Locator) -> None:
    """Goes there by Tab alone, and looks at every stop on the way."""
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if not page.evaluate("() => document.activeElement === document.body"):
            look(page)
        if part.evaluate("part => part === document.activeElement"):
            return
    raise AssertionError(f"Tab kommer inte till {part}")


def look(page: Page) -> None:
    """The part that has the focus is drawn so, and nothing lies over it."""
    told = page.evaluate(_IN_SIGHT)
    assert not told, f"{page.url}: {page.evaluate('() => document.activeElement.outerHTML')[:200]}: {told}"


def place(part: Locator) -> tuple[float, float]:
    """Where on the screen it is."""
    box = part.bounding_box()
    assert box
    return box["x"], box["y"]


def assert_fits(page: Page) -> None:
    """Nothing sticks out sideways, and no text is cut."""
    told = page.evaluate(_STICKS_OUT)
    assert not told, "\n  ".join([f"{page.url} i ett fönster på {page.evaluate('() => innerWidth')} px:", *told])


def assert_fits_narrow(page: Page) -> None:
    """Also on the narrowest window that somebody may have, which is a tablet's at 400 %. Leaves the page as wide as it was."""
    size = page.viewport_size
    assert size
    page.set_viewport_size({"width": 320, "height": 640})
    assert_fits(page)
    page.set_viewport_size(size)


def assert_prints(page: Page) -> None:
    """On paper stands what is on the page, without what one does there. Leaves it on the screen, and the focus where it
    was: what is not seen on paper loses it."""
    page.evaluate(_TYPED)
    page.emulate_media(media="print")
    told = page.evaluate(_ON_PAPER)
    page.emulate_media(media="null")
    page.evaluate("() => focused.focus({ preventScroll: true })")
    assert not told, "\n  ".join([f"{page.url} på papper:", *told])
