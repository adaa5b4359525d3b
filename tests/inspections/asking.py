"""The JSON door, knocked at: what is asked of an inspection, and how a refusal is told."""

from typing import Any

from app.accounts.viewer import Viewer
from app.ids import new_id
from app.web.schemas import Error
from tests.inspections.conftest import Visit

TEXT = "area/E/narrative"
JSON = {"content-type": "application/json"}


def ask(visit: Visit, by: Viewer, method: str, path: str = "", **more: Any) -> Any:
    answer = visit.browser(by).ask(method, f"/api/inspections/{visit.id}{path}", JSON, **more)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


def refused(visit: Visit, by: Viewer, method: str, path: str, **more: Any) -> tuple[int, str]:
    """The status, and what is told; anything else than an error as it is described fails."""
    answer = visit.browser(by).ask(method, path, **more)
    told = Error.model_validate_json(answer.content, extra="forbid").error
    assert (answer.headers["content-type"], told.status) == ("application/json", answer.status_code)
    return answer.status_code, told.told


def op(field: str, value: object, id: str = "", **more: object) -> dict[str, object]:
    return {"id": id or new_id(), "field": field, "value": value, **more}
