"""The real handlingsplan, from the D that asked for it to the C that it earned: word for word, and as measures."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import boxes  # type: ignore[import-not-found]
import golden  # type: ignore[import-not-found]
import pytest
from docx_text import paragraphs as lines_of  # type: ignore[import-not-found]

from app.db import Database
from app.inspections import disk
from app.inspections.file import Inspection, Plan, paragraphs
from app.inspections.regrading import Change
from app.writing.said import heads
from rubrics.disk import read_file
from tests.factories import RUBRIC, drafted, taken_in
from tests.paths import GOLDEN, KALMAR
from tests.plans import whole
from tests.plans.factories import Planned, plan_id, sign, with_people, write_down

_, FILE = disk.read(KALMAR)
assert FILE.plan
MEASURES = read_file(GOLDEN / "kalmar-2021.measures.yaml").value["measures"]
PLAN = Plan.model_validate({**FILE.plan.model_dump(), "measures": MEASURES})
BEFORE = {id: area.model_copy(update={"regrades": ()}) for id, area in FILE.areas.items()}
DAY = date(2022, 3, 1)


@pytest.fixture
def kalmar(database: Database) -> Planned:
    """The real report as it was before its plan: signed by both, and the plan that this opened."""
    taken = taken_in(drafted(database), FILE.model_copy(update={"areas": BEFORE, "plan": None}))
    sign(taken)
    plan = plan_id(taken)
    assert plan
    return replace(with_people(taken), plan=plan)


def test_the_real_plan_lifts_d_to_c_in_d_and_e(kalmar: Planned, tmp_path: Path) -> None:
    first = kalmar.files(1)
    assert (kalmar.state, ticked(kalmar, 1, tmp_path)) == ("draft", ["D D", "E D"])

    write_down(kalmar, kalmar.director, PLAN.model_copy(update={"areas": {"D": PLAN.areas["D"]}, "measures": ()}))
    write_down(kalmar, kalmar.head, PLAN.model_copy(update={"areas": {"E": PLAN.areas["E"]}}))
    assert len(kalmar.content().measures) >= 12
    assert (kalmar.content(), kalmar.clashes()) == (PLAN, [])
    assert kalmar.submit(kalmar.head) == 1
    kalmar.judge({"D": "accepted", "E": "accepted"}, kalmar.b)
    assert kalmar.answer(kalmar.a) == "accept"
    kalmar.regrade(Change("D", "C", measures_in(kalmar, "D")), Change("E", "C", measures_in(kalmar, "E")), day=DAY)
    kalmar.sign()

    report = docx(kalmar, 2, tmp_path)
    assert (len(golden_lines()), golden.main(str(report), str(golden.KALMAR))) == (176, 0)
    assert ticked(kalmar, 2, tmp_path) == ["D C", "E C"]
    assert the_plan_in(report) == the_plan_as_written()
    assert kalmar.files(1) == first
    check(kalmar)


def golden_lines() -> list[str]:
    return [line for line in golden.KALMAR.read_text("utf-8").splitlines() if line.strip()]


def docx(kalmar: Planned, version: int, folder: Path) -> Path:
    path = folder / f"{version}.docx"
    path.write_bytes(kalmar.files(version)["docx"])
    return path


def ticked(kalmar: Planned, version: int, folder: Path) -> list[str]:
    """`E C`: every box that is ticked, anywhere in the Word file, by area and letter."""
    found = boxes.boxes(str(docx(kalmar, version, folder)))
    assert len(found) == sum(len(area.offered) for area in RUBRIC.rubric.areas)
    return [f"{area} {text.split('.')[0]}" for is_ticked, area, text in found if is_ticked]


def measures_in(kalmar: Planned, area: str) -> list[str]:
    """The ids of the measures under an area."""
    with kalmar.database.reading() as session:
        standing = heads(session, kalmar.plan)
    found = [key.split("/")[1] for key, one in standing.items() if key.endswith("/area") and one.value == area]
    assert found
    return found


def the_plan_in(report: Path) -> list[str]:
    """The appendix' headings, the clinic's paragraphs and the measures' names, as a reader of the Word file meets them."""
    lines, known = lines_of(str(report)), set(the_plan_as_written())
    start = max(i for i, line in enumerate(lines) if line == f"Bilaga. {PLAN.title}")  # the contents name it first
    return [line for line in lines[start:] if line in known]


def the_plan_as_written() -> list[str]:
    told, number = [f"Bilaga. {PLAN.title}"], 0
    for area in RUBRIC.rubric.areas:
        if text := PLAN.areas.get(area.id):
            told += [area.name, *(" ".join(each.split()) for each in paragraphs(text))]
        for measure in PLAN.measures:
            if measure.area == area.id:
                number += 1
                told.append(f"Åtgärd {number}. {measure.what}")
    return told


def check(kalmar: Planned) -> None:
    """All that was written is kept, in order, and each regrade says from, to, why, by whom and for which measures."""
    with kalmar.database.reading() as session:
        whole.check(session, kalmar.plan)
    assert [(r.area, r.before, r.grade, r.because, r.day, r.version, r.by, r.measures) for r in kalmar.regrades()] == [
        (area, "D", "C", "plan", DAY, 2, kalmar.a.id, measures_in(kalmar, area)) for area in "DE"
    ]
    assert [each for each in kalmar.events() if each != "plan:written"] == [
        "plan:opened",
        "plan:submit",
        "plan:accept",
        "plan:regraded",
    ]
    made = Inspection.model_validate_json(kalmar.files(2)["json"])
    assert made.plan == PLAN
    assert {id: area.standing for id, area in made.areas.items() if area.standing} == {"D": "C", "E": "C"}
