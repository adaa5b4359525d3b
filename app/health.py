"""Two addresses for whoever watches over the server."""

from fastapi import APIRouter
from sqlmodel import text

from app import migrations
from app.accounts.access import Db, anyone
from app.errors import Unreachable

router = APIRouter(dependencies=[anyone()], include_in_schema=False)


@router.get("/halsa")
def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "lever"}


@router.get("/redo")
def ready(database: Db) -> dict[str, str]:
    """The database answers too, and has the present shape."""
    with database.reading() as session:
        session.exec(text("SELECT 1"))  # type: ignore[call-overload]
        if not migrations.current(session.connection()):
            raise Unreachable("Databasen har inte den form som programmet väntar. Kör: sporra db upgrade")
    return {"status": "redo"}
