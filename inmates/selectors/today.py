"""Today in each workshop: who is expected and here, what is due, and what there is too little of.

Called by the page of the shift. Six queries, however many workshops; a list one more. What
the records do not say is None, which the page writes as "no data" and never as nought.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, Sum

from inmates.enums import TimesheetStatus
from inmates.models import Placement, Timesheet
from inmates.selectors.shift import DUE_SOON
from inmates.selectors.shift_day import last_workday_before
from portal.kernel.periods import period_q
from workshops.models import Downtime, Post, WorkOrder, WorkOrderOperation, Workshop
from workshops.selectors.work_orders import OPEN


@dataclass(slots=True)
class TradeToday:
    """The people of one trade in a workshop: expected, entered and present today."""

    expected: int = 0
    entered: int = 0
    present: int = 0


@dataclass(slots=True)
class Today:
    """One workshop today. `None` where nothing is recorded that could be counted."""

    workshop: Workshop
    trades: dict[int, TradeToday] = field(default_factory=dict)
    missed_on: date | None = None
    seats: int = 0
    due: int = 0
    overdue: int = 0
    asked_trades: dict[int, str] = field(default_factory=dict)
    stopped: int = 0
    without_material: int = 0
    returned: list[Timesheet] = field(default_factory=list)

    @property
    def expected(self) -> int:
        return sum(one.expected for one in self.trades.values())

    @property
    def entered(self) -> int:
        return sum(one.entered for one in self.trades.values())

    @property
    def present(self) -> int | None:
        """Nobody knows who is here before attendance is entered."""
        return sum(one.present for one in self.trades.values()) if self.entered else None

    @property
    def free_seats(self) -> int:
        """Seats without a person placed: how many people the workshop lacks."""
        return max(self.seats - self.expected, 0)

    @property
    def lacking(self) -> dict[int, str] | None:
        """Trades that open work orders ask for and of which nobody is here."""
        if not self.entered and self.expected:
            return None
        return {
            trade_id: name
            for trade_id, name in self.asked_trades.items()
            if trade_id not in self.trades or not self.trades[trade_id].present
        }


def today_in(workshops: Iterable[Workshop], on: date) -> list[Today]:
    """What the master looks at first, a line for each workshop."""
    states = {one.pk: Today(one) for one in workshops}
    if states:
        _count_people(states, on)
        _count_orders(states, on)
        _count_lacks(states)
        for sheet in Timesheet.objects.filter(
            workshop__in=states, status=TimesheetStatus.RETURNED
        ).order_by("month"):
            states[sheet.workshop_id].returned.append(sheet)
    return list(states.values())


def _count_people(states: dict[int, Today], on: date) -> None:
    """Placements in force today and on the workday before, with what is entered for them."""
    before = last_workday_before(on)
    rows = (
        Placement.objects.filter(period_q(on) | period_q(before), post__workshop__in=states)
        .annotate(
            now=FilteredRelation("attendance", condition=Q(attendance__worked_on=on)),
            earlier=FilteredRelation("attendance", condition=Q(attendance__worked_on=before)),
        )
        .order_by()
        .values("post__workshop", "post__trade")
        .annotate(
            expected=Count("pk", filter=period_q(on)),
            entered=Count("now"),
            present=Count("now", filter=Q(now__minutes__gt=0)),
            expected_before=Count("pk", filter=period_q(before)),
            entered_before=Count("earlier"),
        )
    )
    for row in rows:
        state = states[row["post__workshop"]]
        state.trades[row["post__trade"]] = TradeToday(
            row["expected"], row["entered"], row["present"]
        )
        if row["entered_before"] < row["expected_before"]:
            state.missed_on = before
    seats = Post.objects.filter(workshop__in=states).order_by().values_list("workshop")
    for workshop_id, count in seats.annotate(total=Sum("seats")):
        states[workshop_id].seats = count


def _count_orders(states: dict[int, Today], on: date) -> None:
    """Open work orders due within a week and overdue, and the trades they still ask for."""
    orders = WorkOrder.objects.filter(workshop__in=states, status__in=OPEN).order_by()
    counted = orders.values_list("workshop").annotate(
        due=Count("pk", filter=Q(due_on__gte=on, due_on__lte=on + DUE_SOON)),
        overdue=Count("pk", filter=Q(due_on__lt=on)),
    )
    for workshop_id, due, overdue in counted:
        states[workshop_id].due, states[workshop_id].overdue = due, overdue
    for row in _open_operations(states).select_related("operation__trade", "work_order"):
        trade = row.operation.trade
        states[row.work_order.workshop_id].asked_trades[trade.pk] = trade.name


def _open_operations(workshops: Iterable[int]) -> "QuerySet[WorkOrderOperation]":
    """One row for each workshop and trade of the operations that are not done."""
    return (
        WorkOrderOperation.objects.filter(
            work_order__workshop__in=workshops, work_order__status__in=OPEN, done__lt=F("quantity")
        )
        .order_by("work_order__workshop", "operation__trade")
        .distinct("work_order__workshop", "operation__trade")
    )


def _count_lacks(states: dict[int, Today]) -> None:
    """What stands still at this moment, and how much of it for want of material."""
    rows = (
        Downtime.objects.filter(workshop__in=states, ended_at=None, withdrawn_at=None)
        .order_by()
        .values_list("workshop")
        .annotate(all=Count("pk"), material=Count("pk", filter=Q(reason__cause="material")))
    )
    for workshop_id, stopped, without_material in rows:
        state = states[workshop_id]
        state.stopped, state.without_material = stopped, without_material
