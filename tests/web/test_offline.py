"""What a browser is given to carry Sporra along: the worker, how it is installed, and whose a page is."""

import re
import struct

import pytest

from app.web.offline import ABSENT, worker_text
from app.web.static_files import FOLDER, device, static
from tests.web.sample_app import Viewer, client


def test_the_worker_is_asked_for_each_time_and_names_what_pages_load() -> None:
    answer = client().get("/sw.js")
    assert (answer.headers["cache-control"], answer.headers["content-type"]) == (
        "no-cache",
        "text/javascript; charset=utf-8",
    )
    named = re.findall(r'"(/[^"]*)"', answer.text.splitlines()[1])
    used = {static("app.css"), static("icons.svg"), static("font/source-sans-3.woff2"), device("outbox.js"), ABSENT}
    assert used <= set(named)
    assert static("sw.js") not in named
    assert [path for path in named if client().get(path).status_code != 200] == []


def test_another_file_is_another_edition_of_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    first = worker_text().splitlines()[0]
    assert re.fullmatch(r'const EDITION = "[0-9a-f]{12}";', first)
    monkeypatch.setattr("app.web.offline._files", lambda: ["/static/app.css?v=newer"])
    assert worker_text.__wrapped__().splitlines()[0] != first


def test_it_can_be_installed() -> None:
    answer = client().get("/manifest.webmanifest")
    assert answer.headers["content-type"] == "application/manifest+json"
    told = answer.json()
    assert (told["name"], told["lang"], told["start_url"], told["display"]) == ("Sporra", "sv", "/", "standalone")
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}
    for icon in told["icons"]:
        picture = client().get(icon["src"]).content
        width, height = struct.unpack(">II", picture[16:24])  # of a PNG
        assert icon["sizes"] == f"{width}x{height}"


def test_the_colours_around_an_installed_page_are_the_stylesheets() -> None:
    light, dark, *_ = re.findall(r"--surface: (#\w+);", (FOLDER / "app.css").read_text())
    page, told = client().get("/delar").text, client().get("/manifest.webmanifest").json()
    assert re.findall(r'<meta name="theme-color" content="(#\w+)"', page) == [light, dark]
    assert told["theme_color"] == light
    assert told["background_color"] == re.findall(r"--paper: (#\w+);", (FOLDER / "app.css").read_text())[0]


def test_a_page_says_whose_it_is_and_the_one_in_reserve_is_nobodys() -> None:
    assert client().get("/delar").headers["sporra-person"] == Viewer().id
    absent = client().get(ABSENT)
    assert "sporra-person" not in absent.headers
    assert "data-person" not in absent.text
