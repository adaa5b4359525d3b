"""The queue and its sender, against a real mail server: what is sent once, what waits, and what is given up."""

import re
from contextlib import suppress
from datetime import timedelta
from threading import Thread

import pytest
from sqlmodel import select, update

from app import audit
from app.accounts.actions import CHANGED, INVITATION, invite_by_mail
from app.accounts.models import Invitation, Person
from app.accounts.viewer import OFFICE
from app.db import Database
from app.mail import queue
from app.mail.models import Mail
from app.mail.queue import HELD, LONGEST_PAUSE, pause
from tests.factories import a_person
from tests.mail.servers import Inbox, Mailing, answering, text_of


def invites(database: Database, *names: str) -> list[str]:
    """Their ids; their addresses are `name@exempel.se`."""
    ids = []
    for name in names:
        with database.writing() as session:
            ids.append(a_person(session, f"{name.title()} Exempel").id)
            session.get_one(Person, ids[-1]).email = f"{name}@exempel.se"
            session.flush()
            invite_by_mail(session, by=OFFICE, person=ids[-1])
    return ids


def waiting(database: Database) -> list[Mail]:
    with database.reading() as session:
        return queue.waiting(session)


def later(database: Database, by: timedelta) -> None:
    """As if this time had gone."""
    with database.writing() as session:
        for row in session.exec(select(Mail)):
            row.due, row.made = row.due - by, row.made - by


def test_a_letter_says_the_same_as_text_and_as_html(database: Database, mailing: Mailing) -> None:
    [person] = invites(database, "alva")
    with database.writing() as session:
        session.get_one(Person, person).name = "Alva <b>Öberg</b>"
    inbox = Inbox()
    mailing.round(database, inbox)
    ((to, message),) = inbox.got
    assert (to, message["To"], message["From"]) == (
        "alva@exempel.se",
        "alva@exempel.se",
        "Sporra <sporra@regionen.example>",
    )
    assert message["Subject"] == "Du är inbjuden till Sporra"
    assert (message["Auto-Submitted"], message.get_content_type()) == ("auto-generated", "multipart/alternative")
    text, html = text_of(message), text_of(message, "html")
    [link] = re.findall(r"https://localhost/valkommen/[\w-]{43}\b", text)
    assert text.startswith("Hej Alva <b>Öberg</b>,\n\nDu har fått ett konto i Sporra,")
    assert "Hej Alva &lt;b&gt;Öberg&lt;/b&gt;," in html
    assert html.count(link) == 2  # to be pressed, and to be read
    told = " ".join(
        re.sub(r"<title>.*?</title>|<[^>]+>", " ", html, flags=re.S).replace("&lt;", "<").replace("&gt;", ">").split()
    )
    for sentence in text.partition("\n-- ")[0].replace(":\n", "\n").split("\n\n"):
        assert all(" ".join(line.split()) in told for line in [sentence.replace("\n", " ")] if link not in line)


def test_the_database_never_holds_what_a_link_is_made_of(database: Database, mailing: Mailing) -> None:
    [person] = invites(database, "alva")
    inbox = Inbox()
    mailing.round(database)  # away: nothing is made for nobody
    with database.reading() as session:
        assert session.exec(select(Invitation)).all() == []
    later(database, LONGEST_PAUSE)
    mailing.round(database, inbox)
    token = inbox.text().partition("/valkommen/")[2].split()[0]
    with database.reading() as session:
        rows = [*session.exec(select(Invitation)), *session.exec(select(audit.Event)), *session.exec(select(Mail))]
        done = [(each.action, each.details) for each in audit.history(session, person)]
    assert token not in str(rows)
    assert "alva@" not in str(done)
    assert done[-1] == ("person:mail_sent", {"kind": INVITATION})
    assert waiting(database) == []


def test_a_server_that_is_away_is_asked_again_and_more_seldom(database: Database, mailing: Mailing) -> None:
    invites(database, "alva", "nils")
    inbox = Inbox()
    for tries in (1, 2, 3):
        mailing.round(database)
        rows = waiting(database)
        assert [(row.tries, row.trouble, row.given_up) for row in rows] == [(tries, "away", None)] * 2
        gone = audit.now()
        assert all(timedelta(0) < pause(tries) - (row.due - gone) < timedelta(seconds=30) for row in rows)
        mailing.round(database, inbox)  # too early: even where it has come back
        assert inbox.got == []
        later(database, pause(tries))
    mailing.round(database, inbox)
    assert inbox.to == ["alva@exempel.se", "nils@exempel.se"]
    assert [pause(tries) for tries in (1, 2, 3, 4)] == [timedelta(seconds=30) * n for n in (1, 2, 4, 8)]
    assert pause(50) == LONGEST_PAUSE


def test_a_refusal_for_one_is_no_refusal_for_the_others(database: Database, mailing: Mailing) -> None:
    alva, _, saga = invites(database, "alva", "nils", "saga")
    inbox = Inbox({"alva@exempel.se": "550 No such user", "saga@exempel.se": "451 Greylisted"})
    mailing.round(database, inbox)
    assert inbox.to == ["nils@exempel.se"]
    told = {row.person: (row.trouble, row.given_up is not None) for row in waiting(database)}
    assert told == {alva: ("refused", True), saga: ("later", False)}
    with database.reading() as session:
        [event] = [each for each in audit.history(session, alva) if each.action == "person:mail_given_up"]
    assert event.details == {"kind": INVITATION, "reason": "refused"}
    later(database, timedelta(hours=1))
    inbox.says.clear()
    mailing.round(database, inbox)
    assert inbox.to == ["nils@exempel.se", "saga@exempel.se"]  # what was given up stays so


def test_what_could_not_be_sent_in_its_time_is_given_up_and_told_of_for_a_month(
    database: Database, mailing: Mailing
) -> None:
    invites(database, "alva")
    later(database, timedelta(days=2))
    mailing.round(database)
    [row] = waiting(database)
    assert (row.trouble, row.given_up is not None) == ("away", True)
    queue.forget_old(database)
    assert len(waiting(database)) == 1
    with database.writing() as session:
        session.exec(update(Mail).values(given_up=audit.now() - timedelta(days=31)))
    queue.forget_old(database)
    assert waiting(database) == []


def test_a_sender_that_died_is_followed_by_another(database: Database, mailing: Mailing) -> None:
    """Whether the server had the letter by then nobody knows: so it is sent once more, and not before its holder must
    have given up."""
    invites(database, "alva")
    inbox = Inbox()
    with database.writing() as session:
        queue.take(session, audit.now())  # and then the power goes
    mailing.round(database, inbox)
    assert inbox.got == []
    later(database, HELD)
    mailing.round(database, inbox)
    assert inbox.to == ["alva@exempel.se"]


def test_two_senders_at_once_send_each_letter_once(database: Database, mailing: Mailing) -> None:
    names = [f"person{n}" for n in range(24)]
    invites(database, *names)
    inbox, other = Inbox(), Database(database.url)
    with answering(inbox, mailing.port):
        senders = [Thread(target=mailing.round, args=(each,)) for each in (database, other)]
        for each in senders:
            each.start()
        for each in senders:
            each.join()
    other.close()
    assert inbox.to == sorted(f"{name}@exempel.se" for name in names)
    assert waiting(database) == []


def test_a_letter_goes_to_the_address_of_the_day_and_to_no_closed_account(database: Database, mailing: Mailing) -> None:
    alva, nils = invites(database, "alva", "nils")
    with database.writing() as session:
        session.get_one(Person, alva).email = "ny@exempel.se"
        session.get_one(Person, nils).closed = True
    inbox = Inbox()
    mailing.round(database, inbox)
    assert inbox.to == ["ny@exempel.se"]
    assert waiting(database) == []


def test_of_two_invitations_the_later_one_is_sent(database: Database, mailing: Mailing) -> None:
    [alva] = invites(database, "alva")
    with database.writing() as session:
        invite_by_mail(session, by=OFFICE, person=alva)
    inbox = Inbox()
    mailing.round(database, inbox)
    assert inbox.to == ["alva@exempel.se"]


@pytest.mark.parametrize(
    "address",
    ["a\r\nBcc: x@exempel.se@exempel.se", "alva@exempel.se\r\nRCPT TO:<x@exempel.se>", "a@b>,<c.se"],
)
def test_an_address_that_is_none_is_told_of_and_holds_up_nobody(
    database: Database, mailing: Mailing, address: str
) -> None:
    alva, _ = invites(database, "alva", "nils")
    with database.writing() as session:
        session.get_one(Person, alva).email = address
    inbox = Inbox()
    mailing.round(database, inbox)
    assert inbox.to == ["nils@exempel.se"]
    [row] = waiting(database)
    assert (row.person, row.trouble, row.given_up is not None) == (alva, "address", True)


def test_a_letter_that_cannot_be_written_holds_up_nobody(
    database: Database, mailing: Mailing, caplog: pytest.LogCaptureFixture
) -> None:
    [alva] = invites(database, "alva")
    with database.writing() as session:
        queue.put(session, kind="of another version", by=OFFICE.id, person=alva)
        session.exec(update(Mail).where(Mail.kind == "of another version").values(due=audit.now() - HELD))  # type: ignore[arg-type]
    inbox = Inbox()
    mailing.round(database, inbox)
    assert inbox.to == ["alva@exempel.se"]
    [row] = waiting(database)
    assert (row.trouble, row.given_up is not None) == ("broken", True)
    assert "alva@" not in caplog.text


def test_what_is_rolled_back_is_not_sent(database: Database, mailing: Mailing) -> None:
    [alva] = invites(database, "alva")
    mailing.round(database, Inbox())
    with suppress(ZeroDivisionError), database.writing() as session:
        queue.put(session, kind=CHANGED, by=alva, person=alva)
        _ = 1 / 0
    assert waiting(database) == []
