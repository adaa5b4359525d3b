"""The few words that the writers themselves put on a page, by language.

Everything else that a document says comes with its blocks. An unknown language gets
Swedish, the language of the field.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    page: str  # "Sida 3 av 13"
    of: str
    contents: str
    ticked: str  # how a box is read aloud
    unticked: str


_WORDS = {
    "sv": Words("Sida", "av", "Innehåll", "Vald", "Inte vald"),
    "en": Words("Page", "of", "Contents", "Chosen", "Not chosen"),
}


# The country whose spelling and hyphenation are meant where a language is named without one.
_COUNTRIES = {"sv": "SE", "en": "GB", "da": "DK", "nb": "NO", "nn": "NO", "fi": "FI", "is": "IS", "de": "DE"}


def country(language: str) -> str:
    """The country (ISO 3166) of a BCP 47 tag: its own, else the usual one; "" where none is known."""
    first, *rest = language.split("-")
    own = next((part for part in rest if len(part) == 2), "")
    return own.upper() or _COUNTRIES.get(first, "")


def words(language: str) -> Words:
    """The words for a BCP 47 tag, judged by its first part."""
    return _WORDS.get(language.partition("-")[0], _WORDS["sv"])
