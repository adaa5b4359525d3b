"""What the surroundings decide, and what is said of what cannot be understood."""

from pathlib import Path

import pytest

from app.config import MailServer, Settings, settings
from rubrics.problems import DataError


def test_what_is_not_said_is_as_the_readme_says() -> None:
    assert settings({}) == Settings()
    assert (Settings().plan_months, Settings().smallest_count, Settings().revisit_years) == (3, 3, 5)
    assert (Settings().erase_months, Settings().tie_years) == (12, 5)


def test_what_is_said_holds() -> None:
    said = {"PORT": "80", "SPORRA_PLAN_MONTHS": "6", "SPORRA_SMALLEST_COUNT": "5", "SPORRA_REVISIT_YEARS": "4"}
    found = settings(said)
    assert (found.port, found.plan_months, found.smallest_count, found.revisit_years) == (80, 6, 5, 4)
    assert settings({"SPORRA_ERASE_MONTHS": "24"}).erase_months == 24
    assert settings({"SPORRA_TIE_YEARS": "10"}).tie_years == 10
    found = settings({"SPORRA_TLS_CERT": "c.pem", "SPORRA_TLS_KEY": "k.pem"})
    assert (found.tls_cert, found.tls_key) == (Path("c.pem"), Path("k.pem"))
    found = settings(
        {"SPORRA_CONTROLLER": " Region  Exempel", "SPORRA_LEGAL_GROUND": "6.1 e", "SPORRA_DATA_CONTACT": "x"}
    )
    assert (found.controller, found.legal_ground, found.data_contact) == ("Region Exempel", "6.1 e", "x")
    assert settings({"SPORRA_FILES": "/srv/filer"}).files_folder == Path("/srv/filer")


def test_files_lie_beside_the_database_if_nothing_is_said() -> None:
    assert settings({}).files_folder == Path("var/files")
    assert settings({"SPORRA_DATABASE_URL": "sqlite:////srv/sporra.db"}).files_folder == Path("/srv/files")
    assert settings({"SPORRA_DATABASE_URL": "postgresql://a@b/c"}).files_folder == Path("var/files")


@pytest.mark.parametrize(
    "name",
    [
        "PORT",
        *(f"SPORRA_{each}" for each in ("PLAN_MONTHS", "SMALLEST_COUNT", "REVISIT_YEARS", "ERASE_MONTHS", "TIE_YEARS")),
    ],
)
@pytest.mark.parametrize("given", ["0", "-1", "tre", "٣", "99999", "3.5"])
def test_a_number_that_is_none_is_told_with_its_name(name: str, given: str) -> None:
    with pytest.raises(DataError) as refused:
        settings({name: given})
    assert f"{name}: {given} är " in str(refused.value)
    assert "Ange ett tal mellan 1 och " in str(refused.value)


# ── Mail ──────────────────────────────────────────────────────────────────────────────────

MAIL = {
    "SPORRA_SMTP_URL": "smtps://sporra%40regionen:l%3Asen@mail.regionen.example",
    "SPORRA_MAIL_FROM": "sporra@regionen.example",
    "SPORRA_ADDRESS": "https://sporra.regionen.example/",
}


def test_a_mail_server_is_named_with_who_writes_and_where_links_lead(tmp_path: Path) -> None:
    found = settings(MAIL)
    server = MailServer("mail.regionen.example", 465, encrypted=True, user="sporra@regionen", password="l:sen")
    assert (found.mail_server, found.mail_from) == (server, "sporra@regionen.example")
    assert found.address == "https://sporra.regionen.example"
    assert "l:sen" not in str(found)
    secret = tmp_path / "secret"
    secret.write_text("ur en fil\n")
    other = {"SPORRA_SMTP_URL": "smtp://sporra@[::1]:2525", "SPORRA_SMTP_PASSWORD_FILE": str(secret)}
    server = MailServer("::1", 2525, encrypted=False, user="sporra", password="ur en fil")
    assert (settings(MAIL | other).mail_server, server.near) == (server, True)
    assert settings({}).address == "http://localhost:8000"


@pytest.mark.parametrize(
    ("name", "given"),
    [
        *(
            ("SPORRA_SMTP_URL", url)
            for url in ("mail:25", "http://h", "smtp://", "smtp://h:x", "smtp://h/x", "smtp://h?x")
        ),
        *(
            ("SPORRA_MAIL_FROM", address)
            for address in ("", "sporra", "a@", "Sporra <a@b.se>", "a@b.se\r\nBcc: c@d.se")
        ),
        *(
            ("SPORRA_ADDRESS", url)
            for url in ("", "sporra.se", "http://sporra.se", "https://a/b", "https://a@b", "https://")
        ),
        ("SPORRA_SMTP_PASSWORD_FILE", "/finns/inte"),
    ],
)
def test_what_mail_needs_and_cannot_be_understood_is_told_without_its_secret(name: str, given: str) -> None:
    with pytest.raises(DataError) as refused:
        settings(MAIL | {name: given})
    assert str(refused.value).startswith(f"{name}: ")
    assert "l%3Asen" not in str(refused.value)


def test_letters_that_nobody_sends_land_in_a_folder_of_the_demonstration_alone() -> None:
    assert settings({}).mail_folder == Path("var/mail")
    assert settings(MAIL).mail_folder is None
    assert settings({"SPORRA_DATABASE_URL": "sqlite:///own.db"}).mail_folder is None
