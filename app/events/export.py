"""Events as CSV, line by line: as a Swedish Excel opens it (UTF-8 with its mark, semicolons), and nothing a formula."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

from app.events.telling import Line
from app.lists.sheets import harmless
from app.web.swedish import local

HEAD = ("Tid", "Vem", "Vad", "Om")
PIECE = 500  # lines


def as_csv(lines: Iterable[Line], *, numbered: bool) -> Iterator[str]:
    """`numbered`: with the events' numbers, which `sporra audit verify` speaks of."""
    out = StringIO()
    to = csv.writer(out, delimiter=";", lineterminator="\r\n")
    out.write("\ufeff")
    to.writerow((*(("Nummer",) if numbered else ()), *HEAD))
    for i, each in enumerate(lines, 1):
        parts = (f"{local(each.at):%Y-%m-%d %H:%M:%S}", each.who, each.said, each.about)
        to.writerow((*((each.n,) if numbered else ()), *map(harmless, parts)))
        if not i % PIECE:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()
