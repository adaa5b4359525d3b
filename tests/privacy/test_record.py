"""The record of processing says all that is known, and says so where only the region can know."""

from app.privacy.record import UNCONFIRMED, Said, record
from app.privacy.shape import Whom
from app.privacy.stored import REGISTERS, TABLES
from reports.formats import FORMATS, write

NOBODY_SAID = Said("", "", "", 12)


def text(said: Said = NOBODY_SAID) -> str:
    return write(record(REGISTERS, said), "txt").decode()


def test_every_register_and_every_personal_column_is_in_it() -> None:
    made = text().replace("\n", " ")
    assert [each.title for each in REGISTERS if each.about and each.title not in made] == []
    personal = {column for each in TABLES for column, group in each.columns.items() if group != "rest"}
    assert [each for each in sorted(personal) if each not in made] == []
    assert {whom for each in REGISTERS for whom in each.about} == set(Whom)
    assert "12 månader" in made


def test_what_nobody_has_said_is_not_made_up() -> None:
    registers = sum(bool(each.about) for each in REGISTERS)
    assert text().count(UNCONFIRMED) == registers + 3
    said = text(Said("Region Exempel", "Artikel 6.1 e", "dataskydd@exempel.se", 24))
    assert UNCONFIRMED not in said
    assert all(each in said for each in ("Region Exempel", "Artikel 6.1 e", "dataskydd@exempel.se", "24 månader"))


def test_it_can_be_made_in_every_format() -> None:
    for format in FORMATS:
        assert write(record(REGISTERS, NOBODY_SAID), format)
