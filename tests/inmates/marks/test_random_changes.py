"""Changes of a closed month in any order: who is concerned is marked, and no slip moves.

The oracle looks at the inputs alone: whose of them differ from what they were at the approval.
"""

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from inmates.models import (
    Attendance,
    BackdatedChange,
    Payslip,
    PayslipLine,
    Placement,
    TeamShare,
    WorkEntry,
)
from tests.inmates.marks.world import a_closed_month
from tests.inmates.months import FIRST
from tests.people import NOW, Cast

STEPS = 12
SEEDS = range(6)
Inputs = dict[str, list[tuple[Any, ...]]]


def inputs() -> Inputs:
    """By number all that a month is paid from and that the steps below change."""
    found: Inputs = {}
    days = Attendance.objects.values_list(
        "placement__inmate__personnel_number", "worked_on", "minutes", "night_minutes"
    )
    output = WorkEntry.objects.values_list(
        "placement__inmate__personnel_number", "worked_on", "quantity"
    )
    shares = TeamShare.objects.order_by("team_entry", "placement").values_list(
        "placement__inmate__personnel_number", "team_entry", "minutes", "coefficient"
    )
    teams: dict[int, list[Any]] = {}
    for number, entry, *rest in shares:
        teams.setdefault(entry, []).append((number, *rest))
    for rows in (days, output):
        for number, *rest in rows:
            found.setdefault(number, []).append(tuple(rest))
    for members in teams.values():
        for number, *_rest in members:
            found.setdefault(number, []).append(tuple(members))
    return {number: sorted(rows, key=str) for number, rows in found.items()}


def a_day(rng: random.Random) -> date:
    return FIRST.replace(day=rng.randint(1, 31))


def add(rng: random.Random) -> None:
    Attendance.objects.create(
        placement=rng.choice(list(Placement.objects.order_by("pk"))), worked_on=a_day(rng),
        minutes=rng.randint(1, 480), recorded_at=NOW,
    )  # fmt: skip


def change(rng: random.Random) -> None:
    Attendance.objects.filter(worked_on=a_day(rng)).update(minutes=rng.choice([60, 480]))


def take_away(rng: random.Random) -> None:
    Attendance.objects.filter(worked_on=a_day(rng)).delete()


def produce(rng: random.Random) -> None:
    WorkEntry.objects.update(quantity=rng.randint(1, 5))


def share(rng: random.Random) -> None:
    rows = list(TeamShare.objects.order_by("pk"))
    TeamShare.objects.filter(pk=rng.choice(rows).pk).update(minutes=rng.choice([240, 480]))


def touch(rng: random.Random) -> None:
    Attendance.objects.filter(worked_on=a_day(rng)).update(note=str(rng.random()))


ACTS: list[Callable[[random.Random], None]] = [add, change, take_away, produce, share, touch]


@pytest.mark.parametrize("seed", SEEDS)
def test_who_differs_is_marked_and_who_does_not_was_never_touched(pay: Cast, seed: int) -> None:
    a_closed_month(pay)
    rng = random.Random(seed)  # noqa: S311 - a world that can be made again
    slips = list(Payslip.objects.order_by("pk").values())
    lines = list(PayslipLine.objects.order_by("pk").values())
    at_first, touched = inputs(), set()
    for _step in range(STEPS):
        before = inputs()
        try:
            with transaction.atomic():
                rng.choice(ACTS)(rng)
        except IntegrityError:
            continue  # a day twice, or one without minutes
        after = inputs()
        numbers = before.keys() | after.keys()
        touched |= {one for one in numbers if before.get(one) != after.get(one)}
    now = inputs()
    differ = {one for one in at_first.keys() | now.keys() if at_first.get(one) != now.get(one)}
    marked = set(BackdatedChange.objects.values_list("inmate__personnel_number", flat=True))
    assert differ <= marked
    assert marked == touched
    assert list(Payslip.objects.order_by("pk").values()) == slips
    assert list(PayslipLine.objects.order_by("pk").values()) == lines


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mark_begins_at_the_earliest_day_that_differs(pay: Cast, seed: int) -> None:
    a_closed_month(pay)
    rng = random.Random(seed)  # noqa: S311 - a world that can be made again
    days = sorted({a_day(rng) for _time in range(4)})
    with transaction.atomic():
        changed = list(Attendance.objects.filter(worked_on__in=days).order_by("worked_on"))
        Attendance.objects.filter(pk__in=[row.pk for row in changed]).update(minutes=77)
    if changed:
        assert BackdatedChange.objects.get().first_day == changed[0].worked_on
    else:
        assert not BackdatedChange.objects.exists()
