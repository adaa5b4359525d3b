"""The product's own record of processing (GDPR art. 30), as a document for the data protection officer. Pure.

What only the region can say (who answers for it, on which legal ground, whom to ask) is taken from the settings, and
where nobody has said it the document says so, in words that are easy to search for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.privacy.shape import GROUPS, Register, Stored
from reports.blocks import Block, Contents, Document, Fact, Facts, Front, Heading, Numbered, Paragraph, Rank, Voice

UNCONFIRMED = "INTE BEKRÄFTAT"
TITLE = "Registerförteckning"
_HOLDS = {
    "whose": "vem uppgiften gäller, som nummer",
    "others": "någon annan som hade del i det, som nummer",
    "email": "e-postadress",
    "facts": "uppgift om personen",
    "texts": "text som någon har skrivit och som kan nämna personer",
    "secrets": "hemlighet för inloggning, så långt det går som kontrollsumma",
}
_RECEIVERS = (
    "Inspektörer och kansliet ser de inspektioner som deras roll når.",
    "Kliniken, regionkansliet och specialitetens samordnare läser fastställda rapporter och inlämnade planer inom sitt "
    "område.",
    "Fastställda rapporter är allmänna handlingar och kan lämnas ut till den som begär det.",
    "Sporra skickar inget till andra system. Den som driver servern är personuppgiftsbiträde.",
)
_GUARDS = (
    "Var och en ser det som rollen når. Det övriga finns inte för den: samma svar som för en sida som inte finns.",
    "Lösenord sparas med argon2id, och allt annat som släpper in någon bara som kontrollsumma.",
    "Varje ändring är en händelse i en logg utan namn och utan text.",
    "Det som raderas skrivs över i databasen. I säkerhetskopior försvinner det när kopian blir för gammal.",
    "Anteckningar och underlag ser bara inspektionens egna inspektörer.",
)


@dataclass(frozen=True)
class Said:
    """What the region has said, and how long working material is kept. "" = nobody has said."""

    controller: str
    legal_ground: str
    contact: str
    erase_months: int


def time_of(register: Register, erase_months: int) -> str:
    return register.time.format(erase_months=erase_months)


def record(registers: Sequence[Register], said: Said) -> Document:
    return Document(
        title=f"{TITLE} för Sporra",
        language="sv",
        authors=(said.controller,) if said.controller else (),
        subject="Behandling av personuppgifter",
        day=None,
        header=TITLE,
        footer=(
            "Sporra, inspektioner av läkares specialiseringstjänstgöring",
            "Enligt artikel 30 i dataskyddsförordningen",
        ),
        blocks=tuple(_blocks([each for each in registers if each.about], said)),
        front=_front(said),
    )


def _front(said: Said) -> Front:
    rows = (
        Fact("Ändamål", ("Granskning av läkares utbildning", "Inspektioner, rapporter och handlingsplaner")),
        Fact("Ansvarig", (said.controller or UNCONFIRMED,)),
        Fact("Kontakt", (said.contact or UNCONFIRMED,)),
        Fact("Rättslig grund", (said.legal_ground or UNCONFIRMED,)),
    )
    note = "Förteckningen görs av samma lista som programmet följer när det lämnar ut, raderar och gallrar."
    return Front(TITLE, "Sporra", Facts("Uppgifter om behandlingen", ("Uppgift", "Svar"), rows), note)


def _blocks(registers: Sequence[Register], said: Said) -> Iterator[Block]:
    yield Contents()
    yield Heading("Vad som behandlas")
    for each in registers:
        yield from _register(each, said)
    yield Heading("Mottagare")
    yield Numbered(_RECEIVERS)
    yield Heading("Överföring till tredjeland")
    yield Paragraph("Ingen från programmet. Var servern står bestämmer den personuppgiftsansvariga.")
    yield Heading("Skydd")
    yield Numbered(_GUARDS)
    yield Heading("Tabeller och kolumner", rank=Rank.APPENDIX)
    yield Paragraph("Varje kolumn i databasen som rör en person.", Voice.ASIDE)
    for each in registers:
        yield Heading(f"Kolumner: {each.title}", 2)
        for stored in each.tables:
            if stored.is_personal:
                yield Heading(stored.table, 3)
                yield Paragraph("\n".join(_columns(stored)))


def _register(register: Register, said: Said) -> Iterator[Block]:
    yield Heading(register.title, 2)
    yield Paragraph(register.what)
    yield Paragraph(f"Om: {', '.join(each.value for each in register.about)}.")
    yield Paragraph(f"Varför: {register.why}")
    yield Paragraph(f"Rättslig grund: {said.legal_ground or UNCONFIRMED}")
    yield Paragraph(f"Hur länge: {time_of(register, said.erase_months)}")


def _columns(stored: Stored) -> Iterator[str]:
    for group in GROUPS[:-1]:
        if columns := ", ".join(getattr(stored, group)):
            yield f"{_HOLDS[group].capitalize()}: {columns}"
