"""Three months of attendance: who worked how long on which day, or why not. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from portal.demo.placements import Job
from portal.kernel.periods import Month, Period
from portal.kernel.workdays import is_workday

FULL_DAY, PART_DAY = 480, 240
# Disabled of groups 1 and 2 work at most 36 hours a week (law.md §1).
SHORT_WEEK_DAY = 432
MONTHS_OF_WORK = 2  # full months before the present one
# Chance a day that a spell of absence begins, and how many workdays it lasts.
SPELLS = {
    "sick": (0.0050, 2, 7),
    "leave": (0.0016, 12, 18),
    "visit": (0.0040, 1, 3),
    "court": (0.0014, 1, 2),
    "medical": (0.0040, 1, 1),
    "study": (0.0012, 1, 3),
    "regime": (0.0010, 1, 1),
    "unpaid-leave": (0.0006, 1, 3),
}
SHORT_DAY = 0.012
IDLE_DAY = 0.03  # of a workshop that works by the piece


@dataclass(frozen=True, slots=True)
class Day:
    """One person's day of work."""

    job: Job
    on: date
    minutes: int
    reason: str | None


def work_period(today: date) -> Period:
    """From the first day of the second full month before to yesterday; today is still open."""
    return Period(Month.of(today).plus(-MONTHS_OF_WORK).first_day, today)


def plan_days(jobs: list[Job], today: date, rng: Random) -> list[Day]:
    """Every workday of every placement in the period, in the order of days."""
    period = work_period(today)
    workdays = [day for day in period.days() if is_workday(day)]
    idle = _idle_days(jobs, workdays, rng)
    days = []
    for job in jobs:
        common = period.intersect(Period(job.begin, job.end))
        if common is not None:
            days += _days_of(job, [day for day in workdays if common.contains(day)], idle, rng)
    days.sort(key=lambda day: day.on)
    return days


def _idle_days(jobs: list[Job], workdays: list[date], rng: Random) -> dict[tuple[str, date], str]:
    """On some days a workshop stands: no material or no power."""
    workshops = sorted({job.workshop for job in jobs if job.pay_form == "piece"})
    return {
        (workshop, day): "no-material" if rng.random() < 0.7 else "no-power"
        for workshop in workshops
        for day in workdays
        if rng.random() < IDLE_DAY
    }


def _days_of(
    job: Job, workdays: list[date], idle: dict[tuple[str, date], str], rng: Random
) -> list[Day]:
    full = FULL_DAY if job.is_full_time else PART_DAY
    if job.inmate.disability_group in (1, 2):
        full = min(full, SHORT_WEEK_DAY)
    days, absent, left = [], None, 0
    for day in workdays:
        if left == 0:
            absent, left = _spell(rng)
        if left:
            left -= 1
            days.append(Day(job, day, 0, absent))
        elif (job.workshop, day) in idle and rng.random() < 0.6:
            days.append(Day(job, day, 0, idle[job.workshop, day]))
        elif rng.random() < SHORT_DAY:
            days.append(Day(job, day, full - 60 * rng.randint(1, 3), "short-day"))
        else:
            days.append(Day(job, day, full, None))
    return days


def _spell(rng: Random) -> tuple[str | None, int]:
    """An absence that begins today with its length, or none."""
    drawn = rng.random()
    for reason, (chance, least, most) in SPELLS.items():
        if drawn < chance:
            return reason, rng.randint(least, most)
        drawn -= chance
    return None, 0


def evening(day: date) -> timedelta:
    """Attendance of a day is entered at its end: hours after midnight."""
    return timedelta(hours=17, minutes=10 + day.day)
