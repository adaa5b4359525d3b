"""Mitt konto: keys for one's own programs, made, shown once and taken back."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from app.accounts import tokens
from app.accounts.access import Db, fresh, signed_in
from app.accounts.scopes import Scope
from app.accounts.viewer import Viewer
from app.people.schemas import TokenIn
from app.typed import wrong
from app.web.render import page

SIGNED_IN = signed_in()
Own = Annotated[Viewer, SIGNED_IN]
FRESH = fresh()
Fresh = Annotated[Viewer, FRESH]
Typed = Annotated[str, Form()]

router = APIRouter(
    prefix="/konto/api-nycklar", default_response_class=HTMLResponse, include_in_schema=False, dependencies=[SIGNED_IN]
)
SCOPES = [(each.value, each.label.capitalize()) for each in Scope]
DAYS = [("30", "30 dagar"), ("90", "90 dagar"), ("365", "Ett år")]
CHOOSE = {"scope": "Välj vad nyckeln får göra.", "days": "Välj hur länge nyckeln gäller."}


@router.get("/ny", dependencies=[FRESH])
def new(request: Request) -> Response:
    typed = {"name": "", "scope": Scope.READ.value, "days": "90"}
    return page(request, "people/token_new.html", typed=typed, wrong={}, scopes=SCOPES, lasts=DAYS)


@router.post("/ny")
def make(
    request: Request, viewer: Fresh, database: Db, name: Typed = "", scope: Typed = "", days: Typed = ""
) -> Response:
    """The key stands in the answer itself: an address to be led on to would stand in the browser's history."""
    typed = {"name": name, "scope": scope, "days": days}
    try:
        asked = TokenIn.model_validate(typed)
    except ValidationError as error:
        told = {field: CHOOSE.get(field, told) for field, told in wrong(error).items()}
        return page(request, "people/token_new.html", 422, typed=typed, wrong=told, scopes=SCOPES, lasts=DAYS)
    with database.writing() as session:
        token = tokens.make(session, by=viewer, name=asked.name, scope=asked.scope, days=int(asked.days))
    return page(request, "people/token.html", token=token, name=asked.name)


@router.post("/{token}/avsluta")
def end(viewer: Own, database: Db, token: str) -> Response:
    with database.writing() as session:
        tokens.end(session, by=viewer, id=token)
    return RedirectResponse("/konto?klart=api-nyckel#api-nycklar", 303)
