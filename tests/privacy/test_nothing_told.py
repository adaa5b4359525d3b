"""No personal data in what the server logs, nor in an address: those end up in other people's logs and histories."""

import logging
import re
from html import unescape
from urllib.parse import unquote_plus

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text
from sqlmodel import Session

from app.accounts.models import Person
from app.accounts.viewer import Viewer
from app.ids import new_id
from tests.factories import Drafted, drafted
from tests.forms import Person as Browser
from tests.forms import at_a_browser

NAME, EMAIL, WORDS, PASSWORD = "Xnamnx", "xadressx@exempel.se", "Xtextx", "xlösenordx fel helt"
MARKERS = (NAME, EMAIL, WORDS, PASSWORD, "xadressx")
ADDRESS = re.compile(r'\b(?:href|action|src|formaction|hx-\w+|data-\w*url)="([^"]*)"')


@pytest.fixture
def draft(client: TestClient) -> Drafted:
    made = drafted(client.app.state.database)  # type: ignore[attr-defined]
    with made.database.writing() as session:
        person = session.get_one(Person, made.a.id)
        person.name, person.email = NAME, EMAIL
    return made


def addresses(answer: Response) -> list[str]:
    found = [unescape(each) for each in ADDRESS.findall(answer.text)]
    return [unquote_plus(each) for each in [*found, answer.headers.get("location", "")]]


def everywhere(draft: Drafted, browser: Browser, url: str) -> list[Response]:
    pages = ["", "/rapport", "/omraden", "/omraden/E", "/iakttagelser", "/program", "/framsida", "/inspektorer", "/fil"]
    pages += ["/historik?falt=area/E/narrative", "/rapport/forhandsvisning", "/rapport/hamta/docx", "/underlag"]
    own = ["/inspektioner", "/konto", "/personuppgifter", "/personer", f"/personer/{draft.a.id}"]
    own += [f"/personer/{draft.a.id}/uppgifter", "/planer", "/platser", "/jamfor", "/handelser"]
    return [browser.ask("GET", each) for each in [*(f"{url}{page}" for page in pages), *own]]


def written(draft: Drafted, browser: Browser, url: str) -> list[Response]:
    """What people type is sent, and some of it is refused."""
    made = {"id": new_id(), "field": "area/E/narrative", "value": WORDS}
    wrong = {"id": new_id(), "field": WORDS, "value": NAME}
    person = f"/personer/{draft.a.id}"
    form = {"content-type": "application/x-www-form-urlencoded"}
    return [
        browser.ask("POST", f"/api/inspections/{draft.id}/operations", json={"operations": [made, wrong]}),
        browser.ask("POST", f"{url}/omraden/E", form, content=f"area%2FE%2Fnarrative={WORDS}"),
        browser.ask("POST", f"{url}/rattelse", form, content=f"cause={WORDS}"),
        browser.ask("POST", person, form, content=f"name={NAME}&email={NAME}"),
        browser.ask("POST", "/personer/ny", form, content=f"name={NAME}&email={EMAIL}"),
        browser.ask("POST", "/personer", form, content=f"sok={EMAIL}&visa={NAME}"),
        browser.ask("POST", "/handelser", form, content=f"vem={EMAIL}&om={draft.a.id}"),
        browser.ask("POST", "/logga-in", form, content=f"email={EMAIL}&password={PASSWORD}&till=/konto"),
        browser.ask("POST", "/konto/losenord", form, content=f"present={PASSWORD}&password={PASSWORD}&again={NAME}"),
    ]


def test_neither_logs_nor_addresses_hold_a_name_an_address_or_a_text(
    draft: Drafted, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = f"/inspektioner/{draft.id}"
    answers: list[Response] = []
    for viewer in (draft.a, draft.office):
        browser = at_a_browser(client, draft.database, viewer)
        answers += [*written(draft, browser, url), *everywhere(draft, browser, url)]
    told = "\n".join(each.text for each in answers if "text" in each.headers.get("content-type", ""))
    assert NAME in told  # a search that finds nothing would prove nothing
    assert WORDS in told
    found = {each for answer in answers for each in addresses(answer) if any(marker in each for marker in MARKERS)}
    assert found == set()
    assert [marker for marker in MARKERS if marker in caplog.text] == []


def test_an_error_is_logged_without_what_was_being_written(
    draft: Drafted, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the database itself refuses: it knows the values, and says what it was asked."""
    caplog.set_level(logging.DEBUG)
    with draft.database.writing() as session:
        broken(session)
    url = f"/inspektioner/{draft.id}"
    answers: list[Response] = []
    for viewer in (draft.a, draft.office):
        answers += _asked(draft, client, viewer, url)
    assert max(each.status_code for each in answers) >= 500
    assert "app.web.errors" in caplog.text
    assert [marker for marker in MARKERS if marker in caplog.text] == []


def broken(session: Session) -> None:
    """Nothing can be written in the tables that texts and people are kept in."""
    session.connection().execute(text("ALTER TABLE revision RENAME COLUMN value TO lost"))
    session.connection().execute(text("ALTER TABLE person RENAME COLUMN listed TO lost"))


def _asked(draft: Drafted, client: TestClient, viewer: Viewer, url: str) -> list[Response]:
    browser = at_a_browser(client, draft.database, viewer)
    return [*written(draft, browser, url), *everywhere(draft, browser, url)]
