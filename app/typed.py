"""What people type, made ready to be kept: names and e-mail addresses, with a sentence where one cannot be.

The shapes that forms and JSON share are built of these; `wrong` gives back what to say at which field.
"""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, ValidationError
from pydantic_core import PydanticCustomError

from app.errors import Unacceptable
from app.ids import is_id

LONGEST = 200
CHANGED_SINCE = "Någon har ändrat det sedan dess, så det står kvar."  # and is not put back
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Unfit(Unacceptable):
    """Refused by a rule that needs the database: a name that is taken, say. `field` is where to mend it."""

    def __init__(self, field: str, told: str) -> None:
        super().__init__(told)
        self.field = field


def wrong(error: ValidationError | Unfit) -> dict[str, str]:
    """The sentence for each field."""
    if isinstance(error, Unfit):
        return {error.field: error.told}
    return {str(each["loc"][0]): each["msg"] for each in error.errors()}


def _name(text: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", text).split())  # an å typed on a Mac is the å of everybody else
    if not name:
        raise PydanticCustomError("name", "Skriv ett namn.")
    if len(name) > LONGEST:
        raise PydanticCustomError("name", "Skriv ett kortare namn, högst {longest} tecken.", {"longest": LONGEST})
    if not name.isprintable():
        raise PydanticCustomError("name", "Skriv namnet på nytt. Det finns ett tecken i det som inte syns.")
    return name


def _email(text: str) -> str:
    email = text.strip().lower()
    if not _EMAIL.fullmatch(email) or not email.isprintable() or len(email) > LONGEST:
        raise PydanticCustomError("email", "Skriv en e-postadress, till exempel alva@exempel.se.")
    return email


def _id(text: str) -> str:
    if not is_id(text):
        raise PydanticCustomError("id", "Välj bland dem som står här.")
    return text


Name = Annotated[str, AfterValidator(_name)]
Email = Annotated[str, AfterValidator(_email)]
Id = Annotated[str, AfterValidator(_id)]
