"""An inspection as an inspection file in YAML: what `sporra` and an import read again, and a person can read."""

import io
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from app.inspections.file import PRIVATE, Inspection


def as_yaml(inspection: Inspection, *, private: bool = True) -> str:
    """The file's text. Without `private` what is for inspectors and office alone is left out."""
    value = inspection.model_dump(mode="json", exclude_defaults=True, exclude=None if private else PRIVATE)
    value["state"] = inspection.state
    yaml = YAML()
    yaml.width = 1_000_000  # a text's lines are the writer's own
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    yaml.dump(_plain({key: value[key] for key in Inspection.model_fields if key in value}), out)
    return out.getvalue()


def _plain(value: Any) -> Any:
    """Texts quoted, so that none is read as a number or a date; those of several lines as blocks."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, str):
        return LiteralScalarString(value) if _as_block(value) else DoubleQuotedScalarString(value)
    return value


def _as_block(text: str) -> bool:
    """Whether a block keeps the text to the letter: no blanks at the edges of lines, nothing that must be escaped."""
    lines = text.split("\n")
    return len(lines) > 1 and all(line == line.strip() and (not line or line.isprintable()) for line in lines)
