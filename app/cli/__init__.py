"""`sporra`, as it is called: the way in, and what a failure is told as.

A failure is one sentence (or a line for each thing that is wrong in a file) on standard error and exit
status 1; a call that cannot be understood is 2. Nothing is written unless everything went well.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from app.cli import database, events, files
from app.cli.parser import Parser
from app.errors import Refusal
from rubrics.problems import DataError, one_line


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
    except Refusal as error:
        print(one_line(error.told), file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        name = one_line(str(error.filename or "Utskriften"))
        print(f"{name}: går inte att läsa eller skriva. Kontrollera namn, rättigheter och utrymme.", file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):  # Ctrl-C, or Ctrl-D at a question
        return 130
    return status


def _parser() -> Parser:
    parser = Parser(prog="sporra", about="SPUR-inspektioner: webben, granskningsmodeller, gradering och rapporter.")
    commands = parser.add_subparsers(title="kommandon", metavar="KOMMANDO", required=True)
    database.add_to(commands)
    events.add_to(commands)
    files.add_to(commands)
    return parser
