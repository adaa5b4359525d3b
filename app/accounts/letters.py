"""The letters about a person's way in: what each says, and the link in it, which is made as it is sent.

Nothing of inspections stands in them, and no more of the person than the name, in the letter itself.
"""

from collections.abc import Callable
from datetime import timedelta

from sqlmodel import Session, select

from app.accounts import codes
from app.accounts.actions import (
    ADDRESS_CHANGED,
    CHANGED,
    INVITATION,
    LINK_MADE,
    RECOVERY,
    RECOVERY_LASTS,
    end_links,
    new_link,
)
from app.accounts.models import Person
from app.accounts.ways import may_come
from app.mail.letter import Kind, Kinds, Letter
from app.mail.models import Mail
from app.web.swedish import moment

NOT_YOU = "Var det inte du? Då behöver du inte göra något. Ditt lösenord gäller som förut."
# It may be an administrator who has done what they should not: so not "the administrator".
UNEXPECTED = (
    "Kommer det oväntat? Säg genast till någon på kansliet, så stänger de kontot och ser efter vem som gjorde det."
)
ALONE = "Lämna inte länken vidare: den som har den kan logga in som du."


def letters(address: str) -> Kinds:
    """`address`: what links begin with."""

    def with_link(write: Callable[[Session, Mail, str], Letter | None]) -> Callable[[Session, Mail], Letter | None]:
        return lambda session, mail: write(session, mail, f"{address}/valkommen/")

    return {
        INVITATION: Kind(with_link(_invitation), timedelta(days=2)),
        RECOVERY: Kind(with_link(_recovery), RECOVERY_LASTS),
        CHANGED: Kind(_changed, timedelta(days=2)),
        LINK_MADE: Kind(_link_made, timedelta(days=2)),
        codes.OFF: Kind(_codes_off, timedelta(days=2)),
        ADDRESS_CHANGED: Kind(_address_changed, timedelta(days=2)),
    }


def _invitation(session: Session, mail: Mail, links: str) -> Letter | None:
    person = _open(session, mail)
    if not person:
        return None
    end_links(session, person.id)  # of two letters, should it come to that, the later one works
    token = new_link(session, person=person.id, by=mail.by)
    said: tuple[str, ...]
    if person.password:
        subject, said = (
            "En ny länk till Sporra",
            ("Här väljer du ett nytt lösenord. Det gamla gäller tills det är gjort.",),
        )
    else:
        what = "Du har fått ett konto i Sporra, där SPUR-granskningar förbereds, genomförs och skrivs."
        subject, said = "Du är inbjuden till Sporra", (what, "Välj ett lösenord, så är du inne.")
    lasts = "Länken fungerar en gång, i sju dagar. Har den slutat fungera ber du den som bjöd in dig om en ny."
    return Letter(person.email, subject, _hello(person), said, ("Välj lösenord", links + token), (lasts, ALONE))


def _recovery(session: Session, mail: Mail, links: str) -> Letter | None:
    """Here, out of sight of who asked, it shows whether anybody has the address."""
    person = _open(session, mail)
    if not person or not may_come(session, person):
        return None
    mail.person, mail.address = person.id, ""
    token = new_link(session, person=person.id, by=mail.by, recovers=True)
    said = ("Någon har skrivit din adress under Jag har glömt lösenordet i Sporra.",)
    then = ("Länken fungerar en gång, i en timme.", NOT_YOU, ALONE)
    subject = "Välj ett nytt lösenord i Sporra"
    return Letter(person.email, subject, _hello(person), said, ("Välj lösenord", links + token), then)


def _changed(session: Session, mail: Mail) -> Letter | None:
    person = _open(session, mail)
    if not person:
        return None
    said = (f"Ditt lösenord byttes {moment(mail.made)}.", "Där du var inloggad behöver du logga in på nytt.")
    not_you = "Var det inte du? Säg genast till administratören, som kan stänga kontot så länge."
    return Letter(person.email, "Ditt lösenord i Sporra är bytt", _hello(person), said, then=(not_you,))


def _link_made(session: Session, mail: Mail) -> Letter | None:
    person = _open(session, mail)
    if not person:
        return None
    said = (
        f"En administratör gjorde en länk till ditt konto {moment(mail.made)}.",
        "Den som har länken kan välja ett nytt lösenord, eller skapa en nyckel, och logga in som du.",
        "Har du bett om den behöver du inte göra något.",
    )
    return Letter(person.email, "En länk till ditt konto i Sporra", _hello(person), said, then=(UNEXPECTED,))


def _codes_off(session: Session, mail: Mail) -> Letter | None:
    person = _open(session, mail)
    if not person:
        return None
    where = "under Mitt konto" if mail.by == person.id else "av en administratör"
    said = (
        f"Koderna som du skriver efter lösenordet stängdes av {moment(mail.made)}, {where}.",
        "Var det meningen behöver du inte göra något. Du sätter på koder igen under Mitt konto.",
    )
    return Letter(person.email, "Koderna i Sporra är avstängda", _hello(person), said, then=(UNEXPECTED,))


def _address_changed(session: Session, mail: Mail) -> Letter | None:
    """To the address before, which may be another's by now: so it says neither the name nor the new one."""
    person = _open(session, mail)
    if not person or person.email == mail.address:  # put back meanwhile
        return None
    said = (
        f"E-postadressen till ditt konto i Sporra ändrades {moment(mail.made)}, av en administratör.",
        "Du loggar in med den nya adressen, och brev från Sporra kommer dit. Hit kommer inga fler.",
        "Har du bett om det behöver du inte göra något.",
    )
    return Letter(mail.address, "Din e-postadress i Sporra är ändrad", "Hej,", said, then=(UNEXPECTED,))


def _open(session: Session, mail: Mail) -> Person | None:
    """Whose letter it is, unless the account is closed."""
    if not mail.address.isprintable():  # a NUL is nobody's, and PostgreSQL refuses to look for it
        return None
    whose = Person.id == mail.person if mail.person else Person.email == mail.address
    person = session.exec(select(Person).where(whose)).first()
    return person if person and not person.closed else None


def _hello(person: Person) -> str:
    return f"Hej {person.name},"
