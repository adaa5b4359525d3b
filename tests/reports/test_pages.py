"""The Word file as pages, by LibreOffice: what a reader would see at once if it were wrong."""

import re
from pathlib import Path

import pypdfium2
import pytest

from app.inspections.protocol import protocol
from reports.blocks import Choice, Document, Group, Heading
from reports.formats import write
from rubrics.library import Library
from tests.paths import DEMO, KALMAR
from tests.reports.reading import folded
from tests.reports.test_reading_back import HOSTILE, _hostile, _report
from tests.tools import through_libreoffice


def _pages(document: Document, folder: Path) -> list[list[str]]:
    """The lines of each page, white space folded away."""
    pdf = pypdfium2.PdfDocument(through_libreoffice(write(document, "docx"), folder))
    texts = [page.get_textpage().get_text_bounded() for page in pdf]
    pdf.close()
    return [[folded(line) for line in text.replace("\r\n", "\n").split("\n") if line.strip()] for text in texts]


@pytest.mark.parametrize("source", ["Kalmar", "demo", "hostile"])
def test_every_page_stands_on_its_own(tmp_path: Path, source: str) -> None:
    document = _hostile(tmp_path, HOSTILE) if source == "hostile" else _report({"Kalmar": KALMAR, "demo": DEMO}[source])
    pages = _pages(document, tmp_path)
    headings = {folded(b.code + b.text) for b in document.blocks if isinstance(b, Heading)}
    headings |= {folded(b.heading) for b in document.blocks if isinstance(b, Group | Choice)}
    foot = folded(document.footer[0])[:20]
    first = max(i for i, lines in enumerate(pages, 1) if "Styrkor" in lines)  # the contents before it are all headings
    for number, lines in enumerate(pages, 1):
        text = "".join(lines)
        assert f"Sida{number}av{len(pages)}" in text
        body = text[: text.rindex(foot)]
        assert number < first or [heading for heading in headings if body.endswith(heading)] == [], f"page {number}"
    assert folded("Översikt") in "".join(pages[1])
    assert len(pages) <= 18 or source == "hostile"


def test_the_protocol_is_one_spread_per_area(tmp_path: Path) -> None:
    rubric = Library().rubric("st-spur/2015-8")
    pages = ["".join(lines) for lines in _pages(protocol(rubric), tmp_path)]
    assert len(pages) == 1 + 2 * len(rubric.areas)
    for number, area in enumerate(rubric.areas):
        left, right = pages[1 + 2 * number : 3 + 2 * number]
        assert folded(area.name) in left
        assert all(folded(criterion.text) in left for criterion in area.criteria)
        assert folded(f"{area.code} Anteckningar") in right
        assert all(folded(grade.text) in right for grade in area.grades)
        assert re.search(rf"Sida{2 + 2 * number}av{len(pages)}", left)
