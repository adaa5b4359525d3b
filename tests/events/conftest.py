"""`visit`, as in tests/inspections: an inspection and its people at their browsers. And a chain of seals."""

import pytest

from app.db import Database
from app.events import sealing
from app.events.sealing import seal
from tests.events.chains import happen, wrong
from tests.inspections.conftest import site, visit

__all__ = ["site", "visit"]


@pytest.fixture
def sealed(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Twelve events in three seals: 1-4, 5-8, 9-12."""
    monkeypatch.setattr(sealing, "BATCH", 4)
    happen(database, 12, word="Åäö 🙂", none=None, list=["b", "a"])
    assert seal(database) == 12
    assert wrong(database) == []
    return database
