"""A plan's words meet nobody but those whose they are: the clinic's until they are submitted, the inspectors' until they
are sent, and no foreign eye ever. Each reader's whole web is walked, as in tests/inspections/test_seclusion.py."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from fastapi.testclient import TestClient

from app import audit
from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.db import Database
from app.ids import new_id
from app.inspections import actions as inspections
from app.inspections.models import Assignment
from app.places.models import Clinic, Hospital
from app.writing.desk import Operation
from app.writing.said import heads
from tests.clients import a_client
from tests.databases import Kind
from tests.factories import a_person, a_place, an_inspector
from tests.forms import at_a_browser
from tests.inspections.test_seclusion import told, walked
from tests.plans.factories import Planned, another, measure, planned

SUBMITTED = ("text", "what", "how", "owner", "proof")
LATER = (
    "rewritten",
    "effect",
    "note",
)  # not submitted: the clinic's own, but for the effect of a plan that is followed
ANSWERED = ("reason",)
PLANS = ("draft", "waiting", "more", "followed", "near", "foreign")


def word(plan: str, what: str) -> str:
    return f"X{plan}X{what}X"


@dataclass(frozen=True)
class Country:
    database: Database
    client: TestClient
    viewers: dict[str, Viewer]
    plans: dict[str, Planned]


def _all(plan: str, *sorts: tuple[str, ...]) -> set[str]:
    return {word(plan, what) for sort in sorts for what in sort}


_SUBMITTED = set().union(*(_all(plan, SUBMITTED) for plan in ("waiting", "more", "followed")))
_SENT = _all("more", ANSWERED) | _all("followed", ANSWERED)
_READER = _SUBMITTED | _SENT | {word("followed", "effect")}
_NEAR = _all("near", SUBMITTED, ANSWERED)
_FRONT = _all("followed", ("front",))  # of the report's next version, which is being drafted
# Whom each word meets at the least, and at the most.
MAY_SEE: dict[str, set[str]] = {
    "studierektor": _READER | _all("draft", SUBMITTED) | _all("more", LATER[:1]) | _all("followed", LATER[1:]),
    "inspektör": _READER | _all("waiting", ANSWERED) | _FRONT,
    "administratör": _READER | _all("waiting", ANSWERED) | _FRONT | _NEAR | _all("foreign", SUBMITTED, ANSWERED),
    "regionkansli": _READER | _NEAR,
    "samordnare": _READER | _FRONT,
    "tidigare inspektör": set(),
    "främmande studierektor": _all("foreign", SUBMITTED, ANSWERED),
    "främmande region": _all("foreign", SUBMITTED, ANSWERED),
    "ingen": set(),
}


@pytest.mark.parametrize("name", MAY_SEE)
def test_nobody_meets_a_word_that_is_not_theirs(country: Country, name: str) -> None:
    person = at_a_browser(country.client, country.database, country.viewers[name])
    typed, met = _typed(country), set[str]()
    for url, answer in walked(person, "/inspektioner", "/planer", *typed):
        assert answer.status_code != 404 or url in typed or url == "/planer", (url, answer.status_code)
        assert answer.status_code < 500, url
        text = told(answer)
        met |= {found for found in _words() if found in text}
    assert met - MAY_SEE[name] == set()
    assert MAY_SEE[name] - met == set()  # a walk that finds nothing would prove nothing


def _words() -> set[str]:
    return set().union(*(_all(plan, SUBMITTED, LATER, ANSWERED, ("front",)) for plan in PLANS))


def _typed(country: Country) -> list[str]:
    """Addresses that nobody is led to and anybody can type."""
    pages = ("", "/svar", "/gradering", "/avsluta", "/visa", "/hamta/txt", "/lamna-in", "/atgarder", "/omraden/D")
    fields = ("/historik?falt=area/D/text", "/svar/historik?falt=version/1/area/D/reason")
    versions = ("/versioner/1", "/versioner/2", "/versioner/1/visa", "/versioner/1/hamta/docx")
    api = ("", "/changes", "/versions", "/versions/1")
    made = []
    for each in country.plans.values():
        made += [f"/planer/{each.plan}{page}" for page in (*pages, *fields, *versions)]
        made += [f"/api/plans/{each.plan}{page}" for page in api]
        made += [f"/inspektioner/{each.id}{page}" for page in ("/gradering", "/rapport", "/versioner/1")]
    return [*made, "/api/plans", "/planer?lage=skrivs", "/min-klinik"]


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
    own = planned(database)
    near, foreign = _beside(own, "Nära", own.place.region), _beside(own, "Främmande", "")
    plans = {"draft": own, "waiting": another(own), "more": another(own), "followed": another(own)}
    plans |= {"near": near, "foreign": foreign}
    with database.writing() as session:
        former = an_inspector(session, own.place, "Siv Tidigare")
        now = audit.now()
        for each in plans.values():
            session.add(Assignment(id=new_id(), inspection=each.id, person=former.id, place=9, since=now, ended=now))
        viewers = {
            "studierektor": own.director,
            "inspektör": own.a,
            "administratör": own.office,
            "regionkansli": own.region,
            "samordnare": own.coordinator,
            "tidigare inspektör": former,
            "främmande studierektor": foreign.director,
            "främmande region": foreign.region,
            "ingen": a_person(session, "Ingen Alls"),
        }
    for name, each in plans.items():
        _fill(each, name)
    return Country(database, client, viewers, plans)


def _beside(own: Planned, name: str, region: str) -> Planned:
    """A plan of another clinic, with its own people and inspectors."""
    with own.database.writing() as session:
        place = a_place(session, name)
        if region:
            session.get_one(Hospital, session.get_one(Clinic, place.clinic).hospital).region = region
            session.flush()
            place = replace(place, region=region)
        people = {
            "a": an_inspector(session, place, "Ada Annan"),
            "b": an_inspector(session, place, "Bo Annan"),
            "director": a_person(session, "Dag Rektor", Held(Role.DIRECTOR_OF_STUDIES, clinic=place.clinic)),
            "region": a_person(session, "Rut Region", Held(Role.REGION_OFFICE, region=place.region)),
        }
    return another(replace(own, place=place, **people))


def _fill(plan: Planned, name: str) -> None:
    """As far as its name says, and every text has its word in it."""
    plan.put("area/D/text", word(name, "text"))
    values = {each: word(name, each) for each in ("what", "how", "owner", "proof")}
    id = measure(plan, area="E", criteria=["E-F4"], times="2", start="2026-01-01", **values)
    if name == "draft":
        return
    plan.submit()
    accepted = name not in ("waiting", "more")
    plan.judge({"D": ("accepted" if accepted else "more", word(name, "reason")), "E": "accepted"})
    if name == "waiting":
        return
    plan.answer()
    if name == "more":
        plan.put("area/D/text", word(name, "rewritten"))
    if name == "followed":
        plan.follow()
        plan.put(f"measure/{id}/effect", word(name, "effect"))
        occurrence = f"occurrence/{new_id()}"
        for field, value in (("measure", id), ("day", "2026-02-01"), ("note", word(name, "note"))):
            plan.put(f"{occurrence}/{field}", value)
        with plan.database.writing() as session:
            inspections.correct(session, by=plan.a, inspection=plan.id, cause="Ett ord.")
        with plan.database.reading() as session:
            seen = heads(session, plan.id)["front/specialty"].revision
        plan.write(plan.a, Operation(new_id(), "front/specialty", word(name, "front"), seen))
