"""What may stand in an address after its question mark: ids, words of our own, numbers and days. What people write goes
in the body of a request, or is locked."""

import re
from pathlib import Path

from fastapi.routing import APIRoute

from app.accounts.access import routes
from app.config import Settings
from app.main import create_app
from tests.requests import dependants

APP = Path(__file__).parents[2] / "app"

# By name, with why: whoever adds one says here what it can hold.
OURS = {
    "after": "where a list goes on: a day and an id",
    "alla": "whether all are shown",
    "andra": "the id of a finding that is being changed",
    "about": "a criterion or an area",
    "area": "an area",
    "at": "a number",
    "avslutad": "the id of a role that was ended",
    "blad": "which sheet",
    "borttaget": "the id of a tie that was removed",
    "clinic": "an id",
    "code": "given by a region's own sign-in, good once",
    "efter": "where a list goes on: a day and an id; whom one came from",
    "enhet": "two ids",
    "falt": "the key of a field",
    "flyttad": "the id of a finding that was moved",
    "fore": "a number",
    "fran": "a day; the id of a note",
    "id": "the id of a key",
    "inspector": "an id",
    "iss": "a region's own sign-in",
    "klart": "how many, or a word that says what was done",
    "kriterium": "a criterion",
    "lage": "the state of a plan",
    "last": "the id of an operation",
    "loggad": "the id of what was done",
    "om": "the id of what an event is about; a criterion",
    "omrade": "an area",
    "since": "a number",
    "slag": "a kind of event",
    "sok": "words, locked",
    "speciality": "an id",
    "state": "a state; of a region's own sign-in, 256 random bits",
    "svarar": "a criterion",
    "till": "an address of our own; a day",
    "vem": "the id of a person, or words, locked",
    "visa": "which part of a list",
}
READ_BY_HAND = {"comparison/pages.py", "accounts/templates/sign_in.html"}  # their names are in a table: ids and words
GOES_IN_THE_ADDRESS = re.compile(r'<form\b(?![^>]*method="(?:post|dialog)")[^>]*>.*?</form>', re.DOTALL)
WRITTEN = re.compile(
    r'<textarea|parts\.(?:field|text)\((?![^}]*type="date")|<input (?![^>]*type="(?:hidden|date|radio|checkbox)")'
)


def test_each_word_after_a_question_mark_has_been_judged() -> None:
    app = create_app(Settings("sqlite:////nowhere"))
    found = {each.alias for route in routes(app.routes) for each in _asked(route)}
    assert found == OURS.keys()


def _asked(route: APIRoute) -> list[object]:
    return [each for one in dependants(route) for each in one.query_params if each.field_info.include_in_schema]


def test_nothing_else_reads_the_address() -> None:
    files = [each for each in APP.rglob("*") if each.suffix in (".py", ".html")]
    assert {str(each.relative_to(APP)) for each in files if "query_params" in each.read_text()} == READ_BY_HAND


def test_no_form_puts_in_the_address_what_somebody_writes() -> None:
    """A form that is fetched: its fields are choices, days, and what stands there already."""
    forms = [
        (str(path.relative_to(APP)), form)
        for path in sorted(APP.glob("*/templates/*.html"))
        for form in GOES_IN_THE_ADDRESS.findall(path.read_text())
    ]
    assert len(forms) > 2
    assert [path for path, form in forms if WRITTEN.search(form)] == []
