"""Whatever goes wrong is said in Swedish, as a page, a part or JSON, and gives back what was typed."""

import logging
import re

import pytest
from sqlalchemy import exc

from app.errors import Busy, Unreachable
from app.web.trouble import refusal
from tests.web.sample_app import FAILURES, client

WRITTEN = "Handledningen är <god> & nära."
ESCAPED = "Handledningen är &lt;god&gt; &amp; nära."


@pytest.mark.parametrize(
    ("kind", "status", "said"),
    [
        ("upptagen", 503, "Vänta lite."),
        ("last", 503, "Det är många som sparar just nu"),
        ("borta", 503, "Databasen svarar inte"),
        ("nekad", 403, "Bara huvudinspektören fastställer."),
        ("trasig", 500, "Felet är vårt, inte ditt."),
    ],
)
def test_an_error_is_a_page_a_part_or_json_with_the_same_words(kind: str, status: int, said: str) -> None:
    web = client()
    as_page = web.get(f"/fel/{kind}")
    as_part = web.get(f"/fel/{kind}", headers={"hx-request": "true", "hx-request-type": "partial"})
    as_json = web.get(f"/api/fel/{kind}")
    assert [answer.status_code for answer in (as_page, as_part, as_json)] == [status] * 3
    assert said in as_page.text
    assert as_page.text.startswith("<!doctype html>")
    assert said in as_part.text
    assert "<html" not in as_part.text
    assert said in str(as_json.json()["error"])


def test_an_error_never_swaps_away_the_form_that_was_sent() -> None:
    answer = client().post("/fel/last", data={"text": WRITTEN}, headers={"hx-request": "true"})
    assert (answer.headers["hx-retarget"], answer.headers["hx-reswap"]) == ("#trouble", "innerHTML")


def test_a_busy_page_comes_back_by_itself_and_a_form_does_not() -> None:
    read, sent = client().get("/fel/upptagen"), client().post("/fel/upptagen", data={"text": WRITTEN})
    assert read.headers["retry-after"] == "3"
    assert '<meta http-equiv="refresh" content="3">' in read.text
    assert "refresh" not in sent.text


@pytest.mark.parametrize("kind", FAILURES)
def test_what_was_typed_is_given_back_whatever_went_wrong(kind: str) -> None:
    answer = client().post(f"/fel/{kind}", data={"text": WRITTEN})
    assert f'<blockquote class="typed">{ESCAPED}</blockquote>' in answer.text
    may_pass = answer.status_code in (401, 500, 503)
    assert (f'<input type="hidden" name="text" value="{ESCAPED}">' in answer.text) == may_pass


def test_a_password_and_a_file_never_come_back() -> None:
    typed = {"text": WRITTEN, "losenord": "hemlig fras här", "again": "hemlig fras här", "code": "hemlig kod"}
    with_file = client().post("/fel/last", data=typed, files={"fil": ("a.txt", b"innehall")})
    assert ESCAPED in with_file.text
    assert "hemlig" not in with_file.text
    assert "Skicka samma sak igen" not in with_file.text
    assert "Lösenord och filer följer inte med" in with_file.text


def test_signed_out_leads_to_signing_in_and_back() -> None:
    answer = client().get("/fel/utloggad?flik=två")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/logga-in?till=/fel/utloggad%3Fflik%3Dtv%25C3%25A5"
    assert client().get("/api/fel/utloggad").status_code == 401


def test_an_unforeseen_error_is_found_again_by_its_number_and_quotes_nobody(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        answer = client().post("/fel/trasig", data={"text": WRITTEN})
    (number,) = re.findall(r"Säg numret (\w+)", answer.text)
    assert number in caplog.text
    assert "KeyError" in caplog.text
    assert "fail_writing" in caplog.text
    for secret in ("19121212", "Handledningen", "Traceback"):
        assert secret not in answer.text.replace(ESCAPED, "")
        assert secret not in caplog.text


def test_a_page_that_is_not_there_and_an_address_used_wrongly_are_pages() -> None:
    assert "Vi hittar inte den sidan" in client().get("/finns-inte").text
    assert "Vi hittar inte den sidan" in client().get("/nummer/tre").text
    wrong = client().post("/delar")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET")
    assert "Adressen går inte att använda så." in wrong.text


def test_json_says_which_fields_cannot_be_understood() -> None:
    answer = client().get("/api/nummer/3?page_size=x")
    assert answer.status_code == 422
    assert answer.json()["error"]["fields"][0]["where"] == "query.page_size"


def test_a_program_that_asks_for_json_gets_it_anywhere() -> None:
    assert client().get("/finns-inte", headers={"accept": "application/json"}).json()["error"]["status"] == 404


class Postgres(Exception):
    def __init__(self, sqlstate: str | None) -> None:
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (exc.OperationalError("", {}, Exception("database is locked")), Busy),
        (exc.OperationalError("", {}, Postgres("40P01")), Busy),
        (exc.OperationalError("", {}, Postgres("40001")), Busy),
        (exc.TimeoutError("QueuePool limit"), Busy),
        (exc.OperationalError("", {}, Postgres(None)), Unreachable),
        (exc.InterfaceError("", {}, Exception("connection already closed")), Unreachable),
        (exc.IntegrityError("", {}, Exception("UNIQUE")), type(None)),
    ],
)
def test_a_database_that_is_busy_is_told_from_one_that_is_away(error: Exception, kind: type) -> None:
    assert type(refusal(error)) is kind
