"""The sheet of output of one work order on one day: people down, operations across."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from inmates.presenters.shift import Line
from inmates.selectors.shift import Entered
from portal.kernel.money import NBSP
from portal.kernel.text import date_short, number
from workshops.enums import WorkOrderStatus
from workshops.models import WorkOrder, WorkOrderOperation


@dataclass(slots=True)
class Cell:
    """Pieces of one person on one operation: what is stored, what was typed."""

    placement_id: int
    operation_id: int
    quantity: int
    label: str
    column: str
    typed: str = ""
    error: str = ""
    theirs: str = ""
    is_own_trade: bool = True
    # What the next save is compared with.
    base: int = 0

    @property
    def key(self) -> str:
        return f"{self.placement_id}.{self.operation_id}"

    @property
    def anchor(self) -> str:
        return f"q-{self.placement_id}-{self.operation_id}"

    @property
    def said(self) -> str:
        """The id of what is said about this cell."""
        return f"said-{self.placement_id}-{self.operation_id}"

    @property
    def sentence(self) -> str:
        return self.error


@dataclass(slots=True)
class Row:
    """One person with a cell for each operation; who was absent has none."""

    line: Line
    cells: list[Cell] = field(default_factory=list)
    absent: str = ""

    @property
    def messages(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.error or cell.theirs]


@dataclass(frozen=True, slots=True)
class Column:
    """One operation: how many are left, how many were made on this day."""

    name: str
    left: str
    today: str


@dataclass(slots=True)
class Sheet:
    """The table of one work order."""

    order: WorkOrder
    columns: list[Column]
    rows: list[Row]
    hidden: int

    def cells(self) -> Iterator[Cell]:
        for row in self.rows:
            yield from row.cells


def sheet_of(
    order: WorkOrder,
    lines: Iterable[Line],
    entered: Mapping[tuple[int, int], Entered],
    *,
    everybody: bool,
) -> Sheet:
    """People of the trades the work order asks for, and whoever has worked on it that day.

    With `everybody`, or when nobody has such a trade, all who are expected.
    """
    operations = list(order.operations.all())
    trades = {one.operation.trade_id for one in operations}
    mine = {key: one for key, one in entered.items() if key[1] in {op.pk for op in operations}}
    booked = {key[0] for key in mine}
    lines = list(lines)
    fitting = [
        line for line in lines if line.placement.post.trade_id in trades or line.pk in booked
    ]
    shown = lines if everybody or not fitting else fitting
    made: dict[int, int] = {}
    for (_placement, operation_id), one in mine.items():
        made[operation_id] = made.get(operation_id, 0) + one.value
    return Sheet(
        order=order,
        columns=[_column(one, made.get(one.pk, 0)) for one in operations],
        rows=[_row(line, operations, mine) for line in shown],
        hidden=len(lines) - len(shown),
    )


def _column(one: WorkOrderOperation, today: int) -> Column:
    return Column(
        name=f"{one.operation.sequence}.{NBSP}{one.operation.name}",
        left=_("%(left)s left") % {"left": number(one.quantity - one.done)},
        today=number(today),
    )


def _row(
    line: Line,
    operations: Iterable[WorkOrderOperation],
    entered: Mapping[tuple[int, int], Entered],
) -> Row:
    mark = line.entered.value if line.entered else None
    if mark is not None and not mark.minutes and line.reason_shown is not None:
        return Row(line, absent=f"{line.reason_shown.letter} · {line.reason_shown.name}")
    cells = []
    for one in operations:
        stored = entered.get((line.pk, one.pk))
        quantity = stored.value if stored else 0
        cells.append(
            Cell(
                placement_id=line.pk,
                operation_id=one.pk,
                quantity=quantity,
                label=f"{line.label}: {one.operation.name}",
                column=one.operation.name,
                typed=number(quantity) if quantity else "",
                base=quantity,
                is_own_trade=one.operation.trade_id == line.placement.post.trade_id,
            )
        )
    return Row(line, cells)


def order_chips(
    orders: Iterable[WorkOrder], chosen: WorkOrder | None, on: date
) -> list[dict[str, Any]]:
    """The work orders of the shift, the first due first; what is late says so."""
    return [
        {
            "id": str(order.pk),
            "title": order.title,
            "number": order.number,
            "is_here": order is chosen,
            "is_late": _is_late(order, on),
            "quantity": _("%(count)s pcs") % {"count": number(order.quantity)},
            "due": _due(order, on),
        }
        for order in orders
    ]


def _is_late(order: WorkOrder, on: date) -> bool:
    return order.due_on is not None and order.due_on < on and not _is_closed(order)


def _is_closed(order: WorkOrder) -> bool:
    return order.status in (WorkOrderStatus.COMPLETED, WorkOrderStatus.CANCELLED)


def _due(order: WorkOrder, on: date) -> str:
    if _is_closed(order):
        return str(order.get_status_display())
    if order.due_on is None:
        return _("no date set")
    words = {"day": date_short(order.due_on)}
    if _is_late(order, on):
        return _("was due %(day)s") % words
    return _("due %(day)s") % words
