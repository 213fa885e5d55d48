"""What is true of one person on one day: the versioned definition under every figure. Pure.

The SQL of `selectors.fact_sql` says the same for thousands at once, and a test holds it against
this one day by day. portal/docs/facts.md tells it in words. A changed rule is a new DEFINITION.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from inmates.enums import Ability, Availability, EmployerKind, Employment, Worked
from portal.accounts.enums import PRIVATE_KINDS, OrganisationKind

DEFINITION = 1

T = TypeVar("T")

RULES = {
    "C1": "In custody where a stay is in force: the day of arrival counts, that of leaving not.",
    "C2": "No stay is in force: not in custody, and nothing else is said of the day.",
    "A1": "Ability is what the labour state of the day says, with its reason.",
    "A2": "No labour state covers the day: ability is not known.",
    "S1": "Subject to labour is what the labour state of the day says.",
    "S2": "No labour state covers the day: whether subject to labour is not known.",
    "V1": "Ability is not known, so availability is not known.",
    "V2": "Not able-bodied: not available.",
    "V3": "The labour state gives a reason that keeps from working: not available.",
    "V4": "The timesheet shows no paid minutes for a reason that keeps from working.",
    "V5": "Able-bodied, and nothing keeps from working: available.",
    "E1": "A paid placement is in force: employed, whatever the timesheet says.",
    "E2": "No placement, and a labour state covers the day: not employed, for its reason.",
    "E3": "Neither a placement nor a labour state: not known.",
    "K1": "The employer of the full-time placement, else of the one that began first.",
    "K2": "Without a placement there is no employer.",
    "F1": "Full time as soon as one placement in force is full time.",
    "F2": "Every placement in force is part time.",
    "F3": "Without a placement there is neither.",
    "W1": "The timesheets of the day hold paid minutes: worked, their sum.",
    "W2": "No paid minutes, and some reason keeps from working: away.",
    "W3": "No paid minutes, and every reason counts as available: present.",
    "W4": "A workday in employment without any entry: not known, never zero.",
    "W5": "No entry on a day on which none is due: nothing is missing.",
    "W6": "Without a placement there is no timesheet.",
}


@dataclass(frozen=True, slots=True)
class Why:
    """A reason as the definition needs it."""

    key: int
    counts_as_available: bool


@dataclass(frozen=True, slots=True)
class State:
    """The labour state in force on the day."""

    ability: str
    is_subject_to_labour: bool
    reason: Why | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A placement in force on the day; `key` decides between those that began together."""

    key: int
    employer_kind: EmployerKind
    is_full_time: bool
    since: date


@dataclass(frozen=True, slots=True)
class Sheet:
    """An entry of a timesheet on the day."""

    minutes: int
    reason: Why | None = None


@dataclass(frozen=True, slots=True)
class DayInputs:
    """What is written down about a person on a day; `is_due`: a workday asks for a timesheet."""

    institution: int | None
    is_due: bool
    state: State | None = None
    jobs: tuple[Job, ...] = ()
    sheets: tuple[Sheet, ...] = ()


@dataclass(frozen=True, slots=True)
class Told(Generic[T]):
    """A value with the rule of the definition that gave it."""

    value: T
    rule: str


@dataclass(frozen=True, slots=True)
class DayState:
    """One person on one day; only a day in custody has more than `institution`."""

    institution: Told[int | None]
    ability: Told[str] | None = None
    is_subject: Told[bool | None] | None = None
    availability: Told[Availability] | None = None
    employment: Told[Employment] | None = None
    employer_kind: Told[EmployerKind | None] | None = None
    is_full_time: Told[bool | None] | None = None
    worked: Told[Worked | None] | None = None
    minutes: int | None = None
    # Why not able, not available or not in paid work; and why without paid minutes.
    reason: int | None = None
    absence: int | None = None


def employer_kind_of(organisation_kind: str) -> EmployerKind:
    """State, private or the institution itself; public bodies are the state."""
    if organisation_kind in PRIVATE_KINDS:
        return EmployerKind.PRIVATE
    if organisation_kind == OrganisationKind.INSTITUTION:
        return EmployerKind.INSTITUTION
    return EmployerKind.STATE


def day_state(day: DayInputs) -> DayState:
    """The one state of a person on a day."""
    if day.institution is None:
        return DayState(Told(None, "C2"))
    worked = _worked(day)
    state = day.state
    return DayState(
        institution=Told(day.institution, "C1"),
        ability=Told(state.ability, "A1") if state else Told(Ability.UNKNOWN, "A2"),
        is_subject=Told(state.is_subject_to_labour, "S1") if state else Told(None, "S2"),
        availability=_availability(state, worked),
        employment=_employment(day),
        employer_kind=_employer_kind(day.jobs),
        is_full_time=_is_full_time(day.jobs),
        worked=worked,
        minutes=sum(sheet.minutes for sheet in day.sheets) if day.sheets else None,
        reason=state.reason.key if state and state.reason else None,
        absence=_absence(day.sheets),
    )


def _availability(state: State | None, worked: Told[Worked | None]) -> Told[Availability]:
    if state is None or state.ability == Ability.UNKNOWN:
        return Told(Availability.UNKNOWN, "V1")
    if state.ability != Ability.ABLE:
        return Told(Availability.UNAVAILABLE, "V2")
    if state.reason and not state.reason.counts_as_available:
        return Told(Availability.UNAVAILABLE, "V3")
    if worked.value == Worked.AWAY:
        return Told(Availability.UNAVAILABLE, "V4")
    return Told(Availability.AVAILABLE, "V5")


def _employment(day: DayInputs) -> Told[Employment]:
    if day.jobs:
        return Told(Employment.EMPLOYED, "E1")
    if day.state:
        return Told(Employment.NOT_EMPLOYED, "E2")
    return Told(Employment.UNKNOWN, "E3")


def _employer_kind(jobs: Sequence[Job]) -> Told[EmployerKind | None]:
    if not jobs:
        return Told(None, "K2")
    main = min(jobs, key=lambda job: (not job.is_full_time, job.since, job.key))
    return Told(main.employer_kind, "K1")


def _is_full_time(jobs: Sequence[Job]) -> Told[bool | None]:
    if not jobs:
        return Told(None, "F3")
    is_full_time = any(job.is_full_time for job in jobs)
    return Told(is_full_time, "F1" if is_full_time else "F2")


def _worked(day: DayInputs) -> Told[Worked | None]:
    if not day.jobs:
        return Told(None, "W6")
    if not day.sheets:
        return Told(Worked.UNKNOWN, "W4") if day.is_due else Told(Worked.NOT_DUE, "W5")
    if any(sheet.minutes for sheet in day.sheets):
        return Told(Worked.WORKED, "W1")
    if any(not why.counts_as_available for why in _reasons(day.sheets)):
        return Told(Worked.AWAY, "W2")
    return Told(Worked.PRESENT, "W3")


def _absence(sheets: Sequence[Sheet]) -> int | None:
    """Why a day has no paid minutes; of two reasons the one that keeps from working."""
    if any(sheet.minutes for sheet in sheets):
        return None
    ordered = sorted((why.counts_as_available, why.key) for why in _reasons(sheets))
    return ordered[0][1] if ordered else None


def _reasons(sheets: Iterable[Sheet]) -> list[Why]:
    return [sheet.reason for sheet in sheets if sheet.reason]
