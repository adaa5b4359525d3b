"""Jäv: whoever has a tie to the unit is stopped at every door, or allowed for a reason; and each says it themselves."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from app import audit
from app.accounts.roles import Held, Role
from app.accounts.viewer import Viewer
from app.inspections import actions, declaring, queries, signing
from app.inspections.models import Assignment, Declaration
from app.inspections.pages.people import candidates
from app.people import ties
from app.people.independence import TieKind
from app.people.schemas import TieIn
from tests.factories import RUBRIC, a_person, a_place, an_inspection, an_inspector
from tests.inspections.asking import ask, refused
from tests.inspections.conftest import Visit
from tests.paths import DEMO, KALMAR

WHY = "Bara tre inspektörer har specialiteten, och de andra två var där förra gången."
THIS_YEAR = audit.now().year


@pytest.fixture
def siv(visit: Visit) -> Viewer:
    """An inspector who works at the clinic."""
    with visit.database.writing() as session:
        return an_inspector(session, visit.place, "Siv Nära")


def tell(visit: Visit, who: Viewer, kind: TieKind = TieKind.EMPLOYED, where: str = "", until: int | None = None) -> str:
    new = TieIn(kind=kind, where=where or visit.place.clinic, until=until)
    with visit.database.writing() as session:
        return ties.tell(session, by=who, person=who.id, new=new)


def inspect(visit: Visit, id: str = "") -> list[tuple[str, str]]:
    """Who does, and in spite of what."""
    with visit.database.reading() as session:
        query = select(Assignment).where(Assignment.inspection == (id or visit.id), Assignment.ended == None)  # noqa: E711
        return [(each.person, each.motive) for each in session.exec(query.order_by("place"))]


def count(visit: Visit) -> int:
    with visit.database.reading() as session:
        return len(session.exec(select(Assignment.id)).all())


# ── Every door ────────────────────────────────────────────────────────────────────────────


Door = Callable[[Visit, Viewer, str], tuple[int, str]]


def _unit(visit: Visit) -> str:
    return f"{visit.place.clinic}:{visit.place.speciality}"


def _new_page(visit: Visit, siv: Viewer, motive: str) -> tuple[int, str]:
    sent = [("enhet", _unit(visit)), ("modell", RUBRIC.rubric.reference), ("inspektor", siv.id), ("motiv", motive)]
    page = visit.browser(visit.office).send("/inspektioner/ny", sent)
    return page.status, page.said


def _import_page(visit: Visit, siv: Viewer, motive: str) -> tuple[int, str]:
    sent = {"enhet": _unit(visit), "inspektor": siv.id, "motiv": motive}
    files = {"fil": ("x.inspection.yaml", KALMAR.read_bytes())}
    answer = visit.browser(visit.office).ask("POST", "/inspektioner/importera", data=sent, files=files)
    return (200 if answer.status_code == 303 else answer.status_code), answer.text


def _staff_page(visit: Visit, siv: Viewer, motive: str) -> tuple[int, str]:
    sent = [("inspektor", visit.a.id), ("inspektor", siv.id), ("motiv", motive)]
    page = visit.browser(visit.office).send(f"{visit.url}/inspektorer", sent)
    return page.status, page.said


def _json(visit: Visit, method: str, path: str, **more: Any) -> tuple[int, str]:
    answer = visit.browser(visit.office).ask(method, path, **more)
    return (200 if answer.status_code < 300 else answer.status_code), answer.text


def _new_json(visit: Visit, siv: Viewer, motive: str) -> tuple[int, str]:
    new = {"clinic": visit.place.clinic, "speciality": visit.place.speciality, "rubric": RUBRIC.rubric.reference}
    return _json(visit, "POST", "/api/inspections", json=new | {"inspectors": [siv.id], "motive": motive})


def _staff_json(visit: Visit, siv: Viewer, motive: str) -> tuple[int, str]:
    path = f"/api/inspections/{visit.id}/inspectors"
    return _json(visit, "PUT", path, json={"inspectors": [siv.id], "motive": motive})


DOORS: list[Door] = [_new_page, _import_page, _staff_page, _new_json, _staff_json]


@pytest.mark.parametrize("door", DOORS)
def test_a_tie_is_stopped_with_its_reason_or_allowed_for_one(visit: Visit, siv: Viewer, door: Door) -> None:
    tell(visit, siv)
    before = count(visit)
    status, said = door(visit, siv, "  ")
    assert status == 422
    assert "Siv Nära har band till enheten: anställning, " in said
    assert count(visit) == before
    assert door(visit, siv, WHY)[0] == 200
    with visit.database.reading() as session:
        rows = session.exec(select(Assignment).where(Assignment.person == siv.id)).all()
    assert [each.motive for each in rows] == [WHY]


def test_a_file_that_is_taken_in_over_the_api_gets_its_inspectors_afterwards(visit: Visit, siv: Viewer) -> None:
    """A reason is no text for an address."""
    tell(visit, siv)
    path = f"/api/inspections/import?clinic={visit.place.clinic}&speciality={visit.place.speciality}"
    sent: dict[str, Any] = {"content": DEMO.read_bytes(), "headers": {"content-type": "application/yaml"}}
    assert refused(visit, visit.office, "POST", f"{path}&inspector={siv.id}", **sent)[0] == 422
    made = visit.browser(visit.office).ask("POST", path, **sent).json()["id"]
    body = {"inspectors": [siv.id], "motive": WHY}
    assert visit.browser(visit.office).ask("PUT", f"/api/inspections/{made}/inspectors", json=body).status_code == 204
    assert inspect(visit, made) == [(siv.id, WHY)]


@pytest.mark.parametrize("door", DOORS)
def test_how_long_an_ended_tie_hinders_is_a_setting_at_every_door(visit: Visit, siv: Viewer, door: Door) -> None:
    tell(visit, siv, until=THIS_YEAR - 10)
    settings = visit.client.app.state.settings  # type: ignore[attr-defined]
    visit.client.app.state.settings = replace(settings, tie_years=10)  # type: ignore[attr-defined]
    try:
        assert door(visit, siv, "")[0] == 422
    finally:
        visit.client.app.state.settings = settings  # type: ignore[attr-defined]
    assert door(visit, siv, "")[0] == 200


def test_a_coordinator_allows_it_too_and_the_event_has_a_hash_of_the_reason(visit: Visit, siv: Viewer) -> None:
    tie = tell(visit, siv)
    with visit.database.writing() as session:
        sam = a_person(session, "Sam Ordnare", Held(Role.COORDINATOR, speciality=visit.place.speciality))
        actions.staff(session, by=sam, inspection=visit.id, inspectors=[siv.id], motive=WHY)
    with visit.database.reading() as session:
        [allowed] = [each for each in audit.history(session, visit.id) if each.action == "inspection:tie_allowed"]
    assert (allowed.by, allowed.details["person"], allowed.details["ties"]) == (sam.id, siv.id, [tie])
    assert allowed.details["motive"] == audit.hashed(allowed.details["salt"], WHY)
    assert WHY not in str(allowed.details)


def test_what_is_allowed_stays_so_and_a_new_tie_asks_anew(visit: Visit, siv: Viewer) -> None:
    tell(visit, siv)
    assert _staff_page(visit, siv, WHY)[0] == 200
    assert _staff_page(visit, siv, "")[0] == 200  # something else was changed
    assert dict(inspect(visit))[siv.id] == WHY
    tell(visit, siv, TieKind.HOME, visit.place.region)
    assert _staff_page(visit, siv, "")[0] == 422


def test_a_reason_that_is_too_long_is_told(visit: Visit, siv: Viewer) -> None:
    tell(visit, siv)
    assert "högst 2 000 tecken" in _staff_page(visit, siv, "x" * 2_001)[1]
    assert siv.id not in dict(inspect(visit))


# ── Seen before it is tried ───────────────────────────────────────────────────────────────


def test_the_form_shows_who_has_a_tie_and_who_has_been_there(visit: Visit, siv: Viewer) -> None:
    tell(visit, siv)
    tell(visit, visit.b, TieKind.TRAINED, until=1999)
    with visit.database.writing() as session:
        before = an_inspection(session, visit.place, visit.office, visit.a)
        queries.find(session, before).row.state = "signed"
        queries.find(session, before).row.first_day = audit.now().date().replace(year=2019)
    told = {}
    for path in (f"/inspektioner/ny?enhet={_unit(visit)}", f"{visit.url}/inspektorer"):
        labels = visit.browser(visit.office).open(path).tree.xpath("//label[.//input[@name='inspektor']]")
        told = {" ".join(each.text_content().split()) for each in labels}
        assert any(each.startswith("Siv Nära Har band: anställning, ") for each in told)
        assert any(each.startswith("Nils Påhitt Bra att veta: AT, BT eller ST, ") for each in told)
        assert any(each == "Alva Exempel Bra att veta: inspekterade enheten 2019." for each in told)


def test_five_hundred_inspectors_take_as_many_statements_as_five(visit: Visit) -> None:
    def statements() -> int:
        with visit.database.reading() as session:
            said: list[str] = []
            listen = lambda *args: said.append(args[2])  # noqa: E731
            event.listen(session.get_bind(), "before_cursor_execute", listen)
            row = queries.find(session, visit.id).row
            candidates(session, row.clinic, row.speciality, [], tie_years=5, row=row)
            event.remove(session.get_bind(), "before_cursor_execute", listen)
            return len(said)

    few = statements()
    with visit.database.writing() as session:
        for n in range(40):
            one = an_inspector(session, visit.place, f"Nummer {n}")
            ties.tell(session, by=one, person=one.id, new=TieIn(kind=TieKind.HOME, where=visit.place.region))
    assert 0 < few == statements()


# ── Said by each ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def asked(visit: Visit) -> Visit:
    """Nobody has said anything yet; nothing else is owed."""
    with visit.database.writing() as session:
        a, b = (an_inspector(session, visit.place, name) for name in ("Alva Exempel", "Nils Påhitt"))
        setup = actions.Setup(visit.place.clinic, visit.place.speciality, [a.id, b.id])
        made = replace(visit, a=a, b=b, id=actions.create(session, by=visit.office, rubric=RUBRIC, setup=setup))
    made.finish()
    return made


LINE = "svar om du har något band till enheten"


def test_it_is_asked_early_and_is_a_line_of_what_remains_until_it_is_said(asked: Visit) -> None:
    overview = asked.open(asked.a)
    assert LINE in overview.said
    assert "Säg det gärna redan nu" in overview.said
    assert overview.tree.xpath(f"//a[contains(., '{LINE}')]/@href") == [f"{asked.url}/band"]
    assert LINE not in asked.open(asked.office).said  # hers to say, not the office's
    after = asked.open(asked.a, "/band").submit()
    assert (after.url, LINE in after.said) == (f"{asked.url}#oberoende", False)
    assert "Du: har svarat att du inte har något band." in after.said
    office = asked.open(asked.office).said
    assert ("Alva Exempel: inget band." in office, "Nils Påhitt: har inte svarat än." in office) == (True, True)


def test_a_signature_is_not_given_without_it_by_mistake(asked: Visit) -> None:
    assert "Fastställ rapporten ändå" in asked.open(asked.a, "/rapport").said
    stale = asked.browser(asked.a).send(f"{asked.url}/faststall", [("content", asked.hash())])
    assert (stale.status, "Säg först om du har något band" in stale.said) == (409, True)
    path = f"/api/inspections/{asked.id}/sign"
    assert refused(asked, asked.a, "POST", path, json={"content": asked.hash()})[0] == 422
    on_purpose = {"content": asked.hash(), "without_declaring": True}
    assert ask(asked, asked.a, "POST", "/sign", json=on_purpose) == {"outcome": "waits"}
    ask(asked, asked.b, "PUT", "/declaration")
    assert ask(asked, asked.b, "POST", "/sign", json={"content": asked.hash()}) == {"outcome": "signed"}
    with asked.database.reading() as session:
        done = [*audit.history(session, asked.id)]
    assert [e.details["declared"] for e in done if e.action == "inspection:signature_given"] == [False, True]


def test_from_the_signature_one_comes_back_to_it(asked: Visit) -> None:
    page = asked.open(asked.a, "/band?efter=rapport").submit()
    assert page.url == f"{asked.url}/rapport#faststall"
    assert "Fastställ rapporten ändå" not in page.said


def test_a_tie_that_is_said_is_the_offices_to_decide(asked: Visit) -> None:
    sent = {"kind": "commissioned", "where": asked.place.clinic, "since": "2024", "until": ""}
    own = asked.browser(asked.a).send(f"{asked.url}/band/nytt", list(sent.items()))
    assert "Kansliet ser det och avgör" in own.said
    assert "uppdrag eller ersättning" in asked.browser(asked.a).open("/konto").said  # one of her own from now on
    office = asked.open(asked.office)
    assert "Alva Exempel har band till enheten: byt, eller skriv varför det är rätt" in office.said
    colleague = asked.open(asked.b).said
    assert ("har sagt till kansliet" in colleague, "uppdrag" in colleague) == (True, False)
    form = asked.open(asked.office, "/inspektorer")
    after = form.submit({"motiv": WHY})
    assert "byt, eller skriv" not in after.said
    for who in (asked.office, asked.a, asked.b):
        assert WHY in asked.open(who).said


def test_what_is_wrong_with_a_tie_is_told_where_it_is_said(asked: Visit) -> None:
    back = asked.browser(asked.a).send(f"{asked.url}/band/nytt", [("kind", "employed"), ("since", "2019")])
    assert (back.status, back.value("since")) == (422, "2019")
    assert back.tree.xpath("//details[@open]")


def test_another_unit_takes_it_back(asked: Visit) -> None:
    asked.open(asked.a, "/band").submit()
    assert LINE not in asked.open(asked.a).said
    before = asked.stands("front/clinic")
    asked.put("front/clinic", "Kirurgkliniken", asked.office)
    assert LINE in asked.open(asked.a).said
    asked.put("front/clinic", before, asked.office)
    assert LINE not in asked.open(asked.a).said


def test_of_a_report_that_was_signed_elsewhere_nobody_is_asked(asked: Visit) -> None:
    with asked.database.writing() as session:
        queries.find(session, asked.id).row.old_report = True
    overview = asked.open(asked.a).said
    assert (LINE in overview, "Säg det gärna redan nu" in overview) == (False, False)
    assert signing.sign(asked.database, by=asked.a, inspection=asked.id, seen=asked.hash()) == "waits"


def test_what_is_kept_of_it_is_ids(asked: Visit) -> None:
    tie = tell(asked, asked.a, TieKind.TRAINED, until=1999)
    elsewhere = None
    with asked.database.writing() as session:
        elsewhere = a_place(session, f"Bortre {asked.id[:8]}").clinic
    tell(asked, asked.a, TieKind.EMPLOYED, elsewhere)
    with asked.database.writing() as session:
        declaring.declare(session, by=asked.a, inspection=asked.id, tie_years=5)
        [kept] = session.exec(select(Declaration).where(Declaration.inspection == asked.id)).all()
        [event] = [e for e in audit.history(session, asked.id) if e.action == "inspection:ties_declared"]
    assert (kept.ties, event.details) == ([tie], {"ties": [tie]})
