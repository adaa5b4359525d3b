"""What is written in by hand: blanks, ruled lines, and lists to tick in, with room for a pen in a cold hand."""

from math import ceil

from reports import blocks
from reports.docx_file import WordFile
from reports.docx_tables import cell, cells, row, table
from reports.docx_xml import Element, box, give, keep, paragraph, run, w


def mm(length: float) -> int:
    """Millimetres in twips, which is what Word measures in."""
    return round(length * 1440 / 25.4)


_GAP = mm(5)  # between things that stand beside each other
_LINE = mm(8)  # from one ruled line to the next
_LABEL, _ANSWER = mm(11), mm(15.5)
_MOST_ANSWERS = 0.55  # of the width, however many answers there are
# Millimetres. Only Word knows how high a row becomes; these err on the side of too high.
_ROOM = 224.0  # for the rows of a page, when blanks, heading and head row have had theirs
_AMPLE, _CLOSE = 12.0, 8.0  # the height of a row where there is room, and where there is not
_GROUP = 9.0  # the heading of a group
_TEXT_LINE, _LETTER, _PADDING = 4.2, 1.7, 1.5  # of the text in a row: height, width, above and below


def blanks(blanks: blocks.Blanks, file: WordFile) -> Element:
    """One paragraph with tabs that draw lines: what is typed there shortens the line and moves nothing."""
    free = file.text_width - _GAP * (len(blanks.names) - 1)
    tabs, text, end = w("tabs"), "", 0
    for name, share in zip(blanks.names, blanks.shares, strict=True):
        if end:
            end += _GAP
            tabs.append(w("tab", val="left", pos=end))
            text += "\t"
        end += free * share // sum(blanks.shares)
        tabs.append(w("tab", val="right", leader="underscore", pos=end))
        text += f"{name} \t"
    return give(paragraph("Ifyllnad", run(text)), tabs)


def ruled(ruled: blocks.Ruled, file: WordFile) -> Element:
    """A table, whose rows alone can be given a height to write in."""
    headings = ruled.headings or ("",)
    columns = len(headings)
    width = (file.text_width - _GAP * (columns - 1)) // columns
    widths = [width, *[_GAP, width] * (columns - 1)]
    styles = ["Skrivrad", *["Tabelltext", "Skrivrad"] * (columns - 1)]
    rows = [_columns(headings, widths)] if any(headings) else []
    for _ in range(ruled.lines):
        rows.append(row(*cells(widths, map(paragraph, styles)), height=_LINE, exact=True))
    return table("Skrivrader", ", ".join(filter(None, headings)), widths, rows)


def _columns(headings: tuple[str, ...], widths: list[int]) -> Element:
    """The row of headings; every other cell is the gap between two columns."""
    named = [paragraph("Heading3" if heading else "Tabelltext", run(heading)) for heading in headings]
    content = [part for each in named for part in (paragraph("Tabelltext"), each)][1:]
    return row(*cells(widths, content), head=True)


# ── Lists to tick in ──────────────────────────────────────────────────────────────────────


def checklist(checklist: blocks.Checklist, under: str, file: WordFile) -> Element:
    """`under` is the heading that it stands under, in short: aloud a box is called "E F4: Uppfyllt"."""
    answers = len(checklist.answers)
    narrow = min(_ANSWER, int(file.text_width * _MOST_ANSWERS) // max(answers, 1))
    widths = [_LABEL, file.text_width - _LABEL - narrow * answers, *[narrow] * answers]
    height = mm(_row_height(checklist, widths[1]))
    rows = [_head(checklist, widths)]
    for group in checklist.groups:
        rows.append(_group(group, widths))
        for each in group.rows:
            names = (f"{under} {each.label}: {answer}" for answer in checklist.answers)
            boxes = (paragraph("Rutcell", box(name, False, file.new_id())) for name in names)
            content = (paragraph("Tabelltext", run(each.label, "Fet")), paragraph("Tabelltext", run(each.text)), *boxes)
            rows.append(row(*cells(widths, content), height=height))
    return table("Kryssblad", checklist.caption, widths, rows)


def _head(checklist: blocks.Checklist, widths: list[int]) -> Element:
    heads = [paragraph("Tabellhuvud", run(text)) for text in checklist.head]
    heads += [paragraph("Svarshuvud", run(text)) for text in checklist.answers]
    return row(*cells(widths, heads), head=True)


def _group(group: blocks.CheckGroup, widths: list[int]) -> Element:
    intro = (keep(paragraph("Tabelltext", run(text))) for text in group.intro)
    return row(cell(sum(widths), paragraph("Tabellrubrik", run(group.heading)), *intro, span=len(widths)))


def _row_height(checklist: blocks.Checklist, width: int) -> float:
    """The most generous height, in millimetres, at which all the rows should still fit on the page."""
    rows = [_text_height(each.text, width) for group in checklist.groups for each in group.rows]
    intros = [_text_height(text, width) for group in checklist.groups for text in group.intro]
    room = _ROOM - _GROUP * len(checklist.groups) - sum(intros)
    height = _AMPLE
    while height > _CLOSE and sum(max(height, each) for each in rows) > room:
        height -= 0.25
    return height


def _text_height(text: str, width: int) -> float:
    lines = sum(ceil(max(len(line), 1) * mm(_LETTER) / width) for line in text.split("\n"))
    return lines * _TEXT_LINE + _PADDING
