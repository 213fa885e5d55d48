"""Output as the master enters it: pieces by person and operation of a work order, a day at once.

Called by the master's page. What is entered replaces what stood; the work order counts the sum.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from inmates.models import ShiftChange, WorkEntry
from inmates.refusals import ChangedMeanwhile, OutputTwice
from inmates.selectors.shift import Entered, output_on
from inmates.services.attendance import Saved
from inmates.services.clearances import require_cleared
from inmates.services.open_days import Trace, lock_open_days, require_right
from inmates.services.output_checks import Entry, require_present, require_room
from inmates.shifts import Outcome, outcome
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_rows
from workshops.models import WorkOrder, WorkOrderOperation
from workshops.services import report_output
from workshops.services.batches import book_on_batch, require_not_on_cards

Cell = tuple[int, int]  # placement, operation of a work order


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


def save_output(
    *,
    actor: Any,
    day: date,
    edits: Sequence[CellEdit],
    at: datetime,
    correction: str = "",
    card_id: int | None = None,
) -> Saved:
    """The cells that were changed on the page are as they say; all others stay as they are.

    Refused as a whole like `record_output`, and with `ChangedMeanwhile` where somebody else changed
    the same cell otherwise since the page was opened. Twice is harmless.
    """
    touched = [edit for edit in edits if edit.mine != edit.shown]
    with readable_refusals(), transaction.atomic():
        lock_orders({edit.operation_id for edit in touched})
        days = {(edit.placement_id, day) for edit in touched}
        lock_open_days(days, at=at, correction=correction, actor=actor)
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
        written = record_output(
            actor=actor, entries=wanted, at=at, correction=correction, card_id=card_id
        )
    return Saved(written, {})


def record_output(
    *,
    actor: Any,
    entries: Sequence[Output],
    at: datetime,
    correction: str = "",
    card_id: int | None = None,
) -> int:
    """The output of each person, operation and day is as given, nought takes it away. How many.

    A correction leaves its trace; a closed day is written with a `correction` in words, as in
    `record_attendance`. The work orders report what has become of them, and the batch of `card_id`
    has as many more, or fewer. Refused as a whole: for
    whoever is neither master nor labour officer of each institution, that of the work order
    included, a day ahead, a closed day without words, a month being calculated, a day outside the
    placement, a person who was absent or is not cleared for the operation, more than a work order
    asks for, fewer on one that is closed, a cell that stands twice. Twice is harmless.
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
        orders = lock_orders(operation_ids)
        days = {(key[0], key[2]) for key in wanted}
        closed = lock_open_days(days, at=at, correction=correction, actor=actor)
        stored = _stored(wanted)
        changed = {
            key: quantity
            for key, quantity in wanted.items()
            if quantity != (stored[key].quantity if key in stored else 0)
        }
        require_present(changed)
        require_cleared(changed, stored)
        require_room(changed, stored, orders)
        _keep_trace(Trace(actor, at, correction, closed), changed, stored)
        more = _more(changed, stored)
        _write(actor, changed, stored, at)
        book_more(actor, more, card_id, at)
        for order in orders:
            if any(key[1] in order.operation_ids for key in changed):
                report_output(work_order_id=order.pk, actor=actor, at=at)
    return len(changed)


def lock_orders(operation_ids: set[int]) -> list[Any]:
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


def _keep_trace(trace: Trace, changed: dict[Entry, int], stored: dict[Entry, WorkEntry]) -> None:
    ShiftChange.objects.bulk_create(
        trace.change(
            (placement_id, day),
            before={"quantity": stored[key].quantity} if key in stored else {},
            after={"quantity": quantity} if quantity else {},
            work_order_operation_id=operation_id,
        )
        for key, quantity in changed.items()
        for placement_id, operation_id, day in [key]
        if key in stored or (placement_id, day) in trace.closed
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


def _more(changed: dict[Entry, int], stored: dict[Entry, WorkEntry]) -> dict[date, dict[int, int]]:
    """How many pieces more, or fewer, by day and operation; asked before the rows are written."""
    more: dict[date, dict[int, int]] = {}
    for key, quantity in changed.items():
        of_day = more.setdefault(key[2], {})
        before = stored[key].quantity if key in stored else 0
        of_day[key[1]] = of_day.get(key[1], 0) + quantity - before
    return more


def book_more(
    actor: Any, more: dict[date, dict[int, int]], card_id: int | None, at: datetime
) -> None:
    """What is more or less goes to the batch card, if there is one; else no card may lose it."""
    if card_id is None:
        fewer = {pk for of_day in more.values() for pk, net in of_day.items() if net < 0}
        require_not_on_cards(sorted(fewer))
        return
    for day, of_day in sorted(more.items()):
        book_on_batch(actor=actor, card_id=card_id, more=of_day, passed_on=day, at=at)
