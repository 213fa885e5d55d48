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
from portal.kernel.periods import Period, full_years

FOLLOWS_FROM = {"too_young": ARRIVED, "placed_already": HOURS}


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody with this number: where held, which full-time periods are taken."""

    inmate_id: int
    is_here: bool
    # The stays in this institution, and the placements with their minutes a day.
    stays: tuple[Period, ...] = ()
    work: tuple[tuple[Period, int], ...] = ()
    # The posts of those placements.
    posts: tuple[tuple[int, Period], ...] = ()
    # The full shift of this person: shorter for some disabilities.
    full_minutes: int = 480


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
    # By post: its seats, and who sits there when.
    seats: dict[int, int] = field(default_factory=dict)
    seated: dict[int, tuple[Period, ...]] = field(default_factory=dict)
    # The last day of an arrival and of the beginning of a placement.
    latest: date = date.max
    furthest: date = date.max
    full_minutes: int = 480
    smallest_age: int = 0


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
    desk = _Desk(known, new, sheet.unread)
    for job in sheet.jobs:
        planned, problems = desk.place(job)
        plan.problems += problems
        plan.jobs += [planned] if planned else []
    plan.problems += _problems_besides(sheet, known, desk)
    plan.problems.sort(key=lambda one: one.row)
    return plan


def _problems_besides(sheet: Sheet, known: Known, desk: "_Desk") -> Iterable[Problem]:
    """What else is wrong in rows with a cell that could not be read; each cell is told once."""
    told = {(one.row, one.column) for one in sheet.problems}
    further: list[Problem] = []
    for person in sheet.doubtful_people:
        further += _problems_of_person(person, known)
    for job in sheet.doubtful_jobs:
        further += desk.place(job)[1]
    for one in further:
        # Some say nothing while another cell of the row, from which they follow, is wrong.
        is_unsure = (one.row, FOLLOWS_FROM.get(one.code)) in told
        if (one.row, one.column) not in told and not is_unsure:
            yield one


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
    elif full_years(person.born_on, person.arrived_on) < known.smallest_age:
        yield Problem(row, BORN, "too_young", f"{person.born_on:%d.%m.%Y}",
                      {"age": str(known.smallest_age)})  # fmt: skip


class _Desk:
    """Places one after another: each row is compared with those above it too."""

    def __init__(self, known: Known, new: dict[str, Person], unread: set[str]) -> None:
        self.known = known
        self.new = new
        self.unread = unread
        self.work = {number: list(one.work) for number, one in known.people.items()}
        self.posts = {number: list(one.posts) for number, one in known.people.items()}
        self.seated = {post: list(periods) for post, periods in known.seated.items()}

    def place(self, job: Job) -> tuple[PlannedJob | None, list[Problem]]:
        """The placement with its ids, or what is wrong with it."""
        known, period = self.known, Period(job.since, job.until)
        person, there = self.new.get(job.number), known.people.get(job.number)
        code = known.workshops.get(folded(job.workshop))
        post_id = known.posts.get((code or "", folded(job.post)))
        problems = []
        if code is None:
            problems.append(Problem(job.row, WORKSHOP, "workshop_unknown", job.workshop))
        elif post_id is None:
            problems.append(Problem(job.row, POST, "post_unknown", job.post, {"workshop": code}))
        if job.since > known.furthest:
            problems.append(Problem(job.row, FROM, "placed_too_far", f"{job.since:%d.%m.%Y}"))
        if job.number not in self.unread:
            problems += _problems_of_stay(job, period, person, there)
        operator = _operator(job, code, known) if code else None
        if isinstance(operator, Problem):
            problems.append(operator)
        elif operator and operator.needs_consent and not _has_consent(job, period, operator, known):
            problems.append(Problem(job.row, EMPLOYER, "consent_missing", operator.identifier))
        full = there.full_minutes if there and not person else known.full_minutes
        together = list(self._hours(job, period, full))
        problems += together
        if post_id is not None:
            twice = list(self._twice(job, period, post_id))
            problems += [] if together else twice
            problems += self._seats(job, period, post_id)
        if problems or not isinstance(operator, Operated) or post_id is None:
            return None, problems
        # One of four hours is part time; a full shift is what the parameter says.
        minutes = job.minutes if job.minutes is not None and job.minutes < full else None
        inmate_id = None if person else there.inmate_id if there else None
        return PlannedJob(job, inmate_id, post_id, operator.organisation_id, minutes), []

    def _hours(self, job: Job, period: Period, full: int) -> Iterable[Problem]:
        """No day has more hours than a shift of this person, all placements together."""
        minutes = full if job.minutes is None else job.minutes
        if minutes > full:
            yield Problem(job.row, HOURS, "over_the_norm", _hours(minutes), {"most": _hours(full)})
            return
        spells = self.work.setdefault(job.number, [])
        beside = [other for spell, other in spells if spell.overlaps(period)]
        if beside and minutes == full == max(beside):
            yield Problem(job.row, FROM, "placed_already", f"{job.since:%d.%m.%Y}")
        elif beside and sum(beside) + minutes > full:
            together = _hours(sum(beside) + minutes)
            yield Problem(job.row, HOURS, "hours_together", together, {"most": _hours(full)})
        spells.append((period, minutes))

    def _twice(self, job: Job, period: Period, post_id: int) -> Iterable[Problem]:
        """Two halves of one shift would fit in hours: the same file sent again is found here."""
        spells = self.posts.setdefault(job.number, [])
        if any(post == post_id and spell.overlaps(period) for post, spell in spells):
            yield Problem(job.row, POST, "placed_here", job.post)
        spells.append((post_id, period))

    def _seats(self, job: Job, period: Period, post_id: int) -> Iterable[Problem]:
        """On no day more people than seats; the page of one person may say why one more."""
        seated = self.seated.setdefault(post_id, [])
        days = {period.effective_from} | {
            one.effective_from for one in seated if period.contains(one.effective_from)
        }
        most = max(sum(one.contains(day) for one in seated) for day in days)
        seats = self.known.seats.get(post_id, 0)
        if most >= seats:
            yield Problem(job.row, POST, "post_full", job.post, {"seats": str(seats)})
        seated.append(period)


def _hours(minutes: int) -> str:
    return f"{minutes / 60:g}"


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
