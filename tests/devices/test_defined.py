"""What a device does when something goes wrong, one thing at a time: the shipped modules against the real server."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from app import audit
from app.accounts.viewer import OFFICE, Viewer
from app.ids import new_id
from app.inspections.erasing import erase
from app.inspections.fields import NOTE
from app.writing.apply import MAX_OPEN
from app.writing.desk import Operation
from app.writing.fields import decoded
from app.writing.models import Branch, Revision
from app.writing.said import heads
from tests.devices.world import PORTALS, Answered, Json, Lab, Mail, World
from tests.factories import Drafted

FIELD, OTHER, CHOICE = "area/E/narrative", "area/F/narrative", "criterion/E-F1/answer"
KINDS = {FIELD: "text", OTHER: "text", CHOICE: ["met", "partly", "unmet"]}
TOO_LARGE = Answered(413, '{"error": {"status": 413, "title": "För stort", "told": "Det är för stort."}}')


@dataclass
class Tablet:
    """A device of one person, with one tab or several."""

    world: World
    lab: Lab
    draft: Drafted
    person: Viewer
    tab: str = "first"

    @property
    def name(self) -> str:
        return f"{self.draft.id}-{self.person.id}"

    def open(self) -> "Tablet":
        page = {"subject": self.draft.id, "seq": -1, "fields": {}}
        self.lab("open", key=self.key, name=self.name, person=self.person.id, page=page, kinds=KINDS)
        return self

    @property
    def key(self) -> str:
        return f"{self.person.id}-{self.tab}"

    def another_tab(self) -> "Tablet":
        return replace(self, tab="second").open()

    def type(self, text: str, field: str = FIELD) -> str:
        """Gives the operation that it became."""
        told = self.lab("type", key=self.key, field=field, value=text, pause=True)
        self.lab("leave", key=self.key, field=field)
        id: str = told["id"]
        return id

    def asks(self) -> Mail:
        """Begins to send; gives the request that leaves."""
        self.lab("send", key=self.key)
        return self.mail()

    def mail(self) -> Mail:
        [mail] = self.lab.mail.values()
        return mail

    def sends(self) -> None:
        """All that waits, also where a round of sending is under way."""
        if not self.lab.mail:
            self.lab("send", key=self.key)
        while self.lab.mail:
            self.arrives(self.mail())

    def arrives(self, mail: Mail) -> Answered:
        answer = self.world.take(mail, self.person.id)
        self.lab.answer(mail, answer)
        return answer

    def news(self) -> None:
        self.lab("news", key=self.key)
        while self.lab.mail:
            self.arrives(self.mail())

    def tell(self) -> Json:
        return self.lab("tell", key=self.key, ids=[])

    def waiting(self) -> list[str]:
        return [each["id"] for each in self.tell()["waiting"]]

    # ── What the server has ──

    def stands(self, field: str = FIELD) -> object:
        with self.world.database.reading() as session:
            said = heads(session, self.draft.id).get(field)
            return said.value if said else None

    def history(self, field: str = FIELD) -> list[tuple[object, str]]:
        at = (Revision.subject == self.draft.id, Revision.field == field)
        with self.world.database.reading() as session:
            found = session.exec(select(Revision).where(*at).order_by(col(Revision.seq)))
            return [(decoded(each.value), each.outcome) for each in found]

    def conflicts(self) -> int:
        with self.world.database.reading() as session:
            return _open(session, self.draft.id)


def _open(session: Session, id: str) -> int:
    return len(session.exec(select(Branch).where(Branch.subject == id, col(Branch.settled_by).is_(None))).all())


@pytest.fixture
def tablet(world: World, lab: Lab) -> Iterator[Tablet]:
    draft = world.draft()
    tablet = Tablet(world, lab, draft, draft.a).open()
    yield tablet
    lab("storage", state="")
    lab.forget([tablet.name])


@pytest.fixture
def colleague(tablet: Tablet) -> Tablet:
    """Forgotten with the first one: one page runs both."""
    return replace(tablet, person=tablet.draft.b).open()


def test_an_answer_that_is_lost_three_times_while_she_types_on(tablet: Tablet) -> None:
    for text in ("Ett", "Ett två", "Ett två tre"):
        tablet.type(text)
        mail = tablet.asks()
        tablet.world.take(mail, tablet.person.id)
        tablet.lab.answer(mail, None)
    tablet.type("Ett två tre fyra")
    tablet.sends()
    assert {outcome for _, outcome in tablet.history()} == {"head"}
    assert (tablet.history()[0][0], tablet.stands()) == ("Ett", "Ett två tre fyra")
    assert (tablet.conflicts(), tablet.waiting()) == (0, [])


def test_a_batch_of_which_half_arrives_is_sent_once_more(tablet: Tablet) -> None:
    tablet.type("Ett")
    tablet.type("Två", OTHER)
    mail = tablet.asks()
    assert mail.body
    half = replace(mail, body=mail.body[: len(mail.body) // 2])
    assert tablet.arrives(half).status == 400
    assert len(tablet.waiting()) == 2
    assert tablet.tell()["refused"] == []
    tablet.sends()
    assert (tablet.history(), tablet.history(OTHER)) == ([("Ett", "head")], [("Två", "head")])


def test_a_server_that_dies_before_it_has_committed_has_taken_nothing(tablet: Tablet) -> None:
    tablet.type("Ett")
    mail = tablet.asks()
    with tablet.world.dying():
        answer = tablet.world.take(mail, tablet.person.id)
    tablet.lab.answer(mail, answer)
    assert (answer.status, tablet.history(), len(tablet.waiting())) == (500, [], 1)
    tablet.sends()
    assert tablet.history() == [("Ett", "head")]


# ── Where the browser keeps things ────────────────────────────────────────────────────────


def test_on_a_full_device_what_is_typed_is_sent_all_the_same_and_told_as_loose(tablet: Tablet) -> None:
    before = tablet.type("Innan")
    tablet.lab("storage", state="full")
    loose = [tablet.type("Innan och sedan"), tablet.type("Innan, sedan och mer")]
    assert [each["id"] for each in tablet.tell()["loose"]] == loose
    assert tablet.waiting() == [before, *loose]
    tablet.sends()
    assert tablet.history() == [(text, "head") for text in ("Innan", "Innan och sedan", "Innan, sedan och mer")]
    assert (tablet.conflicts(), tablet.waiting()) == (0, [])
    assert tablet.tell()["known"][FIELD]["value"] == "Innan, sedan och mer"
    tablet.type("Kortare")
    tablet.sends()
    assert (tablet.stands(), tablet.conflicts()) == ("Kortare", 0)


def test_what_was_loose_is_kept_as_soon_as_there_is_room(tablet: Tablet) -> None:
    tablet.lab("storage", state="full")
    tablet.type("Trångt")
    tablet.lab("storage", state="")
    tablet.type("Annat", OTHER)
    assert tablet.tell()["loose"] == []
    tablet.lab("crash", key=tablet.key)
    tablet.open().sends()
    assert (tablet.stands(), tablet.stands(OTHER)) == ("Trångt", "Annat")


def test_while_a_loose_text_is_on_its_way_what_is_typed_next_stands_on_it(tablet: Tablet) -> None:
    tablet.lab("storage", state="full")
    tablet.type("Trångt")
    mail = tablet.asks()
    tablet.lab("storage", state="")
    tablet.type("Trångt men gott")
    tablet.arrives(mail)
    tablet.sends()
    assert tablet.history() == [("Trångt", "head"), ("Trångt men gott", "head")]
    assert (tablet.conflicts(), tablet.waiting()) == (0, [])


def test_a_browser_that_throws_its_database_away_goes_on_with_a_new_one(tablet: Tablet) -> None:
    tablet.type("Före")
    tablet.sends()
    tablet.lab("evict", name=tablet.name)
    kept = tablet.type("Efter")
    assert (tablet.waiting(), tablet.tell()["loose"]) == ([kept], [])
    tablet.sends()
    assert (tablet.stands(), tablet.conflicts()) == ("Efter", 0)


def test_what_waits_outlives_a_database_that_is_thrown_away_under_an_open_page(tablet: Tablet) -> None:
    kept = [tablet.type("Från en sida som är stängd")]
    tablet.lab("crash", key=tablet.key)
    tablet.open()
    second = tablet.another_tab()
    kept += [tablet.type("I en flik", OTHER), second.type("I en annan, på samma text", OTHER)]
    tablet.lab("evict", name=tablet.name)
    assert (tablet.waiting(), second.waiting()) == (kept, kept)
    for each in (tablet, second):
        tablet.lab("crash", key=each.key)
    tablet.open().sends()
    assert tablet.stands() == "Från en sida som är stängd"
    assert tablet.history(OTHER) == [("I en flik", "head"), ("I en annan, på samma text", "head")]


def test_what_was_on_its_way_is_asked_for_again_and_typed_on(tablet: Tablet) -> None:
    tablet.type("Ett")
    mail = tablet.asks()
    tablet.world.take(mail, tablet.person.id)
    tablet.lab("evict", name=tablet.name)
    tablet.lab.answer(mail, None)
    tablet.type("Ett två")
    tablet.lab("evict", name=tablet.name)
    tablet.type("Ett två tre")
    tablet.news()
    assert tablet.tell()["screen"][FIELD] == "Ett två tre"
    tablet.sends()
    assert tablet.history() == [(text, "head") for text in ("Ett", "Ett två", "Ett två tre")]
    assert (tablet.waiting(), tablet.conflicts()) == ([], 0)


def test_what_another_tab_has_sent_or_the_server_refused_does_not_come_back_as_waiting(tablet: Tablet) -> None:
    second, long = tablet.another_tab(), "å" * 20_001
    tablet.type("Ett")
    tablet.lab("put", key=tablet.key, field=OTHER, value=long, seen=None)
    second.sends()
    tablet.lab("type", key=tablet.key, field=OTHER, value=long, pause=True)
    tablet.lab("leave", key=tablet.key, field=OTHER)
    tablet.lab("evict", name=tablet.name)
    for each in (tablet, second):
        told = each.tell()
        assert (told["waiting"], [refused["value"] for refused in told["refused"]]) == ([], [long])
        assert told["drafts"][OTHER] == long


def test_where_no_new_database_can_be_made_what_waited_is_loose_and_goes_all_the_same(tablet: Tablet) -> None:
    kept = [tablet.type("Ett"), tablet.type("Två", OTHER)]
    tablet.lab("storage", state="gone")
    tablet.lab("evict", name=tablet.name)
    assert [each["id"] for each in tablet.tell()["loose"]] == kept
    tablet.sends()
    assert (tablet.stands(), tablet.stands(OTHER), tablet.tell()["loose"]) == ("Ett", "Två", [])


def test_a_page_that_goes_away_where_there_is_no_room_for_its_last_word_sends_it_at_once(tablet: Tablet) -> None:
    tablet.type("Ett")
    tablet.lab("storage", state="crowded")
    tablet.lab("type", key=tablet.key, field=FIELD, value="Ett två", pause=False)
    tablet.lab("goes", key=tablet.key)
    mail = tablet.mail()
    assert [each["value"] for each in mail.operations] == ["Ett", "Ett två"]
    tablet.world.take(mail, tablet.person.id)
    tablet.lab.answer(mail, None)
    tablet.lab("type", key=tablet.key, field=FIELD, value="Ett två tre", pause=True)  # it was only put aside
    tablet.lab("leave", key=tablet.key, field=FIELD)
    tablet.sends()
    assert tablet.history() == [(text, "head") for text in ("Ett", "Ett två", "Ett två tre")]
    assert (tablet.waiting(), tablet.conflicts()) == ([], 0)


def test_a_window_that_keeps_nothing_sends_and_hears_what_others_write(tablet: Tablet, colleague: Tablet) -> None:
    tablet.lab("crash", key=tablet.key)
    tablet.lab("storage", state="gone")
    tablet.open()
    tablet.type("Ett")
    assert len(tablet.tell()["loose"]) == 1
    tablet.sends()
    tablet.type("Ett två")
    tablet.sends()
    assert (tablet.history(), tablet.tell()["loose"]) == ([("Ett", "head"), ("Ett två", "head")], [])
    colleague.news()
    colleague.type("Ett två tre")
    colleague.sends()
    tablet.news()
    tablet.type("Ett två tre fyra")
    tablet.sends()
    assert (tablet.stands(), tablet.conflicts()) == ("Ett två tre fyra", 0)


# ── Tabs, editions, people ────────────────────────────────────────────────────────────────


def test_what_one_tab_types_before_it_is_sent_is_one_operation_and_each_tab_has_its_own(tablet: Tablet) -> None:
    second = tablet.another_tab()
    tablet.type("a")
    tablet.type("ab")
    second.type("abc")
    tablet.type("abcd")
    tablet.sends()
    assert tablet.history() == [("ab", "head"), ("abc", "head"), ("abcd", "head")]


def test_beside_a_colleagues_text_two_tabs_go_on_with_one_and_the_same(tablet: Tablet, colleague: Tablet) -> None:
    second = tablet.another_tab()
    colleague.type("Hans")
    colleague.sends()
    for tab, text in ((tablet, "Mitt"), (second, "Mitt, mer"), (tablet, "Mitt, mer än så")):
        tab.type(text)
        tab.sends()
    assert tablet.history() == [
        ("Hans", "head"),
        *((text, "sibling") for text in ("Mitt", "Mitt, mer", "Mitt, mer än så")),
    ]
    assert tablet.conflicts() == 1


def test_what_is_too_long_yet_stays_on_the_screen_whatever_another_tab_writes(tablet: Tablet) -> None:
    second, long = tablet.another_tab(), "å" * 20_001
    tablet.lab("type", key=tablet.key, field=FIELD, value=long, pause=True)
    tablet.lab("leave", key=tablet.key, field=FIELD)
    second.type("Kort")
    assert (tablet.tell()["screen"][FIELD], tablet.tell()["drafts"][FIELD], len(tablet.waiting())) == (long, long, 1)
    tablet.lab("crash", key=tablet.key)
    assert tablet.open().tell()["screen"][FIELD] == long


def test_what_others_write_does_not_come_in_between_while_one_types(tablet: Tablet, colleague: Tablet) -> None:
    colleague.type("Hans")
    colleague.sends()
    tablet.lab("type", key=tablet.key, field=FIELD, value="Mi", pause=False)
    tablet.news()
    assert tablet.tell()["screen"][FIELD] == "Mi"
    tablet.type("Mitt")
    tablet.sends()
    assert tablet.history() == [("Hans", "head"), ("Mitt", "sibling")]


def test_one_person_who_chooses_in_two_tabs_at_once_does_not_differ_with_herself(tablet: Tablet) -> None:
    second = tablet.another_tab()
    tablet.lab("both", keys=[tablet.key, second.key], field=CHOICE, values=["met", "unmet"])
    assert tablet.tell()["screen"][CHOICE] == second.tell()["screen"][CHOICE] == "unmet"
    tablet.sends()
    assert tablet.history(CHOICE) == [("met", "head"), ("unmet", "head")]
    assert tablet.conflicts() == 0


def test_of_two_tabs_that_send_at_once_one_sends(tablet: Tablet) -> None:
    second = tablet.another_tab()
    tablet.type("Ett")
    mail = tablet.asks()
    second.lab("send", key=second.key, wait=False)
    assert list(tablet.lab.mail.values()) == [mail]
    tablet.arrives(mail)
    assert (list(tablet.lab.mail.values()), tablet.history()) == ([], [("Ett", "head")])


def test_what_an_earlier_edition_left_is_sent_as_it_is(tablet: Tablet) -> None:
    of_old = {"id": new_id(), "field": FIELD, "value": "Från förr", "parent": None, "settles": [], "voice": "agreed"}
    of_old |= {"at": "2026-01-01T00:00:00.000Z", "format": 1}
    kept = of_old | {"subject": tablet.draft.id, "tab": "x", "sent": True, "n": 1}
    tablet.lab("left", key=tablet.key, operation=kept)
    mail = tablet.asks()
    assert mail.operations == [of_old]
    tablet.arrives(mail)
    assert tablet.history() == [("Från förr", "head")]


def test_while_somebody_else_has_signed_in_nothing_goes_and_nothing_is_lost(tablet: Tablet) -> None:
    kept = tablet.type("Mitt")
    mail = tablet.asks()
    tablet.lab.answer(mail, tablet.world.take(mail, tablet.draft.b.id))
    told = tablet.tell()
    assert (told["last"], [each["id"] for each in told["waiting"]], tablet.history()) == ("signed-out", [kept], [])
    tablet.sends()
    assert tablet.history() == [("Mitt", "head")]


# ── What is new ───────────────────────────────────────────────────────────────────────────


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


# ── What the server will not have, and what others answer in its place ────────────────────


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
