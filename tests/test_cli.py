"""`sporra` as it is called: exit status, what is said, and that a failure writes nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import main
from reports.formats import FORMATS
from tests.paths import CASES, DEMO, GOLDEN, KALMAR, ROOT


def _run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    try:
        status = main([str(each) for each in arguments])
    except SystemExit as stop:  # argparse
        status = int(stop.code or 0)
    out, err = capsys.readouterr()
    return status, out, err


def test_grade_as_json_tells_every_area(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = _run(capsys, "grade", DEMO, "--json")
    assert (status, err) == (0, "")
    areas = json.loads(out)["areas"]
    assert list(areas) == list("ABCDEFGH")
    assert areas["E"] == {
        "offered": ["A", "B", "C", "D"],
        "suggested": "D",
        "at_best": "D",
        "at_worst": "D",
        "reasons": ["E-F4", "E-F5", "E-F6"],
        "missing": [],
        "decided": "D",
        "standing": "C",
    }


def test_grade_tells_what_is_still_open(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = _run(capsys, "grade", KALMAR)
    told = "D Tjänstgöringens uppläggning: erbjuder A B C D · som bäst A, som sämst D · beslut D, ändrat till C · 10 av 10 utan svar"
    assert told in out.split("\n")


@pytest.mark.parametrize("format", FORMATS)
def test_report_writes_the_file_and_names_it(capsys: pytest.CaptureFixture[str], tmp_path: Path, format: str) -> None:
    out = tmp_path / f"r.{format}"
    assert _run(capsys, "report", DEMO, "--format", format, "--out", out) == (0, f"{out}\n", "")
    assert [path.name for path in tmp_path.iterdir()] == [out.name]
    assert out.stat().st_size > 5_000


def test_a_draft_is_reported_with_what_it_owes_as_warnings(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    draft = tmp_path / "d.inspection.yaml"
    draft.write_text(DEMO.read_text("utf-8").replace("state: signed", "state: draft").replace("place: ", "# place: "))
    out = tmp_path / "d.txt"
    status, _, err = _run(capsys, "report", draft, "--format", "txt", "--out", out)
    assert status == 0
    assert err == f"Varning: {draft}:4: place: orten saknas. Lägg till place innan rapporten fastställs.\n"
    assert "Utkast, inte fastställt" in out.read_text("utf-8")


BAD_FILES = {
    "a grade that is not offered": ("grade: D", "grade: E", "E går inte att välja"),
    "a rubric that is not there": ("st-spur/2015-8@1", "st-spur/2099-1@1", "granskningsmodellen finns inte."),
    "an edition that is not there": ("2015-8@1", "2015-8@7", "den utgåvan finns inte."),
    "a key twice": ("place: ", "place: x\nplace: ", "nyckeln place står två gånger."),
}


@pytest.mark.parametrize(("old", "new", "told"), BAD_FILES.values(), ids=BAD_FILES)
@pytest.mark.parametrize("command", ["grade", "report"])
def test_a_bad_file_is_told_with_its_line_and_writes_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str, old: str, new: str, told: str
) -> None:
    path = tmp_path / "bad.inspection.yaml"
    text = DEMO.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    arguments = ["--format", "docx", "--out", tmp_path / "out.docx"] if command == "report" else []
    status, out, err = _run(capsys, command, path, *arguments)
    assert (status, out) == (1, "")
    assert err.startswith(f"{path}:")
    assert told in err
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


UNWRITABLE = [("saknas/r.txt", "mappen finns inte."), (".", "det är en mapp.")]


@pytest.mark.parametrize(("out", "told"), UNWRITABLE)
def test_where_nothing_can_be_written(capsys: pytest.CaptureFixture[str], tmp_path: Path, out: str, told: str) -> None:
    status, _, err = _run(capsys, "report", DEMO, "--format", "txt", "--out", tmp_path / out)
    assert status == 1
    assert told in err
    assert list(tmp_path.iterdir()) == []


def test_the_inspection_itself_is_never_written_over(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "i.inspection.yaml"
    path.write_bytes(DEMO.read_bytes())
    status, _, err = _run(capsys, "report", path, "--format", "txt", "--out", path)
    assert (status, err) == (1, f"{path}: det är inspektionens egen fil. Ange en annan att skriva till.\n")
    assert path.read_bytes() == DEMO.read_bytes()


def test_a_pipe_is_written_to_and_a_link_followed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pipe, link, target = tmp_path / "pipe", tmp_path / "link", tmp_path / "target.txt"
    os.mkfifo(pipe)
    link.symlink_to(target)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        assert _run(capsys, "report", DEMO, "--format", "txt", "--out", pipe)[0] == 0
        read = reader.communicate(timeout=60)[0]
    assert _run(capsys, "report", DEMO, "--format", "txt", "--out", link)[0] == 0
    assert pipe.is_fifo()
    assert link.is_symlink()
    assert read == target.read_bytes()


def test_who_stops_reading_is_no_error_to_tell() -> None:
    call = f"{sys.executable} -m app.cli grade {DEMO} | true; {sys.executable} -m app.cli grade {DEMO} > /dev/full"
    done = subprocess.run(["bash", "-c", call], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "Utskriften: går inte att läsa eller skriva. Kontrollera namn, rättigheter och utrymme.\n"


def test_rubrics_are_found_in_further_folders(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = ("protocol", "tema/dansk", "--format", "pdf", "--out", tmp_path / "p.pdf")
    assert _run(capsys, *call)[0] == 1
    assert _run(capsys, *call, "--rubrics", CASES / "rubrics")[0] == 0
    monkeypatch.setenv("SPORRA_RUBRICS", str(CASES / "rubrics"))
    assert _run(capsys, *call)[0] == 0
    assert _run(capsys, *call, "--rubrics", tmp_path / "saknas")[:2] == (1, "")


def test_rubric_check_tells_every_file(capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted((ROOT / "rubrics").glob("*/*.yaml"))
    status, out, err = _run(capsys, "rubric", "check", *files, GOLDEN / "kalmar-2021.inspection.yaml")
    assert status == 1
    assert out.count(" är i ordning (") == len(files)
    assert "id: saknas. Lägg till id." in err


def test_what_works_on_files_waits_for_neither_web_nor_database() -> None:
    script = "import app.cli, sys; print(*{'sqlalchemy', 'fastapi', 'uvicorn', 'jinja2', 'alembic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


CALLS = [
    ([], "KOMMANDO saknas. Hjälp finns med: sporra --help\n"),
    (["report", "x"], "--format, --out saknas. Hjälp finns med: sporra report --help\n"),
    (["report", "x", "--out", "y", "--format", "gif"], "gif går inte att välja för --format. Välj docx, pdf, html, txt. Hjälp finns med: sporra report --help\n"),
    (["grade", "x", "--jason"], "--jason finns inte här. Hjälp finns med: sporra --help\n"),
    (["report", "x", "--out"], "--out saknar sitt värde. Hjälp finns med: sporra report --help\n"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "told"), CALLS)
def test_a_call_that_cannot_be_understood(capsys: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    assert _run(capsys, *arguments) == (2, "", told)


COMMANDS = [
    "", "run", "serve", "db", "db upgrade", "user add", "demo load", "backup", "restore",
    "rubric", "rubric check", "rubric publish", "grade", "report", "protocol",
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(capsys: pytest.CaptureFixture[str], command: str) -> None:
    status, out, err = _run(capsys, *command.split(), "--help")
    assert (status, err) == (0, "")
    assert out.startswith(f"så här: sporra {command}".rstrip())


def test_the_same_file_gives_the_same_bytes_whatever_clock_locale_folder_or_process(tmp_path: Path) -> None:
    made = []
    for i, environment in enumerate(
        (
            {"TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
            {"TZ": "America/Adak", "PYTHONHASHSEED": "7", "LC_ALL": "C.UTF-8"},
        )
    ):
        folder = tmp_path / str(i)
        folder.mkdir()
        for format in FORMATS:
            call = [sys.executable, "-m", "app.cli", "report", str(KALMAR), "--format", format, "--out", f"r.{format}"]
            environment |= {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
            subprocess.run(call, cwd=folder, env=environment, check=True, capture_output=True)
        made.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert set(made[0]) == {f"r.{format}" for format in FORMATS}
    assert made[0] == made[1]
