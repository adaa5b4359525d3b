"""What can go wrong on the way to an answer, as sentences for the person who asked.

Every room may raise these; the web turns them into a page, a part of one, or JSON.

    Refusal            400
    ├── Unreadable     400   what was sent cannot be read
    ├── SignedOut      401   sign in (again)
    ├── NotAllowed     403   seen, but not to be done by you
    ├── Unconfirmed    403   show once more that it is you
    ├── NotFound       404   is not there, or is not yours to see: nobody can tell which
    │   └── NotYours         the latter, which the history of events alone is told
    ├── Stale          409   something else has happened since
    ├── Withheld       410   was there, and is taken away for good
    ├── TooLarge       413
    ├── Unacceptable   422   understood, but something in it must be mended
    ├── TooOften       429   the same again, later
    ├── Busy           503   try again, it passes
    ├── Unreachable    503   the database is away
    └── NoRoom         507   the server's disk takes no more
"""


class Refusal(Exception):
    """`told` says in Swedish what happened and what to do; `retry_after` is in seconds."""

    status = 400
    title = "Det gick inte"

    def __init__(self, told: str, *, retry_after: int | None = None) -> None:
        super().__init__(told)
        self.told = told
        self.retry_after = retry_after


class Unreadable(Refusal):
    title = "Det gick inte att läsa det som skickades"


class SignedOut(Refusal):
    status = 401
    title = "Logga in igen"

    def __init__(self, told: str = "Du är inte inloggad. Logga in och gör om det.") -> None:
        super().__init__(told)


class NotAllowed(Refusal):
    status = 403
    title = "Det här kan du inte göra"


class Unconfirmed(Refusal):
    status = 403
    title = "Bekräfta att det är du"

    def __init__(self, page: str = "") -> None:
        """`page`: where what was asked for is asked for, if that has another address."""
        super().__init__("Det var ett tag sedan du loggade in. Bekräfta att det är du och gör om det.")
        self.page = page


class NotFound(Refusal):
    status = 404
    title = "Vi hittar inte den sidan"

    def __init__(self, told: str = "Det du har skrivit är inte påverkat. Kontrollera adressen.") -> None:
        super().__init__(told)


class NotYours(NotFound):
    """Told to the letter as what is not there."""


class Stale(Refusal):
    status = 409
    title = "Något har hänt sedan du öppnade sidan"


class Withheld(Refusal):
    status = 410
    title = "Den här finns inte kvar"


class TooLarge(Refusal):
    status = 413
    title = "Det var för stort"


class Unacceptable(Refusal):
    status = 422
    title = "Något behöver rättas"


class TooOften(Refusal):
    status = 429
    title = "Det blev för ofta"


class Busy(Refusal):
    status = 503
    title = "Det är många som sparar just nu"


class Unreachable(Refusal):
    status = 503
    title = "Databasen svarar inte"


class NoRoom(Refusal):
    status = 507
    title = "Filen fick inte plats"
