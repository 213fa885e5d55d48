"""Facts day by day: as they are stored, and as the definition says of the same rows."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from inmates.enums import Availability, Worked
from inmates.facts import DayInputs, DayState, Job, Sheet, State, Why, day_state, employer_kind_of
from inmates.models import Attendance, CustodyStay, LabourFact, LabourState, Placement
from portal.kernel.workdays import is_workday
from tests.people import NOW

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class FactDay:
    """A person-day with everything that is stored of it."""

    institution: int
    ability: str
    is_subject: bool | None
    availability: str
    employment: str
    employer_kind: str
    is_full_time: bool | None
    worked: str | None
    minutes: int | None
    reason: int | None
    absence: int | None


def days_between(begin: date, end: date) -> Iterable[date]:
    return (begin + timedelta(days=number) for number in range((end - begin).days))


def stored_days(begin: date, end: date) -> dict[tuple[int, date], FactDay]:
    """Every stored person-day; a person-day that is stored twice is a failure."""
    days: dict[tuple[int, date], FactDay] = {}
    for fact in LabourFact.objects.filter(effective_from__lt=end, effective_to__gt=begin):
        for place, day in enumerate(days_between(fact.effective_from, fact.effective_to)):
            if begin <= day < end:
                assert (fact.inmate_id, day) not in days
                days[fact.inmate_id, day] = _stored(fact, place)
    return days


def _stored(fact: LabourFact, place: int) -> FactDay:
    letter = fact.days[place] if fact.days else None
    is_away = letter == Worked.AWAY and fact.availability == Availability.AVAILABLE
    return FactDay(
        institution=fact.institution_id,
        ability=fact.ability,
        is_subject=fact.is_subject_to_labour,
        availability="unavailable" if is_away else fact.availability,
        employment=fact.employment,
        employer_kind=fact.employer_kind,
        is_full_time=fact.is_full_time,
        worked=letter,
        minutes=fact.minutes[place] if fact.minutes else None,
        reason=fact.reason_id,
        absence=fact.absences[place] if fact.absences else None,
    )


def defined_days(begin: date, end: date) -> dict[tuple[int, date], FactDay]:
    """The definition, asked for every person and day from the rows of the records."""
    stays, states, jobs = _by(CustodyStay), _by(LabourState, "reason"), _by(Placement, "employer")
    sheets: dict[tuple[int, date], list[Attendance]] = defaultdict(list)
    for row in Attendance.objects.select_related("reason", "placement"):
        sheets[row.placement.inmate_id, row.worked_on].append(row)
    days = {}
    for inmate_id in stays:
        for day in days_between(begin, end):
            state = day_state(
                inputs_of(
                    day,
                    _in_force(stays[inmate_id], day),
                    _in_force(states[inmate_id], day),
                    _in_force(jobs[inmate_id], day),
                    sheets[inmate_id, day],
                )
            )
            if state.institution.value is not None:
                days[inmate_id, day] = flat(state)
    return days


def _by(model: Any, *related: str) -> dict[int, list[Any]]:
    rows: dict[int, list[Any]] = defaultdict(list)
    for row in model.objects.select_related(*related):
        rows[row.inmate_id].append(row)
    return rows


def _in_force(rows: list[Any], day: date) -> list[Any]:
    return [
        row
        for row in rows
        if row.effective_from <= day and (row.effective_to is None or day < row.effective_to)
    ]


def inputs_of(
    day: date, stays: list[Any], states: list[Any], jobs: list[Any], sheets: list[Any]
) -> DayInputs:
    """Rows of the records as the definition wants them."""
    return DayInputs(
        institution=stays[0].institution_id if stays else None,
        is_due=is_workday(day),
        state=State(states[0].ability, states[0].is_subject_to_labour, _why(states[0].reason))
        if states
        else None,
        jobs=tuple(
            Job(job.pk, employer_kind_of(job.employer.kind), job.is_full_time, job.effective_from)
            for job in jobs
        ),
        sheets=tuple(Sheet(row.minutes, _why(row.reason)) for row in sheets),
    )


def _why(reason: Any) -> Why | None:
    return Why(reason.pk, reason.counts_as_available) if reason else None


def flat(state: DayState) -> FactDay:
    """The values of a state without the rules that gave them."""
    return FactDay(
        institution=state.institution.value,
        ability=state.ability.value,
        is_subject=state.is_subject.value,
        availability=state.availability.value,
        employment=state.employment.value,
        employer_kind=state.employer_kind.value or "",
        is_full_time=state.is_full_time.value,
        worked=state.worked.value,
        minutes=state.minutes,
        reason=state.reason,
        absence=state.absence,
    )


def make_facts(begin: date, end: date) -> None:
    from inmates.services.facts import rebuild_facts

    rebuild_facts(begin=begin, end=end, at=NOW)
