"""What a device does with several tabs, with what an earlier edition left, and with another person's sign-in."""

from app.ids import new_id
from tests.devices.tablet import CHOICE, FIELD, Tablet


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
