"""What stands around every page of an inspection: where one is, and the inspection's other pages."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam
from sqlmodel import Session, col, func, select

from app.accounts.roles import Permission
from app.inspections.access import Here
from app.inspections.apart import in_own_voice
from app.inspections.declaring import to_decide, to_declare
from app.inspections.file import Inspection
from app.inspections.models import FindingRow, InspectionRow, Signature, Version
from app.inspections.owed import Owed
from app.inspections.reading import Reading
from app.inspections.signing import left
from app.inspections.withholding import REASONS
from app.writing.models import Revision, Subject
from app.writing.said import heads
from rubrics.model import Rubric

_ASKED: BindParameter[str] = bindparam("inspection")
_LAST = select(Revision.received).where(Revision.subject == _ASKED).order_by(col(Revision.seq).desc()).limit(1)
_FINDINGS = select(func.count()).where(FindingRow.inspection == _ASKED, col(FindingRow.hidden).is_(False))
_COUNTED = select(Subject.seq, _LAST.scalar_subquery(), _FINDINGS.scalar_subquery()).where(Subject.id == _ASKED)


def frame(session: Session, here: Here, current: str, to_do: Sequence[Owed] | None = None) -> dict[str, Any]:
    """For a page called `current`: `row`, `seq` (how much had been written when it was drawn), `url`, `tabs`, `unit`,
    `correcting`; for who writes `captures` (the areas that a finding may belong to); for the line that says so, whether
    something was `saved` just now and when it last was; how much is `to_agree` since all have answered alone, and
    how many lines are `owed` in all; why the version that stands is `withheld`, "" where it is not. `to_do` = what is
    left, from a page that has read it."""
    row = here.row
    seq, written_last, findings = _counted(session, row)
    tabs: list[tuple[str, str, bool, int | None]] = []
    if here.may(Permission.SEE_DRAFT):
        tabs.append(("Översikt", here.url, current == "oversikt", None))
    if here.may(Permission.SEE_WORK):
        tabs += [
            ("Områden", f"{here.url}/omraden", current == "omraden", None),
            ("Iakttagelser", f"{here.url}/iakttagelser", current == "iakttagelser", findings),
            ("Program", f"{here.url}/program", current == "program", None),
        ]
    if here.may(Permission.NOTES):
        tabs.append(("Underlag", f"{here.url}/underlag", current == "underlag", None))
    if here.may(Permission.SEE_WORK):
        tabs.append(("Slutsamtal", f"{here.url}/slutsamtal", current == "slutsamtal", None))
    lines: Sequence[Owed] = ()
    if here.may(Permission.SEE_DRAFT):
        tabs.append(("Rapport", f"{here.url}/rapport", current == "rapport", None))
        if row.state == "draft":
            lines = _all_that_is_left(session, here) if to_do is None else to_do
            tabs.append(("Kvar", f"{here.url}#kvar-att-gora", False, len(lines)))
    about = {"row": row, "seq": seq, "url": here.url}
    about |= {"tabs": tabs, "unit": unit(row), "correcting": correcting(row), "owed": len(lines)}
    about |= {"withheld": _withheld(session, row)}
    areas = [(each.id, each.name) for each in here.rubric(session).areas] if here.writes else []
    about |= {"to_agree": next((each.count for each in lines if each.place == "voices" and not each.stops), 0)}
    return about | {"captures": areas, "saved": False, "saved_at": written_last}


def _withheld(session: Session, row: InspectionRow) -> str:
    if row.state == "draft":
        return ""
    last = select(Version.withheld).where(Version.inspection == row.id, Version.number == row.version)
    return REASONS.get(session.exec(last).one(), "")


def _counted(session: Session, row: InspectionRow) -> tuple[int, datetime | None, int]:
    """How much has been written, when the last of it was, and how many findings there are."""
    seq, last, findings = session.execute(_COUNTED, {"inspection": row.id}).one()
    return seq, last, findings


def unit(row: InspectionRow) -> str:
    return f"{row.clinic_name}, {row.hospital_name}" if row.hospital_name else row.clinic_name


def correcting(row: InspectionRow) -> bool:
    """A signed version is being corrected: the draft is of the next one."""
    return row.state == "draft" and row.version > 1


def taken_back(session: Session, here: Here) -> datetime | None:
    """When the viewer's own signature was last taken back, unless it has been given again."""
    at = (Signature.inspection == here.row.id, Signature.version == here.row.version)
    own = select(Signature.withdrawn).where(*at, Signature.person == here.viewer.id)
    given = session.exec(own.order_by(col(Signature.at).desc()).limit(1)).first()
    return given if here.row.state == "draft" else None


def as_heard(here: Here, reading: Reading) -> Inspection:
    """The content; while all answer alone, with what the viewer has said so."""
    made, session = reading.content(), reading.session
    if not here.row.apart:
        return made
    return in_own_voice(made, here.rubric(session), heads(session, here.row.id, here.voice).values())


def _all_that_is_left(session: Session, here: Here) -> list[Owed]:
    reading = here.reading(session)
    return what_is_left(here, reading, as_heard(here, reading))


def what_is_left(here: Here, reading: Reading, made: Inspection) -> list[Owed]:
    """As far as the viewer sees, of the content that they see (`made`)."""
    session = reading.session
    owed = left(reading, made, here.rubric(session), works=here.may(Permission.SEE_WORK))
    if here.may(Permission.SIGN):
        owed += to_declare(session, here.row, here.viewer.id)
    if here.may(Permission.STAFF):
        owed += to_decide(session, here.row, tie_years=here.tie_years)
    return owed


def links(to_do: Iterable[Owed], here: Here, rubric: Rubric) -> list[tuple[Owed, str]]:
    """What is left, each with the address where it is mended; "" where the viewer may not go."""
    works, open_to_all = here.may(Permission.SEE_WORK), ("front/", "inspectors")
    return [
        (each, f"{here.url}/{_mended_at(each.place, rubric)}" if works or each.place.startswith(open_to_all) else "")
        for each in to_do
    ]


def _mended_at(place: str, rubric: Rubric) -> str:
    room, _, rest = place.partition("/")
    match room:
        case "front":
            return f"framsida#{place}"
        case "area":
            area, _, name = rest.partition("/")
            return f"omraden/{area}#{'narr' if name == 'narrative' else place}"
        case "criterion":
            criterion = rest.split("/")[0]
            return f"omraden/{rubric.area_of.get(criterion, '')}#{criterion}"
        case "finding":
            return f"iakttagelser#f-{rest.split('/')[0]}"
        case "clashes":
            return "olika"
        case "voices":
            return "jamka"
        case "independence":
            return "band"
        case "inspectors":
            return "inspektorer"
        case _:
            return "iakttagelser"
