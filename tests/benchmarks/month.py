"""Saving the whole matrix of a month, every cell changed, against one bulk upsert of the rows.

31 days of 60 people: each cell is stored already, so each is a correction with its trace. The
number of statements is the same for ten people; the milliseconds are an aim, printed beside.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from inmates.models import Attendance, Placement
from inmates.services.month import CellEdit, save_month
from inmates.services.parameters import load_pay_parameters
from inmates.shifts import Mark
from portal.kernel.periods import Month
from tests.benchmarks.harness import Bar, Bench, Side, Timing, benchmark, times_as_long
from tests.people import Cast, a_cast, a_placement, an_inmate

MONTH = Month(2026, 10)
AT = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
BEFORE, AFTER = Mark(480), Mark(450)
FEW, MANY = 10, 60
MILLISECONDS = 150
UPSERT, OURS, SMALL = "upsert", "save", "save of ten"
UNIT = "cells"


@benchmark("month", "Saving the month of a workshop, every cell changed")
def month(bench: Bench) -> None:
    cast = a_cast()
    load_pay_parameters()
    few, many = bench.size(full=FEW, quick=2), bench.size(full=MANY, quick=4)
    placements = [a_placement(cast, an_inmate(cast, str(1000 + one))) for one in range(many)]
    times = bench.interleave(
        Side(UPSERT, _upsert(placements), before=_stored(placements)),
        Side(SMALL, _save(cast, placements[:few]), before=_stored(placements[:few])),
        Side(OURS, _save(cast, placements), before=_stored(placements)),
    )
    days = len(list(MONTH.days()))
    bench.floor("one bulk upsert of the same rows", times[UPSERT], unit=UNIT)
    bench.line(f"the matrix, {days} × {few}", times[SMALL], unit=UNIT)
    bench.line(f"the matrix, {days} × {many}", times[OURS], unit=UNIT, against=times[UPSERT])
    bench.bar(
        Bar("statements of the larger sheet more than of the smaller",
            times[OURS].statements - times[SMALL].statements, at_most=0, unit="")
    )  # fmt: skip
    bench.bar(
        Bar("saving a month against one upsert of its rows",
            times_as_long(times[OURS], times[UPSERT]), at_most=6.0, goal=4.0,
            note=f"{_milliseconds(times[OURS])} ms; the aim is {MILLISECONDS} ms")
    )  # fmt: skip


def _milliseconds(timing: Timing) -> int:
    return round(timing.wall * 1000)


def _stored(placements: list[Placement]) -> Callable[[], None]:
    """Every cell stands as it did before; the traces stay, as they do in a colony."""

    def put_back() -> None:
        _write(placements, BEFORE)

    return put_back


def _write(placements: list[Placement], mark: Mark) -> int:
    rows = [
        Attendance(placement=one, worked_on=day, minutes=mark.minutes, recorded_at=AT)
        for one in placements
        for day in MONTH.days()
    ]
    Attendance.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["placement", "worked_on"],
        update_fields=["minutes", "recorded_at"],
    )
    return len(rows)


def _upsert(placements: list[Placement]) -> Callable[[], int]:
    return lambda: _write(placements, AFTER)


def _save(cast: Cast, placements: list[Placement]) -> Callable[[], int]:
    days: list[date] = list(MONTH.days())
    edits = [CellEdit(one.pk, day, BEFORE, AFTER) for one in placements for day in days]
    order: dict[str, Any] = {
        "actor": cast.master,
        "workshop_id": cast.workshop.pk,
        "month": MONTH,
        "at": AT + timedelta(minutes=1),
        "correction": "Проверка скорости",
    }

    def save() -> int:
        saved = save_month(edits=edits, **order)
        if saved.written != len(edits):
            raise AssertionError("The whole month was not written.")
        return saved.written

    return save
