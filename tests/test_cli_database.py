"""`sporra user add` and `sporra demo load`, as they are called."""

import io
import sys

import pytest
from sqlmodel import select

from app.accounts import passwords
from app.accounts.models import Appointment, Person
from app.audit import SYSTEM, Event
from app.cli import main
from app.db import Database

KIM = ("user", "add", "--name", "Kim  Kansli", "--email", "Kim@Exempel.se")


@pytest.fixture
def called(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The database that `sporra` is called on, by a program that pipes a good password in."""
    monkeypatch.setenv("SPORRA_DATABASE_URL", database.url)
    monkeypatch.setattr(sys, "stdin", io.StringIO("tre ord efter varandra\n"))
    return database


def test_the_first_administrator_is_added(called: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(KIM) == 0
    assert capsys.readouterr() == ("Kim Kansli är tillagd som administratör och loggar in med kim@exempel.se.\n", "")
    with called.reading() as session:
        person = session.exec(select(Person)).one()
        assert (person.name, person.email, person.demo) == ("Kim Kansli", "kim@exempel.se", False)
        assert passwords.verify("tre ord efter varandra", person.password)[0]
        assert session.exec(select(Appointment.role)).all() == ["administrator"]
        assert set(session.exec(select(Event.by))) == {SYSTEM}


REFUSED = [
    (("user", "add", "--name", "Kim"), "tre ord efter varandra", "E-post saknas. Ange --email.\n"),
    (("user", "add", "--name", "Kim", "--email", "kim"), "tre ord efter varandra",
     "Skriv en e-postadress, till exempel alva@exempel.se.\n"),
    (KIM, "kort", f"{passwords.TOO_SHORT}\n"),
    ((*KIM, "--role", "inspector"), "tre ord efter varandra",
     "Specialiteten saknas. Ange den med --at, som den heter i Sporra.\n"),
    ((*KIM, "--role", "region_office", "--at", "Region Ingen"), "tre ord efter varandra",
     "Regionen Region Ingen finns inte. Kontrollera namnet.\n"),
    (("demo", "load"), "", "Lägg till --yes om det är meningen.\n"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "typed", "told"), REFUSED)
def test_nobody_is_added_by_half(
    called: Database,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    typed: str,
    told: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    assert main(arguments) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.endswith(told)
    with called.reading() as session:
        assert session.exec(select(Event)).all() == []


@pytest.mark.usefixtures("called")
def test_an_address_is_one_persons(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(KIM) == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO("tre ord efter varandra\n"))
    assert main(KIM) == 1
    assert capsys.readouterr().err == "Någon har redan den e-postadressen. Sök efter den bland personerna.\n"


def test_a_password_is_asked_for_twice_and_never_shown(
    called: Database, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = iter(["tre ord efter varandra", "tre ord efter varann"])
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("app.cli.database.getpass", lambda _: next(typed))
    assert main(KIM) == 1
    assert capsys.readouterr() == ("", "Lösenorden är inte lika. Gör om det.\n")
    with called.reading() as session:
        assert session.exec(select(Person)).all() == []


@pytest.mark.usefixtures("called")
def test_the_demonstration_is_loaded_where_it_is_meant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "load", "--yes"]) == 0
    assert main(["demo", "load", "--yes"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == "Exemplen är inlagda."
    assert second.endswith(" är inte tom. Inget lades till.")


@pytest.mark.usefixtures("called")
def test_a_whole_invented_country_fits_an_empty_database_alone(capsys: pytest.CaptureFixture[str]) -> None:
    call = ("demo", "country", "--scale", "0.002", "--seed", "3", "--yes")
    assert [main(call), main(call)] == [0, 0]
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "Landet är inlagt: 4 enheter och 20 inspektioner."
    assert told[1].endswith("är inte tom. Inget lades till.")
    assert main(("demo", "country", "--scale", "0.002")) == 1
    assert capsys.readouterr().err.endswith("Lägg till --yes om det är meningen.\n")
