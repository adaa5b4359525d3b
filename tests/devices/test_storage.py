"""What a device does when the browser has no room, or throws away what it was given to keep."""

from tests.devices.tablet import FIELD, OTHER, Tablet


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
