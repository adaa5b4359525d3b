"""Rubrics read, inspections graded, reports made: all from the real Kalmar inspection."""

import io
import zipfile
from collections.abc import Iterator

from app.inspections import disk
from app.inspections.file import Inspection
from app.inspections.report import report
from reports.formats import write
from rubrics.grading import suggest
from rubrics.library import Library
from rubrics.model import Rubric
from tests.bench.rows import Row, size, timed
from tests.paths import DEMO, KALMAR


def rows() -> Iterator[Row]:
    rubric = Library().rubric("st-spur/2015-8@1")
    kalmar, demo = disk.read(KALMAR)[1], disk.read(DEMO)[1]
    made = write(report(kalmar, rubric), "docx")
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        parts = {name: package.read(name) for name in package.namelist()}

    def floor(_: int) -> bytes:
        """The same XML parts, written with zipfile alone."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            for name, content in parts.items():
                package.writestr(name, content)
        return out.getvalue()

    yield timed("report docx", lambda i: write(report(_changed(kalmar, i), rubric), "docx"), floor)
    yield size("report docx bytes", len(made))
    yield timed("report pdf", lambda i: write(report(_changed(kalmar, i), rubric), "pdf"), rounds=60)
    yield timed("report html", lambda i: write(report(_changed(kalmar, i), rubric), "html"))
    yield timed("report txt", lambda i: write(report(_changed(kalmar, i), rubric), "txt"))
    yield timed("rubric read", lambda _: Library().rubric("st-spur/2015-8@1"))
    yield timed("grade inspection", lambda _: _graded(demo, rubric))


def _graded(inspection: Inspection, rubric: Rubric) -> list[object]:
    return [suggest(rubric, area, inspection.review(area.id).assessed) for area in rubric.areas]


def _changed(inspection: Inspection, i: int) -> Inspection:
    """The inspection with another narrative in every area, so that nothing can be remembered."""
    areas = {
        id: review.model_copy(update={"narrative": f"{review.narrative} {i}."})
        for id, review in inspection.areas.items()
    }
    return inspection.model_copy(update={"areas": areas})
