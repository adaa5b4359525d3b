"""The plan's measures in the inspection file: what is wrong, and that they come back as they were written."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.inspections import disk
from app.inspections.content import canonical, plan_as_kept
from app.inspections.export import as_yaml
from app.inspections.file import Headcount, Inspection, Measure, Occurrence, Plan, Recurs
from app.inspections.rules import plan_remarks, remarks
from reports.shown import shown
from rubrics.data_file import read
from rubrics.disk import read_file
from rubrics.library import Library
from rubrics.problems import DataError, dotted
from rubrics.shape import parse
from tests.paths import DEMO, GOLDEN, KALMAR

RUBRIC = Library().rubric("st-spur/2015-8@1")
MEASURES = GOLDEN / "kalmar-2021.measures.yaml"
LEAST: dict[str, Any] = {
    "format": "inspection/1",
    "rubric": "st-spur/2015-8@1",
    "unit": {"region": "Region Exempel", "clinic": "Kliniken"},
    "specialty": "Internmedicin",
    "state": "draft",
}


def _inspection(plan: object) -> Inspection:
    source = read(json.dumps({**LEAST, "plan": plan}).encode(), "filen", shown)
    return parse(source, Inspection)


def _told(plan: object) -> list[str]:
    try:
        inspection = _inspection(plan)
    except DataError as error:
        return [each.partition(": ")[2] for each in map(str, error.problems)]
    return [f"{dotted(each.path)}: {each.message}" for each in remarks(inspection, RUBRIC) if not each.owed]


def measures(**more: object) -> dict[str, object]:
    return {"measures": [{"what": "Bedömningsveckor", **more}]}


WRONG: list[tuple[dict[str, object], str]] = [
    ({"measures": [{"how": "x"}]}, "plan.measures[0].what: saknas. Lägg till what."),
    (measures(what=" "), "plan.measures[0].what: texten är tom. Skriv något här."),
    (measures(start="2026-06-01", due="2026-05-31"), "plan.measures[0].due: åtgärden ska vara klar 2026-05-31, före starten 2026-06-01. Byt plats på dem."),
    (measures(area="Q"), "plan.measures[0].area: området Q finns inte i st-spur/2015-8@1. Där finns: A, B, C, D, E, F, G, H."),
    (measures(criteria=["E-F1", "utbildningsklimat-F1"]), "plan.measures[0].criteria[1]: kriteriet utbildningsklimat-F1 finns inte i st-spur/2015-8@1."),
    (measures(status="klar"), "plan.measures[0].status: klar går inte att välja. Välj 'planned', 'started', 'done' eller 'stopped'."),
    (measures(due="snart"), "plan.measures[0].due: snart är ingen dag. Skriv den som 2021-10-18."),
    (measures(recurs={"times": 6}), "plan.measures[0].recurs.per: saknas. Lägg till per."),
    (measures(recurs={"times": 0, "per": "year"}), "plan.measures[0].recurs.times: 0 är för litet. Skriv 1 eller större."),
    (measures(recurs={"times": 10**30, "per": "year"}), f"plan.measures[0].recurs.times: {10**30} är för stort. Skriv 1000 eller mindre."),
    (measures(recurs={"times": 1, "per": "day"}), "plan.measures[0].recurs.per: day går inte att välja. Välj 'week', 'month' eller 'year'."),
    (measures(recurs={"times": 1, "per": "year", "each": "x"}), "plan.measures[0].recurs.each: x går inte att välja. Välj 'clinic', 'trainee' eller 'supervisor'."),
    (measures(done=[{"count": 2}]), "plan.measures[0].done[0].day: saknas. Lägg till day."),
    (measures(done=[{"day": "2026-01-01", "count": 0}]), "plan.measures[0].done[0].count: 0 är för litet. Skriv 1 eller större."),
    (measures(vem="x"), "plan.measures[0].vem: nyckeln vem finns inte här. Det som kan stå: what, how, why, area, criteria, owner, start, due, proof, status, effect, bank, recurs, done."),
    ({"staff": [{"since": "2026-01-01", "trainees": -1}]}, "plan.staff[0].trainees: -1 är för litet. Skriv 0 eller större."),
    ({"staff": [{"since": "2026-07-01", "trainees": 1}, {"since": "2026-01-01", "trainees": 2}]}, "plan.staff[1].since: 2026-01-01 är inte efter 2026-07-01. Skriv antalen med den äldsta dagen först."),
    ({"staff": [{"since": "2026-07-01", "trainees": 1}, {"since": "2026-07-01", "trainees": 2}]}, "plan.staff[1].since: 2026-07-01 är inte efter 2026-07-01. Skriv antalen med den äldsta dagen först."),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "told"), WRONG, ids=[told[:70] for _, told in WRONG])
@pytest.mark.parametrize("state", ["draft", "signed"])
def test_what_is_wrong_in_a_plan(
    plan: dict[str, object], told: str, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LEAST, "state", state)
    assert _told(plan) == [told]


def test_the_least_that_a_measure_is_and_what_is_empty() -> None:
    empty = dict.fromkeys(("how", "area", "start", "due", "recurs", "done", "criteria", "status"))
    assert _told(measures()) == _told(measures(**empty)) == []
    made = _inspection(measures(**empty))
    assert made.plan
    assert made.plan.measures == (Measure(what="Bedömningsveckor"),)


def test_a_measure_may_answer_criteria_in_other_areas_than_its_own() -> None:
    assert _told(measures(area="E", criteria=["B-KI2", "H-AR2"])) == []


def test_a_plan_by_itself_is_told_from_its_own_top() -> None:
    plan = Plan(measures=(Measure(what="x", area="Q"),), areas={"Z": "x"})
    assert [dotted(each.path) for each in plan_remarks(plan, RUBRIC)] == ["areas.Z", "measures[0].area"]


# ── Out and in ────────────────────────────────────────────────────────────────────────────


def _again(inspection: Inspection, folder: Path) -> Inspection:
    path = folder / "again.inspection.yaml"
    path.write_text(as_yaml(inspection), "utf-8")
    return disk.read(path)[1]


@pytest.mark.parametrize("path", [KALMAR, DEMO], ids=["Kalmar", "the demonstration"])
def test_a_file_without_measures_says_nothing_of_them(path: Path) -> None:
    inspection = disk.read(path)[1]
    for told in (canonical(inspection), as_yaml(inspection)):
        assert [key for key in ("measures", "staff") if key in told] == []


def test_the_fingerprint_of_a_file_without_measures_is_as_before_there_were_any() -> None:
    assert disk.read(KALMAR)[1].fingerprint == "7d3f42044b17"


def test_the_real_plans_measures_come_back_whole(tmp_path: Path) -> None:
    kalmar = disk.read(KALMAR)[1]
    assert kalmar.plan
    found = read_file(MEASURES).value["measures"]
    plan = Plan.model_validate({**plan_as_kept(kalmar.plan), "measures": found})
    whole = kalmar.model_copy(update={"plan": plan})
    assert list(remarks(whole, RUBRIC)) == []
    assert _again(whole, tmp_path) == whole
    assert _again(whole, tmp_path).fingerprint == whole.fingerprint != kalmar.fingerprint
    assert len(plan.measures) >= 12


def test_each_of_the_real_measures_is_found_in_the_plans_own_words() -> None:
    kalmar = disk.read(KALMAR)[1]
    assert kalmar.plan
    text = " ".join(" ".join(kalmar.plan.areas.values()).split())
    quoted = [line.strip()[3:-1] for line in MEASURES.read_text("utf-8").split("\n") if line.strip().startswith('# "')]
    assert [each for each in quoted if each.removeprefix("… ") not in text] == []
    found = read_file(MEASURES).value["measures"]
    assert len(quoted) == len(found)
    bank = Library().bank(RUBRIC.id)
    assert [each["bank"] for each in found if each["bank"] not in bank.by_id] == []
    assert [each["what"] for each in found if "recurs" in each] == [
        "Klinikgemensamma bedömningsveckor",
        "Minst sex EPA-utvärderingar per ST-läkare och år",
        "Gemensamma handledarträffar för huvudhandledarna",
    ]


TEXT = (
    st.text(max_size=40).map(shown).map(lambda text: text if text.strip() else "").map(lambda text: text.rstrip("\n"))
)
DAY = st.dates(date(1900, 1, 1), date(2100, 1, 1))
MEASURE = st.builds(
    Measure,
    what=TEXT.filter(bool),
    how=TEXT,
    why=TEXT,
    area=st.sampled_from(["", "A", "E"]),
    criteria=st.lists(st.sampled_from(list(RUBRIC.area_of)), max_size=4).map(tuple),
    owner=TEXT,
    start=st.none() | DAY,
    due=st.none() | DAY,
    proof=TEXT,
    status=st.sampled_from(["planned", "started", "done", "stopped"]),
    effect=TEXT,
    bank=st.sampled_from(["", "M14"]),
    recurs=st.none()
    | st.builds(
        Recurs,
        times=st.integers(1, 1_000),
        per=st.sampled_from(["week", "month", "year"]),
        every=st.integers(1, 9),
        each=st.sampled_from(["clinic", "trainee", "supervisor"]),
        term=TEXT,
    ),
    done=st.lists(st.builds(Occurrence, day=DAY, count=st.integers(1, 9), note=TEXT), max_size=3).map(tuple),
)
STAFF = st.lists(st.builds(Headcount, since=DAY, trainees=st.integers(0, 99)), max_size=3)


@given(st.lists(MEASURE, max_size=4), STAFF)
def test_any_plan_comes_back_as_it_was_written(found: list[Measure], staff: list[Headcount]) -> None:
    inspection = parse(read(json.dumps(LEAST).encode(), "filen"), Inspection)
    whole = inspection.model_copy(update={"plan": Plan(measures=tuple(found), staff=tuple(staff))})
    again = parse(read(as_yaml(whole).encode(), "filen", shown), Inspection)
    assert again == whole
    assert canonical(again) == canonical(whole)
