"""The files that are made from code, and whether they are fresh: `python -m app.generated [--check]`."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from app.accounts.roles import matrix
from app.inspections.file import Inspection
from app.plans.rules import diagram
from rubrics.measures import Bank
from rubrics.model import Overlay, Rubric

ROOT = Path(__file__).resolve().parent.parent


def _schema(shape: Any, title: str) -> str:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    schema |= TypeAdapter(shape).json_schema()
    schema["title"] = title
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


IN_README: dict[str, Callable[[], str]] = {"roles": matrix, "plan states": diagram}


def _readme() -> str:
    """The README, with what is made from code between its markers."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, make in IN_README.items():
        before, marker, rest = text.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        text = f"{before}{marker}{make()}{end}{after}"
    return text


GENERATED: dict[str, Callable[[], str]] = {
    "rubrics/schema.json": lambda: _schema(Rubric | Overlay, "Sporra: granskningsmodell eller tillägg"),
    "rubrics/measures.schema.json": lambda: _schema(Bank, "Sporra: åtgärdsbank"),
    "app/inspections/schema.json": lambda: _schema(Inspection, "Sporra: inspektion (inspection/1)"),
    "README.md": _readme,
}


def main(arguments: list[str]) -> int:
    """Writes the files; with --check only names those that are stale. Returns the exit status."""
    stale = []
    for name, make in GENERATED.items():
        path, content = ROOT / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != content:
            stale.append(name)
            if "--check" not in arguments:
                path.write_text(content, encoding="utf-8")
    if stale and "--check" in arguments:
        print(f"Inaktuella: {', '.join(stale)}. Kör: make generated", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
