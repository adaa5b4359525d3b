"""What the surroundings decide, and what is said of what cannot be understood."""

from pathlib import Path

import pytest

from app.config import Settings, settings
from rubrics.problems import DataError


def test_what_is_not_said_is_as_the_readme_says() -> None:
    assert settings({}) == Settings()
    assert (Settings().plan_months, Settings().smallest_count, Settings().revisit_years) == (3, 3, 5)
    assert Settings().erase_months == 12


def test_what_is_said_holds() -> None:
    said = {"PORT": "80", "SPORRA_PLAN_MONTHS": "6", "SPORRA_SMALLEST_COUNT": "5", "SPORRA_REVISIT_YEARS": "4"}
    found = settings(said)
    assert (found.port, found.plan_months, found.smallest_count, found.revisit_years) == (80, 6, 5, 4)
    assert settings({"SPORRA_ERASE_MONTHS": "24"}).erase_months == 24
    found = settings({"SPORRA_TLS_CERT": "c.pem", "SPORRA_TLS_KEY": "k.pem"})
    assert (found.tls_cert, found.tls_key) == (Path("c.pem"), Path("k.pem"))
    assert settings({"SPORRA_FILES": "/srv/filer"}).files_folder == Path("/srv/filer")


def test_files_lie_beside_the_database_if_nothing_is_said() -> None:
    assert settings({}).files_folder == Path("var/files")
    assert settings({"SPORRA_DATABASE_URL": "sqlite:////srv/sporra.db"}).files_folder == Path("/srv/files")
    assert settings({"SPORRA_DATABASE_URL": "postgresql://a@b/c"}).files_folder == Path("var/files")


@pytest.mark.parametrize(
    "name", ["PORT", "SPORRA_PLAN_MONTHS", "SPORRA_SMALLEST_COUNT", "SPORRA_REVISIT_YEARS", "SPORRA_ERASE_MONTHS"]
)
@pytest.mark.parametrize("given", ["0", "-1", "tre", "٣", "99999", "3.5"])
def test_a_number_that_is_none_is_told_with_its_name(name: str, given: str) -> None:
    with pytest.raises(DataError) as refused:
        settings({name: given})
    assert f"{name}: {given} är " in str(refused.value)
    assert "Ange ett tal mellan 1 och " in str(refused.value)
