"""Style, script, font and icons: kept for ever under their hash, and never under another."""

import re

import pytest

from app.web.static_files import FOLDER, FOREVER, static
from tests.web.sample_app import client


def test_a_file_asked_for_by_its_hash_is_kept_for_ever_and_otherwise_asked_for_again() -> None:
    web = client()
    assert web.get(static("app.css")).headers["cache-control"] == FOREVER
    assert web.get("/static/app.css?v=old").headers["cache-control"] == "no-cache"
    assert web.get("/static/app.css").headers["cache-control"] == "no-cache"


def test_text_is_compressed_as_the_browser_takes_it_and_the_font_is_not() -> None:
    for takes, packed in (("gzip", "gzip"), ("gzip, deflate, br", "br")):
        web = client(headers={"accept-encoding": takes})
        answer = web.get(static("icons.svg"))
        assert (answer.headers["content-encoding"], answer.headers["content-type"]) == (packed, "image/svg+xml")
        assert answer.headers["cache-control"] == FOREVER
        assert answer.text == (FOLDER / "icons.svg").read_text()
        assert "content-encoding" not in web.get(static("font/source-sans-3.woff2")).headers


def test_the_stylesheet_goes_packed_without_its_comments_and_with_every_rule() -> None:
    sent = client(headers={"accept-encoding": "br"}).get(static("app.css")).text
    whole = (FOLDER / "app.css").read_text()
    assert "/*" in whole
    assert sent == re.sub(r"/\*.*?\*/", "", whole, flags=re.DOTALL)
    assert sent.count("{") == sent.count("}") > 500


def test_the_stylesheet_names_the_font_by_the_same_address_as_the_page() -> None:
    (named,) = re.findall(r'url\("(.*?)"\)', (FOLDER / "app.css").read_text())
    assert f"/static/{named}" == static("font/source-sans-3.woff2")
    assert client().get(f"/static/{named}").headers["content-type"] == "font/woff2"


def test_a_page_loads_nothing_from_elsewhere() -> None:
    addresses = re.findall(r'(?:href|src|action)="(.*?)"', client().get("/delar").text)
    assert [address for address in addresses if not address.startswith(("/", "#"))] == []


@pytest.mark.parametrize(
    "path",
    ["/static/", "/static/device/", "/static/..%2fsecurity.py", "/static/%2e%2e/render.py", "/.git/config", "/var/"],
)
def test_no_folder_is_listed_and_nothing_beside_it_is_reached(path: str) -> None:
    assert client().get(path).status_code == 404


def test_a_missing_file_is_a_page_that_is_not_kept() -> None:
    answer = client().get("/static/borta.css")
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
