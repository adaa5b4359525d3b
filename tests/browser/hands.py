"""What a person's hands and eyes do in the stories: going by keyboard, and seeing that nothing is hidden or moves."""

from playwright.sync_api import Locator, Page

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
  const dock = document.querySelector(".dock");
  const floor = dock && !dock.contains(part) ? dock.getBoundingClientRect().top : innerHeight;
  const tall = box.height > 150; // of a long text its beginning is enough
  const room = box.top >= 0 && (tall ? box.top + 40 : box.bottom) <= floor + 1;
  return (outlined ? "" : "fokus syns inte ") + (room ? "" : `skymd (${box.top} till ${box.bottom} av ${floor})`);
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
    """Nothing sticks out sideways."""
    wide = page.evaluate("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide[0] <= wide[1], f"{page.url}: {wide[0]} px bred i ett fönster på {wide[1]}"
