"""The rubrics on disk: finding, reading, checking and freezing them. The one file here that reads disk.

A folder of rubrics holds `<family>/<name>.yaml` (the newest edition), `<family>/<name>@<edition>.yaml`
(older ones) and, where published editions are frozen, `published.lock` with a line
`<sha256>  <id>@<edition>` for each.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rubrics.checks import Finding, check
from rubrics.data_file import DataError, Problem, Source, read_file
from rubrics.model import Overlay, Rubric
from rubrics.overlay import check_overlay, merged
from rubrics.shape import parse

OWN_FOLDER = Path(__file__).resolve().parent
LOCK = "published.lock"


@dataclass(frozen=True)
class Checked:
    """A rubric that can be used, and what is worth knowing about its file."""

    rubric: Rubric
    warnings: tuple[Problem, ...]


class Library:
    """The folders that come along and those given, searched as one."""

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        self.folders = list(dict.fromkeys(path.resolve() for path in (OWN_FOLDER, *folders)))
        for folder in self.folders:
            if not folder.is_dir():
                raise DataError(
                    [Problem(str(folder), "mappen med granskningsmodeller finns inte. Kontrollera namnet.")]
                )

    def rubric(self, reference: str) -> Rubric:
        """The rubric `id@edition`, or the newest edition of `id`. Raises DataError."""
        id, _, edition = reference.partition("@")
        sources = self._editions(id)
        wanted = edition or str(max((_edition(source) for source in sources), default=""))
        found = [source for source in sources if str(_edition(source)) == wanted]
        if not found:
            raise DataError([Problem(reference, self._nothing(id, sources))])
        if len(found) > 1:
            where = " och ".join(source.file for source in found)
            message = f"samma utgåva finns två gånger: {where}. Ta bort den ena."
            raise DataError([Problem(reference, message)])
        return self._read(found[0], ()).rubric

    def read(self, path: Path) -> Checked:
        """The rubric in a file, checked. Raises DataError with everything that is wrong with it."""
        return self._read(read_file(path), ())

    def _read(self, source: Source, extending: tuple[str, ...]) -> Checked:
        if isinstance(source.value, dict) and "extends" in source.value:
            return self._read_overlay(source, extending)
        rubric = parse(source, Rubric)
        return _checked(source, rubric, [*_about_file(source, rubric), *check(rubric)])

    def _read_overlay(self, source: Source, extending: tuple[str, ...]) -> Checked:
        overlay = parse(source, Overlay)
        extending = (*extending, overlay.reference)
        if overlay.extends in extending:
            raise DataError([source.problem(("extends",), "tillägget bygger i sista hand på sig självt.")])
        base = self._base(source, overlay, extending)
        findings = [*_about_file(source, overlay), *check_overlay(base, overlay)]
        if findings:
            return _checked(source, base, findings)
        rubric = merged(base, overlay)
        known = {finding.message for finding in check(base)}
        return _checked(
            source,
            rubric,
            [Finding((), f.message, f.warning) for f in check(rubric) if f.message not in known],
        )

    def _base(self, source: Source, overlay: Overlay, extending: tuple[str, ...]) -> Rubric:
        id, _, edition = overlay.extends.partition("@")
        sources = self._editions(id)
        for each in sources:
            if str(_edition(each)) == edition:
                return self._read(each, extending).rubric
        message = f"{overlay.extends}: {self._nothing(id, sources)}"
        raise DataError([source.problem(("extends",), message)])

    def _editions(self, id: str) -> list[Source]:
        """The files that hold editions of `id`, in every folder."""
        if not re.fullmatch(r"\w[\w.-]*/\w[\w.-]*", id):  # nothing that could lead out of the folders
            return []
        return [read_file(path) for folder in self.folders for path in _edition_files(folder / f"{id}.yaml")]

    def _nothing(self, id: str, sources: list[Source]) -> str:
        if sources:
            there = ", ".join(f"{id}@{_edition(source)}" for source in sources)
            return f"den utgåvan finns inte. Det som finns: {there}."
        files = sorted(path for folder in self.folders for path in folder.glob("*/*.yaml") if "@" not in path.stem)
        there = ", ".join(f"{path.parent.name}/{path.stem}" for path in files)
        return f"granskningsmodellen finns inte. De som finns: {there}."


def publish(path: Path, library: Library) -> str:
    """Freezes the edition in a file by its line in the folder's lock. Returns `id@edition`. Raises DataError."""
    source = read_file(path)
    lock = path.resolve().parent.parent / LOCK
    if not isinstance(source.value, dict) or source.value.get("status") != "published":
        raise DataError([source.problem(("status",), "bara en publicerad utgåva låses. Sätt status: published.")])
    reference = f"{source.value.get('id')}@{source.value.get('edition')}"
    frozen = _frozen(lock)
    if reference not in frozen:
        lines = [f"{sha}  {name}" for name, sha in sorted({**frozen, reference: _sha256(source)}.items())]
        before = lock.read_bytes() if lock.exists() else None
        lock.write_text("\n".join(lines) + "\n", encoding="utf-8")
        try:
            library.read(path)
        except DataError:
            lock.unlink() if before is None else lock.write_bytes(before)
            raise
    library.read(path)
    return reference


def _edition_files(newest: Path) -> list[Path]:
    older = sorted(newest.parent.glob(f"{newest.stem}@*.yaml"))
    return [newest, *older] if newest.is_file() else older


def _edition(source: Source) -> int:
    """The edition that a file says it holds; 0 where it says none (the models will tell)."""
    edition = source.value.get("edition") if isinstance(source.value, dict) else None
    return edition if isinstance(edition, int) else 0


def _checked(source: Source, rubric: Rubric, findings: list[Finding]) -> Checked:
    problems = [source.problem(each.path, each.message, warning=each.warning) for each in findings]
    if errors := [problem for problem in problems if not problem.warning]:
        raise DataError(errors)
    return Checked(rubric, tuple(problems))


def _about_file(source: Source, rubric: Rubric | Overlay) -> list[Finding]:
    """Whether the file lies where its id says, and is what was published."""
    path = Path(source.file).resolve()
    stem, at, edition = path.stem.partition("@")
    found = []
    if rubric.id != f"{path.parent.name}/{stem}" or path.suffix != ".yaml":
        right = f"{rubric.id}.yaml" if not at else f"{rubric.id}@{rubric.edition}.yaml"
        found.append(Finding(("id",), f"filen ska ligga på en sökväg som slutar på {right}, som dess id."))
    if at and edition != str(rubric.edition):
        found.append(Finding(("edition",), f"filnamnet säger utgåva {edition}. Låt namn och utgåva stämma."))
    for other in _edition_files(path.with_name(f"{stem}.yaml")):
        if other != path and _edition(read_file(other)) == rubric.edition:
            found.append(Finding(("edition",), f"utgåva {rubric.edition} finns redan i {other.name}. Höj edition."))
    found += _about_lock(source, rubric, path.parent.parent / LOCK)
    return found


def _about_lock(source: Source, rubric: Rubric | Overlay, lock: Path) -> list[Finding]:
    if not lock.is_file():
        return []
    sha = _frozen(lock).get(rubric.reference)
    if sha is None and rubric.status == "published":
        message = f"utgåvan är publicerad men inte låst i {LOCK}. Kör: sporra rubric publish FIL."
        return [Finding(("status",), message)]
    if sha is not None and sha != _sha256(source):
        message = f"{rubric.reference} är publicerad och har ändrats sedan dess."
        return [Finding((), f"{message} Återställ filen, och gör ändringen som en ny utgåva.")]
    return []


def _frozen(lock: Path) -> dict[str, str]:
    """Reference → sha256 of its file's bytes."""
    lines = lock.read_text(encoding="utf-8").split("\n") if lock.is_file() else []
    return {line[66:].strip(): line[:64] for line in lines if line.strip()}


def _sha256(source: Source) -> str:
    return hashlib.sha256(source.data).hexdigest()
