import pytest
from sqlmodel import select

from app.db import Database
from app.ids import new_id
from app.inspections import fields
from app.writing import room
from app.writing.desk import Operation
from app.writing.fields import Limit
from app.writing.models import Subject
from tests.factories import drafted
from tests.refilled import refill


def test_an_inspection_holds_so_much_and_what_is_there_can_still_be_shortened(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MAX_TEXT", 1_000)
    world = drafted(database)
    [first] = world.write(world.a, Operation(new_id(), "area/A/narrative", "a" * 600))
    [second] = world.write(world.a, Operation(new_id(), "area/B/narrative", "b" * 600))
    assert (first.outcome, second.outcome) == ("head", "refused")
    assert second.told == "Texterna är tillsammans över 600 000 tecken. Korta någon av dem först."
    [shorter] = world.write(world.a, Operation(new_id(), "area/A/narrative", "a" * 300, first.id))
    [second] = world.write(world.a, Operation(new_id(), "area/B/narrative", "b" * 600))
    assert (shorter.outcome, second.outcome) == ("head", "head")


def test_what_each_says_alone_takes_room_too(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MAX_TEXT", 1_000)
    world, about = drafted(database), "criterion/C-F1/comment"
    world.write(world.a, Operation(new_id(), "front/apart", "1"))
    [hers] = world.write(world.a, Operation(new_id(), about, "a" * 600, voice=world.a.id))
    [his] = world.write(world.b, Operation(new_id(), about, "b" * 600, voice=world.b.id))
    [told] = world.write(world.b, Operation(new_id(), "area/C/narrative", "b" * 600))
    assert (hers.outcome, his.outcome, told.outcome) == ("head", "refused", "refused")
    world.write(world.a, Operation(new_id(), about, "a" * 300, hers.id, voice=world.a.id))
    [his] = world.write(world.b, Operation(new_id(), about, "b" * 600, voice=world.b.id))
    assert his.outcome == "head"


def test_findings_are_counted(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fields.LIMITS, "finding", Limit(2, "Det finns två."))
    world = drafted(database)
    made = [Operation(new_id(), f"finding/{new_id()}/text", "Text.") for _ in range(3)]
    assert [answer.outcome for answer in world.write(world.a, *made)] == ["head", "head", "refused"]


def test_findings_are_counted_though_they_have_no_text(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fields.LIMITS, "finding", Limit(2, "Det finns två."))
    world = drafted(database)
    made = [Operation(new_id(), f"finding/{new_id()}/kind", "strength") for _ in range(3)]
    assert [answer.outcome for answer in world.write(world.a, *made)] == ["head", "head", "refused"]
    [still] = world.write(world.a, Operation(new_id(), made[0].field.replace("kind", "text"), "Text."))
    assert still.outcome == "head"


def test_a_list_takes_room_as_a_text_does(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MAX_TEXT", 1_000)
    world = drafted(database)
    [names] = world.write(world.a, Operation(new_id(), "front/inspectors", ["Alva Exempel"] * 100))
    assert names.outcome == "refused"


def test_what_was_held_before_it_was_counted_with_every_save_is_counted_once(database: Database) -> None:
    world = drafted(database)
    before = _held(database)
    [first] = world.write(world.a, Operation(new_id(), "area/A/narrative", "Å" * 40))
    world.write(world.a, Operation(new_id(), "area/A/narrative", "Å" * 20, first.id))
    held = {world.id: before[world.id] + len('"' + "Å" * 20 + '"')}
    assert _held(database) == held
    with database.writing() as session:
        session.get_one(Subject, world.id).held = 7
    refill(database, "0007_held")
    assert _held(database) == held


def _held(database: Database) -> dict[str, int]:
    with database.reading() as session:
        return dict(session.exec(select(Subject.id, Subject.held)).all())
