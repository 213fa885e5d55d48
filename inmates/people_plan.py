"""What a spreadsheet of people would make true, compared with what is known already.

Pure: the sheet of people_sheet.py and what `selectors.imports` found go in; rows ready to be
written, or every problem by row and column, come out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from inmates.people_heads import (
    ARRIVED,
    BORN,
    EMPLOYER,
    FROM,
    HOURS,
    IIN,
    NUMBER,
    POST,
    UNTIL,
    WORKSHOP,
    folded,
)
from inmates.people_sheet import Job, Person, Problem, Sheet
from portal.kernel.periods import Period


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody with this number: where held, which full-time periods are taken."""

    inmate_id: int
    is_here: bool
    # The stays in this institution and the full-time placements, as periods.
    stays: tuple[Period, ...] = ()
    full_time: tuple[Period, ...] = ()


@dataclass(frozen=True, slots=True)
class Operated:
    """Who operates a workshop in a period; `needs_consent` where the operator is private."""

    organisation_id: int
    identifier: str
    period: Period
    needs_consent: bool


@dataclass(frozen=True, slots=True)
class Consented:
    """A consent to private work of a person, by number, with the days it holds."""

    number: str
    employer_id: int
    period: Period


@dataclass(slots=True)
class Known:
    """Everything the rows are compared with."""

    # Of this institution: workshops by folded code and name, posts by workshop and folded name.
    workshops: dict[str, str] = field(default_factory=dict)
    posts: dict[tuple[str, str], int] = field(default_factory=dict)
    operators: dict[str, list[Operated]] = field(default_factory=dict)
    people: dict[str, KnownPerson] = field(default_factory=dict)
    # The number of the person with this IIN.
    iins: dict[str, str] = field(default_factory=dict)
    consents: list[Consented] = field(default_factory=list)
    births: dict[str, date] = field(default_factory=dict)
    latest: date = date.max
    full_minutes: int = 480


@dataclass(frozen=True, slots=True)
class PlannedJob:
    """A placement ready to be written; a new person has no id yet."""

    job: Job
    inmate_id: int | None
    post_id: int
    employer_id: int
    minutes: int | None


@dataclass(slots=True)
class Plan:
    """What would be written if nothing were wrong."""

    people: list[Person] = field(default_factory=list)
    jobs: list[PlannedJob] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def plan_of(sheet: Sheet, known: Known) -> Plan:
    """The people and placements of a sheet, with every problem in the order of the rows."""
    plan = Plan(people=list(sheet.people), problems=list(sheet.problems))
    new = {person.number: person for person in sheet.people}
    for person in sheet.people:
        plan.problems += _problems_of_person(person, known)
    taken = {number: list(person.full_time) for number, person in known.people.items()}
    for job in sheet.jobs:
        planned, problems = _placed(job, known, new, taken, is_read=job.number not in sheet.unread)
        plan.problems += problems
        plan.jobs += [planned] if planned else []
    plan.problems.sort(key=lambda one: one.row)
    return plan


def _problems_of_person(person: Person, known: Known) -> Iterable[Problem]:
    row = person.row
    if person.number in known.people:
        yield Problem(row, NUMBER, "number_taken", person.number)
    if person.iin and person.iin in known.iins:
        yield Problem(row, IIN, "person_known", person.iin, {"number": known.iins[person.iin]})
    told = known.births.get(person.iin or "")
    if told and told != person.born_on:
        yield Problem(row, BORN, "birth_unlike_iin", f"{person.born_on:%d.%m.%Y}",
                      {"day": f"{told:%d.%m.%Y}"})  # fmt: skip
    if person.arrived_on > known.latest:
        yield Problem(row, ARRIVED, "day_ahead", f"{person.arrived_on:%d.%m.%Y}")


def _placed(
    job: Job,
    known: Known,
    new: dict[str, Person],
    taken: dict[str, list[Period]],
    *,
    is_read: bool,
) -> tuple[PlannedJob | None, list[Problem]]:
    """The placement with its ids, or what is wrong with it."""
    problems = []
    code = known.workshops.get(folded(job.workshop))
    post_id = known.posts.get((code or "", folded(job.post)))
    if code is None:
        problems.append(Problem(job.row, WORKSHOP, "workshop_unknown", job.workshop))
    elif post_id is None:
        problems.append(Problem(job.row, POST, "post_unknown", job.post, {"workshop": code}))
    # One of four hours is part time; a full shift is what the parameter says.
    minutes = job.minutes if job.minutes is not None and job.minutes < known.full_minutes else None
    if job.minutes is not None and job.minutes > known.full_minutes:
        hours = f"{known.full_minutes / 60:g}"
        problems.append(Problem(job.row, HOURS, "over_the_norm", _hours(job), {"most": hours}))
    period = Period(job.since, job.until)
    person = new.get(job.number)
    there = known.people.get(job.number)
    if is_read:
        problems += _problems_of_stay(job, period, person, there)
    operator = _operator(job, code, known) if code else None
    if isinstance(operator, Problem):
        problems.append(operator)
    elif operator and operator.needs_consent and not _has_consent(job, period, operator, known):
        problems.append(Problem(job.row, EMPLOYER, "consent_missing", operator.identifier))
    if minutes is None:
        spells = taken.setdefault(job.number, [])
        if any(spell.overlaps(period) for spell in spells):
            problems.append(Problem(job.row, FROM, "placed_already", f"{job.since:%d.%m.%Y}"))
        spells.append(period)
    if problems or not isinstance(operator, Operated) or post_id is None:
        return None, problems
    inmate_id = None if person else there.inmate_id if there else None
    return PlannedJob(job, inmate_id, post_id, operator.organisation_id, minutes), []


def _hours(job: Job) -> str:
    return f"{(job.minutes or 0) / 60:g}"


def _problems_of_stay(
    job: Job, period: Period, person: Person | None, there: KnownPerson | None
) -> Iterable[Problem]:
    if person is not None:
        if job.since < person.arrived_on:
            yield Problem(job.row, FROM, "works_before_arrival", f"{job.since:%d.%m.%Y}")
        return
    if there is None:
        yield Problem(job.row, NUMBER, "number_unknown", job.number)
    elif not there.is_here:
        yield Problem(job.row, NUMBER, "held_elsewhere", job.number)
    elif not any(stay.contains(job.since) for stay in there.stays):
        yield Problem(job.row, FROM, "works_before_arrival", f"{job.since:%d.%m.%Y}")
    elif not any(_covers(stay, period) for stay in there.stays):
        yield Problem(job.row, UNTIL, "works_after_leaving", f"{job.since:%d.%m.%Y}")


def _covers(stay: Period, period: Period) -> bool:
    """An open placement of somebody whose stay has an end would outlive it."""
    if not stay.contains(period.effective_from):
        return False
    if stay.effective_to is None:
        return True
    return period.effective_to is not None and period.effective_to <= stay.effective_to


def _operator(job: Job, code: str, known: Known) -> Operated | Problem:
    """Who employs at this workshop from the first day: the operator, named or not."""
    here = [one for one in known.operators.get(code, []) if one.period.contains(job.since)]
    if not here:
        return Problem(job.row, FROM, "no_operator", f"{job.since:%d.%m.%Y}")
    if not job.employer:
        return here[0]
    named = next((one for one in here if one.identifier == job.employer), None)
    if named is None:
        return Problem(job.row, EMPLOYER, "employer_unknown", job.employer,
                       {"expected": here[0].identifier})  # fmt: skip
    return named


def _has_consent(job: Job, period: Period, operator: Operated, known: Known) -> bool:
    return any(
        one.number == job.number
        and one.employer_id == operator.organisation_id
        and _covers(one.period, period)
        for one in known.consents
    )
