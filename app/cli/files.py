"""What `sporra` does with files alone: rubrics checked, inspections graded, reports made. No database is needed."""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from app.cli.parser import Commands, command
from app.inspections import disk
from app.inspections.file import AreaReview, Inspection
from app.inspections.protocol import protocol
from app.inspections.report import report
from app.inspections.rules import remarks
from app.whole_file import whole_file
from reports.blocks import Document
from reports.formats import FORMATS, write
from rubrics.grading import Suggestion, suggest
from rubrics.library import Library, is_bank
from rubrics.model import Area, Rubric
from rubrics.problems import DataError, Problem, one_line


def add_to(commands: Commands) -> None:
    rubric = command(commands, "rubric", "granskningsmodeller")
    under = rubric.add_subparsers(title="kommandon", metavar="KOMMANDO", required=True)
    check = command(under, "check", "kontrollera granskningsmodeller och åtgärdsbanker; ett fel per rad")
    check.add_argument("files", metavar="FIL", nargs="+", type=Path, help="granskningsmodellens eller bankens fil")
    check.set_defaults(run=_check_rubrics)
    freeze = command(under, "publish", "lås publicerade utgåvor, så att de aldrig ändras")
    freeze.add_argument("files", metavar="FIL", nargs="+", type=Path, help="granskningsmodellens fil")
    freeze.set_defaults(run=_publish_rubrics)

    grade = command(commands, "grade", "vad svaren ger för gradering, område för område")
    grade.add_argument("file", metavar="FIL", type=Path, help="inspektionens fil")
    grade.add_argument("--json", action="store_true", help="som JSON")
    grade.set_defaults(run=_grade)

    made = command(commands, "report", "gör inspektionens rapport")
    made.add_argument("file", metavar="FIL", type=Path, help="inspektionens fil")
    _output(made, list(FORMATS))
    made.set_defaults(run=_report)

    blank = command(commands, "protocol", "gör ett tomt protokoll att skriva ut och skriva i")
    blank.add_argument("rubric", metavar="MODELL", help="granskningsmodellen, som st-spur/2015-8")
    _output(blank, ["docx", "pdf"])
    blank.set_defaults(run=_protocol)

    for each in (check, freeze, grade, made, blank):
        each.add_argument(
            "--rubrics",
            metavar="MAPP",
            type=Path,
            action="append",
            default=[],
            help="fler mappar med granskningsmodeller (får upprepas; också SPORRA_RUBRICS)",
        )


def _output(parser: argparse.ArgumentParser, formats: list[str]) -> None:
    parser.add_argument("--format", choices=formats, required=True, help=f"ett av {', '.join(formats)}")
    parser.add_argument("--out", metavar="FIL", type=Path, required=True, help="filen som skrivs")


# ── Commands ──────────────────────────────────────────────────────────────────────────────


def _check_rubrics(call: argparse.Namespace) -> int:
    failed = False
    for path in call.files:
        try:
            told = _checked(_library(call, path.absolute().parent.parent), path)
        except DataError as error:
            failed = True
            print(*error.problems, sep="\n", file=sys.stderr)
        else:
            print(one_line(f"{path}: {told}"))
    return int(failed)


def _checked(library: Library, path: Path) -> str:
    if is_bank(path):
        bank = library.read_bank(path)
        return f"åtgärdsbanken är i ordning ({len(bank.measures)} åtgärder)."
    checked = library.read(path)
    _warn(checked.warnings)
    rubric = checked.rubric
    told = f"{len(rubric.areas)} områden och {len(rubric.area_of)} kriterier"
    return f"{rubric.reference} är i ordning ({told})."


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
    made, out = write(document, call.format), Path(os.path.realpath(call.out))
    if "file" in call and out.exists() and out.samefile(call.file):
        raise DataError([Problem(str(call.out), "det är inspektionens egen fil. Ange en annan att skriva till.")])
    with whole_file(call.out) as file:
        file.write_bytes(made)
    print(call.out)
    return 0
