"""Dates, times and counts as they are written on screen."""

from datetime import UTC, date, datetime

import pytest

from app.web.swedish import FILTERS, clock, day, many, moment, soft, span

MORNING = datetime(2026, 10, 20, 8, 42, tzinfo=UTC)  # summer time: 10.42 on the wall


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        (date(2026, 10, 19), date(2026, 10, 20), "19–20 oktober 2026"),
        (date(2026, 9, 30), date(2026, 10, 1), "30 september – 1 oktober 2026"),
        (date(2026, 12, 31), date(2027, 1, 1), "31 december 2026 – 1 januari 2027"),
        (date(2026, 10, 19), date(2026, 10, 19), "19 oktober 2026"),
        (date(2026, 10, 19), None, "19 oktober 2026"),
    ],
)
def test_a_span_says_no_more_than_it_must(start: date, end: date | None, shown: str) -> None:
    assert span(start, end) == shown


def test_moments_are_shown_as_the_clock_on_a_swedish_wall() -> None:
    assert (day(MORNING), clock(MORNING), moment(MORNING)) == ("20 oktober 2026", "10.42", "20 oktober 2026 kl. 10.42")
    assert moment(datetime(2026, 12, 31, 23, 5, tzinfo=UTC)) == "1 januari 2027 kl. 0.05"


def test_a_moment_without_a_zone_is_refused_rather_than_guessed() -> None:
    with pytest.raises(ValueError, match="zone"):
        clock(datetime(2026, 10, 20, 8, 42))  # noqa: DTZ001


def test_counts_carry_their_noun() -> None:
    assert [many(n, "sak", "saker") for n in (0, 1, 1200)] == ["0 saker", "1 sak", "1\u00a0200 saker"]


def test_lately_leaves_out_today() -> None:
    assert FILTERS["lately"](datetime.now(UTC)).startswith("kl. ")
    assert FILTERS["lately"](MORNING.replace(year=2020)) == "20 oktober 2020 kl. 10.42"


def test_a_long_word_may_be_broken_where_it_is_put_together() -> None:
    title = "Ledarskapskompetens och kommunikativ kompetens"
    assert soft(title) == "Ledarskaps\u00adkompetens och kommunikativ kompetens"
