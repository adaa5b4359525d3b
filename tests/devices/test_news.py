"""What a device hears: of its colleague's texts, of a backup that was put back, of what was erased."""

import json
from datetime import timedelta
from pathlib import Path

from app import audit
from app.accounts.viewer import OFFICE
from app.ids import new_id
from app.inspections.erasing import erase
from app.inspections.fields import NOTE
from app.writing.desk import Operation
from tests.devices.tablet import CHOICE, FIELD, OTHER, Tablet
from tests.devices.world import Answered


def test_where_texts_differ_is_known_still_when_nothing_is_new(tablet: Tablet, colleague: Tablet) -> None:
    colleague.type("Hans")
    colleague.sends()
    tablet.type("Mitt")
    tablet.sends()
    for _ in range(2):
        tablet.news()
        assert [each["field"] for each in tablet.tell()["clashes"]] == [FIELD]


def test_a_backup_that_is_put_back_is_followed_from_then_on_and_what_she_wrote_since_comes_back(
    tablet: Tablet, colleague: Tablet, tmp_path: Path
) -> None:
    tablet.type("Före")
    tablet.sends()
    colleague.news()
    with tablet.world.put_back(tmp_path):
        for text in ("Efter", "Efter och mer", "Efter, mer och sist"):
            tablet.type(text, OTHER)
            tablet.sends()
        colleague.type("Före, och hans")
        colleague.sends()
        tablet.news()
    assert (tablet.stands(), tablet.stands(OTHER)) == ("Före", None)

    colleague.news()
    colleague.sends()
    assert (colleague.stands(), colleague.conflicts()) == ("Före", 1)  # both are shown, for one of them to choose
    tablet.news()
    told = tablet.tell()
    assert [each["value"] for each in told["waiting"]] == ["Efter, mer och sist"]
    assert told["known"][FIELD]["value"] == "Före"
    tablet.sends()
    assert (tablet.stands(OTHER), tablet.conflicts()) == ("Efter, mer och sist", 1)
    colleague.news()
    assert colleague.tell()["known"][OTHER]["value"] == "Efter, mer och sist"


def test_what_has_come_to_the_very_same_number_since_is_another_past(
    tablet: Tablet, colleague: Tablet, tmp_path: Path
) -> None:
    colleague.type("Ett")
    colleague.sends()
    with tablet.world.put_back(tmp_path):
        colleague.type("Två, som ingen har kvar")
        colleague.sends()
        tablet.news()
        colleague.lab("crash", key=colleague.key)
        colleague.lab("evict", name=colleague.name)  # no page of his remembers it
    colleague.open()
    colleague.type("Något annat", OTHER)
    colleague.sends()
    tablet.news()
    assert tablet.tell()["screen"] == {FIELD: "Ett", OTHER: "Något annat", CHOICE: None}


def test_what_was_erased_goes_from_the_device_and_is_never_sent_again(tablet: Tablet) -> None:
    note = NOTE.key(interview=new_id(), person=tablet.person.id, about="E-F1")
    tablet.type("Innan")
    tablet.sends()
    tablet.draft.write(tablet.person, Operation(new_id(), note, "Handledningen ställs in."))
    tablet.news()
    assert tablet.tell()["known"][note]["value"] == "Handledningen ställs in."
    with tablet.world.database.writing() as session:
        assert erase(session, by=OFFICE, inspection=tablet.draft.id, before=audit.now() + timedelta(days=1)) == 1
    for _ in range(2):  # and from then on it follows as before
        tablet.news()
        told = tablet.tell()
        assert (told["known"][note]["value"], told["known"][FIELD]["value"]) == (None, "Innan")
        assert told["waiting"] == []
    tablet.type("Innan och efter")
    tablet.sends()
    tablet.news()
    assert (tablet.stands(), tablet.conflicts()) == ("Innan och efter", 0)


def test_who_may_not_read_all_that_is_new_comes_past_it(tablet: Tablet) -> None:
    tablet.type("Ett")
    tablet.sends()
    tablet.news()
    seq, last = tablet.world.image(tablet.draft, tablet.person)["seq"] + 500, new_id()
    unread = Answered(
        200, json.dumps({"changes": [], "waiting": [], "more": True, "seq": seq, "last": last, "writes": True})
    )
    tablet.lab("news", key=tablet.key)
    for _ in range(2):
        mail = tablet.mail()
        tablet.lab.answer(mail, unread)
    assert f"since={seq}&last={last}&at={seq}" in mail.url
    assert not tablet.lab.mail  # the server went no further: it is not asked for ever
