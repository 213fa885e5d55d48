"""What the labour officer's desk shows: why people left, expected releases, grades, hours."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from random import Random

from django.db.models import Exists, OuterRef

from inmates.models import CustodyStay, Inmate, Placement, PlannedRelease, Qualification, Reason
from portal.accounts.models import User
from portal.demo.placements import Job
from portal.demo.population import Population
from portal.kernel.clock import ALMATY
from portal.kernel.copying import copy_rows
from workshops.models import Trade

# How often the demo draws a reason of release; the rest of the directory stays unused.
WEIGHTS = {"sentence-served": 58, "parole": 27, "sentence-replaced": 13, "died": 2}
PART_TIME_MINUTES = 240
LONGEST_DAYS = 9 * 365
SKILLED = 0.7
NINE = time(9)


def furnish_desk(
    population: Population,
    inmates: list[Inmate],
    reasons: dict[str, Reason],
    jobs: list[Job],
    officer: User,
    rng: Random,
    today: date,
) -> None:
    """Invented, the same every time; in a handful of statements."""
    _say_why_they_left(population, inmates, reasons, rng)
    _expect_releases(population, inmates, rng, today)
    _award_grades(jobs, officer, rng, datetime.combine(today, NINE, tzinfo=ALMATY))
    Placement.objects.filter(is_full_time=False).update(daily_minutes=PART_TIME_MINUTES)


def _say_why_they_left(
    population: Population, inmates: list[Inmate], reasons: dict[str, Reason], rng: Random
) -> None:
    """The last stay of everybody who is held no more; a transfer has no reason of release."""
    left: dict[str, list[int]] = defaultdict(list)
    for person in population.people:
        if not person.is_held:
            (code,) = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))
            left[code].append(inmates[person.number].pk)
    later = CustodyStay.objects.filter(
        inmate=OuterRef("inmate"), effective_from__gt=OuterRef("effective_from")
    )
    for code, people in left.items():
        stays = CustodyStay.objects.filter(~Exists(later), inmate__in=people)
        stays.filter(effective_to__isnull=False).update(end_reason=reasons[code])


def _expect_releases(
    population: Population, inmates: list[Inmate], rng: Random, today: date
) -> None:
    rows = []
    for person in population.people:
        if person.is_held:
            days = int(rng.triangular(3, LONGEST_DAYS, 500))
            number = inmates[person.number].personnel_number
            rows.append(
                (
                    inmates[person.number].pk,
                    today + timedelta(days=days),
                    f"ДЕМО: приговор № {number}",
                    min(person.stays[-1].begin, today),
                    None,
                )
            )
    columns = ("inmate_id", "release_on", "basis", "effective_from", "effective_to")
    copy_rows(PlannedRelease, columns, rows)


def _award_grades(jobs: list[Job], officer: User, rng: Random, at: datetime) -> None:
    trades = dict(Trade.objects.values_list("code", "pk"))
    seen: set[tuple[int, str]] = set()
    rows = []
    for job in jobs:
        key = (job.inmate.pk, job.trade)
        if key in seen or job.trade not in trades or rng.random() > SKILLED:
            continue
        seen.add(key)
        grade = rng.choices((2, 3, 4, 5), (30, 40, 20, 10))[0]
        document = f"ДЕМО: протокол № {job.inmate.personnel_number}"
        rows.append((job.inmate.pk, trades[job.trade], grade, document, job.begin, officer.pk, at))
    columns = (
        *("inmate_id", "trade_id", "grade", "document", "awarded_on"),
        *("recorded_by_id", "recorded_at"),
    )
    copy_rows(Qualification, columns, rows)
