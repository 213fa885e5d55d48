"""Attendance and output as the master enters them: a whole list at once, or nothing of it.

Called by the seed and by the master's pages.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from inmates.models import Attendance, Placement, Reason, WorkEntry
from inmates.refusals import DayTwice, MinutesBesideAbsence
from inmates.rules import can_record_work
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_rows
from portal.kernel.text import date_short
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
    day outside the placement, a day with neither minutes nor reason, minutes beside a reason that
    is no work, a day that stands twice in the list. Twice is harmless.
    """
    _require_right(actor, _places_of({day.placement_id for day in days}), at)
    _require_no_work_in_absence(days)
    _require_each_day_once(days)
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


def _require_each_day_once(days: Sequence[AttendedDay]) -> None:
    seen: set[tuple[int, date]] = set()
    for day in days:
        key = (day.placement_id, day.worked_on)
        if key in seen:
            raise DayTwice(day=date_short(day.worked_on))
        seen.add(key)


def record_output(*, actor: Any, entries: Sequence[Output], at: datetime) -> int:
    """The output is booked on its work orders, which report what has become of them. How many.

    Refused as a whole: for whoever is neither master nor labour officer of each institution, that
    of the work order included, a day outside the placement, more than a work order asks for.
    Twice books twice: the limit of the work order is the guard.
    """
    operation_ids = {entry.work_order_operation_id for entry in entries}
    places = _places_of({entry.placement_id for entry in entries})
    _require_right(actor, places | _places_of_orders(operation_ids), at)
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


def _places_of(placement_ids: Collection[int]) -> set[int]:
    """The organisations of the institutions in which these people are placed."""
    rows = Placement.objects.filter(pk__in=placement_ids)
    return set(rows.values_list("post__workshop__institution__organisation_id", flat=True))


def _places_of_orders(operation_ids: Collection[int]) -> set[int]:
    """The organisations of the institutions whose work orders are booked on."""
    rows = WorkOrder.objects.filter(operations__in=operation_ids)
    return set(rows.values_list("workshop__institution__organisation_id", flat=True))


def _require_right(actor: Any, place_ids: Collection[int], at: datetime) -> None:
    for place_id in sorted(place_ids):
        can_record_work(actor, place_id, day_of(at)).require()


def _require_no_work_in_absence(days: Sequence[AttendedDay]) -> None:
    reasons = {day.reason_id for day in days if day.minutes and day.reason_id}
    if Reason.objects.filter(pk__in=reasons, is_worked=False).exists():
        raise MinutesBesideAbsence
