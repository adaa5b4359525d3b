"""What is nowhere in the code, since each of it has let somebody in somewhere; and that every dependency is locked."""

import ast
import inspect
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.accounts.access import routes
from app.config import Settings
from app.main import create_app
from tests.paths import ROOT

CODE = sorted(path for room in ("app", "rubrics", "reports") for path in (ROOT / room).rglob("*.py"))
SCRIPTS = sorted(path for path in (ROOT / "app/web/static").rglob("*.js") if path.name != "htmx.js")
CALLED = {"eval", "exec", "compile", "__import__", "os.system", "os.popen", "hashlib.md5", "hashlib.sha1", "Markup"}
CALLED |= {"yaml.load", "tarfile.open", "etree.parse", "etree.fromstring", "etree.XML", "string.Template"}
IMPORTED = {"pickle", "marshal", "shelve", "dill", "xml", "ldap3", "ldap", "memcache", "telnetlib", "ftplib"}
IN_SCRIPTS = (
    r"\.innerHTML\s*[+]?=|insertAdjacentHTML|document\.write|\beval\(|new Function|\.__proto__|setTimeout\(\s*[\"'`]"
)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def dangers(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in CALLED:
                yield called
            if any(each.arg == "shell" for each in node.keywords):
                yield f"{called} with a shell"
            if called.split(".")[-1] in ("text", "execute", "exec_driver_sql") and node.args and _made_up(node.args[0]):
                yield f"{called} of a text that is put together"
            if called.endswith("XMLParser") and not any(each.arg == "resolve_entities" for each in node.keywords):
                yield "a parser that follows entities"
            if called.endswith(".set_cookie"):
                yield "set_cookie"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
            yield from (name for name in names if name.split(".")[0] in IMPORTED)
            yield from ("random" for name in names if name == "random")
            yield from (each.name for each in node.names if each.name in ("md5", "sha1", "system", "popen"))


def _made_up(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr | ast.BinOp) or (
        isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".format")
    )


# Each for its reason: what is drawn by lot must come again; cookies are set in two places; three statements are put
# together from our own names and numbers; XML is read with a parser
# that follows no entity.
KNOWN = {
    "app/accounts/access.py": {"set_cookie"},
    "app/accounts/via_pages.py": {"set_cookie"},  # its own name, asked for with the other's
    "app/demo/country.py": {"random"},
    "app/demo/country_places.py": {"random"},
    "app/demo/country_rows.py": {"random"},
    "app/demo/country_visits.py": {"random"},
    "app/db.py": {"connection.execute of a text that is put together"},
    "app/events/chain.py": {"text of a text that is put together"},
    "app/keep/sqlite.py": {"copy.execute of a text that is put together"},
    "app/lists/workbook.py": {"etree.fromstring"},
    "reports/docx_file.py": {"etree.fromstring"},
}


def test_nothing_dangerous_is_called_or_imported() -> None:
    found = {named(path): set(dangers(path.read_text())) - KNOWN.get(named(path), set()) for path in CODE}
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize(
    "said",
    ["eval(x)", "import pickle", "subprocess.run(x, shell=True)", 'text(f"{x}")', 'session.execute("a" + b)', "import random", "from hashlib import md5"],
)  # fmt: skip
def test_what_is_dangerous_is_seen(said: str) -> None:
    assert list(dangers(said))


def test_no_script_makes_markup_or_code_of_text() -> None:
    assert {named(path): found for path in SCRIPTS if (found := re.findall(IN_SCRIPTS, path.read_text()))} == {}
    for each in ("a.innerHTML = b", "eval(a)", "a.insertAdjacentHTML(b)"):
        assert re.search(IN_SCRIPTS, each)


def test_no_script_listens_to_another_window() -> None:
    """A worker and its pages talk within one origin; a window could be another site's."""
    heard = r"window\.addEventListener\(\s*\"message\"|window\.onmessage|parent\.postMessage|opener\.postMessage"
    assert [named(path) for path in SCRIPTS if re.search(heard, path.read_text())] == []


def test_what_is_only_asked_for_changes_nothing_in_its_own_hand() -> None:
    asked = [
        route for route in routes(create_app(Settings("sqlite:////nowhere")).routes) if route.methods <= {"GET", "HEAD"}
    ]
    writing = {route.path for route in asked if ".writing(" in inspect.getsource(route.endpoint)}
    assert asked
    assert writing == set()


def test_there_are_no_pages_of_documentation_and_no_debugging() -> None:
    app = create_app(Settings("sqlite:////nowhere"))
    assert (app.docs_url, app.redoc_url, app.debug) == (None, None, False)


def test_every_dependency_is_locked_by_its_hash() -> None:
    packages = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    foreign = [each for each in packages if each["source"] != {"editable": "."}]
    assert len(foreign) > 50
    for each in foreign:
        assert each["source"] == {"registry": "https://pypi.org/simple"}, each["name"]
        files = [*each.get("wheels", ()), *([each["sdist"]] if "sdist" in each else ())]
        assert files, each["name"]
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", file["hash"]) for file in files), each["name"]


def test_the_installer_itself_comes_by_its_hash() -> None:
    said = (ROOT / ".ci/uv.txt").read_text().replace("\\\n", "")
    assert all(line.count("--hash=sha256:") for line in said.splitlines())
    made = (ROOT / "Makefile").read_text()
    assert "--require-hashes -r .ci/uv.txt" in made
    assert "sync --quiet --frozen" in made


def test_no_secret_stands_in_what_is_kept_in_version_control() -> None:
    """None that looks like one: private keys, passwords in addresses, what a shell would set."""
    looks = re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----|SPORRA_SECRET=[0-9A-Za-z]{16}|postgresql://\w+:(?!hemligt|LÖSENORD|PASSWORD)\w+@"
    )
    files = [*CODE, *SCRIPTS, ROOT / "Makefile", ROOT / "README.md", ROOT / "pyproject.toml", *(ROOT / ".ci").iterdir()]
    assert [named(path) for path in files if looks.search(path.read_text())] == []
