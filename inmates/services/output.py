"""Output as the master enters it: pieces by person and operation of a work order, a day at once.

Called by the master's page. What is entered replaces what stood; the work order counts the sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from inmates.models import Attendance, Placement, ShiftChange, WorkEntry
from inmates.refusals import ChangedMeanwhile, OutputTwice, SheetRefused
from inmates.selectors.shift import Entered, output_on
from inmates.services.attendance import Saved
from inmates.services.open_days import lock_open_days, require_right
from inmates.shifts import Outcome, outcome
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_rows
from portal.kernel.text import number
from workshops.enums import WorkOrderStatus
from workshops.models import WorkOrder, WorkOrderOperation
from workshops.services import report_output

Cell = tuple[int, int]  # placement, operation of a work order
Entry = tuple[int, int, date]


@dataclass(frozen=True, slots=True)
class Output:
    """Accepted pieces of one person on one operation on one day; nought is none."""

    placement_id: int
    work_order_operation_id: int
    worked_on: date
    quantity: int


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One cell of the page: what it showed and what came back; nought is an empty cell."""

    placement_id: int
    operation_id: int
    shown: int
    mine: int

    @property
    def cell(self) -> Cell:
        return self.placement_id, self.operation_id


def save_output(*, actor: Any, day: date, edits: Sequence[CellEdit], at: datetime) -> Saved:
    """The cells that were changed on the page are as they say; all others stay as they are.

    Refused as a whole like `record_output`, and with `ChangedMeanwhile` where somebody else changed
    the same cell otherwise since the page was opened. Twice is harmless.
    """
    touched = [edit for edit in edits if edit.mine != edit.shown]
    with readable_refusals(), transaction.atomic():
        _lock_orders({edit.operation_id for edit in touched})
        lock_open_days({(edit.placement_id, day) for edit in touched}, at=at)
        stored = output_on({edit.placement_id for edit in touched}, day)
        theirs: dict[Any, Entered] = {}
        wanted = []
        for edit in touched:
            entered = stored.get(edit.cell)
            kind = outcome(
                shown=edit.shown,
                was_entered=True,
                mine=edit.mine,
                theirs=entered.value if entered else 0,
            )
            if kind is Outcome.CONFLICT:
                theirs[edit.cell] = entered or Entered(0, "", at)
            elif kind is Outcome.WRITE:
                wanted.append(Output(edit.placement_id, edit.operation_id, day, edit.mine))
        if theirs:
            raise ChangedMeanwhile(theirs)
        written = record_output(actor=actor, entries=wanted, at=at)
    return Saved(written, {})


def record_output(*, actor: Any, entries: Sequence[Output], at: datetime) -> int:
    """The output of each person, operation and day is as given, nought takes it away. How many.

    A correction leaves its trace; the work orders report what has become of them. Refused as a
    whole: for whoever is neither master nor labour officer of each institution, that of the work
    order included, a day ahead, past the window or of a calculated month, a day outside the
    placement, a person who was absent, more than a work order asks for, fewer on one that is
    closed, a cell that stands twice. Twice is harmless.
    """
    wanted = {
        (one.placement_id, one.work_order_operation_id, one.worked_on): one.quantity
        for one in entries
    }
    if len(wanted) != len(entries):
        raise OutputTwice
    operation_ids = {key[1] for key in wanted}
    require_right(actor, {key[0] for key in wanted}, at, operation_ids)
    with readable_refusals(), transaction.atomic():
        orders = _lock_orders(operation_ids)
        lock_open_days({(key[0], key[2]) for key in wanted}, at=at)
        stored = _stored(wanted)
        changed = {
            key: quantity
            for key, quantity in wanted.items()
            if quantity != (stored[key].quantity if key in stored else 0)
        }
        _require_present(changed)
        _require_room(changed, stored, orders)
        _keep_trace(actor, changed, stored, at)
        _write(actor, changed, stored, at)
        for order in orders:
            if any(key[1] in order.operation_ids for key in changed):
                report_output(work_order_id=order.pk, actor=actor, at=at)
    return len(changed)


def _lock_orders(operation_ids: set[int]) -> list[Any]:
    """The work orders of these operations, locked; each with the ids of its operations."""
    rows = WorkOrder.objects.filter(operations__in=operation_ids)
    orders: list[Any] = lock_rows(WorkOrder.objects.filter(pk__in=rows.values("pk")))
    by_order: dict[int, set[int]] = {order.pk: set() for order in orders}
    for order_id, pk in WorkOrderOperation.objects.filter(pk__in=operation_ids).values_list(
        "work_order_id", "pk"
    ):
        by_order[order_id].add(pk)
    for order in orders:
        order.operation_ids = by_order[order.pk]
    return orders


def _stored(wanted: dict[Entry, int]) -> dict[Entry, WorkEntry]:
    rows = WorkEntry.objects.filter(
        placement__in={key[0] for key in wanted}, worked_on__in={key[2] for key in wanted}
    )
    found = {(row.placement_id, row.work_order_operation_id, row.worked_on): row for row in rows}
    return {key: row for key, row in found.items() if key in wanted}


def _require_present(changed: dict[Entry, int]) -> None:
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


def _require_room(
    changed: dict[Entry, int], stored: dict[Entry, WorkEntry], orders: list[Any]
) -> None:
    """No operation gets more than is asked for; a closed work order keeps its quantity."""
    more: dict[int, int] = {}
    for key, quantity in changed.items():
        before = stored[key].quantity if key in stored else 0
        more[key[1]] = more.get(key[1], 0) + quantity - before
    status = {pk: order.status for order in orders for pk in order.operation_ids}
    rows = WorkOrderOperation.objects.filter(pk__in=more).select_related("operation", "work_order")
    sentences = {
        row.pk: sentence
        for row in rows
        if (sentence := _refusal(row, more[row.pk], status[row.pk]))
    }
    problems: dict[Any, str | Promise] = {
        (key[0], key[1]): sentences[key[1]] for key in sorted(changed) if key[1] in sentences
    }
    if problems:
        raise SheetRefused(problems)


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
            _(
                "“%(operation)s”: %(left)s pcs are left in work order %(number)s, "
                "and this would be %(more)s more."
            )
            % words
        )
    return ""


def _keep_trace(
    actor: Any, changed: dict[Entry, int], stored: dict[Entry, WorkEntry], at: datetime
) -> None:
    ShiftChange.objects.bulk_create(
        ShiftChange(
            placement_id=key[0],
            work_order_operation_id=key[1],
            worked_on=key[2],
            before={"quantity": stored[key].quantity},
            after={"quantity": quantity} if quantity else {},
            actor=actor,
            at=at,
        )
        for key, quantity in changed.items()
        if key in stored
    )


def _write(
    actor: Any, changed: dict[Entry, int], stored: dict[Entry, WorkEntry], at: datetime
) -> None:
    """First what becomes less, then what becomes more: each statement is held to the order."""
    gone = [stored[key].pk for key, quantity in changed.items() if not quantity]
    if gone:
        WorkEntry.objects.filter(pk__in=gone).delete()
    less, more, fresh = [], [], []
    for key, quantity in changed.items():
        row = stored.get(key)
        if row is None:
            fresh.append(WorkEntry(placement_id=key[0], work_order_operation_id=key[1],
                                   worked_on=key[2], quantity=quantity,
                                   recorded_by=actor, recorded_at=at))  # fmt: skip
        elif quantity:
            (more if quantity > row.quantity else less).append(row)
            row.quantity, row.recorded_by, row.recorded_at = quantity, actor, at
    for rows in (less, more):
        WorkEntry.objects.bulk_update(rows, ["quantity", "recorded_by", "recorded_at"])
    WorkEntry.objects.bulk_create(fresh)
