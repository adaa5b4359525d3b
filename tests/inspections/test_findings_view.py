"""What the pages say of findings, from their rows alone."""

from collections.abc import Sequence

from app.inspections.models import FindingRow
from app.inspections.pages.findings_view import written_of


def _row(id: str, kind: str, criteria: Sequence[str]) -> FindingRow:
    return FindingRow(inspection="", id=id, kind=kind, criteria=list(criteria))


def test_of_each_criterion_it_is_told_what_is_written_with_the_way_to_the_first() -> None:
    rows = [
        _row("1", "weakness", ["E-F1", "E-F1"]),  # a program may say it twice
        _row("2", "strength", ["E-F2", "E-F1"]),
        _row("3", "weakness", ["E-F1"]),
        _row("4", "", ["E-F2"]),
        _row("5", "improvement", []),
    ]
    assert written_of(rows) == {
        "E-F1": [("2", "1 styrka"), ("1", "2 svagheter")],
        "E-F2": [("2", "1 styrka"), ("4", "1 iakttagelse utan slag")],
    }
