"""What a device does with what the server will not have, and with what others answer in its place."""

import json

import pytest

from app.ids import new_id
from app.writing.apply import MAX_OPEN
from app.writing.desk import Operation
from tests.devices.tablet import FIELD, OTHER, Tablet
from tests.devices.world import PORTALS, Answered

TOO_LARGE = Answered(413, '{"error": {"status": 413, "title": "För stort", "told": "Det är för stort."}}')


def test_what_is_too_much_at_once_is_sent_in_parts_and_what_is_too_much_alone_is_listed(tablet: Tablet) -> None:
    sizes, texts = [], {"Ett": FIELD, "För stort": OTHER}
    ids = [tablet.type(text, field) for text, field in texts.items()]
    tablet.lab("send", key=tablet.key)
    while tablet.lab.mail:
        mail = tablet.mail()
        sizes.append(len(mail.operations))
        if len(mail.operations) > 1 or mail.operations[0]["id"] == ids[1]:
            tablet.lab.answer(mail, TOO_LARGE)
        else:
            tablet.arrives(mail)
    assert (sizes, tablet.stands(), tablet.waiting()) == ([2, 1, 1], "Ett", [])
    [refused] = tablet.tell()["refused"]
    assert (refused["value"], refused["told"]) == ("För stort", json.loads(TOO_LARGE.body)["error"]["told"])


@pytest.mark.parametrize("portal", PORTALS, ids=lambda each: f"{each.status} {each.body[:9]}")
def test_whatever_else_answers_on_the_way_refuses_nothing(tablet: Tablet, portal: Answered) -> None:
    kept = tablet.type("Mitt")
    tablet.lab.answer(tablet.asks(), portal)
    told = tablet.tell()
    assert ([each["id"] for each in told["waiting"]], told["refused"]) == ([kept], [])
    assert told["last"] in ("offline", "busy")
    tablet.lab("news", key=tablet.key)
    tablet.lab.answer(tablet.mail(), portal)
    tablet.sends()
    assert tablet.history() == [("Mitt", "head")]


def test_what_is_typed_on_a_refused_text_stands_on_what_was_there_before(tablet: Tablet) -> None:
    tablet.type("Början")
    tablet.sends()
    tablet.lab("put", key=tablet.key, field=FIELD, value="å" * 20_001, seen=None)
    mail = tablet.asks()
    tablet.type("Kortare")
    tablet.arrives(mail)
    tablet.sends()
    [refused] = tablet.tell()["refused"]
    tablet.lab("throwAway", key=tablet.key, id=refused["id"])
    assert (tablet.history(), tablet.conflicts()) == ([("Början", "head"), ("Kortare", "head")], 0)
    assert tablet.tell()["refused"] == []


def test_what_is_being_typed_while_the_refusal_comes_does_so_too(tablet: Tablet) -> None:
    tablet.type("Början")
    tablet.sends()
    tablet.lab("put", key=tablet.key, field=FIELD, value="å" * 20_001, seen=None)
    tablet.lab("type", key=tablet.key, field=FIELD, value="Kortare", pause=False)
    tablet.sends()
    [refused] = tablet.tell()["refused"]
    tablet.lab("throwAway", key=tablet.key, id=refused["id"])
    tablet.lab("leave", key=tablet.key, field=FIELD)
    tablet.sends()
    assert (tablet.history(), tablet.conflicts()) == ([("Början", "head"), ("Kortare", "head")], 0)


def full_beside(tablet: Tablet) -> None:
    """As many texts as may wait beside the one that stands. The tablet knows of none of them."""
    for n in range(MAX_OPEN + 1):
        tablet.draft.write(tablet.draft.b, Operation(new_id(), FIELD, f"Nils {n}"))


def refused(tablet: Tablet) -> list[str]:
    return sorted(each["value"] for each in tablet.tell()["refused"])


def test_a_refused_text_that_is_typed_on_is_one_line_in_the_list(tablet: Tablet) -> None:
    full_beside(tablet)
    for text in ("Alva", "Alva skriver", "Alva skriver vidare"):
        tablet.type(text)
        tablet.sends()
    assert refused(tablet) == ["Alva skriver vidare"]
    tablet.lab("put", key=tablet.key, field=FIELD, value="Något annat, som ingen skrev på", seen=None)
    tablet.sends()
    assert refused(tablet) == ["Alva skriver vidare", "Något annat, som ingen skrev på"]


def test_what_is_typed_while_a_refusal_is_on_its_way_takes_its_place(tablet: Tablet) -> None:
    full_beside(tablet)
    tablet.type("Alva")
    mail = tablet.asks()
    tablet.type("Alva skriver")
    tablet.arrives(mail)
    tablet.sends()
    assert refused(tablet) == ["Alva skriver"]


def test_an_inspection_that_is_not_ones_own_takes_nothing_and_stops_nothing(tablet: Tablet) -> None:
    strange = new_id()
    told = {"id": new_id(), "subject": strange, "field": FIELD, "value": "Vilse", "parent": None, "settles": []}
    told |= {"voice": "agreed", "at": "2026-01-01T00:00:00.000Z", "format": 1, "tab": "x", "sent": False, "n": 1}
    tablet.lab("left", key=tablet.key, operation=told)
    tablet.type("Hemma")
    tablet.sends()
    assert (tablet.stands(), tablet.waiting()) == ("Hemma", [])
    assert [each["value"] for each in tablet.tell()["refused"]] == ["Vilse"]


def test_a_text_that_came_too_late_is_gone_on_from_in_the_correction(tablet: Tablet) -> None:
    tablet.type("Fastställt")
    tablet.sends()
    tablet.world.sign(tablet.draft)
    tablet.type("Sent")
    mail = tablet.asks()
    tablet.world.take(mail, tablet.person.id)
    tablet.lab.answer(mail, None)
    tablet.type("Sent, och mer")
    tablet.world.correct(tablet.draft)
    tablet.sends()
    assert tablet.history() == [("Fastställt", "head"), ("Sent", "late"), ("Sent, och mer", "head")]
    assert (tablet.conflicts(), tablet.waiting()) == (0, [])
