"""What one may not see does not exist: not in lists, counts, exports, errors or headers, wherever one clicks.

Every inspection here is full of marker words. A reader's whole web is walked, link by link, and none of the words
that are not theirs may turn up.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from urllib.parse import urldefrag, urljoin
from zipfile import ZipFile

import pypdfium2
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from lxml import html
from sqlmodel import Session

from app import audit
from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.db import Database
from app.ids import new_id
from app.inspections import actions, signing
from app.inspections.models import Assignment
from app.places.models import Clinic, Hospital
from app.writing.desk import Operation
from app.writing.said import heads
from tests.clients import a_client
from tests.databases import Kind
from tests.factories import RUBRIC, Drafted, Place, a_person, a_place, an_inspection, an_inspector
from tests.forms import Person, at_a_browser

PRIVATE, PRINTED = ("comment", "reason"), ("clinic", "place", "narrative", "finding", "names")
ALL = (*PRIVATE, *PRINTED)


def word(inspection: str, what: str) -> str:
    """`XforeignXdraftXcommentX`: found in nothing else, in no font, and broken over no line."""
    return "X" + "".join(f"{each}X" for each in (*inspection.split(), what))


@dataclass(frozen=True)
class Country:
    database: Database
    client: TestClient
    viewers: dict[str, Viewer]
    ids: dict[str, str]


# Which words each may meet: of which inspection, and which of its texts.
MAY_SEE: dict[str, set[tuple[str, str]]] = {
    "studierektor": {(each, what) for each in ("own signed", "own first") for what in PRINTED},
    "regionkansli": {(each, what) for each in ("own signed", "own first", "near signed") for what in PRINTED},
    "samordnare": {("foreign signed", what) for what in PRINTED} | {("foreign draft", what) for what in PRINTED},
    "tidigare inspektör": set(),
    "inspektör och chef": {(each, what) for each in ("own signed", "own first") for what in PRINTED}
    | {("own draft", what) for what in ALL},
    "ingen": set(),
}


@pytest.mark.parametrize("name", MAY_SEE)
def test_nobody_meets_a_word_that_is_not_theirs_and_no_link_leads_nowhere(country: Country, name: str) -> None:
    person = at_a_browser(country.client, country.database, country.viewers[name])
    met: set[str] = set()
    for url, answer in walked(person, "/inspektioner", *_typed(country)):
        assert answer.status_code != 404 or url in _typed(country), (url, answer.status_code)
        assert answer.status_code < 500, url
        text = told(answer)
        met |= {found for found in _words() if found in text}
    allowed = {word(*each) for each in MAY_SEE[name]}
    assert met - allowed == set()
    # And they do meet their own: a walk that finds nothing would prove nothing.
    assert {each for each in allowed if "Xnames" not in each} <= met


def _words() -> list[str]:
    names = ("own draft", "own correction", "own first", "own signed", "near signed", "foreign draft", "foreign signed")
    return [word(each, what) for each in names for what in ALL]


def _typed(country: Country) -> list[str]:
    """Addresses that nobody is led to and anybody can type."""
    pages = ("", "/rapport", "/fil", "/historik?falt=area/E/narrative", "/versioner/1", "/versioner/2")
    addresses = [f"/inspektioner/{id}{page}" for id in country.ids.values() for page in pages]
    api = [f"/api/inspections/{id}{more}" for id in country.ids.values() for more in ("", "/changes", "/versions")]
    return [*addresses, *api, "/api/inspections", "/inspektioner?visa=pagar", "/inspektioner?visa=klara"]


def walked(person: Person, *start: str) -> Iterator[tuple[str, Response]]:
    """Every page and file that one comes to from here, each once: of an area's criteria, the first for them all."""
    waiting, seen = list(start), {_alike(each) for each in start}
    while waiting:
        url = waiting.pop()
        answer = person.ask("GET", url)
        yield url, answer
        for link in sorted({urldefrag(urljoin(url, each))[0] for each in _links(answer)}):
            if link.startswith("/") and not link.startswith(("/static/", "/protokoll/")) and _alike(link) not in seen:
                seen.add(_alike(link))
                waiting.append(link)


def _alike(url: str) -> str:
    return re.sub(r"kriterium=([A-H])[^&]*", r"kriterium=\1", url)


def _links(answer: Response) -> list[str]:
    if answer.status_code == 303:
        return [answer.headers["location"]]
    if not answer.headers.get("content-type", "").startswith("text/html") or not answer.text:
        return []
    tree = html.fromstring(answer.text)
    for each in tree.xpath("//template | //*[@hidden]"):  # nobody can press what is in them yet
        each.clear()
    return [str(each) for each in tree.xpath("//a/@href | //iframe/@src | //form[not(@method='post')]/@action")]


def told(answer: Response) -> str:
    """All that an answer says, in its headers and in what its files hold."""
    kind, data = answer.headers.get("content-type", ""), answer.content
    text = f"{answer.headers.multi_items()}"
    if kind == "application/pdf":
        pdf = pypdfium2.PdfDocument(data)
        text += "".join(page.get_textpage().get_text_bounded() for page in pdf) + str(pdf.get_metadata_dict())
        pdf.close()
    elif data.startswith(b"PK"):
        with ZipFile(BytesIO(data)) as parts:
            text += "".join(parts.read(each).decode("utf-8", "replace") for each in parts.namelist())
    else:
        text += answer.text
    return text


# ── The country ───────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def country(kind: Kind) -> Iterator[Country]:
    url = kind.migrated()
    database = Database(url)
    with a_client(url) as client:
        yield _made(database, client)
    database.close()
    kind.drop(url)


def _made(database: Database, client: TestClient) -> Country:
    with database.writing() as session:
        own, near, foreign = (a_place(session, name) for name in ("Egna", "Nära", "Främmande"))
        near = replace(near, region=_moved(session, near, own.region))
        office = a_person(session, "Olga Kansli", Held(Role.ADMINISTRATOR))
        a, b = (an_inspector(session, own, name) for name in ("Alva Exempel", "Nils Påhitt"))
        both = replace(b, held=(*b.held, Held(Role.HEAD_OF_CLINIC, clinic=own.clinic)))
        viewers = {
            "studierektor": a_person(session, "Kim Rektor", Held(Role.DIRECTOR_OF_STUDIES, clinic=own.clinic)),
            "regionkansli": a_person(session, "Rut Region", Held(Role.REGION_OFFICE, region=own.region)),
            "samordnare": a_person(session, "Sam Ordnare", Held(Role.COORDINATOR, speciality=foreign.speciality)),
            "tidigare inspektör": an_inspector(session, own, "Siv Tidigare"),
            "inspektör och chef": a_person(session, "Per Båda", *both.held),
            "ingen": a_person(session, "Ingen Alls"),
        }
        started = {
            name: an_inspection(session, place, office, a, *more)
            for name, place, *more in (
                ("own draft", own, viewers["inspektör och chef"]),
                ("own signed", own),
                ("own first", own),
                ("near signed", near),
                ("foreign draft", foreign),
                ("foreign signed", foreign),
            )
        }
        for id in started.values():
            _left(session, viewers["tidigare inspektör"], id)
    for name, id in started.items():
        draft = Drafted(database, own, office, a, b, id)
        _fill(draft, name)
        if not name.endswith("draft"):
            signing.sign(database, by=a, inspection=id, seen=draft.hash(), without_declaring=True)
    corrected = Drafted(database, own, office, a, b, started["own first"])
    with database.writing() as session:
        actions.correct(session, by=a, inspection=corrected.id, cause="Ett ord var fel.")
    _fill(corrected, "own correction")
    return Country(database, client, viewers, started)


def _moved(session: Session, place: Place, region: str) -> str:
    session.get_one(Hospital, session.get_one(Clinic, place.clinic).hospital).region = region
    session.flush()
    return region


def _left(session: Session, person: Viewer, inspection: str) -> None:
    now = audit.now()
    session.add(Assignment(id=new_id(), inspection=inspection, person=person.id, place=9, since=now, ended=now))
    session.flush()


def _fill(draft: Drafted, name: str) -> None:
    """Nothing is owed, and every text has its word in it."""
    finding = f"finding/{new_id()}"
    said = {
        "front/clinic": word(name, "clinic"),
        "front/place": word(name, "place"),
        "front/first_day": "2026-10-21" if name == "own correction" else "2026-10-20",
        "front/inspectors": [word(name, "names")],
        "area/E/narrative": word(name, "narrative"),
        "criterion/E-F1/comment": word(name, "comment"),
        f"{finding}/kind": "strength",
        f"{finding}/text": word(name, "finding"),
        **{f"area/{area.id}/grade": area.offered[0] for area in RUBRIC.rubric.areas},
        **{f"area/{area.id}/grade_reason": word(name, "reason") for area in RUBRIC.rubric.areas},
    }
    with draft.database.reading() as session:
        standing = heads(session, draft.id)
    seen = {key: standing[key].revision for key in said if key in standing}
    answers = draft.write(draft.a, *(Operation(new_id(), key, value, seen.get(key)) for key, value in said.items()))
    assert {each.outcome for each in answers} == {"head"}
