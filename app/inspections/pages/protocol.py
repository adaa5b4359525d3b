"""The blank protocol of each published rubric, for the day the tablets fail; and a page about edited Word files."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from app.accounts.access import signed_in
from app.errors import NotFound
from app.inspections.access import Rubrics
from app.inspections.pages.report import MEDIA
from app.inspections.protocol import protocol
from app.web.render import page
from reports.formats import write

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/protokoll", dependencies=[signed_in()])
def protocols(request: Request, library: Rubrics) -> Response:
    return page(request, "inspections/protocols.html", rubrics=library.published)


@router.get("/protokoll/{family}/{name}/{edition}/{format}", response_class=Response, dependencies=[signed_in()])
def blank(library: Rubrics, family: str, name: str, edition: int, format: str) -> Response:
    reference = f"{family}/{name}@{edition}"
    rubric = next((each for each in library.published if each.reference == reference), None)
    if not rubric or format not in ("docx", "pdf"):
        raise NotFound
    headers = {"Content-Disposition": f'attachment; filename="protokoll.{format}"'}
    return Response(write(protocol(rubric), format), media_type=MEDIA[format], headers=headers)


@router.get("/hjalp/word", dependencies=[signed_in()])
def about_word(request: Request) -> Response:
    return page(request, "inspections/about_word.html")
