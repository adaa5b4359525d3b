"""Plain text: readable in a terminal, and never at the price of a character."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.blocks import Document, Group, Heading, Numbered, Paragraph, Ruled, Voice
from reports.formats import write
from reports.to_text import WIDTH, row, width
from tests.reports.test_to_html import FORM, HOSTILE, REPORT

BARE = replace(REPORT, blocks=(), front=None, status="", footer=())


def text(document: Document) -> str:
    return write(document, "txt").decode()


def folded(*texts: str) -> str:
    return " ".join(" ".join(texts).split())


REPORT_AS_TEXT = """\
===============
GRANSKNING
av tjänstgöring
===============

Utkast, inte fastställt

Uppgifter

Uppgift   Gäller
Klinik    Länssjukhuset
          Medicin

Utgåva 1.


Översikt
========

Gradering per område

Område                                Gradering  Innebörd
------------------------------------------------------------------------------
E  Handledning                        C          Åtgärder rekommenderas
                                                 Ändrad 2022-03-01
   Lokaler                            –          Ingen gradering angiven
------------------------------------------------------------------------------
C   Åtgärder rekommenderas


Styrkor
=======

1. Allsidig verksamhet.


Svagheter
=========

–


STRUKTUR
========

E Handledning
-------------

Två rader
har den.

>> Ändrad till C.

Föreskrift
Det innebär:
- Samtal hålls.

Kvalitetsindikator
- Sidoutbildning följs upp.

Gradering
[ ] A. Allt följs.
[x] C. Brister.


==============================================================================

Bilaga
======

Klinikens egen text.

E Handledning
-------------

    Vi gör om.


------------------------------------------------------------------------------
Medicinkliniken
underlag 9c1f
"""


def test_a_report_in_full():
    assert text(REPORT) == REPORT_AS_TEXT


def test_a_form_in_full():
    assert (
        text(replace(FORM, blocks=(*FORM.blocks[:5], Ruled(("", "Styrkor"), 1))))
        == f"""\
=========
Protokoll
=========

Klinik {"_" * 54}   Datum {"_" * 8}


E Handledning
=============

Kriterier

Nr  Kriterium
    [ ] Uppfyllt   [ ] Ej uppfyllt
------------------------------------------------------------------------------

Föreskrift
Det innebär:

F1  Samtal hålls.
    [ ] Uppfyllt   [ ] Ej uppfyllt

F2  Planer finns.
    [ ] Uppfyllt   [ ] Ej uppfyllt

E Anteckningar
--------------

{"_" * 78}

Styrkor

{"_" * 78}
"""
    )


def test_hostile_text_stands_there_whole_and_a_long_word_in_one_piece():
    written = text(replace(BARE, blocks=(Paragraph(HOSTILE),)))
    assert folded(written).endswith(folded(HOSTILE))
    assert "W" * 20_000 in written
    assert "</style>\n{{ 7*7 }}" in written, "a line feed of the text stays a line end"


def test_lines_hang_under_their_text_and_break_at_spaces_only():
    long = "ST-läkarna deltar " * 6
    lines = text(replace(BARE, blocks=(Numbered((long,) * 10), Group("H", (), (long,), 0)))).splitlines()
    assert [line for line in lines if line.startswith("10.")] == [f"10. {folded('ST-läkarna deltar ' * 4)}"]
    assert lines[lines.index("H") + 2] == "  ST-läkarna deltar ST-läkarna deltar"


def test_what_another_party_says_is_indented_throughout():
    (block,) = (Paragraph("ord " * 40, Voice.GUEST),)
    lines = text(replace(BARE, blocks=(Heading("Bilaga"), block))).splitlines()
    assert {line[:5] for line in lines[-3:]} == {"    o"}


@pytest.mark.parametrize(("shown", "columns"), [("åäö –", 5), ("e\u0301\u200b", 1), ("中文", 4), ("🙂", 2), ("", 0)])
def test_width_is_what_a_terminal_gives(shown, columns):
    assert width(shown) == columns


WORDS = st.text(st.sampled_from("abcåäö-–\u0301\u00a0\u200b中🙂 \t\n") | st.characters(exclude_categories=["Cs", "Cc"]))
LONG = st.tuples(WORDS, st.integers(1, 90)).map(lambda pair: pair[0] * pair[1])
CELLS = st.lists(st.tuples(st.integers(1, 24), WORDS | LONG), min_size=1, max_size=4)


@given(CELLS)
def test_any_row_gives_its_texts_back_in_order_and_keeps_to_its_width(cells):
    columns = [sum(step for step, _ in cells[:place]) for place in range(len(cells))]
    lines = row(*zip(columns, (each for _, each in cells), strict=True))
    assert folded(*lines) == folded(*(each for _, each in cells))
    assert [line for line in lines if width(line) > WIDTH and " " in line.strip(" ")] == []
    assert [line for line in lines if line.endswith(" ")] == []
