"""The programme and the notes: what can be written in them, by whom, and who reads it."""

from collections.abc import Mapping

import pytest

from app.accounts.viewer import Viewer
from app.ids import new_id
from app.inspections import fields
from app.inspections.models import InterviewRow
from app.writing.apply import Answer
from app.writing.desk import Operation
from app.writing.fields import Limit
from app.writing.said import CHANGES
from tests.inspections.conftest import Visit
from tests.writing import whole

HERS, HIS = "Handledningen ställs in.", "Schemat håller."


def key(talk: str, name: str) -> str:
    return f"interview/{talk}/{name}"


def note(talk: str, by: Viewer, about: str = "E-F1") -> str:
    return fields.NOTE.key(interview=talk, person=by.id, about=about)


def wrote(visit: Visit, by: Viewer, values: Mapping[str, object]) -> list[Answer]:
    return visit.write(by, *(Operation(new_id(), key, value) for key, value in values.items()))


# ── What can be written ───────────────────────────────────────────────────────────────────


def test_a_talk_is_placed_as_it_is_written_and_taken_away_and_back(visit: Visit) -> None:
    talk = new_id()
    said = {"who": "ST-läkare", "role": "st", "day": "2026-10-20", "from": "08:30", "to": "09:15", "room": "Sal 3"}
    assert {each.outcome for each in wrote(visit, visit.a, {key(talk, k): v for k, v in said.items()})} == {"head"}
    wrote(visit, visit.b, {key(talk, "gone"): "1", key(talk, "day"): None})
    with visit.database.reading() as session:
        row = session.get_one(InterviewRow, (visit.id, talk))
        assert (row.who, row.role, row.day, row.begins, row.ends, row.room, row.gone) == (
            *("ST-läkare", "st", None, "08:30", "09:15", "Sal 3"),
            "1",
        )
    wrote(visit, visit.a, {key(talk, "gone"): None})
    wrote(visit, visit.a, {note(talk, visit.a): HERS})
    with visit.database.reading() as session:
        assert not session.get_one(InterviewRow, (visit.id, talk)).gone
        whole.check(session, visit.id)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("role", "patient", "patient går inte att välja för samtalet."),
        ("from", "24:00", "24:00 är ingen tid. Skriv den som 09:30."),
        ("to", "9.30", "9.30 är ingen tid. Skriv den som 09:30."),
        ("to", "09:30\n", None),  # it is one line
        ("day", "20/10", "20/10 är ingen dag."),
        ("gone", "ja", "ja går inte att välja för samtalet."),
    ],
)
def test_what_a_talk_cannot_hold_is_refused_with_a_sentence(
    visit: Visit, name: str, value: object, told: str | None
) -> None:
    [answer] = wrote(visit, visit.a, {key(new_id(), name): value})
    assert answer.told.startswith(told or "")
    assert (answer.outcome == "refused") == bool(told)


@pytest.mark.parametrize("talk", ["x", "__id__", "A" * 36])
def test_a_talk_has_an_id(visit: Visit, talk: str) -> None:
    answers = wrote(visit, visit.a, {key(talk, "who"): "Chef", note(talk, visit.a): HERS})
    assert [each.told for each in answers] == ["Fältet finns inte här."] * 2


def test_a_note_is_about_a_criterion_of_the_rubric_or_about_none(visit: Visit) -> None:
    talk = new_id()
    answers = wrote(visit, visit.a, {note(talk, visit.a, each): HERS for each in ("E-F1", "fritt", "E-F99")})
    assert [each.outcome for each in answers] == ["head", "head", "refused"]
    assert answers[2].told == "Kriteriet E-F99 finns inte i st-spur/2015-8@1."
    [no_criterion] = wrote(visit, visit.a, {"criterion/fritt/comment": HERS})
    assert no_criterion.told == "Kriteriet fritt finns inte i st-spur/2015-8@1."


def test_each_writes_notes_of_her_own_and_they_never_conflict(visit: Visit) -> None:
    talk = new_id()
    [hers] = wrote(visit, visit.a, {note(talk, visit.a): HERS})
    [his] = wrote(visit, visit.b, {note(talk, visit.b): HIS})
    assert (hers.outcome, his.outcome) == ("head", "head")
    [refused] = wrote(visit, visit.b, {note(talk, visit.a): HIS})
    assert refused.told == "Här skriver var och en sina egna anteckningar."
    [office] = wrote(visit, visit.office, {note(talk, visit.office): HIS})
    assert office.told == "Anteckning: det är inspektörerna som skriver här."


def test_there_are_so_many_talks_and_no_more(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    for each in ("interview", "note"):
        monkeypatch.setitem(fields.LIMITS, each, Limit(1, f"En {each}."))
    one, other = new_id(), new_id()
    answers = wrote(
        visit,
        visit.a,
        {
            key(one, "who"): "Chef",
            key(one, "day"): "2026-10-20",
            key(other, "day"): "2026-10-20",
            note(one, visit.a): HERS,
            note(one, visit.a, "fritt"): HERS,
            note(other, visit.a): HERS,
        },
    )
    assert [each.told for each in answers] == ["", "", "En interview.", "", "", "En note."]


def test_who_writes_late_is_kept_and_the_other_reads_it(visit: Visit) -> None:
    visit.finish()
    visit.sign()
    talk = new_id()
    [late] = wrote(visit, visit.a, {note(talk, visit.a): HERS})
    assert late.outcome == "late"
    assert HERS in visit.open(visit.b, "/olika").said
    assert HERS not in visit.open(visit.office, "/olika").text
    assert HERS not in visit.open(visit.office, "/rapport").text


def test_notes_that_differ_stop_no_signature(visit: Visit) -> None:
    visit.finish()
    talk = new_id()
    for text in (HERS, HIS):  # on two tablets that have not met
        wrote(visit, visit.a, {note(talk, visit.a): text, key(talk, "who"): text})
    assert "ni skrivit olika" not in visit.open(visit.a, "/rapport").said
    visit.sign()
    assert "Version 1, fastställd" in visit.open(visit.a, "/rapport").said


# ── Who reads it ──────────────────────────────────────────────────────────────────────────


def test_notes_are_read_by_the_inspectors_alone(visit: Visit) -> None:
    talk = new_id()
    wrote(visit, visit.a, {note(talk, visit.a): HERS})
    wrote(visit, visit.a, {note(talk, visit.a): HIS})  # beside it: a clash
    asked = [f"/api/inspections/{visit.id}/{each}" for each in ("image", "changes")]
    asked += [f"{visit.url}/historik?falt={note(talk, visit.a)}", f"{visit.url}/olika"]
    for url in asked:
        theirs, office = (visit.browser(each).ask("GET", url) for each in (visit.b, visit.office))
        assert note(talk, visit.a) in theirs.text or HERS in theirs.text or "Anteckning, E-F1" in theirs.text
        assert not any(each in office.text for each in (HERS, HIS, talk, "Anteckning"))
    gone = visit.browser(visit.office).ask("POST", asked[2].partition("?")[0], data={"falt": note(talk, visit.a)})
    assert gone.status_code == 404


def test_what_one_may_not_read_moves_one_on_all_the_same(visit: Visit) -> None:
    """Else one who follows would ask for the same again, for ever."""
    field, office, parent = note(new_id(), visit.a, "fritt"), visit.browser(visit.office), None
    for n in range(CHANGES // 100):
        typed = []
        for i in range(101):
            typed.append(Operation(new_id(), field, f"{n} {i}", parent))
            parent = typed[-1].id
        visit.write(visit.a, *typed)
    seen = office.ask("GET", f"/api/inspections/{visit.id}/image").json()
    image = next(each for each in seen["fields"] if each["field"] == "front/region")
    url = f"/api/inspections/{visit.id}/changes?since={image['seq']}&last={image['id']}&at={image['seq']}"
    first = office.ask("GET", url).json()
    assert first["more"]
    assert first["seq"] == image["seq"] + CHANGES
    url = f"/api/inspections/{visit.id}/changes?since={first['seq']}&last={first['last']}&at={first['seq']}"
    second = office.ask("GET", url).json()
    assert (second["more"], second["changes"][-1:]) == (False, [])
    assert second["seq"] == seen["seq"]
