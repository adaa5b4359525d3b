"""Calendars: the file of one programme, and the secret address that a calendar program fetches everything from. Read
back with a library that is not ours."""

import logging
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import icalendar
import pytest
from sqlmodel import Session, select

from app import audit
from app.accounts import attempts, calendars
from app.accounts.models import Appointment, CalendarAddress, Person
from app.accounts.viewer import OFFICE, Viewer
from app.ids import id_from, new_id
from app.inspections import actions
from app.inspections.calendar import Event, calendar
from app.people import actions as people
from app.web.swedish import WALL
from tests.factories import RUBRIC, an_inspector
from tests.inspections.conftest import Visit

DAY = date(2026, 10, 20)


def a_talk(visit: Visit, **values: str) -> str:
    id = new_id()
    for name, value in ({"role": "st", "day": str(DAY)} | values).items():
        visit.put(f"interview/{id}/{name}", value)
    return id


def address(visit: Visit, by: Viewer | None = None) -> str:
    """A new one, as its page shows it."""
    answer = visit.browser(by or visit.a).open("/konto").person.send("/konto/kalender", [])
    [link] = answer.tree.xpath("//input[@id='link' or @name='link']/@value")
    return str(urlsplit(str(link)).path)


def fetched(visit: Visit, path: str) -> Any:
    """As a telephone does: without a cookie."""
    visit.client.cookies.clear()
    return visit.client.get(path, follow_redirects=False)


def told(text: bytes) -> dict[str, Any]:
    """Each event by its uid."""
    found = icalendar.Calendar.from_ical(text)
    assert not found.errors
    events = {str(each["UID"]): each for each in found.walk("VEVENT")}
    assert len(events) == len(found.walk("VEVENT"))
    return events


def uid(visit: Visit, what: str) -> str:
    return f"{id_from(visit.id, what)}@sporra"


# ── What it says ──────────────────────────────────────────────────────────────────────────


def test_an_address_gives_the_days_and_the_talks_of_ones_inspections_and_no_name(visit: Visit) -> None:
    visit.put("front/first_day", str(DAY))
    visit.put("front/last_day", str(DAY + timedelta(1)))
    visit.put("front/place", "Exempelstad")
    talk = a_talk(visit, who="Alva Namn", room="Sal 3, plan 2; höger", **{"from": "08:30", "to": "09:15"})
    answer = fetched(visit, address(visit))
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-store"
    assert "set-cookie" not in answer.headers
    assert "Namn" not in answer.text
    events = told(answer.content)
    days, one = events[uid(visit, "visit")], events[uid(visit, talk)]
    assert (days.decoded("DTSTART"), days.decoded("DTEND")) == (DAY, DAY + timedelta(2))
    assert str(days["LOCATION"]) == "Exempelstad"
    assert one.decoded("DTSTART") == datetime(2026, 10, 20, 8, 30, tzinfo=WALL)
    assert one.decoded("DTEND") == datetime(2026, 10, 20, 9, 15, tzinfo=WALL)
    assert str(one["LOCATION"]) == "Sal 3, plan 2; höger"
    assert str(one["SUMMARY"]).endswith(": ST-läkare")
    whole = icalendar.Calendar.from_ical(answer.content)
    assert (whole["REFRESH-INTERVAL"].dt, str(whole["X-PUBLISHED-TTL"])) == (timedelta(hours=1), "PT1H")


def test_what_changes_is_the_same_event_with_a_later_number_and_what_does_not_is_untouched(visit: Visit) -> None:
    path, moved, still = address(visit), a_talk(visit), a_talk(visit)
    before = told(fetched(visit, path).content)
    visit.put(f"interview/{moved}/day", str(DAY + timedelta(1)))
    visit.put(f"interview/{still}/who", "Någon annan")  # which is not told
    after = told(fetched(visit, path).content)
    assert after.keys() == before.keys()
    one, other = (each[uid(visit, moved)] for each in (before, after))
    assert other["SEQUENCE"] > one["SEQUENCE"]
    assert other.decoded("LAST-MODIFIED") >= one.decoded("LAST-MODIFIED")
    assert other.decoded("LAST-MODIFIED") == other.decoded("DTSTAMP")
    assert before[uid(visit, still)] == after[uid(visit, still)]
    assert fetched(visit, path).content == fetched(visit, path).content


def test_a_talk_that_is_called_off_is_told_as_cancelled_and_brought_back_it_is_not(visit: Visit) -> None:
    path, talk = address(visit), a_talk(visit)
    numbers = []
    for gone, status in ((None, "CONFIRMED"), ("1", "CANCELLED"), (None, "CONFIRMED")):
        if gone or numbers:
            visit.put(f"interview/{talk}/gone", gone)
        one = told(fetched(visit, path).content)[uid(visit, talk)]
        assert str(one["STATUS"]) == status
        numbers.append(one["SEQUENCE"])
    assert numbers == sorted(set(numbers))


def test_two_inspections_with_a_talk_of_the_same_id_have_two_events(visit: Visit) -> None:
    with visit.database.writing() as session:
        setup = actions.Setup(visit.place.clinic, visit.place.speciality, [visit.a.id], first_day=DAY)
        other = actions.create(session, by=visit.office, rubric=RUBRIC, setup=setup)
    talk = a_talk(visit)
    replace(visit, id=other).put(f"interview/{talk}/day", str(DAY))
    events = told(fetched(visit, address(visit)).content)
    assert {uid(visit, talk), f"{id_from(other, talk)}@sporra", f"{id_from(other, 'visit')}@sporra"} <= events.keys()


def test_the_file_of_one_programme_says_the_same(visit: Visit) -> None:
    talk = a_talk(visit, who="Alva Namn")
    answer = visit.browser(visit.office).ask("GET", f"{visit.url}/program.ics")
    assert answer.headers["content-disposition"].startswith("attachment; ")
    assert "Namn" not in answer.text
    [here] = told(answer.content).values()
    assert here == told(fetched(visit, address(visit)).content)[uid(visit, talk)]


@pytest.mark.parametrize(
    ("day", "begins", "ends", "lines"),
    [
        ((2026, 1, 12), "08:00", "09:00", ["DTSTART:20260112T070000Z", "DTEND:20260112T080000Z"]),
        ((2026, 7, 1), "08:00", "", ["DTSTART:20260701T060000Z"]),
        ((2026, 7, 1), "08:00", "07:00", ["DTSTART:20260701T060000Z"]),  # it cannot end before it begins
        ((2026, 7, 1), "", "09:00", ["DTSTART;VALUE=DATE:20260701"]),
    ],
)
def test_an_event_is_when_the_clock_on_the_wall_says(
    day: tuple[int, int, int], begins: str, ends: str, lines: list[str]
) -> None:
    made = calendar([Event("u", "Vad", "", date(*day), begins=begins, ends=ends)]).decode().split("\r\n")
    assert [each for each in made if each.startswith(("DTSTART", "DTEND"))] == lines
    assert (made[0], made[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])


def test_what_is_typed_breaks_no_line_of_a_calendar() -> None:
    where = "å;,\\ BEGIN:VEVENT " * 20
    text = calendar([Event("u", "K\r\nX-EVIL:1", where, DAY)])
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    [one] = told(text).values()
    assert str(one["LOCATION"]) == where
    assert "X-EVIL" not in one


# ── Who gets in ───────────────────────────────────────────────────────────────────────────


def unlike_nothing(visit: Visit, path: str) -> None:
    """Answered as an address that never was."""
    never = f"/kalender/{'x' * 43}/spur.ics"
    answers = [fetched(visit, each) for each in (path, never)]
    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].text == answers[1].text
    assert answers[0].headers == answers[1].headers
    assert path.split("/")[2] not in answers[0].text


def test_a_new_address_ends_the_one_before_and_it_can_be_taken_back(visit: Visit) -> None:
    first, second = address(visit), address(visit)
    unlike_nothing(visit, first)
    assert fetched(visit, second).status_code == 200
    page = visit.browser(visit.a).open("/konto")
    assert (second.split("/")[2] in page.text, "Du har en adress sedan" in page.said) == (False, True)
    page = page.person.send("/konto/kalender/avsluta", [])
    assert "Adressen gäller inte längre" in page.said
    unlike_nothing(visit, second)
    assert page.person.send("/konto/kalender/avsluta", []).status == 200  # once more
    with visit.database.reading() as session:
        done = [each.action for each in audit.history(session, visit.a.id) if "calendar" in each.action]
    assert done[-3:] == [f"person:calendar_address_{each}" for each in ("made", "made", "ended")]


def test_only_its_hash_is_kept_and_it_is_long(visit: Visit) -> None:
    token = address(visit).split("/")[2]
    assert len(token) == 43  # 256 bits
    with visit.database.reading() as session:
        kept = session.get_one(CalendarAddress, visit.a.id)
        written = [str(each) for each in audit.history(session, visit.a.id)]
    assert token not in f"{kept} {written}"
    assert len(kept.token) == 64


def somebody(visit: Visit, session: Session) -> Viewer:
    """One more inspector, of the visit too."""
    made = an_inspector(session, visit.place, "Siv Tredje")
    actions.staff(session, by=visit.office, inspection=visit.id, inspectors=[visit.a.id, made.id])
    return made


def test_it_dies_with_the_account_and_does_not_come_back_with_it(visit: Visit) -> None:
    with visit.database.writing() as session:
        siv = somebody(visit, session)
    path = address(visit, siv)
    assert fetched(visit, path).status_code == 200
    with visit.database.writing() as session:
        people.close(session, by=OFFICE, person=siv.id)
    unlike_nothing(visit, path)
    with visit.database.writing() as session:
        people.open_again(session, by=OFFICE, person=siv.id)
    unlike_nothing(visit, path)


def test_it_tells_what_its_person_may_read_now_and_nothing_else(visit: Visit) -> None:
    visit.put("front/first_day", str(DAY))
    talk = a_talk(visit)
    with visit.database.writing() as session:
        siv = somebody(visit, session)
    path = address(visit, siv)
    assert told(fetched(visit, path).content).keys() == {uid(visit, "visit"), uid(visit, talk)}
    with visit.database.writing() as session:
        actions.staff(session, by=visit.office, inspection=visit.id, inspectors=[visit.a.id])
    assert told(fetched(visit, path).content) == {}  # handed over
    with visit.database.writing() as session:
        actions.staff(session, by=visit.office, inspection=visit.id, inspectors=[visit.a.id, siv.id])
        role = session.exec(select(Appointment).where(Appointment.person == siv.id)).one()
        people.end_appointment(session, by=OFFICE, person=siv.id, appointment=role.id)
    assert told(fetched(visit, path).content) == {}  # no inspector any more
    page = visit.browser(siv).open("/konto")
    assert "Ta bort adressen" in page.said  # what is there can be taken back all the same


def test_the_office_has_no_programme_to_fetch(visit: Visit) -> None:
    a_talk(visit)
    assert "Kalender" not in visit.browser(visit.office).open("/konto").said
    with visit.database.writing() as session:
        token = calendars.make(session, by=visit.office)
    assert told(fetched(visit, f"/kalender/{token}/spur.ics").content) == {}


def test_an_address_of_a_demonstration_account_is_for_this_machine_alone(visit: Visit) -> None:
    with visit.database.writing() as session:
        siv = somebody(visit, session)
        token = calendars.make(session, by=siv)
        session.get_one(Person, siv.id).demo = True
    with visit.database.reading() as session:
        assert calendars.whose(session, token, here=True) == siv
        assert calendars.whose(session, token, here=False) is None


def test_the_address_stands_in_no_log(
    visit: Visit, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = address(visit)
    monkeypatch.setattr("app.inspections.pages.program.calendar", lambda _: 1 / 0)
    with caplog.at_level(logging.DEBUG):
        caplog.clear()
        answer = fetched(visit, path)
    ours = [each for each in caplog.records if each.name.startswith("app")]
    assert answer.status_code == 500
    assert "/kalender/{token}/spur.ics" in "".join(each.getMessage() for each in ours)
    assert path.split("/")[2] not in answer.text + "".join(each.getMessage() for each in ours)


def test_too_many_from_one_place_wait_whether_theirs_is_there_or_not(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = address(visit)
    counted = attempts.Attempts()
    monkeypatch.setattr(visit.client.app.state, "attempts", counted)  # type: ignore[attr-defined]
    for _ in range(attempts.CALENDARS.amount - 1):
        assert counted.until_calendar("127.0.0.1") is None
    assert fetched(visit, path).status_code == 200
    stopped, unknown = fetched(visit, path), fetched(visit, f"/kalender/{'x' * 43}/spur.ics")
    assert (stopped.status_code, unknown.status_code) == (429, 429)
    assert 0 < int(stopped.headers["retry-after"]) <= attempts.CALENDARS.get_expiry()
    assert counted.until_calendar("192.0.2.1") is None  # nobody else waits
