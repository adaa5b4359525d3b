"""Who may do what, and where: the whole permission system as one table. Pure.

A person has appointments: a role, at a place or for a speciality. A role gives permissions; each reaches as
far as the table says. What a person may not see does not exist for them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    INSPECTOR = "inspector"
    DIRECTOR_OF_STUDIES = "director_of_studies"
    HEAD_OF_CLINIC = "head_of_clinic"
    REGION_OFFICE = "region_office"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Role.ADMINISTRATOR: "administratör",
    Role.COORDINATOR: "samordnare",
    Role.INSPECTOR: "inspektör",
    Role.DIRECTOR_OF_STUDIES: "studierektor",
    Role.HEAD_OF_CLINIC: "verksamhetschef",
    Role.REGION_OFFICE: "regionkansli",
}


class Reach(Enum):
    """How far a permission goes."""

    EVERYTHING = "allt"
    SPECIALITY = "egen specialitet"
    REGION = "egen region"
    CLINIC = "egen klinik"
    INSPECTIONS = "egna inspektioner"


class Permission(StrEnum):
    """What can be done. The value is the sentence in the README's matrix."""

    ADMINISTER = "sköta platser, personer och roller"
    CREATE = "lägga upp och importera inspektioner"
    STAFF = "utse och byta inspektörer"
    SEE_DRAFT = "se att en inspektion pågår, och rapporten som utkast"
    WRITE_FRONT = "skriva framsidan"
    SEE_WORK = "se områden, iakttagelser, program, kommentarer, skäl, historik och vad enhetens förra rapport sade"
    WRITE = "skriva i områden, iakttagelser och program"
    NOTES = "se och skriva intervjuanteckningar och underlag"
    SIGN = "fastställa"
    CORRECT = "öppna en rättelse"
    READ_REPORT = "läsa fastställda rapporter"
    REGRADE = "ändra en gradering efter fastställandet"
    WRITE_PLAN = "skriva, lämna in och följa upp handlingsplanen"
    READ_PLAN = "läsa inlämnade handlingsplaner"
    ANSWER_PLAN = "svara på handlingsplanen"
    FOLLOW_PLAN = "avsluta handlingsplaner"
    COMPARE = "jämföra enheter"
    READ_EVENTS = "läsa allt som har hänt"
    READ_OWN_EVENTS = "läsa vad som har hänt i en inspektion"


class Open(StrEnum):
    """For an address that asks for no permission: who may open it all the same."""

    ANYONE = "vem som helst"
    SIGNED_IN = "alla som har loggat in"
    SECRET = "den som har en persons hemliga adress"  # noqa: S105 - a sentence


_EVERYWHERE = Reach.EVERYTHING
_CLINICS_OWN: Mapping[Permission, Reach] = {
    Permission.READ_REPORT: Reach.CLINIC,
    Permission.WRITE_PLAN: Reach.CLINIC,
    Permission.READ_PLAN: Reach.CLINIC,
}
TABLE: Mapping[Role, Mapping[Permission, Reach]] = {
    Role.ADMINISTRATOR: {
        Permission.ADMINISTER: _EVERYWHERE,
        Permission.CREATE: _EVERYWHERE,
        Permission.STAFF: _EVERYWHERE,
        Permission.SEE_DRAFT: _EVERYWHERE,
        Permission.WRITE_FRONT: _EVERYWHERE,
        Permission.SEE_WORK: _EVERYWHERE,
        Permission.CORRECT: _EVERYWHERE,
        Permission.READ_REPORT: _EVERYWHERE,
        Permission.REGRADE: _EVERYWHERE,
        Permission.READ_PLAN: _EVERYWHERE,
        Permission.FOLLOW_PLAN: _EVERYWHERE,
        Permission.COMPARE: _EVERYWHERE,
        Permission.READ_EVENTS: _EVERYWHERE,
        Permission.READ_OWN_EVENTS: _EVERYWHERE,
    },
    Role.COORDINATOR: {
        Permission.CREATE: Reach.SPECIALITY,
        Permission.STAFF: Reach.SPECIALITY,
        Permission.SEE_DRAFT: Reach.SPECIALITY,
        Permission.WRITE_FRONT: Reach.SPECIALITY,
        Permission.READ_REPORT: Reach.SPECIALITY,
        Permission.READ_PLAN: Reach.SPECIALITY,
    },
    Role.INSPECTOR: {
        Permission.SEE_DRAFT: Reach.INSPECTIONS,
        Permission.WRITE_FRONT: Reach.INSPECTIONS,
        Permission.SEE_WORK: Reach.INSPECTIONS,
        Permission.WRITE: Reach.INSPECTIONS,
        Permission.NOTES: Reach.INSPECTIONS,
        Permission.SIGN: Reach.INSPECTIONS,
        Permission.CORRECT: Reach.INSPECTIONS,
        Permission.READ_REPORT: Reach.INSPECTIONS,
        Permission.REGRADE: Reach.INSPECTIONS,
        Permission.READ_PLAN: Reach.INSPECTIONS,
        Permission.ANSWER_PLAN: Reach.INSPECTIONS,
        Permission.READ_OWN_EVENTS: Reach.INSPECTIONS,
    },
    Role.DIRECTOR_OF_STUDIES: _CLINICS_OWN,
    Role.HEAD_OF_CLINIC: _CLINICS_OWN,
    Role.REGION_OFFICE: {
        Permission.READ_REPORT: Reach.REGION,
        Permission.READ_PLAN: Reach.REGION,
        Permission.FOLLOW_PLAN: Reach.REGION,
        Permission.COMPARE: Reach.REGION,
    },
}

# What an appointment must name for its role to reach anything.
NAMES: Mapping[Role, Reach | None] = {
    Role.ADMINISTRATOR: None,
    Role.COORDINATOR: Reach.SPECIALITY,
    Role.INSPECTOR: Reach.SPECIALITY,
    Role.DIRECTOR_OF_STUDIES: Reach.CLINIC,
    Role.HEAD_OF_CLINIC: Reach.CLINIC,
    Role.REGION_OFFICE: Reach.REGION,
}


@dataclass(frozen=True)
class Held:
    """An appointment as the rules see it."""

    role: Role
    speciality: str | None = None
    region: str | None = None
    clinic: str | None = None


@dataclass(frozen=True)
class Whose:
    """What a permission is asked about: where it belongs, and whose inspection it is. None = nowhere in particular."""

    speciality: str | None = None
    region: str | None = None
    clinic: str | None = None
    inspectors: frozenset[str] = frozenset()


NOWHERE = Whose()


def may(person: str, held: Iterable[Held], permission: Permission, whose: Whose = NOWHERE) -> bool:
    """Whether one of the person's appointments gives the permission, as far as this."""
    return any(_reaches(reach, person, each, whose) for each in held if (reach := TABLE[each.role].get(permission)))


def may_somewhere(held: Iterable[Held], permission: Permission) -> bool:
    """Whether there is anything at all that the permission could reach: shows or hides a way in."""
    return any(permission in TABLE[each.role] for each in held)


def _reaches(reach: Reach, person: str, held: Held, whose: Whose) -> bool:
    match reach:
        case Reach.EVERYTHING:
            return True
        case Reach.SPECIALITY:
            return held.speciality is not None and held.speciality == whose.speciality
        case Reach.REGION:
            return held.region is not None and held.region == whose.region
        case Reach.CLINIC:
            return held.clinic is not None and held.clinic == whose.clinic
        case Reach.INSPECTIONS:
            return person in whose.inspectors


def matrix() -> str:
    """The table as Markdown, for the README."""
    head = "| får … | " + " | ".join(role.label for role in Role) + " |"
    lines = [head, "|---" * (len(Role) + 1) + "|"]
    for permission in Permission:
        cells = (TABLE[role].get(permission) for role in Role)
        lines.append(f"| {permission.value} | " + " | ".join(cell.value if cell else "–" for cell in cells) + " |")
    return "\n".join(lines) + "\n"
