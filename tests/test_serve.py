"""The server as it is started: what it says, what stops it, and that it stops calmly."""

import json
import logging
import re
import resource
import socket
import sys
import urllib.request
from pathlib import Path

import pytest

from app.cli import main
from app.cli.serve import IN_CLEAR, LINE
from app.keep.readiness import shape_of
from app.migrations import upgrade
from tests.serving import answer, free_port, running


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, with no settings."""
    for name in ("SPORRA_DATABASE_URL", "SPORRA_RUBRICS", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def working_time() -> float:
    """Seconds that processes we have started have worked: it does not grow with what else the machine does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_run_makes_everything_and_starts_again_at_once(folder: Path) -> None:
    port = free_port()
    with running("run", folder=folder, PORT=str(port)) as first:
        assert json.loads(answer(f"http://localhost:{port}/redo")) == {"status": "redo"}
    out, err = first.communicate()
    assert (first.returncode, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == f"Sporra svarar på http://localhost:{port} tills du trycker Ctrl-C."
    assert "  kim@sporra.example      Kim Kansli, administratör" in lines
    assert lines[-1] == "Sporra är stoppad."

    worked = working_time()
    with running("run", folder=folder, PORT=str(port)) as second:
        answer(f"http://localhost:{port}/redo")
    assert second.communicate()[0] == out  # the same people: nothing was loaded twice
    assert working_time() - worked < 5


def test_another_database_gets_tables_and_nobody(folder: Path) -> None:
    port, url = free_port(), f"sqlite:///{folder}/own/own.db"
    with running("run", folder=folder, PORT=str(port), SPORRA_DATABASE_URL=url) as process:
        answer(f"http://localhost:{port}/redo")
    told = f"Sporra svarar på http://localhost:{port} tills du trycker Ctrl-C."
    nobody = "Ingen kan logga in än. Lägg till den första: sporra user add"
    assert process.communicate()[0].splitlines() == [told, nobody, "Sporra är stoppad."]
    assert not (folder / "var").exists()


def test_a_taken_port_is_one_sentence_and_nothing_is_made(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PORT", str(port))
            assert main(["run"]) == 1
    told = f"Porten {port} används redan. Stäng det som använder den, eller välj en annan med PORT={port ^ 1}.\n"
    assert capsys.readouterr() == ("", told)
    assert list(folder.iterdir()) == []


AWAY = "svarar inte, eller släpper inte in Sporra. Kontrollera att den är i gång, och namn och lösenord i SPORRA_DATABASE_URL.\n"
UNREADABLE = (
    "SPORRA_DATABASE_URL går inte att förstå. Skriv sqlite:///FIL eller postgresql://NAMN:LÖSENORD@VÄRD/DATABAS.\n"
)
DATABASES = [
    ("postgresql://sporra:hemligt@127.0.0.1:1/sporra", f"Databasen sporra på 127.0.0.1 {AWAY}"),
    ("postgresql://sporra:hemligt@127.0.0.1:port/sporra", UNREADABLE),
    ("sqlite:///", UNREADABLE),
    ("sqlite:///saknas.db", "Databasen saknas.db finns inte än, eller är tom. Kör först: sporra db upgrade\n"),
    ("sqlite:///text.db", "Filen text.db är ingen databas, eller är trasig. Kontrollera SPORRA_DATABASE_URL.\n"),
    ("sqlite:///.", "Databasen . går inte att öppna eller skriva i. Kontrollera mappen och dess rättigheter.\n"),
]


@pytest.mark.parametrize(("url", "told"), DATABASES)
@pytest.mark.parametrize("command", ["serve", "backup k.db", "user add --name A --email a@b.se"])
def test_a_database_that_cannot_be_used_is_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, url: str, told: str, command: str
) -> None:
    monkeypatch.setenv("SPORRA_DATABASE_URL", url)
    monkeypatch.setenv("PORT", str(free_port()))
    (folder / "text.db").write_text("Det här är ingen databas.\n" * 100)
    assert main(command.split()) == 1
    assert capsys.readouterr() == ("", told)
    assert [path.name for path in folder.iterdir()] == ["text.db"]


ADDRESSES = [
    (["--host", "192.0.2.1"], "Adressen 192.0.2.1 är inte den här datorns. Ange en som är det, som --host 127.0.0.1.\n", 1),
    (["--port", "0"], "0 passar inte för --port. Hjälp finns med: sporra serve --help\n", 2),
    (["--port", "åtta"], "åtta passar inte för --port. Hjälp finns med: sporra serve --help\n", 2),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "told", "status"), ADDRESSES)
def test_an_address_that_cannot_be_served(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str, status: int
) -> None:
    with pytest.raises(SystemExit) as stop:
        sys.exit(main(["serve", *arguments]))
    assert stop.value.code == status
    assert capsys.readouterr() == ("", told)
    assert list(folder.iterdir()) == []


def test_whoever_serves_other_computers_is_told_of_encryption(folder: Path) -> None:
    url, port = f"sqlite:///{folder}/s.db", free_port()
    upgrade(url)
    with running("serve", "--host", "0.0.0.0", "--port", str(port), folder=folder, SPORRA_DATABASE_URL=url) as process:  # noqa: S104
        answer(f"http://localhost:{port}/halsa")
    assert process.communicate()[1] == f"{IN_CLEAR}\n"


def test_a_proxy_on_another_machine_has_the_encryption(folder: Path) -> None:
    url, port = f"sqlite:///{folder}/s.db", free_port()
    upgrade(url)
    served = {"SPORRA_DATABASE_URL": url, "FORWARDED_ALLOW_IPS": "10.0.0.2"}
    with running("serve", "--host", "0.0.0.0", "--port", str(port), folder=folder, **served) as process:  # noqa: S104
        answer(f"http://localhost:{port}/halsa")
        said = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}  # by somebody else than the proxy
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/halsa", headers=said)
        with urllib.request.urlopen(asked) as answered:  # noqa: S310 - our own address
            assert "Strict-Transport-Security" not in answered.headers
            assert "Server" not in answered.headers
    assert process.communicate()[1] == ""


def test_a_log_line_says_when_and_in_which_zone() -> None:
    told = logging.Formatter(**LINE).format(logging.makeLogRecord({"levelname": "ERROR", "name": "app", "msg": "fel"}))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} ERROR app: fel", told)


def test_what_serves_leaves_a_database_of_another_shape_alone(
    fresh_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPORRA_DATABASE_URL", fresh_url)
    monkeypatch.setenv("PORT", str(free_port()))
    assert main(["serve"]) == 1
    assert capsys.readouterr().err.endswith(" finns inte än, eller är tom. Kör först: sporra db upgrade\n")
    assert main(["db", "upgrade"]) == 0
    assert capsys.readouterr().out.endswith(" har nu den form som programmet väntar.\n")
    assert main(["db", "upgrade"]) == 0
    assert capsys.readouterr().out.endswith(" har redan den form som programmet väntar.\n")
    assert shape_of(fresh_url).value == "present"
