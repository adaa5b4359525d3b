"""Tables of a Word file, and those that are read: the facts of a front page, and the overview.

A table is one style, fixed widths in twips, and rows that never break over two pages.
"""

from collections.abc import Iterable

from reports import blocks
from reports.blocks import Sheet
from reports.docx_file import WordFile
from reports.docx_marks import fits
from reports.docx_xml import Element, coded, link, paragraph, run, w

_HANG = {Sheet.READ: 680, Sheet.FORM: 0}  # how far tables reach out into the margin, as headings do in styles.xml


def table(style: str, caption: str, widths: Iterable[int], rows: Iterable[Element], indent: int = 0) -> Element:
    widths = list(widths)
    properties = w(
        "tblPr",
        w("tblStyle", val=style),
        w("tblW", w=sum(widths), type="dxa"),
        w("tblInd", w=indent, type="dxa"),
        w("tblLayout", type="fixed"),
        w("tblLook", val="0420", firstRow=1, lastRow=0, firstColumn=0, lastColumn=0, noHBand=0, noVBand=1),
    )
    if caption:
        properties.append(w("tblCaption", val=caption))
    return w("tbl", properties, w("tblGrid", *(w("gridCol", w=width) for width in widths)), *rows)


def row(*cells: Element, head: bool = False, height: int = 0, exact: bool = False) -> Element:
    """`head` rows come again on every page. A `height` is the least, or the only one."""
    properties = w("trPr", w("cantSplit"))
    if height:
        properties.append(w("trHeight", val=height, hRule="exact" if exact else "atLeast"))
    if head:
        properties.append(w("tblHeader"))
    return w("tr", properties, *cells)


def cell(width: int, *content: Element, span: int = 1) -> Element:
    properties = w("tcPr", w("tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(w("gridSpan", val=span))
    return w("tc", properties, *content)


def cells(widths: Iterable[int], content: Iterable[Element]) -> Iterable[Element]:
    """One paragraph in each."""
    return (cell(width, each) for width, each in zip(widths, content, strict=True))


def _head(widths: Iterable[int], given: Iterable[str]) -> Element:
    return row(*cells(widths, (paragraph("Tabellhuvud", run(text)) for text in given)), head=True)


def wide(file: WordFile) -> int:
    """From the outermost letter to the right margin."""
    return file.text_width + _HANG[file.sheet]


# ── Tables that are read ──────────────────────────────────────────────────────────────────


def facts(facts: blocks.Facts, file: WordFile) -> Element:
    widths = (2040, wide(file) - 2040)
    rows = [_head(widths, facts.head)]
    for fact in facts.rows:
        name, told = paragraph("Forsattsnamn", run(fact.name)), paragraph("Forsattsuppgift", *_lines(fact.lines))
        rows.append(row(*cells(widths, (name, told))))
    return table("Forsattsblad", facts.caption, widths, rows, -_HANG[file.sheet])


def _lines(lines: tuple[str, ...]) -> list[Element]:
    """Of several lines the first is the important one; a single line has nothing to stand out from."""
    if len(lines) < 2:
        return [run("".join(lines) or "–")]
    return [run(lines[0], "Fet"), *(run(f"\n{line}") for line in lines[1:])]


def overview(overview: blocks.Overview, file: WordFile) -> list[Element]:
    title, mark = round(wide(file) * 0.53), 1150
    widths = (title, mark, wide(file) - title - mark)
    rows = [_head(widths, overview.head)]
    rows += [_overview_row(each, widths, file) for each in overview.rows]
    made = [paragraph("Oversiktsrubrik", run(overview.heading))]
    made.append(table("Gradoversikt", overview.caption, widths, rows, -_HANG[file.sheet]))
    return [*made, _key(overview.key, file)] if overview.key else made


def _overview_row(given: blocks.OverviewRow, widths: tuple[int, int, int], file: WordFile) -> Element:
    title = coded(given.code, given.title, "Fet")
    if name := file.target(given.anchor):
        title = [link(name, *title)]
    word = [run(_beside(given.mark) + given.word)]
    if given.note:
        word.append(run(f"\n{given.note}", "DampadText"))
    content = (
        paragraph("Omradesnamn" if given.code else "Tabelltext", *title),
        paragraph("Tabelltext", file.picture(given.mark)),
        paragraph("Tabelltext", *word),
    )
    return row(*cells(widths, content))


def _beside(mark: blocks.Mark) -> str:
    """What of a mark must be text because it cannot be drawn."""
    return "" if fits(mark.letter) else f"{mark.letter}\u2002"


def _key(key: tuple[tuple[blocks.Mark, str], ...], file: WordFile) -> Element:
    content = []
    for place, (mark, meaning) in enumerate(key):
        space = "\u2003\u2003" if place < len(key) - 1 else ""
        content += [file.picture(mark, 4.4), run(f"\u2002{_beside(mark)}{meaning}{space}")]
    return paragraph("Teckenforklaring", *content)
