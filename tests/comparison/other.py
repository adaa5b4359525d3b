"""An inspection by another rubric than the common one, signed as far as comparison looks."""

from app import audit
from app.accounts.viewer import OFFICE
from app.comparison.keeping import keep
from app.ids import new_id
from app.inspections.content import canonical
from app.inspections.file import Inspection
from app.inspections.models import InspectionRow, Version
from app.inspections.rubric_copy import keep as keep_copy
from app.inspections.rubric_copy import rubric_of, taken
from rubrics.library import Library
from tests.factories import Drafted, an_inspection

OTHER = "at-spur/utkast@1"


def signed_by_another_rubric(draft: Drafted) -> str:
    """Its id."""
    rubric = taken(Library(), OTHER)
    with draft.database.writing() as session:
        id = an_inspection(session, draft.place, draft.office, draft.a)
        keep_copy(session, rubric)
        row = session.get_one(InspectionRow, id)
        row.state, row.rubric, row.rubric_sha256 = "signed", OTHER, rubric.sha256
        graded = {area.id: {"grade": area.offered[-1]} for area in rubric.rubric.areas}
        unit = {"region": "R", "clinic": "C"}
        given = {"format": "inspection/1", "rubric": OTHER, "specialty": "X", "areas": graded, "unit": unit}
        content = Inspection.model_validate(given)
        facts = {"content": canonical(content), "content_sha256": new_id(), "rubric_sha256": rubric.sha256, "seq": 0}
        names = {"clinic_name": "C", "hospital_name": "", "specialty": "X"}
        session.add(Version(inspection=id, number=1, signed=audit.now(), **facts, **names))
        session.flush()
        keep(session, OFFICE, row, content, rubric_of(session, rubric.sha256))
    return id
