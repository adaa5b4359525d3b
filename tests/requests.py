"""A request to any route of the application, put together from examples by the names of what it takes.

A new route is asked for by itself. All that it may have to add is an example for a name that nobody used before.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from fastapi import params
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel

from app.accounts.access import Gate
from app.ids import new_id
from app.lists.preview import packed
from app.writing.forms import _form
from tests.paths import KALMAR


@dataclass(frozen=True)
class Target:
    """What a request is about: a place, an inspection there, a plan there (of another inspection, signed), somebody
    who works there. By ids."""

    region: str
    hospital: str
    clinic: str
    speciality: str
    inspection: str
    revision: str  # the operation that its `front/place` stands on
    interview: str  # a talk of its programme
    attachment: str  # a picture of its own
    plan: str  # submitted, not answered
    planned: str  # its inspection
    measure: str
    occurrence: str
    text: str  # the operation that its `area/E/text` stands on
    reason: str  # and its `version/1/area/E/reason`
    inspector: str
    person: str
    appointment: Callable[[], str] = new_id  # one of that person's, made for the asking: routes end it

    @property
    def ids(self) -> Mapping[str, str]:
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "appointment"}


def nowhere(like: Target) -> Target:
    """What is not there. The inspector is: whether somebody inspects is no secret of the place."""
    return replace(like, **{name: new_id() for name in like.ids if name != "inspector"}, appointment=new_id)


Example = Callable[[Target], Any]
LIST = b"Region;Sjukhus;Slag;Klinik\nRegion Lista;Listans lasarett;Sjukhus;Listkliniken\n"
SHEET = "6f1c0f0e-1b7e-4c55-9d0e-6a5b1c0a9a51"

TIES = ("/konto/band", "/personer/{id}/band", "/inspektioner/{inspection}/band/nytt")

STANDS = ("/platser/{level}/{id}", "/personer/{id}")
STOOD = {"stood_name": "", "stood_email": "", "stood_specialities": []}

# By name; with the part of the path before it, or with the whole path, where the name alone says too little.
EXAMPLES: dict[str, Example] = {
    "plan": lambda at: at.plan,
    "/inspektioner/{inspection}/plan inspection": lambda at: at.planned,
    "attachment": lambda at: at.attachment,
    "/inspektioner/{inspection}/band efter": lambda _: "",
    "/inspektioner/{inspection}/band/nytt efter": lambda _: "",
    "/inspektioner/{inspection}/band/nytt where": lambda at: at.hospital,
    **{f"{path}/band where": lambda at: at.clinic for path in ("/konto", "/personer/{id}")},
    **{f"{path} kind": lambda _: "employed" for path in TIES},
    "/api/inspections/{inspection}/attachments/{attachment} file": lambda _: b"%PDF-1.7\n%%EOF",
    "measure": lambda at: at.measure,
    "/planer/{plan}/historik falt": lambda _: "area/E/text",
    "/planer/{plan}/historik version": lambda at: at.text,
    "/planer/{plan}/svar/historik falt": lambda _: "version/1/area/E/reason",
    "/planer/{plan}/svar/historik version": lambda at: at.reason,
    "/api/plans/{plan}/answer version": lambda _: 1,
    "inspection": lambda at: at.inspection,
    "interview": lambda at: at.interview,
    "clinic": lambda at: at.clinic,
    "speciality": lambda at: at.speciality,
    "specialities": lambda at: [at.speciality],
    "appointment": lambda at: at.appointment(),
    "where": lambda at: at.speciality,
    "inspector": lambda at: [at.inspector],
    "inspectors": lambda at: [at.inspector],
    "people": lambda at: [at.inspector],
    "version": lambda at: at.revision,
    "regions/id": lambda at: at.region,
    "regioner/id": lambda at: at.region,
    "{level}/id": lambda at: at.region,
    "hospitals/id": lambda at: at.hospital,
    "sjukhus/id": lambda at: at.hospital,
    "clinics/id": lambda at: at.clinic,
    "kliniker/id": lambda at: at.clinic,
    "specialities/id": lambda at: at.speciality,
    "people/id": lambda at: at.person,
    "personer/id": lambda at: at.person,
    "email": lambda at: f"{at.person}@exempel.se",
    "api-nycklar/token": lambda _: new_id(),
    "file": lambda _: KALMAR.read_bytes(),
    "enhet": lambda at: f"{at.clinic}:{at.speciality}",
    **{
        name: (lambda _, value=value: value)  # type: ignore[misc]
        for name, value in {
            "again": "ett annat",
            "avtryck": "0" * 64,
            "fil": LIST,
            "underlag": packed(LIST),
            "mall/format": "csv",
            "nu/format": "csv",
            "area": "E",
            "cause": " ",  # too little: nothing is opened, and the next request finds what this one found
            "because": "revisit",
            "brev": "",
            "changes": [{"area": "E", "grade": "Z"}],
            "code": "000000",
            "content": "0" * 64,
            "credential": {},
            "day": "2026-10-20",
            "/platser/kliniker/{id}/specialiteter/{speciality}/stang day": "",
            "/platser/{level}/{id}/stang day": "",  # nothing is closed, and the next request finds what this one found
            "does": "nothing that there is",
            "/konto/api-nycklar/ny days": "30",
            "/personer sok": "exempel",
            "/personer visa": "",
            "edition": 1,
            "falt": "front/place",
            "family": "st-spur",
            "{family}/name": "2015-8",
            "format": "docx",
            "identity": "x",
            "keys": "",
            "kind": "hospital",
            "kriterium": "E-F1",
            "level": "regioner",
            "name": "Exempel",
            **{f"{path} {name}": value for path in STANDS for name, value in STOOD.items()},
            "number": 1,
            "operations": [],
            "password": "ett långt lösenord",
            "note": "",
            "reason": "inget skäl",  # nothing is proposed
            "provider": "x",
            "role": "inspector",
            "rubric": "st-spur/2015-8@1",
            "/konto/api-nycklar/ny scope": "read",
            "sheet": SHEET,
            "since": "2015",
            "tie": SHEET,
            "till": "/",
            **{f"/handelser {name}": "" for name in ("vem", "slag", "om", "fran", "till")},
            "token": "x",
            "which": "x",
            "until": "2016",
            "without_declaring": False,
        }.items()
    },
}


def _set_up(at: Target) -> dict[str, Any]:
    unit = f"{at.clinic}:{at.speciality}"
    return {"enhet": unit, "modell": "st-spur/2015-8@1", "inspektor": at.inspector, "form": "onsite"}


# What is filled in where a form has free names. Where nothing is named, the form is sent empty.
FORMS: dict[str, Example] = {
    "/inspektioner/ny": _set_up,
    "/inspektioner/importera": _set_up,
    "/inspektioner/{inspection}/framsida": lambda _: {},
    "/inspektioner/{inspection}/inspektorer": lambda at: {"inspektor": at.inspector},
    "/inspektioner/{inspection}/omraden/{area}": lambda _: {},
    "/inspektioner/{inspection}/iakttagelser": lambda _: {},
    "/inspektioner/{inspection}/jamka": lambda _: {},
    "/inspektioner/{inspection}/underlag": lambda _: {},
    "/inspektioner/{inspection}/underlag/{attachment}": lambda _: {},
    "/inspektioner/{inspection}/program": lambda _: {},
    "/inspektioner/{inspection}/intervjuer/{interview}": lambda _: {},
    "/inspektioner/{inspection}/gradering": lambda _: {},
    "/planer/{plan}/omraden/{area}": lambda _: {},
    "/planer/{plan}/atgarder": lambda _: {},
    "/planer/{plan}/atgarder/{measure}": lambda _: {},
    "/planer/{plan}/logga": lambda at: {"measure": at.measure},
    "/planer/{plan}/angra": lambda at: {"occurrence": at.occurrence},
    "/planer/{plan}/svar": lambda _: {},
    "/planer/{plan}/svar/skicka": lambda _: {},
    "/planer/{plan}/gradering": lambda _: {},
}


def request_to(route: APIRoute, at: Target) -> dict[str, Any]:
    """Method, address and body, as a client takes them."""
    [method] = route.methods
    asked: dict[str, Any] = {"method": method, "url": _path(route, at), "params": _query(route, at)}
    if any(each.call is _form for each in dependants(route)):
        asked["data"] = _example(FORMS, route.path, route, at, "FORMS")
        if route.path == "/inspektioner/importera":
            asked["files"] = {"fil": ("kalmar.inspection.yaml", KALMAR.read_bytes())}
    for each in (field for one in dependants(route) for field in one.body_params):
        if isinstance(each.field_info, params.File):
            asked["files"] = {each.alias: ("lista.csv", _example(EXAMPLES, each.alias, route, at))}
        elif isinstance(each.field_info, params.Form):
            asked.setdefault("data", {})[each.alias] = _example(EXAMPLES, each.alias, route, at)
        elif each.alias == "file":
            asked |= {"content": _example(EXAMPLES, "file", route, at)}
            asked |= {"headers": {"content-type": each.field_info.media_type}}
        else:
            asked["json"] = _json(each.alias, each.field_info.annotation, route, at)
    return asked


def dependants(route: APIRoute) -> Iterator[Dependant]:
    def below(one: Dependant) -> Iterator[Dependant]:
        yield one
        for each in one.dependencies:
            yield from below(each)

    yield from below(route.dependant)


def gates(route: APIRoute) -> list[Gate]:
    return [each.call for each in dependants(route) if isinstance(each.call, Gate)]


def _path(route: APIRoute, at: Target) -> str:
    before, made = "", []
    for piece in route.path.split("/"):
        name = re.fullmatch(r"\{(\w+)(?::\w+)?\}", piece)
        key = name and (f"{before}/{name[1]}" if f"{before}/{name[1]}" in EXAMPLES else name[1])
        made.append(str(_example(EXAMPLES, key, route, at)) if key else piece)
        before = piece
    return "/".join(made)


def _query(route: APIRoute, at: Target) -> dict[str, Any]:
    wanted = [each for one in dependants(route) for each in one.query_params]
    needed = [each.alias for each in wanted if each.field_info.is_required() or each.alias in EXAMPLES]
    return {name: _example(EXAMPLES, name, route, at) for name in needed}


def _json(name: str, shape: Any, route: APIRoute, at: Target) -> Any:
    if not (isinstance(shape, type) and issubclass(shape, BaseModel)):
        return _example(EXAMPLES, name, route, at)
    inside = [key for key, field in shape.model_fields.items() if field.is_required() or key in EXAMPLES]
    return {key: _example(EXAMPLES, key, route, at) for key in inside}


def _example(examples: Mapping[str, Example], name: str, route: APIRoute, at: Target, table: str = "EXAMPLES") -> Any:
    if f"{route.path} {name}" in examples:
        return examples[f"{route.path} {name}"](at)
    if name not in examples:
        raise LookupError(f"{route.path} takes {name}, which has no example. Add one to {table} in tests/requests.py.")
    return examples[name](at)
