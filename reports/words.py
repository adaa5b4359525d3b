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
    region: str  # ISO 3166: the country whose spelling and hyphenation are meant


_WORDS = {
    "sv": Words("Sida", "av", "Innehåll", "Vald", "Inte vald", "SE"),
    "en": Words("Page", "of", "Contents", "Chosen", "Not chosen", "GB"),
}


def words(language: str) -> Words:
    """The words for a BCP 47 tag, judged by its first part."""
    return _WORDS.get(language.partition("-")[0], _WORDS["sv"])
