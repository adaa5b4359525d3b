"""Whether the stories' own watch is awake: what is wrong on a page must not pass unseen."""

from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import Page

from app.web.setup import install
from tests.browser.axe import assert_accessible, under_axe
from tests.browser.serving import served
from tests.browser.test_zz_coverage import unseen

GOOD = "<!doctype html><html lang=sv><title>Rum</title><main><h1>Rum</h1><p>{}</main>"
PAGES = {
    "good": GOOD.format("Text"),
    "style": GOOD.format("<b style='color: red'>Text</b>"),
    "picture": GOOD.format("<img alt='' src=/static/finns-inte.png>"),
    "elsewhere": GOOD.format("<img alt='' src=http://localhost:1/a.png>"),
    "unlabelled": GOOD.format("<input>"),
}
OWN_POLICY = {"Content-Security-Policy": "sandbox; default-src 'none'"}


def stand_in() -> FastAPI:
    application = FastAPI()
    router = APIRouter(prefix="/watch", default_response_class=HTMLResponse)

    @router.get("/file")
    def file() -> HTMLResponse:
        return HTMLResponse(GOOD.format("En rapport"), headers=OWN_POLICY)

    @router.get("/{name}")
    def show(name: str) -> HTMLResponse:
        return HTMLResponse(PAGES.get(name, GOOD.format("Fel")), 200 if name in PAGES else 422)

    application.include_router(router)
    install(application)
    return application


@pytest.fixture
def server() -> Iterator[str]:
    with served(stand_in()) as address:
        yield address


def test_a_good_page_is_noted_by_its_path(page: Page) -> None:
    page.goto("/watch/good")
    assert_accessible(page)
    assert "/watch/good" in under_axe


def test_a_page_with_a_policy_of_its_own_can_be_tried(page: Page) -> None:
    page.goto("/watch/file")
    assert_accessible(page)
    assert "/watch/file" in under_axe


def test_a_page_of_errors_is_tried_but_is_not_the_page_that_was_asked_for(page: Page) -> None:
    page.goto("/watch/errors")
    assert_accessible(page)
    assert "/watch/errors" not in under_axe


def test_a_field_without_a_label_is_told_with_its_place(page: Page) -> None:
    page.goto("/watch/unlabelled")
    with pytest.raises(AssertionError, match=r"(?s)dark: label: .*\(critical\)\n    input\n.*light: label: "):
        assert_accessible(page)
    assert "/watch/unlabelled" not in under_axe


@pytest.mark.parametrize(
    ("name", "told"),
    [("style", "Content Security Policy"), ("elsewhere", "Content Security Policy"), ("picture", "404 GET")],
)
def test_what_the_browser_complains_of_is_a_fault(page: Page, faults: list[str], name: str, told: str) -> None:
    page.goto(f"/watch/{name}")
    assert [fault for fault in faults if told in fault]
    faults.clear()


def test_a_script_that_breaks_is_a_fault(page: Page, faults: list[str]) -> None:
    page.goto("/watch/good")
    with page.context.expect_event("weberror"):
        page.evaluate("() => { setTimeout(() => { throw new Error('sprucket') }) }")
    assert [fault for fault in faults if "sprucket" in fault]
    faults.clear()


def test_a_request_that_gets_no_answer_is_a_fault(page: Page, faults: list[str]) -> None:
    page.goto("/watch/good")
    page.context.set_offline(True)
    with page.expect_event("requestfailed"):
        page.evaluate("() => fetch('/watch/good').catch(() => null)")
    assert [fault for fault in faults if "ERR_INTERNET_DISCONNECTED" in fault]
    faults.clear()


def test_a_page_that_no_story_has_seen_is_named() -> None:
    assert unseen(stand_in(), {"/watch/file"}) == ["/watch/{name}"]
    assert unseen(stand_in(), {"/watch/file", "/watch/good"}) == []
