"""What recurs, said as a sentence: "minst 6 EPA per ST-läkare och år", "Balintgrupp varannan vecka". Pure.

In the rubric's language where the program knows it, else Swedish.
"""

from rubrics.measures import Each, Per, Recurs

_COUNTED = ("två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")  # from 2
_ORDINALS = ("tredje", "fjärde", "femte", "sjätte", "sjunde", "åttonde", "nionde", "tionde", "elfte", "tolfte")  # 3
_UNIT: dict[Per, str] = {"week": "vecka", "month": "månad", "year": "år"}
_UNITS: dict[Per, str] = {"week": "veckor", "month": "månader", "year": "år"}
_WHOSE: dict[Each, str] = {"clinic": "", "trainee": "ST-läkare", "supervisor": "handledare"}
_WHOSE_EN: dict[Each, str] = {"clinic": "", "trainee": "trainee", "supervisor": "supervisor"}


def promise(recurs: Recurs, language: str = "sv") -> str:
    """What is promised, without a full stop."""
    return _english(recurs) if language.partition("-")[0] == "en" else _swedish(recurs)


def _swedish(recurs: Recurs) -> str:
    if recurs.times == 1 and recurs.each == "clinic":
        return _led(recurs.term, _rhythm(recurs.every, recurs.per))
    counted = recurs.term or ("gång" if recurs.times == 1 else "gånger")
    whose = _WHOSE[recurs.each]
    if recurs.every == 1:
        span = f"per {whose} och {_UNIT[recurs.per]}" if whose else f"per {_UNIT[recurs.per]}"
    else:
        span = (f"per {whose} " if whose else "") + f"på {number(recurs.every)} {_UNITS[recurs.per]}"
    return f"minst {recurs.times} {counted} {span}"


def _rhythm(every: int, per: Per) -> str:
    year = per == "year"
    if every == 1:
        return f"varje {_UNIT[per]}"
    if every == 2:
        return f"{'vartannat' if year else 'varannan'} {_UNIT[per]}"
    ordinal = _ORDINALS[every - 3] if every < len(_ORDINALS) + 3 else f"{every}:e"
    return f"{'vart' if year else 'var'} {ordinal} {_UNIT[per]}"


def number(count: int) -> str:
    """A small number as a word, as Swedish writes it in a sentence."""
    return _COUNTED[count - 2] if 2 <= count < len(_COUNTED) + 2 else str(count)


def _english(recurs: Recurs) -> str:
    if recurs.times == 1 and recurs.each == "clinic":
        every = {1: "", 2: "other "}.get(recurs.every)
        rhythm = f"every {recurs.every} {recurs.per}s" if every is None else f"every {every}{recurs.per}"
        return _led(recurs.term, rhythm)
    counted = recurs.term or ("time" if recurs.times == 1 else "times")
    whose = _WHOSE_EN[recurs.each]
    if recurs.every == 1:
        span = f"per {whose} and {recurs.per}" if whose else f"per {recurs.per}"
    else:
        span = (f"per {whose} " if whose else "") + f"in {recurs.every} {recurs.per}s"
    return f"at least {recurs.times} {counted} {span}"


def _led(term: str, rhythm: str) -> str:
    return f"{term} {rhythm}" if term else rhythm
