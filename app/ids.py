"""Ids of everything that is seen in an address or made on a device."""

from collections.abc import Iterator
from uuid import UUID, uuid4, uuid5

_FORMS = UUID("6f1c0f0e-1b7e-4c55-9d0e-6a5b1c0a9a57")


def new_id() -> str:
    return str(uuid4())


def new_ids() -> Iterator[str]:
    while True:
        yield new_id()


def is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def id_from(*parts: str) -> str:
    """The same id from the same parts: a form that is sent twice makes its operations once."""
    return str(uuid5(_FORMS, "\x1f".join(parts)))
