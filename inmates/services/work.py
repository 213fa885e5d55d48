"""Attendance and output as the master enters them: a whole list at once, or nothing of it.

Called by the seed and by the master's pages.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from inmates.models import Attendance, Placement, WorkEntry
from inmates.rules import can_record_work
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_rows
from workshops.models import WorkOrder
from workshops.services import report_output


@dataclass(frozen=True, slots=True)
class AttendedDay:
    """One person's day: minutes worked, or the reason of absence."""

    placement_id: int
    worked_on: date
    minutes: int
    reason_id: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """Accepted pieces of one person on one operation on one day."""

    placement_id: int
    work_order_operation_id: int
    worked_on: date
    quantity: int


def record_attendance(*, actor: Any, days: Sequence[AttendedDay], at: datetime) -> int:
    """The days are as given, in one statement; a day entered before is replaced. How many.

    Refused as a whole: for whoever is neither master nor labour officer of each institution, a
    day outside the placement, a day with neither minutes nor reason. Twice is harmless.
    """
    _require_right(actor, {day.placement_id for day in days}, at)
    rows = [
        Attendance(
            placement_id=day.placement_id,
            worked_on=day.worked_on,
            minutes=day.minutes,
            reason_id=day.reason_id,
            note=day.note,
            recorded_by=actor,
            recorded_at=at,
        )
        for day in days
    ]
    with readable_refusals(), transaction.atomic():
        Attendance.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["placement", "worked_on"],
            update_fields=["minutes", "reason", "note", "recorded_by", "recorded_at"],
        )
    return len(rows)


def record_output(*, actor: Any, entries: Sequence[Output], at: datetime) -> int:
    """The output is booked on its work orders, which report what has become of them. How many.

    Refused as a whole: for whoever is neither master nor labour officer of each institution, a
    day outside the placement, more than a work order asks for. Twice books twice: the limit of
    the work order is the guard.
    """
    _require_right(actor, {entry.placement_id for entry in entries}, at)
    operation_ids = {entry.work_order_operation_id for entry in entries}
    rows = [
        WorkEntry(
            placement_id=entry.placement_id,
            work_order_operation_id=entry.work_order_operation_id,
            worked_on=entry.worked_on,
            quantity=entry.quantity,
            recorded_by=actor,
            recorded_at=at,
        )
        for entry in entries
    ]
    with readable_refusals(), transaction.atomic():
        orders = WorkOrder.objects.filter(operations__in=operation_ids)
        locked = lock_rows(WorkOrder.objects.filter(pk__in=orders.values("pk")))
        WorkEntry.objects.bulk_create(rows)
        for work_order in locked:
            report_output(work_order_id=work_order.pk, actor=actor, at=at)
    return len(rows)


def _require_right(actor: Any, placement_ids: Collection[int], at: datetime) -> None:
    """The right in every institution that the list touches; one query."""
    places = (
        Placement.objects.filter(pk__in=placement_ids)
        .values_list("post__workshop__institution__organisation_id", flat=True)
        .distinct()
    )
    for place_id in places:
        can_record_work(actor, place_id, day_of(at)).require()
