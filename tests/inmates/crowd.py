"""A crowd with a month of work behind it, written by COPY: for tests of many, and the benchmark.

Everything is invented, and the same for the same number of people: by time and by piece, absences,
pensioners, disabled, persons without an application, newcomers, writs of all queues.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import models

from inmates.models import (
    Attendance,
    Inmate,
    PayRate,
    Placement,
    Reason,
    TaxApplication,
    WorkEntry,
    WritOfExecution,
)
from portal.kernel.copying import copy_rows, next_ids
from tests.people import LONG_AGO, NOW, Cast, a_reason
from workshops.models import Operation, Post, WorkOrder, WorkOrderOperation

FIRST = date(2026, 10, 1)
# The 22 weekdays of October 2026.
DAYS = [day for day in (FIRST + timedelta(number) for number in range(31)) if day.weekday() < 5]
OPERATIONS = 8
RATES = ("212.50", "38.75", "650.00", "97.20", "1450.00", "12.40", "305.00", "540.00")
PER_PIECES = (1, 1, 1, 1, 7, 1, 1, 3)
SHARES = ((1, 4), (1, 3), (1, 2), (1, 6))

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What crowds work on: operations of a work order large enough for all, and an absence."""

    cast: Cast
    operations: Sequence[int]
    absence: Reason


def a_crowd(cast: Cast, people: int) -> None:
    """So many people of the cast's state enterprise, each with 22 days of October 2026."""
    settle_crowd(ground_for(cast, people), people, cast.joiners)


def settle_crowd(
    ground: Ground,
    people: int,
    post: Post,
    first_number: int = 100_000,
    entries_a_day: int = 1,
) -> None:
    """So many people at a post of the enterprise, with personnel numbers from `first_number` on.

    Outside a transaction: inside one the guards of every entry grow slower with each row. Three
    entries a day make 66 in the month, each on an operation of its own; then everybody is paid by
    the piece.
    """
    ids = next_ids(Inmate, people)
    dice = [Random(number) for number in range(people)]  # noqa: S311 - invented, not secret
    _write_people(ids, dice, first_number)
    placements = _write_placements(ground.cast, ids, dice, post, only_pieces=entries_a_day > 1)
    _write_attendance(ground, placements, dice)
    _write_output(ground, placements, dice, entries_a_day)
    _write_applications(ground.cast, ids, dice)
    _write_writs(ids, dice)


def ground_for(cast: Cast, people: int) -> Ground:
    """Operations with their rates, one of which changes in the middle of the month."""
    for number in range(3, OPERATIONS + 1):
        Operation.objects.create(
            version=cast.version, sequence=number, name_ru=f"Операция {number}", trade=cast.trade,
            norm_minutes=Decimal("60"), piece_rate=Decimal(RATES[number - 1]),
        )  # fmt: skip
    operations = list(cast.version.routing.order_by("sequence"))
    for operation, amount, pieces in zip(operations, RATES, PER_PIECES, strict=True):
        PayRate.objects.create(
            payer=cast.enterprise, operation=operation, unit="piece", amount=Decimal(amount),
            per_pieces=pieces, effective_from=LONG_AGO,
        )  # fmt: skip
    first, middle = operations[0], FIRST + timedelta(14)
    PayRate.objects.filter(operation=first).update(effective_to=middle)
    PayRate.objects.create(
        payer=cast.enterprise, operation=first, unit="piece", amount=Decimal("225.00"),
        effective_from=middle,
    )  # fmt: skip
    return Ground(cast, _work_order_for_all(cast, operations, people), a_reason())


def _work_order_for_all(cast: Cast, operations: list[Operation], people: int) -> list[int]:
    quantity = 10_000 * people
    order = WorkOrder.objects.create(
        number="2026-90000", workshop=cast.workshop, version=cast.version, quantity=quantity,
        created_at=NOW,
    )  # fmt: skip
    return [
        WorkOrderOperation.objects.create(
            work_order=order, operation=operation, quantity=quantity
        ).pk
        for operation in operations
    ]


def _write_people(ids: Sequence[int], dice: Sequence[Random], first_number: int) -> None:
    rows = []
    for number, (inmate_id, die) in enumerate(zip(ids, dice, strict=True), first_number):
        born_on = date(1958, 1, 1) + timedelta(die.randrange(46 * 365))
        pension = die.choices(("none", "age", "service"), (95, 3, 2))[0]
        group = die.choices((None, 1, 2, 3), (94, 1, 2, 3))[0]
        rows.append((inmate_id, str(number), born_on, pension, group))
    _copy(Inmate, "id personnel_number born_on pension disability_group", rows)


def _write_placements(
    cast: Cast, ids: Sequence[int], dice: Sequence[Random], post: Post, *, only_pieces: bool
) -> list[tuple[int, str]]:
    """Two of three by piece, one of fifty came this month: (id, pay form) by person."""
    placements = next_ids(Placement, len(ids))
    weights = (1, 0) if only_pieces else (2, 1)
    forms = [die.choices(("piece", "time"), weights)[0] for die in dice]
    rows = [
        (
            placement, inmate_id, post.pk, cast.enterprise.pk, cast.enterprise.pk, form,
            True, "договор № 1", "", FIRST if die.random() < 0.02 else LONG_AGO, None,
        )
        for placement, inmate_id, form, die in zip(placements, ids, forms, dice, strict=True)
    ]  # fmt: skip
    columns = (
        "id inmate_id post_id employer_id payer_id pay_form is_full_time basis "
        "overfill_reason effective_from effective_to"
    )
    _copy(Placement, columns, rows)
    return list(zip(placements, forms, strict=True))


def _write_attendance(
    ground: Ground, placements: Sequence[tuple[int, str]], dice: Sequence[Random]
) -> None:
    """All 22 days; one of thirty is missed, one of ten is short."""

    def days() -> Iterator[Row]:
        for (placement, _form), die in zip(placements, dice, strict=True):
            for day in DAYS:
                chance = die.random()
                minutes = 475 if chance > 0.9 else 480
                is_missed = chance < 1 / 30
                yield (
                    placement, day, 0 if is_missed else minutes,
                    ground.absence.pk if is_missed else None, "", NOW,
                )  # fmt: skip

    _copy(Attendance, "placement_id worked_on minutes reason_id note recorded_at", days())


def _write_output(
    ground: Ground, placements: Sequence[tuple[int, str]], dice: Sequence[Random], a_day: int
) -> None:
    """Whoever is paid by the piece books so many operations a day, of two or three or of all."""

    def entries() -> Iterator[Row]:
        for (placement, form), die in zip(placements, dice, strict=True):
            if form != "piece":
                continue
            known = die.sample(ground.operations, die.choice((2, 3)) if a_day == 1 else OPERATIONS)
            for number, day in enumerate(day for day in DAYS for _entry in range(a_day)):
                operation = known[number % len(known)]
                yield placement, operation, day, die.randint(3, 40), NOW

    _copy(
        WorkEntry, "placement_id work_order_operation_id worked_on quantity recorded_at", entries()
    )


def _write_applications(cast: Cast, ids: Sequence[int], dice: Sequence[Random]) -> None:
    """Nine of ten have asked for the basic deduction."""
    rows = [
        (inmate_id, cast.enterprise.pk, LONG_AGO)
        for inmate_id, die in zip(ids, dice, strict=True)
        if die.random() < 0.9
    ]
    _copy(TaxApplication, "inmate_id payer_id effective_from", rows)


def _write_writs(ids: Sequence[int], dice: Sequence[Random]) -> None:
    """One of four has one to three writs: alimony as a share or a sum, claims of all queues."""
    rows: list[Row] = []
    for inmate_id, die in zip(ids, dice, strict=True):
        count = die.choices((0, 1, 2, 3), (75, 15, 7, 3))[0]
        rows += [_writ(inmate_id, number, die) for number in range(count)]
    _copy(
        WritOfExecution,
        "inmate_id number queue kind share_numerator share_denominator amount debt payee "
        "payee_account effective_from",
        rows,
    )


def _writ(inmate_id: int, number: int, die: Random) -> Row:
    kind = die.choice(("share", "sum", "claim", "claim"))
    queue, (above, below) = 1, (None, None)
    amount = debt = None
    if kind == "share":
        above, below = die.choice(SHARES)
    elif kind == "sum":
        amount = Decimal(die.randrange(5_000_00, 30_000_00)).scaleb(-2)
    else:
        queue, debt = die.randint(1, 5), Decimal(die.randrange(1_000_00, 900_000_00)).scaleb(-2)
    name = f"И-{inmate_id}-{number}"
    law = "claim" if kind == "claim" else "alimony"
    return (inmate_id, name, queue, law, above, below, amount, debt, "взыскатель", "", LONG_AGO)


def _copy(model: type[models.Model], columns: str, rows: Iterator[Row] | list[Row]) -> None:
    copy_rows(model, columns.split(), rows)
