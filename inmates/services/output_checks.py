"""What must be true before output is written: the person was there, the order has room.

Called by `services.output` under its locks; each refuses the sheet as a whole, naming the cells.
"""

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from inmates.models import Attendance, Placement, WorkEntry
from inmates.refusals import SheetRefused
from portal.kernel.text import number
from workshops.enums import WorkOrderStatus
from workshops.models import WorkOrderOperation

Entry = tuple[int, int, date]  # placement, operation of a work order, day


def require_present(changed: dict[Entry, int]) -> None:
    """Somebody who was absent that day made nothing; taking pieces away is always possible."""
    made = {key for key, quantity in changed.items() if quantity}
    absent = {
        (row.placement_id, row.worked_on): row.reason.name
        for row in Attendance.objects.filter(
            placement__in={key[0] for key in made},
            worked_on__in={key[2] for key in made},
            minutes=0,
        ).select_related("reason")
    }
    problems: dict[Any, str | Promise] = {}
    numbers = _numbers(made)
    for placement_id, operation_id, day in sorted(made):
        reason = absent.get((placement_id, day))
        if reason is not None:
            problems[placement_id, operation_id] = _(
                "№ %(number)s was absent on this day: %(reason)s. Correct the attendance first."
            ) % {"number": numbers[placement_id], "reason": reason}
    if problems:
        raise SheetRefused(problems)


def _numbers(keys: set[Entry]) -> dict[int, str]:
    rows = Placement.objects.filter(pk__in={key[0] for key in keys})
    return dict(rows.values_list("pk", "inmate__personnel_number"))


def require_room(
    changed: dict[Entry, int], stored: dict[Entry, WorkEntry], orders: list[Any]
) -> None:
    """No operation gets more than is asked for; a closed work order keeps its quantity."""
    more: dict[int, int] = {}
    for key, quantity in changed.items():
        before = stored[key].quantity if key in stored else 0
        more[key[1]] = more.get(key[1], 0) + quantity - before
    sentences = room_refusals(more, orders)
    problems: dict[Any, str | Promise] = {
        (key[0], key[1]): sentences[key[1]] for key in sorted(changed) if key[1] in sentences
    }
    if problems:
        raise SheetRefused(problems)


def room_refusals(more: dict[int, int], orders: list[Any]) -> dict[int, str]:
    """Why so many pieces more, or fewer, cannot be booked, by the operation of a work order."""
    status = {pk: order.status for order in orders for pk in order.operation_ids}
    rows = WorkOrderOperation.objects.filter(pk__in=more).select_related("operation", "work_order")
    return {
        row.pk: sentence
        for row in rows
        if (sentence := _refusal(row, more[row.pk], status[row.pk]))
    }


def _refusal(row: WorkOrderOperation, more: int, status: str) -> str:
    words = {
        "operation": row.operation.name,
        "number": row.work_order.number,
        "left": number(row.quantity - row.done),
        "more": number(more),
    }
    if status == WorkOrderStatus.CANCELLED:
        return _("Work order %(number)s is cancelled: nothing is entered on it.") % words
    if status == WorkOrderStatus.COMPLETED and more < 0:
        return (
            _(
                "Work order %(number)s is completed: pieces of “%(operation)s” can be moved "
                "from one person to another, but not taken away."
            )
            % words
        )
    if more > row.quantity - row.done:
        return (
            _("%(left)s pcs are left in work order %(number)s, and this would be %(more)s more.")
            % words
        )
    return ""
