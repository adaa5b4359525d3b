"""Whether a page can be used by everybody, as far as a program can tell: axe-core, in light and in dark, and that it has
room in the narrowest window and is whole on paper.

`axe-core/` is npm's axe-core 4.14.1 as it came (MPL-2.0). It is evaluated by the debugger, past the page's
policy, which stays in force: no `bypass_csp`, the policy is under test too.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.browser.hands import assert_fits_narrow, assert_prints

_AXE = (Path(__file__).parent / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
_RUN = "() => axe.run({resultTypes: ['violations'], iframes: false})"  # a preview in a frame is a page of its own
_STATUS = "() => performance.getEntriesByType('navigation')[0].responseStatus"

under_axe: set[str] = set()  # the paths of pages that were shown to axe and found good, by this worker


def assert_accessible(page: Page) -> None:
    """Every rule that axe has switched on from the start, no scrolling sideways, and no text or sense lost on paper.
    Leaves the page in light."""
    with _where_scripts_run(page) as shown:
        told = [_told(scheme, violation) for scheme in ("dark", "light") for violation in _violations(shown, scheme)]
    assert not told, "\n\n".join([f"axe på {page.url}:", *told])
    assert_fits_narrow(page)
    assert_prints(page)
    if page.evaluate(_STATUS) == 200:  # an error page is not the page that was asked for
        under_axe.add(urlsplit(page.url).path)


@contextmanager
def _where_scripts_run(page: Page) -> Iterator[Page]:
    """The page, or a copy of it where its policy puts it in a sandbox: there axe would wait for ever."""
    if page.evaluate("() => self.origin") != "null":
        yield page
        return
    copy = page.context.new_page()
    copy.set_content(page.content())  # a page in a sandbox carries all that it shows
    yield copy
    copy.close()


def _violations(page: Page, scheme: Literal["dark", "light"]) -> list[dict[str, Any]]:
    page.emulate_media(color_scheme=scheme)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE)
    found: list[dict[str, Any]] = page.evaluate(_RUN)["violations"]
    return found


def _told(scheme: str, violation: dict[str, Any]) -> str:
    places = [f"    {' '.join(node['target'])}\n      {node['failureSummary']}" for node in violation["nodes"]]
    return "\n".join([f"  {scheme}: {violation['id']}: {violation['help']} ({violation['impact']})", *places])
