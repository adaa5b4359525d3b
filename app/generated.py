"""The files that are made from code, and whether they are fresh: `python -m app.generated [--check]`."""

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from app.accounts.roles import matrix
from app.inspections.file import Inspection
from app.numbers import counts, limited
from app.plans.rules import diagram
from rubrics.measures import Bank
from rubrics.model import Overlay, Rubric

ROOT = Path(__file__).resolve().parent.parent


def _schema(shape: Any, title: str) -> str:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    schema |= TypeAdapter(shape).json_schema()
    schema["title"] = title
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _filled(name: str, made: Mapping[str, Callable[[str], str]]) -> str:
    """A document, with what is made from code between its markers. `made` gets the document as it is."""
    text = (ROOT / name).read_text(encoding="utf-8")
    for part, make in made.items():
        before, marker, rest = text.partition(f"<!-- {part} -->\n")
        _, end, after = rest.partition(f"<!-- /{part} -->")
        text = f"{before}{marker}{make(text)}{end}{after}"
    return text


GENERATED: dict[str, Callable[[], str]] = {
    "rubrics/schema.json": lambda: _schema(Rubric | Overlay, "Sporra: granskningsmodell eller tillägg"),
    "rubrics/measures.schema.json": lambda: _schema(Bank, "Sporra: åtgärdsbank"),
    "app/inspections/schema.json": lambda: _schema(Inspection, "Sporra: inspektion (inspection/1)"),
    "README.md": lambda: _filled("README.md", {"roles": lambda _: matrix(), "plan states": lambda _: diagram()}),
    "docs/security.md": lambda: _filled("docs/security.md", {"counts": counts, "limits": lambda _: limited()}),
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
