"""The demonstration's visit: whom one meets and when, what one has noted, and what the clinic has sent. Invented,
all of it, and reckoned from the visit's first day. Nobody is named: roles alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.ids import id_from
from app.inspections.fields import BEGINS, DAY, ENDS, FREE, NOTE, ROLE, ROOM, WHO
from app.writing.desk import Operation
from reports.blocks import Block, Document, Heading, Numbered, Paragraph
from reports.formats import write

INVENTED = "Påhittat exempel, som allt här."


@dataclass(frozen=True)
class Talk:
    after: int  # days from the visit's first
    begins: str
    ends: str
    who: str
    role: str
    room: str


TALKS = (
    Talk(0, "08:30", "09:15", "Verksamhetschef", "chef", "Konferensrummet, plan 2"),
    Talk(0, "09:30", "10:15", "Studierektor", "studierektor", "Konferensrummet, plan 2"),
    Talk(0, "10:30", "11:30", "ST-läkare, år 1–2", "st", "Biblioteket"),
    Talk(0, "13:00", "14:00", "ST-läkare, år 3–5", "st", "Biblioteket"),
    Talk(0, "14:15", "15:00", "Handledare", "handledare", "Biblioteket"),
    Talk(0, "15:15", "16:00", "Rundvandring på akuten och avdelningen", "annan", "Vi möts i entrén"),
    Talk(1, "08:30", "09:15", "Sjuksköterskor på avdelningen", "annan", "Konferensrummet, plan 2"),
    Talk(1, "09:30", "10:30", "Handledare, de som inte kunde första dagen", "handledare", "Biblioteket"),
    Talk(1, "13:00", "14:00", "Slutsamtal med verksamhetschef och studierektor", "chef", "Konferensrummet, plan 2"),
)
# By the talk's place in the list above: what each of the two inspectors has noted, and about what.
NOTES: tuple[tuple[int, int, str, str], ...] = (
    (0, 0, FREE, "Ny chef sedan i våras. Vill ha ett schema där handledningen syns. Frågar vad andra kliniker gör."),
    (0, 0, "D-F1", "Säger att riktlinjerna skrevs om förra året och ligger på intranätet. Be att få se dem."),
    (
        1,
        1,
        FREE,
        "Studierektorn har 20 procent för uppdraget. Det räcker i vardagen, inte inför en SPUR.",
    ),
    (1, 1, "B-KI2", "Handledarträffar två gånger per termin, ungefär hälften kommer."),
    (2, 0, "C-KI1", "Delar skrivplats, tre om två. Kön är längst efter ronden."),
    (2, 0, "D-F3", "Alla har ett utbildningsprogram. De på år 1 har inte gått igenom det med sin handledare än."),
    (2, 1, "D-F3", "Programmen finns, men följs inte upp på något bestämt sätt."),
    (3, 1, "E-F1", "Handledningen ställs in när det är fullt på avdelningen, ofta utan ny tid."),
    (4, 0, "E-F1", "Säger själva att den egna tiden för handledning är det första som går."),
)


def programme(inspection: str, first_day: date) -> Iterator[Operation]:
    for n, talk in enumerate(TALKS):
        id = _id(inspection, n)
        day = first_day + timedelta(days=talk.after)
        told = {WHO: talk.who, ROLE: talk.role, DAY: str(day), BEGINS: talk.begins, ENDS: talk.ends, ROOM: talk.room}
        for kind, value in told.items():
            key = kind.key(interview=id)
            yield Operation(id_from(inspection, key), key, value)


def notes(inspection: str, inspector: int, person: str) -> Iterator[Operation]:
    """Those of the first inspector, or of the second."""
    for n, whose, about, text in NOTES:
        if whose == inspector:
            key = NOTE.key(interview=_id(inspection, n), person=person, about=about)
            yield Operation(id_from(inspection, key), key, text)


def _id(inspection: str, n: int) -> str:
    return id_from(inspection, "demo", str(n))


# ── What the clinic has sent ──────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Paper:
    about: str
    name: str
    content: bytes


def papers(unit: str) -> tuple[Paper, ...]:
    """Small, and made by our own writers. Slow: not for the writer."""
    return (
        Paper("D-F1", "Riktlinje för ST.pdf", write(_guideline(unit), "pdf")),
        Paper("", "Introduktion för nya ST-läkare.docx", write(_introduction(unit), "docx")),
    )


def _guideline(unit: str) -> Document:
    return _document(
        unit,
        "Riktlinje för specialiseringstjänstgöring",
        Paragraph("Riktlinjen beskriver hur målbeskrivningen uttolkas på kliniken och gäller alla ST-läkare."),
        Heading("Handledning", level=2),
        Numbered(
            (
                "Varje ST-läkare har en huvudansvarig handledare, från första dagen.",
                "Handledning läggs in i schemat en timme varannan vecka. Ställs den in sätts en ny tid samma vecka.",
            )
        ),
        Heading("Uppföljning", level=2),
        Numbered(
            (
                "Det individuella utbildningsprogrammet gås igenom en gång per termin, och skrivs om när det behövs.",
                "Studierektorn är med vid den årliga genomgången.",
            )
        ),
    )


def _introduction(unit: str) -> Document:
    return _document(
        unit,
        "Introduktion för nya ST-läkare",
        Heading("Första veckan", level=2),
        Numbered(("Genomgång av lokaler och system.", "Första mötet med den huvudansvariga handledaren.")),
        Heading("Första månaden", level=2),
        Numbered(("Utbildningsprogrammet skrivs, med handledaren.", "Första jouren går man bredvid.")),
    )


def _document(unit: str, title: str, *blocks: Block) -> Document:
    return Document(
        title=title,
        language="sv",
        authors=(unit,),
        subject=INVENTED,
        day=None,
        header=unit,
        footer=(INVENTED,),
        blocks=(Heading(title), Paragraph(INVENTED), *blocks),
    )
