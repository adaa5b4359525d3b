"""The lists of findings that a device makes of its fields, held equal to those that the server reads from its tables."""

from random import Random
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlmodel import select

from app.ids import new_id
from app.inspections.models import FindingRow
from app.inspections.pages.findings_view import columns, opening
from app.inspections.reading import findings
from app.web.static_files import device
from app.writing.desk import Operation
from app.writing.order import moved
from app.writing.said import Box
from tests.browser.conftest import Enter
from tests.factories import Drafted

_LISTED = """async ([url, id]) => {
  const { KINDS, listed, opening, tied } = await import(url);
  const { fields, waiting } = await (await fetch(`/api/inspections/${id}/image`)).json();
  const known = new Map(fields.map(({ field, value, id }) => [field, { value, revision: id }]));
  const found = listed({ fields: known, clashes: waiting });
  const stands = found.filter((each) => !each.hidden);
  const told = ({ id, text, kind, area, criteria, gone }) => [id, text, kind, area, criteria, gone, opening(text)];
  const of = (kind) => stands.filter((each) => each.kind === kind);
  return {
    lists: KINDS.map((kind) => of(kind).map((each) => [...told(each), tied(each, stands).map(({ id, told }) => [id, told])])),
    hidden: found.filter((each) => each.hidden).map(({ id }) => id),
  };
}"""
_MOVED = """async ([url, cases]) => {
  const { moved } = await import(url);
  return cases.map(([rows, id, place]) => moved(rows.map(([id, order]) => ({ id, order })), id, place));
}"""
TEXTS = [
    "Kort.",
    "Skrivplats saknas för flera av ST-läkarna på kliniken",
    "å" * 50,
    "två\n\nrader  med luft",
    "😀" * 41,
]


@pytest.mark.parametrize("seed", range(3))
def test_a_device_lists_what_the_server_lists(page: Page, enter: Enter, draft: Drafted, seed: int) -> None:
    """Two who write, order, link, delete and bring back at random, over whatever text they may have seen last."""
    random = Random(seed)  # noqa: S311
    texts: dict[str, list[str]] = {}
    for _ in range(4):
        draft.write(random.choice([draft.a, draft.b]), *_at_random(random, 100, texts))
    enter(page, draft.a).goto("/")
    here = page.evaluate(_LISTED, [device("listing.js"), draft.id])
    lists, hidden = _on_server(draft)
    assert here["lists"] == lists
    assert sorted(here["hidden"]) == sorted(hidden)
    assert hidden, "för få fall"


_IDS = [new_id() for _ in range(25)]


def _at_random(random: Random, count: int, texts: dict[str, list[str]]) -> list[Operation]:
    made = []
    for _ in range(count):
        finding, id = random.choice(_IDS), new_id()
        seen = random.choice([None, *texts.get(finding, [])[-2:]])
        name, value = random.choice(
            [
                ("text", random.choice(TEXTS)),
                ("kind", random.choice(["strength", "weakness", "improvement"])),
                ("area", random.choice(["C", "E", None])),
                ("criteria", random.sample(["C-F1", "C-KI1", "E-F1", "E-F4"], random.randrange(4))),
                ("order", random.choice(["F", "V", "V", "VV", "k"])),
                ("gone", random.choice([None, *texts.get(finding, [])[-2:]])),
            ]
        )
        if name == "text":
            texts.setdefault(finding, []).append(id)
        made.append(Operation(id, f"finding/{finding}/{name}", value, seen if name == "text" else None))
    return made


def _on_server(draft: Drafted) -> tuple[list[Any], list[str]]:
    with draft.database.reading() as session:
        shown = columns(findings(session, draft.id), lambda finding: Box(finding, None, ()), {})
        lists = [
            [
                [row.id, row.text, row.kind, row.area, row.criteria, bool(row.gone), opening(row.text), tied(line.tied)]
                for line in column.lines
                for row in [line.row]
            ]
            for column in shown
        ]
        query = select(FindingRow.id).where(FindingRow.inspection == draft.id, FindingRow.hidden == True)  # noqa: E712
        return lists, list(session.exec(query))


def tied(pairs: Any) -> list[list[str]]:
    return [list(pair) for pair in pairs]


def test_a_row_gets_the_same_new_place(page: Page) -> None:
    random = Random(5)  # noqa: S311
    cases = []
    for _ in range(500):
        rows = sorted((random.choice(["", "F", "V", "VV", "k", "z"]), str(n)) for n in range(random.randint(1, 6)))
        pairs = [(id, key) for key, id in rows]
        cases.append((pairs, random.choice(pairs)[0], random.randrange(len(pairs))))
    page.goto("/logga-in")
    here = page.evaluate(_MOVED, [device("listing.js"), cases])
    assert here == [[list(pair) for pair in moved(*case)] for case in cases]
