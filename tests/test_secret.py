"""The secret that locks: where it comes from, what stops the start, and that nothing else opens."""

from pathlib import Path

import pytest

from app.cli import main
from app.cli.secret import BOTH, MISSING, OWN, WEAK, with_secrets
from app.config import Settings, settings
from app.errors import Refusal
from app.locked import Locker, Unopened
from app.migrations import upgrade
from tests.serving import SECRET, free_port

OTHER = "0f9e8d7c6b5a49382716f5e4d3c2b1a0"
ELSEWHERE = "sqlite:////srv/sporra.db"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, MISSING),
        ({"SPORRA_SECRET": " "}, MISSING),
        ({"SPORRA_SECRET": "hemligt"}, WEAK),
        ({"SPORRA_SECRET": "a" * 64}, WEAK),
        ({"SPORRA_SECRET": f"{SECRET} kort"}, WEAK),
        ({"SPORRA_SECRET": SECRET, "SPORRA_SECRET_FILE": "x"}, BOTH),
        (
            {"SPORRA_SECRET_FILE": "saknas"},
            "saknas går inte att läsa. Kontrollera SPORRA_SECRET_FILE och filens rättigheter.",
        ),
    ],
)
def test_without_a_strong_secret_nothing_starts(given: dict[str, str], told: str) -> None:
    with pytest.raises(Refusal) as refused:
        with_secrets(settings({"SPORRA_DATABASE_URL": ELSEWHERE} | given))
    assert refused.value.told == told


@pytest.mark.parametrize("command", ["run", "serve"])
def test_the_start_is_refused_with_a_sentence(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/s.db"
    upgrade(url)
    monkeypatch.delenv("SPORRA_SECRET", raising=False)
    monkeypatch.setenv("SPORRA_DATABASE_URL", url)
    monkeypatch.setenv("PORT", str(free_port()))
    assert main([command]) == 1
    assert capsys.readouterr() == ("", f"{MISSING}\n")


def test_a_file_holds_one_or_several(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n{OTHER}\n")
    found = with_secrets(settings({"SPORRA_DATABASE_URL": ELSEWHERE, "SPORRA_SECRET_FILE": str(file)}))
    assert found.secrets == (SECRET, OTHER)
    assert SECRET not in repr(found)


def test_the_demonstration_makes_its_own_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first = with_secrets(Settings())
    assert with_secrets(Settings()).secrets == first.secrets != ()
    assert OWN.stat().st_mode & 0o777 == 0o600
    assert with_secrets(Settings(secrets=(SECRET,))).secrets == (SECRET,)


def test_the_first_locks_and_all_of_them_open() -> None:
    old, new, both = Locker([SECRET]), Locker([OTHER]), Locker([OTHER, SECRET])
    assert both.open(old.lock("text", "x"), "x") == "text"
    assert new.open(both.lock("text", "x"), "x") == "text"
    assert old.lock("text", "x") != old.lock("text", "x")
    for garbage in ("", "x", "å", "abcd"):
        with pytest.raises(Unopened):
            new.open(garbage, "x")
    for locked, about in ((old.lock("text", "x"), "x"), (new.lock("text", "x"), "another row")):
        with pytest.raises(Unopened):
            new.open(locked, about)
