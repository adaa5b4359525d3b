"""An error as programs get it. `errors.py` answers so; the API's description says so of every address."""

from typing import Any

from pydantic import BaseModel


class Field(BaseModel):
    """What is wrong with one part of a request."""

    where: str
    problem: str


class Told(BaseModel):
    """`told` says in Swedish what happened and what to do; `reference` stands in the log as well."""

    status: int
    title: str
    told: str
    reference: str | None = None
    fields: list[Field] = []


class Error(BaseModel):
    error: Told


EVERYWHERE: dict[int | str, dict[str, Any]] = {
    "default": {"model": Error, "description": "What went wrong, and what to do."}
}
