"""What is said of personal data covers the whole database, and nothing that is not there."""

from app.privacy.shape import GROUPS, lines
from app.privacy.stored import REGISTERS, TABLES
from app.tables import metadata


def test_every_column_of_the_database_has_one_line() -> None:
    said = [(each.table, each.column) for each in lines(REGISTERS)]
    there = {(table.name, column.name) for table in metadata.tables.values() for column in table.columns}
    assert len(said) == len(set(said))
    assert there - set(said) == set(), "Say in app/privacy/stored.py what these hold."
    assert set(said) - there == set(), "These are not in the database any more."


def test_no_column_is_in_two_groups() -> None:
    for stored in TABLES:
        columns = [column for group in GROUPS for column in getattr(stored, group)]
        assert len(columns) == len(set(columns)), stored.table


def test_what_is_about_somebody_says_whom_why_and_for_how_long() -> None:
    personal = [each for each in lines(REGISTERS) if each.group != "rest"]
    assert [each for each in personal if not (each.about and each.why and each.time)] == []


def test_a_register_about_nobody_holds_nothing_personal() -> None:
    for register in REGISTERS:
        assert bool(register.about) == any(stored.is_personal for stored in register.tables), register.title


def test_what_names_a_person_by_id_in_the_database_is_no_rest() -> None:
    """Every foreign key to a person is `whose` or `others`; the owner's own id is `whose`."""
    group = {(each.table, each.column): each.group for each in lines(REGISTERS)}
    keys = {
        (table.name, column.name)
        for table in metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "person" for key in column.foreign_keys)
    }
    assert keys
    assert {at for at in keys if group[at] not in ("whose", "others")} == set()


def test_what_is_told_has_a_title_and_what_runs_out_a_day() -> None:
    for stored in TABLES:
        assert bool(stored.title) == bool(stored.whose or stored.email), stored.table
        if stored.goes:
            assert stored.goes.column in stored.facts, "So that one can see when it was."
