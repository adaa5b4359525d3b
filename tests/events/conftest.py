"""`visit`, as in tests/inspections: an inspection and its people at their browsers."""

from tests.inspections.conftest import site, visit

__all__ = ["site", "visit"]
