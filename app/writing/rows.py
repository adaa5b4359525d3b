"""Placing a value in a typed table: the path of every save."""

from collections.abc import Mapping
from functools import cache

from sqlalchemy import bindparam, update
from sqlmodel import Session, col

from app.db import Table
from app.prepared import Prepared


def put(
    session: Session, table: type[Table], at: Mapping[str, object], values: Mapping[str, object], **fixed: str
) -> None:
    """Sets columns of a row, which is made where it is not there yet (with `fixed` too). Straight to the table: the
    ORM would read the row first."""
    given = {f"at_{name}": id for name, id in at.items()} | {f"to_{name}": value for name, value in values.items()}
    if _placing(table, tuple(at), tuple(values)).change(session.connection(), given) == 0:
        session.add(table(**at, **values, **fixed))
        session.flush()


@cache
def _placing(table: type[Table], at: tuple[str, ...], names: tuple[str, ...]) -> Prepared:
    where = (col(getattr(table, name)) == bindparam(f"at_{name}") for name in at)
    return Prepared(update(table).where(*where).values({name: bindparam(f"to_{name}") for name in names}))
