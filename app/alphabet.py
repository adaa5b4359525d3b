"""How names are put in order: as in a Swedish telephone book, å ä ö last, whatever the database thinks of letters.

The same key serves for searching, since it tells neither capitals nor accents apart. Pure.
"""

import unicodedata

_LAST = str.maketrans({"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}"})  # the characters after z


def in_order(text: str) -> str:
    letters = unicodedata.normalize("NFC", text).casefold().translate(_LAST)
    return "".join(each for each in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(each))
