"""How the house is kept: sizes, names, words on screen, and what is printed from code."""

import ast
import re
from pathlib import Path

import pytest

from app.accounts.roles import matrix
from app.inspections import disk
from app.web.render import ROOMS
from tests.paths import KALMAR, ROOT

CODE = sorted(path for room in ("app", "rubrics", "reports") for path in (ROOT / room).rglob("*.py"))
FILES = [*CODE, *(path for room in ("app", "reports") for path in (ROOT / room).rglob("*.html"))]
TEMPLATES = sorted(path for folder in ROOMS.values() for path in folder.rglob("*.html"))
NOBODYS = {"utils", "helpers", "common", "service", "services", "manager", "managers", "misc"}
# look.md §5. An exclamation mark within Jinja's `!=` is none that anybody sees.
UNSAID = {
    "vänligen": r"\bvänligen\b",
    "ogiltig": r"\bogiltig",
    "obligatorisk": r"\bobligatorisk",
    "användare": r"\banvändar",
    "synka": r"\bsynk(a|ronis)",
    "oj": r"\b(oj|hoppsan)\b",
    "an exclamation mark": r"\w!",
}


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_is_longer_than_400_lines() -> None:
    long = {named(path): count for path in FILES if (count := len(path.read_text().splitlines())) > 400}
    assert long == {}


def test_no_function_is_longer_than_60_lines() -> None:
    long = {
        f"{named(path)}: {node.name}": count
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if (count := (node.end_lineno or 0) - node.lineno + 1) > 60
    }
    assert long == {}


def test_every_module_is_named_for_what_it_knows_and_says_it() -> None:
    assert [named(path) for path in CODE if NOBODYS & {path.stem, path.parent.name}] == []
    silent = [
        named(path)
        for path in CODE
        if path.name != "__main__.py"
        and path.read_text().strip()
        and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_speaks_as_a_colleague(path: Path) -> None:
    assert unsaid(re.sub(r"{#.*?#}|<!.*?>", "", path.read_text(), flags=re.S)) == {}


@pytest.mark.parametrize("path", [path for path in CODE if path.parts[-2] != "rubrics"], ids=named)
def test_a_sentence_in_code_speaks_as_a_colleague(path: Path) -> None:
    tree = ast.parse(path.read_text())
    own = {id(node.body[0].value) for node in ast.walk(tree) if hasattr(node, "body") and _docstring(node)}
    said = [
        n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in own
    ]
    assert unsaid("\n".join(said)) == {}


def _docstring(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    return isinstance(body, list) and bool(body) and isinstance(body[0], ast.Expr)


def unsaid(text: str) -> dict[str, list[str]]:
    found = {what: re.findall(f".{{0,30}}(?:{rule}).{{0,20}}", text, re.I) for what, rule in UNSAID.items()}
    return {what: each for what, each in found.items() if each}


def test_the_words_are_heard_when_they_are_said() -> None:
    said = "Oj! Vänligen fyll i: fältet är obligatoriskt, datumet ogiltigt. Användaren synkar."
    assert set(unsaid(said)) == set(UNSAID)
    assert unsaid("{% if a != b %}Höj rösten, ojämnt{% endif %}") == {}


def test_the_readme_prints_the_roles_as_they_are() -> None:
    readme = (ROOT / "README.md").read_text()
    assert readme.partition("<!-- roles -->\n")[2].partition("<!-- /roles -->")[0] == matrix()


def test_the_real_inspectors_are_named_beside_the_real_report_alone() -> None:
    names = [name.encode() for name in disk.read(KALMAR)[1].inspectors]
    folders = [ROOT / name for name in ("app", "rubrics", "reports", "tests", "docs", "alembic")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    told = [str(path) for path in [*files, ROOT / "README.md"] if any(name in path.read_bytes() for name in names)]
    assert [path for path in told if "golden" not in path] == []
    assert told
