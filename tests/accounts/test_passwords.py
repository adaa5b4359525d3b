"""Which passwords are refused: too short, too long, too common, and what everybody knows of the person. No rules of
composition."""

import pytest

from app.accounts import passwords
from app.accounts.passwords import LEAST, TOO_COMMON, TOO_KNOWN, TOO_LONG, TOO_SHORT, unfit

ALVA = ("Alva Öberg-Ek", "alva.o@lasarettet.example")


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("elva teckenn"[:11], TOO_SHORT),
        ("å" * 201, TOO_LONG),
        ("qwertyqwerty", TOO_COMMON),
        ("QwertyQwerty", TOO_COMMON),
        ("１２３４５６１２３４５６", TOO_COMMON),  # wide digits, which NFKC makes ordinary
        ("administrator", TOO_COMMON),
        ("sporrasporrasporra", TOO_KNOWN),
        ("Sporra-2026-sporra", TOO_KNOWN),
        ("alva.o@lasarettet.example", TOO_KNOWN),
        ("ALVA O\u0308BERG EK 2026", TOO_KNOWN),
        ("lasarettet 123456", TOO_KNOWN),
    ],
)
def test_what_is_guessed_first_is_refused(password: str, told: str) -> None:
    assert unfit(password, *ALVA) == told


@pytest.mark.parametrize(
    "password",
    [
        "tre ord efter varandra",
        "a" * 100,
        "alva har en grå katt hemma",
        "sporra mig till att springa",
        "ek och björk och asp",
        "☃☃☃☃☃☃☃☃☃☃☃☃",
    ],
)
def test_no_more_than_that_is_asked(password: str) -> None:
    assert unfit(password, *ALVA) is None


def test_the_list_holds_what_could_have_been_chosen() -> None:
    common = passwords._common()
    assert len(common) == 10_000
    assert all(len(each) >= LEAST and each == passwords._folded(each) for each in common)
