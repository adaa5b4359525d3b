"""Texts that were used before: the findings of published reports, looked up by the criterion that they are linked to.

They are kept beside the signed versions, once for each criterion, so that looking one up takes as long with ten
thousand reports as with ten. Whoever may read a report finds its texts here, and nobody else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, delete, select

from app.accounts.roles import TABLE, Permission
from app.accounts.viewer import Viewer
from app.ids import is_id
from app.inspections.file import Inspection
from app.inspections.lists import within
from app.inspections.models import InspectionRow, UsedText, Version
from app.inspections.queries import find
from rubrics.model import Rubric

SHOWN = 20
_READ = 60  # of each appointment's: the same text may stand in several reports


@dataclass(frozen=True)
class Used:
    """A text, and the unit whose report it stands in: the newest of those that say the same."""

    row: UsedText
    unit: str

    @property
    def key(self) -> str:
        """What an address calls it."""
        return f"used/{self.row.inspection}/{self.row.criterion}/{self.row.place}"


def keep(session: Session, _: Viewer, row: InspectionRow, inspection: Inspection, rubric: Rubric) -> None:
    """Puts the findings of the version that was signed just now in place of those before. Twice changes nothing."""
    session.execute(delete(UsedText).where(col(UsedText.inspection) == row.id))
    session.add_all(UsedText(**each) for each in texts(row, inspection, rubric))
    session.flush()


def texts(row: InspectionRow, inspection: Inspection, rubric: Rubric) -> list[dict[str, Any]]:
    """The rows of a signed content, as values."""
    about = {name: getattr(row, name) for name in ("version", "region", "clinic", "speciality")}
    about |= {"inspection": row.id, "family": rubric.id, "day": inspection.visit.first_day or date.min}
    return [
        {**about, "place": place, "criterion": criterion, "kind": each.kind, "text": each.text}
        for place, each in enumerate(inspection.findings)
        for criterion in dict.fromkeys(each.criteria)
        if each.text.strip()
    ]


def used(session: Session, viewer: Viewer, *, but: InspectionRow, rubric: Rubric, criterion: str) -> list[Used]:
    """The texts about a criterion that the viewer may read, the newest first and each once; not those of the
    inspection that asks. Each appointment asks its own index for the first few."""
    about = (UsedText.family == rubric.id, UsedText.criterion == criterion, UsedText.inspection != but.id)
    newest = (col(UsedText.day).desc(), col(UsedText.inspection).desc(), col(UsedText.place))
    stands = and_(col(Version.inspection) == UsedText.inspection, col(Version.number) == UsedText.version)
    query = select(UsedText, Version.clinic_name, Version.hospital_name).join(Version, stands).where(*about)
    rows = [
        row for clause in _reaches(viewer) for row in session.exec(query.where(clause).order_by(*newest).limit(_READ))
    ]
    rows.sort(key=lambda row: (row[0].day, row[0].inspection, -row[0].place), reverse=True)
    found: dict[tuple[str, str], Used] = {}
    for each, clinic, hospital in rows:
        found.setdefault((each.kind, each.text), Used(each, f"{clinic}, {hospital}" if hospital else clinic))
    return list(found.values())[:SHOWN]


def _reaches(viewer: Viewer) -> Iterator[ColumnElement[bool]]:
    """One condition for each appointment that reads reports."""
    for held in viewer.held:
        if reach := TABLE[held.role].get(Permission.READ_REPORT):
            yield within(reach, held, viewer, UsedText, col(UsedText.inspection))


def start_of(session: Session, viewer: Viewer, key: str) -> UsedText | None:
    """The text that somebody chose to begin with, where they may read it."""
    room, inspection, criterion, place = (*key.split("/"), "", "", "")[:4]
    if room != "used" or not is_id(inspection):
        return None
    about = select(UsedText).where(UsedText.inspection == inspection)
    rows = (each for each in session.exec(about) if (each.criterion, str(each.place)) == (criterion, place))
    found = next(rows, None)
    return found if found and viewer.may(Permission.READ_REPORT, find(session, inspection).whose) else None
