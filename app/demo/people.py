"""The people and places of the demonstration: invented, every one, and named so that it shows. Data alone."""

from dataclasses import dataclass

from app.accounts.roles import Role
from app.people.independence import TieKind
from app.places.models import HospitalKind

PASSWORD = "sporra-exempel"  # noqa: S105 - printed at start; signs in from this machine alone


@dataclass(frozen=True)
class Unit:
    region: str
    hospital: str
    clinic: str
    speciality: str
    place: str
    kind: HospitalKind = "hospital"


EXEMPEL, FOREIGN = "Region Exempel (påhittad)", "Region Påhitt (påhittad)"
INTERNAL, FAMILY, SURGERY = "Internmedicin", "Allmänmedicin", "Kirurgi"

MEDICINE = Unit(EXEMPEL, "Exempelstads lasarett", "Medicinkliniken (påhittat exempel)", INTERNAL, "Exempelstad")
OPERATIONS = Unit(EXEMPEL, "Exempelstads lasarett", "Kirurgkliniken (påhittat exempel)", SURGERY, "Exempelstad")
CENTRE = Unit(
    EXEMPEL,
    "Primärvården i Region Exempel",
    "Vårdcentralen Lagom (påhittat exempel)",
    FAMILY,
    "Lagomköping",
    "primary_care",
)
ABROAD = Unit(FOREIGN, "Påhittsbergs sjukhus", "Medicinkliniken i Påhittsberg (påhittat)", INTERNAL, "Påhittsberg")
UNITS = (MEDICINE, OPERATIONS, CENTRE, ABROAD)


@dataclass(frozen=True)
class Somebody:
    """A person with their roles; each role's place is the name of a speciality, a region or a clinic."""

    name: str
    roles: tuple[tuple[Role, str], ...]

    @property
    def email(self) -> str:
        first = self.name.split()[0].lower().translate(str.maketrans("åäö", "aao"))
        return f"{first}@sporra.example"


@dataclass(frozen=True)
class Bond:
    """A tie to a place by its name. `until` = so many years ago; None = it lasts."""

    kind: TieKind
    where: str
    until: int | None = None


def _inspects(*specialities: str) -> tuple[tuple[Role, str], ...]:
    return tuple((Role.INSPECTOR, each) for each in specialities)


OFFICE = Somebody("Kim Kansli", ((Role.ADMINISTRATOR, ""),))
ALVA = Somebody("Alva Exempel", _inspects(INTERNAL, FAMILY))
NILS = Somebody("Nils Påhitt", _inspects(INTERNAL, FAMILY))
SAGA = Somebody("Saga Låtsas", _inspects(INTERNAL, SURGERY))
TIES = (
    (ALVA, Bond(TieKind.HOME, FOREIGN)),
    (SAGA, Bond(TieKind.COMMISSIONED, ABROAD.hospital, until=2)),
    (SAGA, Bond(TieKind.TRAINED, OPERATIONS.clinic, until=12)),
)
WHY = "Påhittat exempel: specialiteten har få inspektörer, och uppdraget gällde en annan klinik och är avslutat."
PEOPLE = (
    OFFICE,
    Somebody("Sam Ordna", ((Role.COORDINATOR, INTERNAL), (Role.COORDINATOR, FAMILY))),
    ALVA,
    NILS,
    SAGA,
    Somebody(
        "Stina Studie",
        ((Role.DIRECTOR_OF_STUDIES, MEDICINE.clinic), (Role.DIRECTOR_OF_STUDIES, OPERATIONS.clinic)),
    ),
    Somebody("Vera Verksam", ((Role.HEAD_OF_CLINIC, MEDICINE.clinic),)),
    Somebody("Rolf Region", ((Role.REGION_OFFICE, EXEMPEL),)),
    Somebody("Frida Främmande", ((Role.DIRECTOR_OF_STUDIES, ABROAD.clinic),)),
)
