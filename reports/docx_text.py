"""Running text of a Word file: front page, headings, paragraphs, lists, choices and contents, each as its elements.

Here lives which style says what, and what must stay together on a page within one block. What holds
between blocks is `to_docx`.
"""

from copy import deepcopy
from math import ceil

from reports import blocks
from reports.blocks import Document, Front, Rank, Voice
from reports.docx_file import WordFile
from reports.docx_tables import facts
from reports.docx_xml import Element, box, coded, field_code, field_mark, give, keep, link, paragraph, run, w
from reports.words import words

_VOICES = {
    Voice.BODY: "BodyText",
    Voice.NOTICE: "AndradGradering",
    Voice.GUEST: "Handlingsplan",
    Voice.ASIDE: "LitenText",
}
_RANKS = {Rank.PART: "Del", Rank.APPENDIX: "Bilaga"}
_PLAIN = {1: "Heading1", 2: "Rubrik2UtanKod", 3: "Heading3"}
_CODED = {1: "Rubrik1Kod", 2: "Heading2", 3: "Rubrik3Kod"}
_BARS = 3  # Kriterium 1–3
_IN_CONTENTS = 2  # levels
_FRONT, _ABOVE = 650, 150  # points: the height of a front page, and where on it the title stands if there is room


def heading(heading: blocks.Heading, file: WordFile) -> list[Element]:
    style = (_CODED if heading.code else _PLAIN)[heading.level]
    if heading.level == 1:
        style = _RANKS.get(heading.rank, style)
    made = paragraph(style, *file.bookmark(*coded(heading.code, heading.text)))
    return [made] if heading.code or heading.text else []


def text(text: blocks.Paragraph) -> list[Element]:
    return [paragraph(_VOICES[text.voice], run(text.text))] if text.text else []


def numbered(numbered: blocks.Numbered, file: WordFile) -> list[Element]:
    if not numbered.items:
        return [paragraph("TomLista", run("–"))]
    number = file.new_list()
    return [give(paragraph("ListNumber", run(item)), deepcopy(number)) for item in numbered.items]


def group(group: blocks.Group) -> list[Element]:
    """Two points stay below a heading: one alone at the foot of a page looks like all of them."""
    intro = [paragraph("Kriterieingress", run(each)) for each in group.intro]
    style = f"Kriterium{min(group.weight + 1, _BARS)}"
    points = [paragraph(style, run(point)) for point in group.points]
    if len(points) > 1:
        keep(points[0])
    return [paragraph("Heading3", run(group.heading)), *intro, *points]


def choice(choice: blocks.Choice, file: WordFile) -> list[Element]:
    """The mark is not repeated: a picture beside running text must float, and floats wander in Word."""
    options = [_option(option, file) for option in choice.options]
    if options:
        give(options[-1], w("keepNext", val=0))  # the style keeps them together; the last one lets go
    return [paragraph("Gradering", run(choice.heading)), *options]


def _option(option: blocks.Option, file: WordFile) -> Element:
    text = f"{option.label}. {option.text}" if option.label else option.text
    style = "ValdGradering" if option.ticked else ""
    return paragraph("Graderingsval", box(option.name, option.ticked, file.new_id()), run(f"\t{text}", style))


# ── Contents ──────────────────────────────────────────────────────────────────────────────


def contents(file: WordFile) -> list[Element]:
    """A real table of contents with its result ready, as links. Page numbers come when Word updates it (F9):
    guessed ones would be wrong, and asking Word to update at once makes it warn of "other files"."""
    rows = [
        paragraph(f"TOC{heading.level}", link(name, *coded(heading.code, heading.text)))
        for name, heading in file.outline
        if heading.level <= _IN_CONTENTS and heading.code + heading.text
    ]
    if not rows:
        return []
    start = (field_mark("begin"), field_code(f'TOC \\o "1-{_IN_CONTENTS}" \\h \\z \\u'), field_mark("separate"))
    for place, each in enumerate(start, 1):
        rows[0].insert(place, each)
    rows[-1].append(field_mark("end"))
    gallery = w("docPartObj", w("docPartGallery", val="Table of Contents"), w("docPartUnique"))
    content = w("sdtContent", paragraph("TOCHeading", run(words(file.language).contents)), *rows)
    return [w("sdt", w("sdtPr", w("id", val=file.new_id()), gallery), content)]


# ── Front page ────────────────────────────────────────────────────────────────────────────


def front(front: Front, document: Document, file: WordFile) -> list[Element]:
    """Title above the middle, facts at the foot. Above and below the title there is less where texts are long."""
    above, below = _space(front, document)
    made = [give(paragraph("Title", run(front.title)), w("spacing", before=above))]
    if front.subtitle:
        made.append(paragraph("Subtitle", run(front.subtitle)))
    if document.status:
        made.append(paragraph("Status", run(document.status, "Statusmarke")))
    before = {"before": above} if len(made) == 1 else {}
    give(made[-1], w("spacing", after=below, **before))
    made.append(facts(front.facts, file))
    return [*made, paragraph("Forsattsnot", run(front.note))] if front.note else made


def _space(front: Front, document: Document) -> tuple[int, int]:
    """Twips above and below the title with which all of it should stay on one page: only Word knows for sure."""
    used = 36 * _lines(front.title, 34) + 27 * _lines(front.subtitle, 46) + (30 if document.status else 0)
    used += sum(8 + 16 * sum(_lines(line, 56) for line in fact.lines) for fact in front.facts.rows)
    used += 40 + 12 * _lines(front.note, 110)
    below = max(24, min(215, _FRONT - _ABOVE - used))
    return 20 * max(0, min(_ABOVE, _FRONT - used - below)), 20 * below


def _lines(text: str, letters: int) -> int:
    return sum(ceil(len(line) / letters) for line in text.split("\n"))
