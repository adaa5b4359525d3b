"""Verifying: whatever is done to what is sealed is found, and told where."""

from collections.abc import Iterator
from datetime import UTC
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, text, update
from sqlmodel import col, select

from app import audit
from app.audit import Event
from app.db import Database
from app.events import sealing
from app.events.chain import leaf, rows
from app.events.models import Seal
from app.events.sealing import seal
from tests.databases import Kind
from tests.events.chains import AT, do, happen, kinds, wrong

ZONE = ZoneInfo("Asia/Tokyo")

REMOVED = [
    ("n = 1", ["Händelse 1 saknas."]),
    ("n = 6", ["Händelse 6 saknas."]),
    ("n = 12", ["Händelse 12 saknas."]),
    ("n IN (2, 3, 7)", ["Händelserna 2–3 saknas.", "Händelse 7 saknas."]),
    ("n BETWEEN 5 AND 8", ["Händelserna 5–8 saknas."]),
    ("n > 0", ["Händelserna 1–4 saknas.", "Händelserna 5–8 saknas.", "Händelserna 9–12 saknas."]),
]


@pytest.mark.parametrize(("which", "told"), REMOVED)
def test_removed_events_are_missed(sealed: Database, which: str, told: list[str]) -> None:
    do(sealed, f"DELETE FROM event WHERE {which}")  # noqa: S608
    assert kinds(wrong(sealed)) == told


CHANGED = [
    "at = '2026-01-01 00:00:00.000000+00:00'",
    "\"by\" = 'another'",
    "action = 'person:opened'",
    "subject = 'another'",
    "details = '{}'",
]


@pytest.mark.parametrize("column", CHANGED)
def test_a_change_of_any_column_is_found(sealed: Database, column: str) -> None:
    do(sealed, f"UPDATE event SET {column} WHERE n IN (3, 4, 9)")  # noqa: S608
    assert kinds(wrong(sealed)) == ["Händelserna 3–4 är ändrade.", "Händelse 9 är ändrad."]


def test_it_is_told_between_which_times(sealed: Database) -> None:
    do(sealed, "UPDATE event SET at = '2026-03-01 09:00:00.000000+00:00' WHERE n < 6")
    with sealed.writing() as session:
        session.connection().execute(text("DELETE FROM seal"))
    sealing.seal(sealed)
    do(sealed, "DELETE FROM event WHERE n = 3", "DELETE FROM event WHERE n = 1")
    assert wrong(sealed) == [
        "Händelse 1 (före 1 mars 2026 kl. 10.00.00) saknas.",
        "Händelse 3 (mellan 1 mars 2026 kl. 10.00.00 och 1 mars 2026 kl. 10.00.00) saknas.",
    ]


def test_events_that_change_places_are_found(sealed: Database) -> None:
    do(
        sealed,
        "UPDATE event SET n = -1 WHERE n = 2",
        "UPDATE event SET n = 2 WHERE n = 3",
        "UPDATE event SET n = 3 WHERE n = -1",
    )
    assert kinds(wrong(sealed)) == ["Händelserna 2–3 står på andra händelsers platser."]


def test_an_event_that_is_put_in_afterwards_is_found(sealed: Database) -> None:
    do(sealed, "DELETE FROM event WHERE n = 5")
    do(sealed, "UPDATE event SET n = 0 WHERE n = 6")
    assert kinds(wrong(sealed)) == ["Händelse 0 har lagts till bland förseglade.", "Händelserna 5–6 saknas."]


SEALS = [
    ("DELETE FROM seal WHERE number = 1", ["Försegling 1 saknas. Händelserna före 5 är inte längre förseglade."]),
    ("DELETE FROM seal WHERE number = 2", ["Försegling 2 saknas. Händelserna 5–8 är inte längre förseglade."]),
    (
        "DELETE FROM seal WHERE number < 3",
        ["Förseglingarna 1–2 saknas. Händelserna före 9 är inte längre förseglade."],
    ),
    *(
        (f"UPDATE seal SET {column} WHERE number = 2", ["Försegling 2 är ändrad. Händelserna"])  # noqa: S608
        for column in ("at = '2026-01-01 00:00:00.000000+00:00'", "first = 4", "last = 9", "count = 3")
    ),
    (
        "UPDATE seal SET previous = '' WHERE number = 2",
        ["Försegling 2 hör inte ihop med den före.", "Försegling 2 är ändrad."],
    ),
    (
        "UPDATE seal SET hash = '' WHERE number = 2",
        ["Försegling 2 är ändrad.", "Försegling 3 hör inte ihop med den före."],
    ),
]


@pytest.mark.parametrize(("statement", "told"), SEALS)
def test_a_seal_that_is_removed_or_changed_is_found(sealed: Database, statement: str, told: list[str]) -> None:
    do(sealed, statement)
    found = kinds(wrong(sealed))
    assert [each for each, begins in zip(found, told, strict=True) if not each.startswith(begins)] == []


@pytest.mark.parametrize("leaves", [b"", b"x", bytes(160)])
def test_a_seal_whose_list_is_changed_is_found(sealed: Database, leaves: bytes) -> None:
    with sealed.writing() as session:
        session.execute(update(Seal).where(col(Seal.number) == 2).values(leaves=leaves))
    assert kinds(wrong(sealed)) == ["Försegling 2 är ändrad. Händelserna 5–8 går inte att lita på."]


def test_what_sqlite_takes_for_a_moment_stops_nothing(sealed: Database) -> None:
    if sealed.is_sqlite:
        do(
            sealed,
            "UPDATE event SET at = x'ff', details = '{' WHERE n = 3",
            "UPDATE seal SET at = 'x' WHERE number = 2",
        )
        assert kinds(wrong(sealed)) == [
            "Händelse 3 är ändrad.",
            "Förseglingarna går inte att läsa: någon av dem är ändrad.",
        ]


def test_a_chain_made_anew_does_not_hold_the_seal_that_was_noted(sealed: Database) -> None:
    with sealed.reading() as session:
        noted = [each.hash for each in session.exec(select(Seal).order_by(col(Seal.number)))]
    assert wrong(sealed, *noted) == []
    do(sealed, "DELETE FROM event WHERE n = 6", "DELETE FROM seal WHERE number > 1")
    assert seal(sealed) == 7
    assert wrong(sealed) == []  # as whole as the first one: nothing in the database tells
    told = "Förseglingen {}, som är antecknad, finns inte: kedjan är avkortad eller gjord på nytt."
    assert wrong(sealed, noted[0]) == []
    assert wrong(sealed, *noted) == [told.format(each) for each in sorted(noted[1:])]


# ── What the chain is made over ───────────────────────────────────────────────────────────


def test_an_event_has_the_same_hash_in_both_databases(database: Database) -> None:
    made = {"by": "å🙂", "action": "a:b", "subject": "s", "details": {"b": "ö\n", "a": [1, None, True, 0.1]}}
    with database.writing() as session:
        session.connection().execute(insert(Event), {"n": 7, "at": AT.astimezone(ZONE), **made})
    stored = b'{"b": "\\u00f6\\n", "a": [1, null, true, 0.1]}'
    parts = (b"2026-03-01 09:00:00.000007", "å🙂".encode(), b"a:b", b"s", stored)
    expected = b"".join(b"%d:%b" % (len(part), part) for part in parts)
    with database.reading() as session:
        [row] = rows(session.connection(), after=0, last=9)
    assert (leaf(row).n, leaf(row).hash) == (7, sha256(expected).digest())


def test_an_event_is_recorded_as_the_same_bytes_as_by_any_insert(database: Database) -> None:
    details = {"revisions": {"ö": "1"}, "a": None}
    with database.writing() as session:
        audit.record(session, by="b", action="a:b", subject="s", **details)
        one = session.exec(select(Event)).one().model_dump()
        session.connection().execute(insert(Event), {**one, "n": 2})
        first, second = rows(session.connection(), after=0, last=2, most=2)
    assert first[1:] == second[1:]


# ── Any tampering ─────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def many(kind: Kind) -> Iterator[Database]:
    url = kind.migrated()
    database = Database(url)
    happen(database, 30, text="x")
    for size in (10, 10):
        happen(database, size)
        seal(database)
    yield database
    database.close()
    kind.drop(url)


TEXTS = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=8)
COLUMNS = st.one_of(
    st.tuples(st.just("at"), st.datetimes(AT.replace(tzinfo=None), timezones=st.just(UTC))),
    st.tuples(st.sampled_from(["by", "action", "subject"]), TEXTS),
    st.tuples(st.just("details"), st.dictionaries(TEXTS, st.one_of(st.integers(), TEXTS, st.none()), max_size=2)),
    st.tuples(st.just("n"), st.integers(-5, 60)),
)


@pytest.mark.hypothesis
@given(which=st.integers(1, 50), change=st.one_of(st.none(), COLUMNS))
def test_whatever_is_done_to_one_sealed_event_is_found(
    many: Database, which: int, change: tuple[str, object] | None
) -> None:
    """None = it is removed. What is done is undone by putting the event back as it was."""
    with many.writing() as session:
        event = session.get_one(Event, which)
        before = event.model_dump()
        session.connection().execute(text("DELETE FROM event WHERE n = :n"), {"n": which})
        after = {**before, change[0]: change[1]} if change else before
        taken = session.connection().execute(text("SELECT n FROM event WHERE n = :n"), {"n": after["n"]}).first()
        if change and not taken:
            session.connection().execute(insert(Event), after)
    try:
        found = wrong(many)
    finally:
        with many.writing() as session:
            for n in {which, after["n"]} - ({taken[0]} if taken else set()):
                session.connection().execute(text("DELETE FROM event WHERE n = :n"), {"n": n})
            session.connection().execute(insert(Event), before)
    assert bool(found) == (not change or bool(taken) or before != after), found
