"""A document as one self-contained web page: readable anywhere, loading nothing.

Here lives which element says what: landmarks, the outline, what a box or a mark is called aloud.
The look is `house/report.css`. Text becomes markup in one place, `tag`; there is no script, no
`style` attribute and no link out of the page, so `POLICY` can forbid everything but `STYLE`.
"""

from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import assert_never

from reports import blocks
from reports.blocks import Block, Document, Outline
from reports.words import Words, words

STYLE = (Path(__file__).parent / "house" / "report.css").read_text("utf-8")
_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'"

# In a square of 34, as outlines: report.css fills, dashes and colours them.
_OUTLINES = {
    Outline.CIRCLE: "M17 2a15 15 0 0 1 0 30a15 15 0 0 1 0-30Z",
    Outline.SQUARE: "M4 4h26v26h-26Z",
    Outline.DIAMOND: "M17 1.5 32.5 17 17 32.5 1.5 17Z",
    Outline.HEXAGON: "M10 2h14l8.5 15L24 32H10L1.5 17Z",
    Outline.OPEN: "M17 2a15 15 0 0 1 0 30a15 15 0 0 1 0-30Z",
}


@dataclass(frozen=True)
class Html:
    """Markup, in contrast to `str`, which is always text. Only `tag` makes it."""

    markup: str


def tag(name: str, /, *children: str | Html, **attributes: str) -> Html:
    """An element: the one place where text becomes markup. A line feed becomes a line break.

    `class_` is class, `aria_hidden` is aria-hidden; "" leaves a child or an attribute out.
    """
    given = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items() if value)
    start = "".join([name, *(f' {key}="{escape(value)}"' for key, value in given)])
    inner = (each.markup if isinstance(each, Html) else escape(each).replace("\n", "<br>") for each in children)
    return Html(f"<{start}>{''.join(inner)}" + ("" if name == "meta" else f"</{name}>"))


def _on_one_line(text: str) -> str:
    """For the two elements where a <br> is wrong: a title takes no markup, and an svg would end at it."""
    return text.replace("\n", " ")


def write(document: Document) -> bytes:
    page = tag("html", _head(document), _body(document), lang=document.language)
    return f"<!doctype html>\n{page.markup}\n".encode()


def anchors(document: Document) -> dict[str, str]:
    """Where in the page each heading with a name is found: what a link from elsewhere ends with, after its #."""
    return {each.anchor: _id(to) for to, each in _headings(document) if each.anchor}


def _head(document: Document) -> Html:
    named = {"viewport": "width=device-width, initial-scale=1", "author": ", ".join(document.authors)}
    named |= {"description": document.subject, "dcterms.date": str(document.day or "")}
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        *(tag("meta", name=name, content=content) for name, content in named.items() if content),
        tag("title", _on_one_line(document.title)),
        Html(f"<style>{STYLE}</style>"),  # our own file, byte for byte what POLICY allows
    )


def _body(document: Document) -> Html:
    running = (tag("b", document.status), " ") if document.status else ()
    body = (_block(block, place, document) for place, block in enumerate(document.blocks))
    return tag(
        "body",
        tag("header", *running, tag("span", document.header)) if document.status or document.header else "",
        tag("main", _opening(document), *body),
        tag("footer", *(tag("p", line) for line in document.footer)) if document.footer else "",
        class_=f"{document.sheet.value} unsettled" if document.status else document.sheet.value,
        data_watermark=document.watermark,  # drawn by report.css in print only: seen, never read aloud
    )


def _opening(document: Document) -> Html:
    """The title is the h1, so a heading of level 1 is an h2 whether there is a front page or not."""
    if (front := document.front) is None:
        return tag("h1", document.title)
    title = tag("h1", front.title, "\n", tag("span", front.subtitle))
    status = tag("p", document.status, class_="status") if document.status else ""
    told = tag("div", _facts(front.facts), tag("p", front.note, class_="aside"))
    return tag("div", tag("div", title, status), told, class_="front")


def _facts(facts: blocks.Facts) -> Html:
    rows = (tag("tr", tag("th", fact.name, scope="row"), tag("td", *_first_bold(fact.lines))) for fact in facts.rows)
    return _table(facts.caption, facts.head, [tag("tbody", *rows)], "facts")


def _first_bold(lines: tuple[str, ...]) -> tuple[str | Html, ...]:
    """Of several lines the first is the important one; a single line has nothing to stand out from."""
    return lines if len(lines) < 2 else (tag("b", lines[0]), *(f"\n{line}" for line in lines[1:]))


def _table(caption: str, head: Iterable[str], bodies: Iterable[Html], kind: str) -> Html:
    cells = (tag("th", name, scope="col", role="columnheader") for name in head)
    top = tag("thead", tag("tr", *cells, role="row"), role="rowgroup")
    return tag("table", tag("caption", caption), top, *bodies, class_=kind, role="table")


def _block(block: Block, place: int, document: Document) -> Html:
    match block:
        case blocks.Heading():
            return _heading(block, place)
        case blocks.Paragraph(text, voice):
            return tag("p", text, class_=voice.value)
        case blocks.Numbered(items):
            return tag("ol", *(tag("li", item) for item in items)) if items else tag("p", "–")
        case blocks.Group():
            return _group(block)
        case blocks.Choice():
            return _choice(block, words(document.language))
        case blocks.Overview():
            return _overview(block, document)
        case blocks.Contents():
            return _contents(document, place)
        case blocks.PageBreak(to_left_page):
            return tag("div", class_="to-left-page" if to_left_page else "page-break")
        case blocks.Blanks() | blocks.Ruled() | blocks.Checklist():
            return _form(block, words(document.language))
        case _:
            assert_never(block)


def _form(block: blocks.Blanks | blocks.Ruled | blocks.Checklist, said: Words) -> Html:
    """What is filled in with a pen: lines and boxes for paper, so nothing here is an input."""
    match block:
        case blocks.Blanks(names, shares):
            pairs = zip(names, shares, strict=True)
            parts = (tag("p", name, class_=f"share-{min(share, 6)}") for name, share in pairs)
            return tag("div", *parts, class_="blanks")
        case blocks.Ruled(headings, lines):
            paper = [tag("div", class_="line")] * lines
            titles = (tag("h4", heading) if heading else "" for heading in headings)
            return tag("div", *(tag("div", title, *paper) for title in titles), class_="ruled")
        case blocks.Checklist(caption, head, answers, groups):
            bodies = (_checks(group, len(answers), said) for group in groups)
            return _table(caption, (*head, *answers), bodies, "checklist")


def _checks(group: blocks.CheckGroup, answers: int, said: Words) -> Html:
    wide = str(answers + 2)
    top = tag("tr", tag("th", group.heading, scope="rowgroup", colspan=wide))
    intro = (tag("tr", tag("td", text, colspan=wide)) for text in group.intro)
    boxes = [tag("td", *_box(False, said))] * answers
    rows = (tag("tr", tag("th", row.label, scope="row"), tag("td", row.text), *boxes) for row in group.rows)
    return tag("tbody", top, *intro, *rows)


def _id(place: int) -> str:
    """What a link leads to: the place of a block in the document, so no two can be alike."""
    return f"p{place}"


def _heading(heading: blocks.Heading, place: int) -> Html:
    kind = f"{heading.rank.value} coded" if heading.code else heading.rank.value
    return tag(f"h{heading.level + 1}", *_named(heading.code, heading.text), id=_id(place), class_=kind)


def _named(code: str, text: str) -> tuple[str | Html, ...]:
    """The space stands between the two, so that "E Handledning" is read, copied and searched for."""
    name = tag("span", text)
    return (tag("span", code, class_="code"), " ", name) if code else (name,)


def _group(group: blocks.Group) -> Html:
    points = tag("ul", *(tag("li", point) for point in group.points)) if group.points else ""
    said = tag("div", *(tag("p", text) for text in group.intro), points)
    return tag("div", tag("h4", group.heading), said, class_=f"group weight-{min(group.weight, 2)}")


def _choice(choice: blocks.Choice, said: Words) -> Html:
    badge = _drawn(choice.mark) if choice.mark else ""
    texts = (tag("b" if each.ticked else "span", f"{each.label}. {each.text}") for each in choice.options)
    options = (tag("li", *_box(each.ticked, said), text) for each, text in zip(choice.options, texts, strict=True))
    listed = tag("ul", *options, role="list")  # Safari forgets a list without bullets
    return tag("div", tag("div", tag("h4", choice.heading), badge), listed, class_="choice")


def _box(ticked: bool, said: Words) -> tuple[Html, Html]:
    path = tag("path", d="M1 1h16v16h-16Z" + "M4.5 4.5l9 9M13.5 4.5l-9 9" * ticked)
    return _svg("box ticked" if ticked else "box", 18, path), _unseen(said.ticked if ticked else said.unticked)


def _drawn(mark: blocks.Mark) -> Html:
    """For the eye alone. The letter shrinks when a scale has longer ones ("10", "3–4")."""
    size = str(max(8, 21 - 4 * len(mark.letter)))
    middle = {"x": "17", "y": "17", "dy": ".35em", "text_anchor": "middle", "fill": "currentColor", "stroke": "none"}
    letter = tag("text", _on_one_line(mark.letter), font_size=size, **middle)
    return _svg(f"mark {mark.shape.value}", 34, tag("path", d=_OUTLINES[mark.shape]), letter)


def _svg(kind: str, side: int, *drawn: Html) -> Html:
    """Stroked, unfilled and of its right size also where a viewer has dropped the style."""
    look = {"width": str(side), "height": str(side), "fill": "none", "stroke": "currentColor", "aria_hidden": "true"}
    return tag("svg", *drawn, class_=kind, viewBox=f"0 0 {side} {side}", **look)


def _unseen(name: str) -> Html:
    """A spoken name as text, not as aria-label: it survives a copy, a translation, a viewer without style."""
    return tag("span", f" {name} ", class_="unseen")


def _overview(overview: blocks.Overview, document: Document) -> Html:
    rows = tag("tbody", *(_overview_row(row, document) for row in overview.rows), role="rowgroup")
    table = _table(overview.caption, overview.head, [rows], "grades")
    key = (tag("li", _drawn(mark), _unseen(mark.name), tag("span", word)) for mark, word in overview.key)
    return tag("div", tag("h2", overview.heading), table, tag("ul", *key, role="list", class_="key"), class_="overview")


def _overview_row(row: blocks.OverviewRow, document: Document) -> Html:
    """Its roles are written out, for on a phone report.css makes a card of it, and that takes them away."""
    name = _named(row.code, row.title)
    link = next((f"#{_id(to)}" for to, heading in _headings(document) if heading.anchor == row.anchor != ""), "")
    title = tag("th", *([tag("a", *name, href=link)] if link else name), scope="row", role="rowheader")
    meaning = (row.word, tag("small", "\n", row.note)) if row.note else (row.word,)
    mark = tag("td", _drawn(row.mark), _unseen(row.mark.name), role="cell")
    return tag("tr", title, mark, tag("td", *meaning, role="cell"), role="row")


def _headings(document: Document) -> Iterable[tuple[int, blocks.Heading]]:
    return ((to, each) for to, each in enumerate(document.blocks) if isinstance(each, blocks.Heading))


def _contents(document: Document, place: int) -> Html:
    """Links to the headings of level 1 and 2. A page has no numbers to leaf to."""
    entries: list[tuple[Html, list[Html]]] = []
    for to, heading in _headings(document):
        if heading.level < 3:
            link = tag("a", *_named(heading.code, heading.text), href=f"#{_id(to)}")
            if heading.level == 1 or not entries:
                entries.append((link, []))
            else:
                entries[-1][1].append(tag("li", link))
    items = (tag("li", link, tag("ul", *below) if below else "") for link, below in entries)
    title = tag("h2", words(document.language).contents, id=_id(place))
    return tag("nav", title, tag("ul", *items), aria_labelledby=_id(place))
