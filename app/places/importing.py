"""What a list of places would change, and the change.

Nothing is removed and nothing is renamed: a name that is not there is a new place, with a doubt where it looks like one
that is. Comparing is pure, and is done outside the database's writing door.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter
from sqlmodel import Session

from app.accounts.roles import Permission
from app.accounts.viewer import Viewer
from app.errors import Stale
from app.lists.alike import Names
from app.lists.preview import CHANGED, Change, Preview, alike, also, some
from app.lists.tables import Line, NotUnderstood, Table
from app.places import actions
from app.places.as_list import CLOSED, KIND, KINDS, NEEDED, SPECIALITY, WORDS, At, State, state
from app.places.closing import Ended
from app.places.models import HospitalKind
from app.places.schemas import ClinicIn, Named, NewHospital
from app.typed import Name

_NAME: TypeAdapter[str] = TypeAdapter(Name)


@dataclass(frozen=True)
class Wanted:
    """What is to be added, by names in the order of the file. A speciality lies nowhere: ("", name)."""

    state: State
    preview: Preview
    specialities: Sequence[At]
    regions: Sequence[At]
    hospitals: Sequence[tuple[At, HospitalKind]]
    clinics: Sequence[tuple[At, Sequence[str]]]
    trains: Sequence[tuple[At, Sequence[str]]]  # clinics that are there: all that they train in from now on


@dataclass
class _Clinic:
    row: int
    there: bool
    has: set[str]
    gets: list[str] = field(default_factory=list)


def compared(state: State, table: Table) -> Wanted:
    found = _Found(state)
    for line in table.lines:
        found.take(line)
    return found.wanted(table.notes)


class _Found:
    """What is there and what the rows so far ask for, by names."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.names: dict[At, Names] = {}
        hospital_at, clinic_at, called = state.hospital_at, state.clinic_at, state.called
        # Each with its row; 0 for what is there.
        self.regions: dict[At, int] = dict.fromkeys(state.region_at.values(), 0)
        self.hospitals = {hospital_at[id]: (0, kind) for id, _, _, kind in state.hospitals}
        self.clinics = {at: _Clinic(0, True, set()) for at in clinic_at.values()}
        self.specialities: dict[At, int] = {("", name): 0 for name in called.values()}
        for clinic, speciality in state.trains:
            self.clinics[clinic_at[clinic]].has.add(called[speciality])
        self.beside: dict[At, list[str]] = {}  # the names that lie together, by where
        for at in (*self.specialities, *self.regions, *self.hospitals, *self.clinics):
            self.beside.setdefault(at[:-1], []).append(at[-1])
        self.doubts: dict[At, str] = {}  # of all that is new; "" where there is none
        self.seen: dict[tuple[str, ...], int] = {}
        self.twice: list[int] = []
        ended, lies = state.ended, {**state.region_at, **hospital_at, **clinic_at}
        lies |= {id: ("", name) for id, name in called.items()}
        self.ended = {lies[id]: each for id, each in ended.items()}
        for clinic, speciality, since in state.closed_units:
            at = (*clinic_at[clinic], called[speciality])
            self.ended.setdefault(at, Ended(f"{at[3]} vid {at[2]}", since))
        self.closed: list[int] = []  # rows of what has ended
        self.same = 0
        self.not_understood: list[Change] = []

    def take(self, line: Line) -> None:
        try:
            if line.wrong:
                raise NotUnderstood(f"{line.wrong[0]}")
            region, hospital, clinic, speciality = (line.fit(each, _NAME) for each in (*NEEDED, SPECIALITY))
            kind = self._kind(line, region, hospital)
            _check(region, hospital, clinic, speciality)
            closed = self._closed(line, (region, hospital, clinic, speciality))
        except NotUnderstood as error:
            self.not_understood.append(Change(line.number, f"Rad {line.number}", str(error)))
            return
        asked = (region, hospital, clinic, speciality)
        if asked in self.seen:
            self.twice.append(line.number)
            return
        self.seen[asked] = line.number
        self.same += not self._add(line.number, asked, kind)
        if closed:
            self.closed.append(line.number)

    def _kind(self, line: Line, region: str, hospital: str) -> HospitalKind:
        told = KINDS.get(line[KIND].casefold())
        if line[KIND] and not told:
            raise NotUnderstood("Slag: Skriv Sjukhus eller Primärvård.")
        _, known = self.hospitals.get((region, hospital), (0, None))
        if known and told and told != known:
            raise NotUnderstood(f"{hospital} är {WORDS[known].lower()} sedan tidigare. En lista ändrar inte det.")
        if hospital and not (told or known):
            raise NotUnderstood(f"Slag: Skriv om {hospital} är Sjukhus eller Primärvård.")
        return told or known or "hospital"

    def _closed(self, line: Line, asked: At) -> bool:
        """Whether the row is of what has ended, and asks for nothing new there."""
        named = [asked[: i + 1] for i in range(3) if asked[i]] + ([("", asked[3])] if asked[3] else [])
        found = next((self.ended[at] for at in (*named, asked) if at in self.ended), None)
        if not found:
            if line[CLOSED]:
                raise NotUnderstood(f"{CLOSED}: En lista stänger inget. Det gör du på platsens egen sida.")
            return False
        trains = not (asked[2] and asked[3]) or ((clinic := self.clinics.get(asked[:3])) and asked[3] in clinic.has)
        there = (self.regions, self.hospitals, self.clinics, self.specialities)
        if not trains or any(all(at not in each for each in there) for at in named):
            raise NotUnderstood(f"{found} Öppna den igen först, om det är fel.")
        return True

    def _add(self, row: int, asked: At, kind: HospitalKind) -> bool:
        """Whether the row asks for anything that is not there."""
        region, hospital, clinic, speciality = asked
        before = len(self.doubts)
        if speciality and ("", speciality) not in self.specialities:
            self.specialities["", speciality] = row
            self._doubt(("", speciality))
        if region and (region,) not in self.regions:
            self.regions[region,] = row
            self._doubt((region,))
        if hospital and (region, hospital) not in self.hospitals:
            self.hospitals[region, hospital] = (row, kind)
            self._doubt((region, hospital))
        if clinic and asked[:3] not in self.clinics:
            self.clinics[asked[:3]] = _Clinic(row, False, set())
            self._doubt(asked[:3])
        gets = bool(clinic and speciality) and self._gets(row, asked[:3], speciality)
        return gets or len(self.doubts) > before

    def _gets(self, row: int, at: At, speciality: str) -> bool:
        clinic = self.clinics[at]
        if speciality in clinic.has:
            return False
        clinic.has.add(speciality)
        clinic.gets.append(speciality)
        clinic.row = clinic.row or row
        return True

    def _doubt(self, at: At) -> None:
        """Of everything that is new: whether it looks like what is there, or stands above it in the file."""
        if at[:-1] not in self.names:
            self.names[at[:-1]] = Names(self.beside.get(at[:-1], ()))
        self.doubts[at] = alike(self.names[at[:-1]].like(at[-1]))
        self.names[at[:-1]].add(at[-1])

    def wanted(self, notes: Sequence[str]) -> Wanted:
        specialities = [at for at, row in self.specialities.items() if row]
        regions = [at for at, row in self.regions.items() if row]
        hospitals = [(at, kind) for at, (row, kind) in self.hospitals.items() if row]
        new = [(at, each.gets) for at, each in self.clinics.items() if not each.there]
        more = [(at, each) for at, each in self.clinics.items() if each.there and each.gets]
        lines = [
            *(self._told(self.specialities[at], at, "Ny specialitet") for at in specialities),
            *(self._told(self.regions[at], at, "Ny region") for at in regions),
            *(self._told(self.hospitals[at][0], at, _NEW[kind]) for at, kind in hospitals),
            *(self._told(self.clinics[at].row, at, _unit(self.hospitals[at[:-1]][1], gets)) for at, gets in new),
        ]
        changed = [self._told(each.row, at, f"Utbildar också i {', '.join(each.gets)}") for at, each in more]
        trains = [(at, sorted(each.has)) for at, each in more]
        told = [*notes, *also(self.twice), *_stay(self.closed)]
        preview = Preview(lines, changed, self.same, self.not_understood, told)
        return Wanted(self.state, preview, specialities, regions, hospitals, new, trains)

    def _told(self, row: int, at: At, about: str) -> Change:
        where = ", ".join(reversed([name for name in at[:-1] if name]))
        return Change(row, at[-1], f"{about} · {where}" if where else about, self.doubts.get(at, ""))


def _stay(rows: Sequence[int]) -> list[str]:
    """A note on rows of what is closed."""
    return [f"Är stängda, och förblir det: rad {some(rows)}."] if rows else []


_NEW = {"hospital": "Nytt sjukhus", "primary_care": "Ny primärvård"}


def _unit(kind: HospitalKind, gets: Sequence[str]) -> str:
    what = "Ny vårdcentral" if kind == "primary_care" else "Ny klinik"
    return f"{what}, utbildar i {', '.join(gets)}" if gets else what


def _check(region: str, hospital: str, clinic: str, speciality: str) -> None:
    if clinic and not hospital:
        raise NotUnderstood(f"Skriv vilket sjukhus eller vilken primärvård {clinic} hör till.")
    if hospital and not region:
        raise NotUnderstood(f"Skriv vilken region {hospital} hör till.")
    if speciality and region and not clinic:
        raise NotUnderstood(f"Skriv vilken klinik eller vårdcentral som utbildar i {speciality}.")
    if not (region or speciality):
        raise NotUnderstood("Skriv vilken region det gäller.")


# ── Done ──────────────────────────────────────────────────────────────────────────────────


def take_in(session: Session, *, by: Viewer, new: Wanted) -> None:
    """Each thing as if it were done by hand. Raises Stale where anything has changed since it was compared: looked at
    here, where no other writer is (SQLite) or where the database refuses what another has added (PostgreSQL)."""
    by.check(Permission.ADMINISTER)
    if state(session) != new.state:
        raise Stale(CHANGED)
    there = new.state
    region_at, hospital_at, clinic_at = (
        {at: id for id, at in each.items()} for each in (there.region_at, there.hospital_at, there.clinic_at)
    )
    ids = {name: id for id, name in there.called.items()}
    made = actions.add_specialities(session, by=by, new=[Named(name=name) for _, name in new.specialities])
    ids |= dict(zip([name for _, name in new.specialities], made, strict=True))
    made = actions.add_regions(session, by=by, new=[Named(name=at[-1]) for at in new.regions])
    region_at |= dict(zip(new.regions, made, strict=True))
    hospitals = [(region_at[at[:-1]], NewHospital(name=at[-1], kind=kind)) for at, kind in new.hospitals]
    made = actions.add_hospitals(session, by=by, new=hospitals)
    hospital_at |= dict(zip([at for at, _ in new.hospitals], made, strict=True))

    def clinic(at: At, specialities: Sequence[str]) -> ClinicIn:
        return ClinicIn(name=at[-1], specialities=[ids[name] for name in specialities])

    clinics = [(hospital_at[at[:-1]], clinic(at, gets)) for at, gets in new.clinics]
    actions.add_clinics(session, by=by, new=clinics)
    actions.change_clinics(session, by=by, new={clinic_at[at]: clinic(at, trains) for at, trains in new.trains})
