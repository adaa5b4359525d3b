"""The rubrics on disk: finding, reading, checking and freezing them.

A folder of rubrics holds `<family>/<name>.yaml` (the newest edition), `<family>/<name>@<edition>.yaml`
(older ones), `<family>/measures.yaml` where the family has an åtgärdsbank and, where published editions are
frozen, `published.lock` with a line `<sha256>  <id>@<edition>` for each.
"""

import glob
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rubrics.checks import Fault, check
from rubrics.data_file import Source, read
from rubrics.disk import read_file
from rubrics.measures import FILE as BANK
from rubrics.measures import NO_MEASURES, Bank, check_bank
from rubrics.model import ID, Overlay, Rubric
from rubrics.overlay import check_overlay, in_overlay, merged
from rubrics.problems import DataError, Problem
from rubrics.shape import parse

OWN_FOLDER = Path(__file__).resolve().parent
LOCK = "published.lock"
MAX_CHAIN = 10  # overlays on overlays


@dataclass(frozen=True)
class Checked:
    """A rubric that can be used, and what is worth knowing about its file."""

    rubric: Rubric
    warnings: tuple[Problem, ...]


class Library:
    """The folders that come along and those given, searched as one."""

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        self.folders = list(dict.fromkeys(path.absolute() for path in (OWN_FOLDER, *folders)))
        for folder in self.folders:
            if not folder.is_dir():
                message = "mappen med granskningsmodeller finns inte. Kontrollera namnet."
                raise DataError([Problem(str(folder), message)])
        self._banks: dict[str, Bank] = {}

    def rubric(self, reference: str) -> Rubric:
        """The rubric `id@edition`, or the newest edition of `id`. Raises DataError."""
        found = self._find(reference)
        if isinstance(found, str):
            raise DataError([Problem(reference, found)])
        return self._read(found).rubric

    def texts(self, reference: str) -> list[str]:
        """What a rubric is made from, to be kept: its file's text, or a base's and its overlays'. Raises DataError."""
        self.rubric(reference)  # in order, or told why not
        return [source.text for source in self._chain(reference)][::-1]

    def _chain(self, reference: str) -> Iterator[Source]:
        """A rubric's file, and those of what it extends."""
        found = self._find(reference)
        if isinstance(found, Source):
            yield found
            yield from self._chain(found.value["extends"]) if "extends" in found.value else ()

    @cached_property
    def published(self) -> list[Rubric]:
        """The published rubrics, each in every edition, by title; read once. One that is not in order is left out."""
        found: dict[str, Rubric] = {}
        for folder in self.folders:
            for path in _rubric_files(folder):
                with suppress(DataError):
                    rubric = self.read(path).rubric
                    if rubric.status == "published":
                        found[rubric.reference] = rubric
        return sorted(found.values(), key=lambda rubric: (rubric.title, -rubric.edition))

    def read(self, path: Path) -> Checked:
        """The rubric in a file, checked. Raises DataError with everything that is wrong with it."""
        return self._read(read_file(path))

    def bank(self, rubric: str) -> Bank:
        """The åtgärdsbank of a rubric, by its id or reference: that of its family, from every folder that has one;
        read once. Raises DataError."""
        family = rubric.partition("/")[0]
        if family not in self._banks:
            files = [path for folder in self.folders for path in folder.glob(f"*/{BANK}")]
            self._banks[family] = _joined([self.read_bank(path) for path in files if path.parent.name == family])
        return self._banks[family]

    def read_bank(self, path: Path) -> Bank:
        """The åtgärdsbank in a file, checked. Raises DataError with everything that is wrong with it."""
        source = read_file(path)
        bank = parse(source, Bank)
        rubrics, faults = [], []
        for i, id in enumerate(bank.rubrics):
            found = self._find(id)
            if isinstance(found, str):
                faults.append(Fault(("rubrics", i), f"{id}: {found}"))
            else:
                rubrics.append(self._read(found).rubric)
        faults += [] if faults else check_bank(bank, rubrics)
        if faults:
            raise DataError([source.problem(each.path, each.message) for each in faults])
        return bank

    def publish(self, paths: Iterable[Path]) -> list[str]:
        """Freezes the editions in the files, all or none, by lines in their folders' locks: `id@edition` each."""
        added: dict[Path, dict[str, str]] = {}
        for path in paths:
            if is_bank(path):
                raise DataError([Problem(str(path), "en åtgärdsbank låses inte: den får växa. Ange en modell.")])
            source = read_file(path)
            rubric = self._read(source, locked=False).rubric
            if rubric.status != "published":
                raise DataError(
                    [source.problem(("status",), "bara en publicerad utgåva låses. Sätt status: published.")]
                )
            lock = _lock_beside(path)
            frozen = _frozen(lock)
            if frozen.get(rubric.reference, _sha256(source)) != _sha256(source):
                raise DataError([source.problem((), _changed(rubric))])
            added.setdefault(lock, frozen)[rubric.reference] = _sha256(source)
        for lock, frozen in added.items():
            content = "".join(f"{sha}  {reference}\n" for reference, sha in sorted(frozen.items()))
            lock.write_text(content, encoding="utf-8")
        return [reference for frozen in added.values() for reference in frozen]

    def _read(self, source: Source, *, extending: tuple[str, ...] = (), locked: bool = True) -> Checked:
        if isinstance(source.value, dict) and "extends" in source.value:
            return self._read_overlay(source, extending, locked)
        rubric = parse(source, Rubric)
        return _checked(source, rubric, [*_about_file(source, rubric, locked), *check(rubric)])

    def _read_overlay(self, source: Source, extending: tuple[str, ...], locked: bool) -> Checked:
        overlay = parse(source, Overlay)
        extending = (*extending, overlay.reference)
        if overlay.extends in extending:
            raise DataError([source.problem(("extends",), "tillägget bygger i sista hand på sig självt.")])
        if len(extending) > MAX_CHAIN:
            raise DataError([source.problem(("extends",), f"mer än {MAX_CHAIN} tillägg på varandra. Slå ihop några.")])
        base = self._base(source, overlay, extending)
        faults = [*_about_file(source, overlay, locked), *check_overlay(base, overlay)]
        if faults:
            return _checked(source, base, faults)
        rubric = merged(base, overlay)
        known = {fault.message for fault in check(base)}
        added = [in_overlay(fault, rubric, overlay) for fault in check(rubric) if fault.message not in known]
        return _checked(source, rubric, added)

    def _base(self, source: Source, overlay: Overlay, extending: tuple[str, ...]) -> Rubric:
        found = self._find(overlay.extends)
        if isinstance(found, str):
            raise DataError([source.problem(("extends",), f"{overlay.extends}: {found}")])
        return self._read(found, extending=extending).rubric

    def _find(self, reference: str) -> Source | str:
        """The file that holds `id@edition` (or the newest edition of `id`), or why there is not one."""
        id, _, edition = reference.partition("@")
        sources = self._editions(id)
        wanted = edition or str(max((_edition(source) for source in sources), default=""))
        found = [source for source in sources if str(_edition(source)) == wanted]
        if len(found) == 1:
            return found[0]
        if found:
            where = " och ".join(source.file for source in found)
            return f"samma utgåva finns två gånger: {where}. Ta bort den ena."
        if sources:
            there = ", ".join(f"{id}@{_edition(source)}" for source in sources)
            return f"den utgåvan finns inte. Det som finns: {there}."
        files = sorted(path for folder in self.folders for path in _rubric_files(folder) if "@" not in path.stem)
        there = ", ".join(f"{path.parent.name}/{path.stem}" for path in files)
        return f"granskningsmodellen finns inte. De som finns: {there}."

    def _editions(self, id: str) -> list[Source]:
        """The files that hold editions of `id`, in every folder."""
        if not re.fullmatch(ID, id) or is_bank(Path(f"{id}.yaml")):  # nothing that could lead out of the folders
            return []
        return [read_file(path) for folder in self.folders for path in _edition_files(folder / f"{id}.yaml")]


def assembled(texts: Sequence[str]) -> Rubric:
    """A rubric from texts that `Library.texts` once gave. They were checked then."""
    base, *overlays = (read(text.encode(), "granskningsmodellen") for text in texts)
    rubric = parse(base, Rubric)
    for source in overlays:
        rubric = merged(rubric, parse(source, Overlay))
    return rubric


def is_bank(path: Path) -> bool:
    """Whether a file beside the rubrics is their åtgärdsbank."""
    return path.name == BANK


def _rubric_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*/*.yaml") if not is_bank(path))


def _joined(banks: Sequence[Bank]) -> Bank:
    """Several folders' banks of one family as one. Where two give the same id, the later folder's stands: so a
    region can put its own words to a measure."""
    measures = {measure.id: measure for bank in banks for measure in bank.measures}
    rubrics = dict.fromkeys(id for bank in banks for id in bank.rubrics)
    return Bank(rubrics=tuple(rubrics), measures=tuple(measures.values())) if banks else NO_MEASURES


def _edition_files(newest: Path) -> list[Path]:
    older = sorted(newest.parent.glob(f"{glob.escape(newest.stem)}@*.yaml"))
    return [newest, *older] if newest.is_file() else older


def _edition(source: Source) -> int:
    """The edition that a file says it holds; 0 where it says none (the models will tell)."""
    edition = source.value.get("edition") if isinstance(source.value, dict) else None
    return edition if isinstance(edition, int) else 0


def _checked(source: Source, rubric: Rubric, faults: list[Fault]) -> Checked:
    problems = [source.problem(each.path, each.message, warning=each.warning) for each in faults]
    if errors := [problem for problem in problems if not problem.warning]:
        raise DataError(errors)
    return Checked(rubric, tuple(problems))


def _about_file(source: Source, rubric: Rubric | Overlay, locked: bool) -> list[Fault]:
    """Whether the file lies where its id says, and is what was published."""
    path = Path(source.file).absolute()
    stem, at, edition = path.stem.partition("@")
    found = []
    if rubric.id != f"{path.parent.name}/{stem}" or path.suffix != ".yaml":
        right = f"{rubric.id}.yaml" if not at else f"{rubric.id}@{rubric.edition}.yaml"
        found.append(Fault(("id",), f"filen ska ligga på en sökväg som slutar på {right}, som dess id."))
    if at and edition != str(rubric.edition):
        found.append(Fault(("edition",), f"filnamnet säger utgåva {edition}. Låt namn och utgåva stämma."))
    for other in _edition_files(path.with_name(f"{stem}.yaml")):
        if other != path:
            found += _beside(path, rubric.edition, other, _edition(read_file(other)))
    return found + (_about_lock(source, rubric, _lock_beside(path)) if locked else [])


def _beside(path: Path, edition: int, other: Path, others: int) -> list[Fault]:
    if edition == others:
        return [Fault(("edition",), f"utgåva {edition} finns redan i {other.name}. Höj edition.")]
    older, newer = sorted([(edition, path.name), (others, other.name)])
    if "@" in newer[1] and "@" not in older[1]:
        message = f"den nyaste utgåvan ska heta {older[1]}, men {newer[1]} är nyare. Byt namn på dem."
        return [Fault(("edition",), message)]
    return []


# ── The lock ──────────────────────────────────────────────────────────────────────────────


def _lock_beside(path: Path) -> Path:
    return path.absolute().parent.parent / LOCK


def _about_lock(source: Source, rubric: Rubric | Overlay, lock: Path) -> list[Fault]:
    if not lock.exists():
        return []
    sha = _frozen(lock).get(rubric.reference)
    if sha is None and rubric.status == "published":
        message = f"utgåvan är publicerad men inte låst i {LOCK}. Kör: sporra rubric publish FIL."
        return [Fault(("status",), message)]
    return [Fault((), _changed(rubric))] if sha not in (None, _sha256(source), _before_retiring(source)) else []


def _changed(rubric: Rubric | Overlay) -> str:
    message = f"{rubric.reference} är publicerad och har ändrats sedan dess."
    return f"{message} Återställ filen, och gör ändringen som en ny utgåva."


def _frozen(lock: Path) -> dict[str, str]:
    """Reference → sha256 of its file's bytes. A line that is not understood is an error, never passed over."""
    found: dict[str, str] = {}
    try:
        lines = lock.read_text(encoding="utf-8").split("\n") if lock.exists() else []
    except UnicodeDecodeError:
        lines = ["?"]
    for number, line in enumerate(lines, 1):
        match = re.fullmatch(f"([0-9a-f]{{64}})  ({ID}@[0-9]+)", line)
        if line and (not match or match[2] in found):
            message = "raden är inte en sha256 och en utgåva (id@nr), eller står två gånger. Återställ filen."
            raise DataError([Problem(str(lock), message, line=number)])
        if match:
            found[match[2]] = match[1]
    return found


def _sha256(source: Source) -> str:
    return hashlib.sha256(source.data).hexdigest()


def _before_retiring(source: Source) -> str:
    """The one change that a published edition may see: its status, from published to retired."""
    data = re.sub(rb"(?m)^status: retired\b", b"status: published", source.data, count=1)
    return hashlib.sha256(data).hexdigest()
