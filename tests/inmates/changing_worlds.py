"""Seeded worlds whose past changes: people of two payers in two institutions, month after month.

Built on the worlds of the two calculations (`second_worlds`). Here are the people and their work;
what is found out late is in `late_news`, what is paid in `past_runs`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any

from inmates.models import Attendance, Placement, WorkEntry
from inmates.services.directories import load_calendar
from portal.accounts.models import User
from portal.kernel.periods import Month
from tests.inmates import second_worlds as worlds
from tests.inmates.books import first_signature
from tests.inmates.second_worlds import World
from tests.people import NOW, Cast, a_user


def _nothing() -> None:
    pass


@dataclass
class Past:
    """A world with the months that it has lived, and who signs for each payer.

    `watch` is asked after each act upon a run: a posting, a payment, a reversal, a taking back.
    """

    world: World
    heads: dict[int, User] = field(default_factory=dict)
    accountants: dict[int, User] = field(default_factory=dict)
    months: list[Month] = field(default_factory=list)
    changes: dict[str, int] = field(default_factory=dict)
    watch: Callable[[], None] = _nothing

    @property
    def dice(self) -> Random:
        return self.world.dice


def a_past(cast: Cast, seed: int, first: Month, people: int) -> Past:
    """A world before its first month of work."""
    world = World(cast, first, Random(seed))  # noqa: S311 - invented, not secret
    load_calendar()
    worlds._make_places(world)
    worlds._make_rates(world)
    worlds._make_kinds(world)
    worlds._make_absences(world)
    for number in range(people):
        worlds._make_person(world, number)
    for inmate in world.people:
        worlds._make_writs(world, inmate)
    past = Past(world)
    for number, payer in enumerate(world.payers):
        past.heads[payer.pk] = a_user(f"head-{number}@past.test", payer, "head")
        past.accountants[payer.pk] = a_user(f"pay-{number}@past.test", payer, "accountant")
        first_signature(cast, payer, past.heads[payer.pk])
    return past


def work_on(past: Past, busy: float = 1.0) -> None:
    """The next month of work; `busy`: the part of people who work at all."""
    world = past.world
    if past.months:
        world.month = past.months[-1].next()
    # Their ends have moved since.
    for placement in world.placements:
        placement.refresh_from_db(fields=["effective_from", "effective_to"])
    past.months.append(world.month)
    _work(world, busy)
    worlds.tell_sizes()


def _work(world: World, busy: float) -> None:
    """A few days of the placements in the month, with output, teams and sums by hand."""
    die = world.dice
    days: list[Attendance] = []
    made: list[WorkEntry] = []
    for placement in world.placements:
        rows = _days(world, placement) if world.perhaps(busy) else []
        days += rows
        world.attended[placement.pk] = {row.worked_on: row.minutes for row in rows if row.minutes}
        if placement.pay_form == "piece":
            made += [
                _entry(placement, operation, day, die.choice((1, 3, 7, 40, 1000)))
                for day in world.attended[placement.pk]
                for operation in die.sample(world.operations, die.randint(1, 2))
            ]
    Attendance.objects.bulk_create(days)
    WorkEntry.objects.bulk_create(made)
    worlds._make_teams(world)
    for inmate in world.people:
        if world.perhaps(0.2 * busy):
            worlds._make_extras(world, inmate)


def _days(world: World, placement: Placement) -> list[Attendance]:
    """Two to six days, one of them perhaps an absence."""
    die = world.dice
    here = [
        day
        for day in world.month.days()
        if placement.effective_from <= day
        and not (placement.effective_to and day >= placement.effective_to)
    ]
    rows = []
    for day in sorted(die.sample(here, min(len(here), die.randint(2, 6)))):
        values: dict[str, Any] = {"minutes": die.choice((480, 480, 475, 613, 7))}
        if world.perhaps(0.2):
            reason = die.choice(world.absences)
            values = {"minutes": 360 if reason.is_worked else 0, "reason": reason}
        elif world.perhaps(0.2):
            values["night_minutes"] = die.randint(0, values["minutes"])
        rows.append(Attendance(placement=placement, worked_on=day, recorded_at=NOW, **values))
    return rows


def _entry(placement: Placement, operation: Any, day: date, quantity: int) -> WorkEntry:
    return WorkEntry(
        placement=placement, work_order_operation=operation, worked_on=day, quantity=quantity,
        recorded_at=NOW,
    )  # fmt: skip
