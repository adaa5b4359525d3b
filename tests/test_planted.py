"""What is written about another region is met by nobody who may not see it: every text in every row of it is a word of
its own, and every answer that anybody gets is searched for them.

The columns are taken from the database's own description, so a new one is planted by itself. What holds an id or a word
from a closed set is named below, and is told from a text by nothing else.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import JSON, Column, String, Table, select, update
from sqlmodel.sql.sqltypes import AutoString

from app.accounts import sessions
from app.accounts.roles import Held, Role
from app.tables import metadata
from tests.databases import SQLite
from tests.everybody import Everybody, everybody
from tests.factories import a_person
from tests.inspections.test_seclusion import told
from tests.requests import request_to
from tests.test_matrix import ROUTES, writes

# Ids, hashes, marks of order, and words from closed sets.
CLOSED = {
    "answer": "area answer",
    "area_state": "grade",
    "attachment": "type sha256 file preview erased about",
    "appointment": "given_by",
    "branch": "voice field base settled_by",
    "calendar_address": "token",
    "compared": "family",
    "compared_area": "decided standing history anchor family region hospital speciality",
    "compared_criterion": "area answer family region hospital speciality",
    "declaration": "unit ties",
    "event": "by action subject details",
    "finding": "kind area criteria order gone",
    "hospital": "kind",
    "inspection": "rubric state mode plan",
    "interview": "role begins ends gone",
    "invitation": "made_by",
    "measure": "area criteria status bank per each term order gone",
    "occurrence": "measure gone",
    "person": "listed password",
    "plan": "state staff",
    "plan_answer": "verdict",
    "plan_version": "sha256 outcome",
    "regrade": "area before grade measures",
    "revision": "id voice field parent settles outcome salt hash",
    "rubric_copy": "reference text",
    "signature": "content",
    "subject": "kind",
    "used_text": "kind family region clinic speciality",
    "version": "content_sha256 signers withheld",
    "version_file": "sha256",
    "withholding": "reason outcome proposed_by decided_by",
}
WORD = re.compile(r"X[a-z_]+x[a-z_0-9]+x\w+?X")
FOREIGN = ("foreign draft", "foreign signed")
# Where one says what one has a tie to, every place of the country can be chosen: that they are there is no secret.
NAMED = re.compile(r"/band(/|$)")
HOME = ("own draft", "own signed")


def texts(table: Table) -> Iterator[Column[Any]]:
    closed = CLOSED.get(table.name, "").split()
    for column in table.columns:
        kept = column.primary_key or column.foreign_keys or column.name in closed
        if isinstance(column.type, JSON | String | AutoString) and not kept and not hasattr(column.type, "enums"):
            yield column


def test_every_name_in_the_list_is_a_column() -> None:
    assert {name: set(columns.split()) for name, columns in CLOSED.items()} == {
        name: set(columns.split()) & set(metadata.tables[name].columns.keys()) for name, columns in CLOSED.items()
    }


# ── Planting ──────────────────────────────────────────────────────────────────────────────


def planted(made: Everybody) -> dict[str, set[str]]:
    """Gives each table's words that were put in the rows about the two foreign inspections, and what goes with them."""
    ids = {id for case in FOREIGN for name, id in made.cases[case].target.ids.items() if name != "region"}
    words: dict[str, set[str]] = {}
    with made.database.writing() as session:
        for table in metadata.sorted_tables:
            for row in session.execute(select(table)).mappings().all():
                if ids & {value for value in row.values() if isinstance(value, str)}:
                    values = {each.name: _instead(table, each, row) for each in texts(table)}
                    values = {name: value for name, value in values.items() if value != row[name]}
                    if values:
                        here = (key == row[key.name] for key in table.primary_key)
                        session.execute(update(table).where(*here).values(**values))
                        words.setdefault(table.name, set()).update(_words(values.values()))
    return words


def _instead(table: Table, column: Column[Any], row: Mapping[str, Any]) -> Any:
    """A word of its own, in the shape that the column has."""
    key = "".join(str(row[each.name]).replace("-", "") for each in table.primary_key)
    word, value = f"X{table.name}x{column.name}x{key}X", row[column.name]
    if isinstance(column.type, JSON):
        return [word]
    if value and value[:1] in '{"':
        return json.dumps(_filled(json.loads(value), word))
    return word


def _filled(value: Any, word: str) -> Any:
    """With the word for every text that holds two words, or is one of the examples."""
    match value:
        case dict():
            return {key: _filled(each, word) for key, each in value.items()}
        case list():
            return [_filled(each, word) for each in value]
        case str() if " " in value or value in ("Exempelstad", "Träffar", "När?", "ST-läkare"):
            return word
        case _:
            return value


def _words(values: Any) -> Iterator[str]:
    for value in values:
        yield from WORD.findall(json.dumps(value))


@pytest.fixture(scope="module")
def made(sqlite: SQLite) -> Iterator[Everybody]:
    with everybody(sqlite) as each:
        yield each


def test_nobody_meets_a_word_of_what_they_may_not_see(made: Everybody) -> None:
    with made.database.writing() as session:
        at = made.cases["foreign signed"].target
        director = a_person(session, "Ro Rektor", Held(Role.DIRECTOR_OF_STUDIES, clinic=at.clinic))
        theirs = [made.viewers["administrator"].id, at.inspector, director.id]
        others = [viewer.id for viewer in made.viewers.values() if viewer.id not in theirs]
    words = planted(made)
    met = set().union(*(_met(made, person, *FOREIGN) for person in theirs))
    # A search that finds nothing would prove nothing: of every table there is somebody who meets a word.
    assert {name for name, some in words.items() if not some & met} == set()
    assert set().union(*(_met(made, person, *HOME, *FOREIGN) for person in (*others, ""))) == set()


def _met(made: Everybody, person: str, *cases: str) -> set[str]:
    """What somebody finds of what was planted, whatever they ask for."""
    with made.database.writing() as session:
        cookie = {"cookie": f"__Host-sporra={sessions.start(session, person)}"} if person else {}
    read = [route for route in ROUTES if not writes(route)]
    asked = [(route, request_to(route, made.cases[case].target)) for route in read for case in cases]
    found = set()
    for route, each in {f"{each['url']}?{each['params']}": (route, each) for route, each in asked}.values():
        made.client.cookies.clear()
        words = WORD.findall(told(made.client.request(**each, headers=cookie, follow_redirects=False)))
        places = ("Xclinicxname", "Xhospitalxname") if NAMED.search(route.path) else ()
        found.update(word for word in words if not word.startswith(places))
    return found
