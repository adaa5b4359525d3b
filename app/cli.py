"""`sporra`: rubrics checked, inspections graded, reports made, for the terminal. No database is needed.

A failure is one sentence (or a line for each thing that is wrong in a file) on standard error and exit
status 1; a call that cannot be understood is 2. Nothing is written unless everything went well.
"""

import argparse
import errno
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from app.cli_parser import Parser
from app.inspections import disk
from app.inspections.file import AreaReview, Inspection
from app.inspections.protocol import protocol
from app.inspections.report import report
from app.inspections.rules import remarks
from reports.blocks import Document
from reports.formats import FORMATS, write
from rubrics.grading import Suggestion, suggest
from rubrics.library import Library
from rubrics.model import Area, Rubric
from rubrics.problems import DataError, Problem, one_line

os.umask(_UMASK := os.umask(0))  # the only way to ask


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. Returns its exit status."""
    if sys.stderr is None:  # closed: what would be told there must not land in a report or among JSON
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # a name or text that the terminal lacks must not stop the work
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    call = _parser().parse_args(arguments)
    try:
        status: int = call.run(call)
        sys.stdout.flush()
    except DataError as error:
        print(*error.problems, sep="\n", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        name = one_line(str(error.filename or "Utskriften"))
        print(f"{name}: går inte att läsa eller skriva. Kontrollera namn, rättigheter och utrymme.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return status


# ── Commands ──────────────────────────────────────────────────────────────────────────────


def _check_rubrics(call: argparse.Namespace) -> int:
    failed = False
    for path in call.files:
        try:
            checked = _library(call, path.absolute().parent.parent).read(path)
        except DataError as error:
            failed = True
            print(*error.problems, sep="\n", file=sys.stderr)
            continue
        _warn(checked.warnings)
        rubric = checked.rubric
        told = f"{len(rubric.areas)} områden och {len(rubric.area_of)} kriterier"
        print(one_line(f"{path}: {rubric.reference} är i ordning ({told})."))
    return int(failed)


def _publish_rubrics(call: argparse.Namespace) -> int:
    folders = dict.fromkeys(path.absolute().parent.parent for path in call.files)
    for reference in _library(call, *folders).publish(call.files):
        print(f"{reference} är låst.")
    return 0


def _grade(call: argparse.Namespace) -> int:
    inspection, rubric = _inspection(call)
    graded = [(area, _suggested(inspection, rubric, area), inspection.review(area.id)) for area in rubric.areas]
    if call.json:
        areas = {area.id: _as_json(area, suggestion, review) for area, suggestion, review in graded}
        print(json.dumps({"areas": areas}, indent=2))
    else:
        print(*(_told(*each) for each in graded), sep="\n")
    return 0


def _report(call: argparse.Namespace) -> int:
    inspection, rubric = _inspection(call)
    return _write(report(inspection, rubric), call)


def _protocol(call: argparse.Namespace) -> int:
    return _write(protocol(_library(call).rubric(call.rubric)), call)


# ── What they share ───────────────────────────────────────────────────────────────────────


def _library(call: argparse.Namespace, *more: Path) -> Library:
    named = [Path(name) for name in os.environ.get("SPORRA_RUBRICS", "").split(os.pathsep) if name]
    return Library([*named, *call.rubrics, *(path for path in more if path.is_dir())])


def _inspection(call: argparse.Namespace) -> tuple[Inspection, Rubric]:
    """The inspection in the file and its rubric, with what is owed in a draft told on standard error."""
    source, inspection = disk.read(call.file)
    try:
        rubric = _library(call).rubric(inspection.rubric)
    except DataError as error:
        told = [source.problem(("rubric",), each.message) for each in error.problems if each.file == inspection.rubric]
        raise DataError(told or error.problems) from None
    draft = inspection.state == "draft"
    problems = [
        source.problem(remark.path, remark.message, warning=remark.owed and draft)
        for remark in remarks(inspection, rubric)
    ]
    if errors := [problem for problem in problems if not problem.warning]:
        raise DataError(errors)
    _warn(problems)
    return inspection, rubric


def _warn(problems: Sequence[Problem]) -> None:
    for problem in problems:
        print(f"Varning: {problem}", file=sys.stderr)


def _suggested(inspection: Inspection, rubric: Rubric, area: Area) -> Suggestion:
    return suggest(rubric, area, inspection.review(area.id).assessed)


def _as_json(area: Area, suggestion: Suggestion, review: AreaReview) -> dict[str, object]:
    return {
        "offered": area.offered,
        "suggested": suggestion.grade,
        "at_best": suggestion.at_best,
        "at_worst": suggestion.at_worst,
        "reasons": suggestion.reasons,
        "missing": suggestion.missing,
        "decided": review.grade or None,
        "standing": review.standing or None,
    }


def _told(area: Area, suggestion: Suggestion, review: AreaReview) -> str:
    if suggestion.grade:
        suggested = f"förslag {suggestion.grade}"
        suggested += f" ({', '.join(suggestion.reasons)})" if suggestion.reasons else ""
    elif suggestion.at_best:
        suggested = f"som bäst {suggestion.at_best}, som sämst {suggestion.at_worst}"
    else:
        suggested = "inget förslag"
    decided = f"beslut {review.grade or 'saknas'}"
    standing = f", ändrat till {review.standing}" if review.regrades else ""
    unanswered = f" · {len(suggestion.missing)} av {len(area.criteria)} utan svar" if suggestion.missing else ""
    offered = f"erbjuder {' '.join(area.offered)}"
    return one_line(f"{area.name}: {offered} · {suggested} · {decided}{standing}{unanswered}")


def _write(document: Document, call: argparse.Namespace) -> int:
    """Writes the whole file or nothing: beside its place first, then moved there."""
    made, out = write(document, call.format), Path(os.path.realpath(call.out))
    try:
        if "file" in call and out.exists() and out.samefile(call.file):
            raise DataError([Problem(str(call.out), "det är inspektionens egen fil. Ange en annan att skriva till.")])
        if out.is_dir() or (out.exists() and not out.is_file()):
            out.write_bytes(made)  # a pipe or a device is written to, never replaced; a folder tells that it is one
        else:
            _replace(out, made)
    except OSError as error:
        raise DataError([Problem(str(call.out), _why_unwritable(error))]) from None
    print(call.out)
    return 0


def _replace(out: Path, made: bytes) -> None:
    handle, beside = tempfile.mkstemp(dir=out.parent, prefix=".sporra-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(made)
        Path(beside).chmod(0o666 & ~_UMASK)
        Path(beside).replace(out)
    except BaseException:
        with suppress(OSError):
            Path(beside).unlink()
        raise


def _why_unwritable(error: OSError) -> str:
    match error:
        case FileNotFoundError() | NotADirectoryError():
            return "mappen finns inte. Skapa den först."
        case IsADirectoryError():
            return "det är en mapp. Ange en fil."
        case PermissionError():
            return "filen får inte skrivas. Kontrollera mappens rättigheter."
        case OSError(errno=errno.ENOSPC):
            return "disken är full. Frigör plats och försök igen."
        case _:
            return "filen går inte att skriva. Kontrollera namnet och mappen."


# ── The call ──────────────────────────────────────────────────────────────────────────────


def _parser() -> Parser:
    parser = Parser(prog="sporra", about="SPUR-inspektioner: granskningsmodeller, gradering och rapporter.")
    commands = parser.add_subparsers(title="kommandon", metavar="KOMMANDO", required=True)

    rubric = _command(commands, parser, "rubric", "granskningsmodeller")
    under = rubric.add_subparsers(title="kommandon", metavar="KOMMANDO", required=True)
    check = _command(under, rubric, "check", "kontrollera granskningsmodeller; alla fel skrivs ut, ett per rad")
    check.add_argument("files", metavar="FIL", nargs="+", type=Path, help="granskningsmodellens fil")
    check.set_defaults(run=_check_rubrics)
    freeze = _command(under, rubric, "publish", "lås publicerade utgåvor, så att de aldrig ändras")
    freeze.add_argument("files", metavar="FIL", nargs="+", type=Path, help="granskningsmodellens fil")
    freeze.set_defaults(run=_publish_rubrics)

    grade = _command(commands, parser, "grade", "vad svaren ger för gradering, område för område")
    grade.add_argument("file", metavar="FIL", type=Path, help="inspektionens fil")
    grade.add_argument("--json", action="store_true", help="som JSON")
    grade.set_defaults(run=_grade)

    made = _command(commands, parser, "report", "gör inspektionens rapport")
    made.add_argument("file", metavar="FIL", type=Path, help="inspektionens fil")
    _output(made, list(FORMATS))
    made.set_defaults(run=_report)

    blank = _command(commands, parser, "protocol", "gör ett tomt protokoll att skriva ut och skriva i")
    blank.add_argument("rubric", metavar="MODELL", help="granskningsmodellen, som st-spur/2015-8")
    _output(blank, ["docx", "pdf"])
    blank.set_defaults(run=_protocol)

    for command in (check, freeze, grade, made, blank):
        command.add_argument(
            "--rubrics",
            metavar="MAPP",
            type=Path,
            action="append",
            default=[],
            help="fler mappar med granskningsmodeller (får upprepas; också SPORRA_RUBRICS)",
        )
    return parser


def _command(commands: "argparse._SubParsersAction[Parser]", parser: Parser, name: str, about: str) -> Parser:
    return commands.add_parser(name, help=about, about=f"{about[0].upper()}{about[1:]}.", prog=f"{parser.prog} {name}")


def _output(parser: Parser, formats: list[str]) -> None:
    parser.add_argument("--format", choices=formats, required=True, help=f"ett av {', '.join(formats)}")
    parser.add_argument("--out", metavar="FIL", type=Path, required=True, help="filen som skrivs")


if __name__ == "__main__":
    sys.exit(main())
