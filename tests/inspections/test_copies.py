"""From a file to rows and back: the content is the same, to the last character."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db import Database
from app.inspections import disk, queries
from app.inspections.content import canonical
from app.inspections.file import Inspection
from app.inspections.reading import Reading
from tests.databases import Kind
from tests.factories import RUBRIC, Drafted, drafted, taken_in
from tests.paths import DEMO, KALMAR
from tests.writing import whole

AREAS = {area.id: area for area in RUBRIC.rubric.areas}
texts = st.text(st.characters() | st.sampled_from("\n\r\t \x00\ud800\ufffe🙂"), max_size=30)
lines = texts.map(lambda text: " ".join(text.split()))
names = lines.filter(lambda text: bool(text.strip()))
days = st.none() | st.dates(min_value=date(1900, 1, 1)).map(str)
causes = st.sampled_from(["plan", "revisit", "correction"])


def some(keys: list[str], values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(keys), values, max_size=4)


@st.composite
def reviews(draw: st.DrawFn, id: str) -> dict[str, Any]:
    criteria = [criterion.id for group in AREAS[id].groups for criterion in group.criteria]
    grades = st.sampled_from(AREAS[id].offered)
    regrades = st.fixed_dictionaries({"grade": grades, "because": causes, "date": days})
    return {
        "narrative": draw(texts),
        "grade": draw(st.just("") | grades),
        "grade_reason": draw(texts),
        "answers": draw(some(criteria, st.sampled_from(["", *RUBRIC.rubric.answers]))),
        "comments": draw(some(criteria, texts)),
        "regrades": draw(st.lists(regrades, max_size=2)),
    }


findings = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["strength", "weakness", "improvement"]),
        "text": texts,
        "area": st.sampled_from(["", *AREAS]),
        "criteria": st.lists(st.sampled_from(list(RUBRIC.rubric.area_of)), max_size=3),
    }
)
plans = st.fixed_dictionaries({}, optional={"title": texts, "areas": some(list(AREAS), texts)})


@st.composite
def inspections(draw: st.DrawFn) -> Inspection:
    ids = draw(st.sets(st.sampled_from(list(AREAS)), max_size=3))
    return Inspection.model_validate(
        {
            "format": "inspection/1",
            "rubric": RUBRIC.rubric.reference,
            "state": draw(st.sampled_from(["draft", "signed"])),
            "unit": {"region": draw(names), "clinic": draw(names), "hospital": draw(lines)},
            "specialty": draw(names),
            "place": draw(lines),
            "visit": {
                "first_day": draw(days),
                "last_day": draw(days),
                "mode": draw(st.sampled_from([None, "onsite", "digital", "hybrid"])),
            },
            "inspectors": draw(st.lists(names, min_size=1, max_size=3)),
            "findings": draw(st.lists(findings, max_size=5)),
            "areas": {id: draw(reviews(id)) for id in sorted(ids)},
            "plan": draw(st.none() | plans),
        }
    )


@pytest.fixture(scope="module")
def draft(kind: Kind) -> Iterator[Drafted]:
    url = kind.migrated()
    database = Database(url)
    yield drafted(database)
    database.close()
    kind.drop(url)


def there_and_back(draft: Drafted, file: Inspection) -> Inspection:
    made = taken_in(draft, file)
    with made.database.reading() as session:
        whole.check(session, made.id)
        return Reading(session, queries.find(session, made.id).row).content(file.state)


@pytest.mark.parametrize("path", [KALMAR, DEMO], ids=["Kalmar", "the demonstration"])
def test_the_real_and_the_invented_inspection_come_back(draft: Drafted, path: Any) -> None:
    _, file = disk.read(path)
    assert canonical(there_and_back(draft, file)) == canonical(file)


def test_any_file_comes_back(draft: Drafted) -> None:
    @settings(max_examples=settings().max_examples // (2 if draft.database.is_sqlite else 15))
    @given(inspections())
    def holds(file: Inspection) -> None:
        assert canonical(there_and_back(draft, file)) == canonical(tidy(file))

    holds()


def tidy(file: Inspection) -> Inspection:
    """Answers, comments and areas that are there without a value are as left out."""
    areas = {}
    for id, review in file.areas.items():
        said = {name: {k: v for k, v in getattr(review, name).items() if v} for name in ("answers", "comments")}
        kept = review.model_copy(update=said)
        if kept.model_dump(exclude_defaults=True):
            areas[id] = kept
    return file.model_copy(update={"areas": areas})
