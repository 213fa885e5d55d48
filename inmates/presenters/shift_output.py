"""The sheet of output of one work order on one day: people down, operations across."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from inmates.presenters.shift import Line
from inmates.selectors.shift import Entered
from portal.documents.codes import printed_code
from portal.kernel.money import NBSP
from portal.kernel.text import date_short, number
from workshops.enums import WorkOrderStatus
from workshops.models import BatchCard, WorkOrder, WorkOrderOperation

# The card that was scanned, and the pieces booked by card and operation.
Batch = tuple[BatchCard, Mapping[tuple[int, int], int]]


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
    # Why this person may not do the operation today; pieces that stand can be taken away.
    blocked: str = ""
    is_own_trade: bool = True
    # What the next save is compared with.
    base: int = 0

    @property
    def key(self) -> str:
        return f"{self.placement_id}.{self.operation_id}"

    @property
    def stored(self) -> str:
        """As a machine reads it."""
        return str(self.quantity)

    @property
    def anchor(self) -> str:
        return f"q-{self.placement_id}-{self.operation_id}"

    @property
    def said(self) -> str:
        """The id of what is said about this cell."""
        return f"said-{self.placement_id}-{self.operation_id}"

    @property
    def is_blocked(self) -> bool:
        """Nothing can be added here, and nothing stands here that could be taken away."""
        return bool(self.blocked and not self.base)

    @property
    def sentence(self) -> str:
        return self.error


@dataclass(slots=True)
class Row:
    """One person with a cell for each operation; who was absent has none."""

    line: Line
    cells: list[Cell] = field(default_factory=list)
    absent: str = ""
    # Minutes attended (None: nothing entered), and by the norm on other work orders of the day.
    attended: int | None = None
    beside: Decimal = Decimal(0)
    warning: str = ""

    @property
    def data(self) -> dict[str, str]:
        """Figures for the page's own warnings, as a machine reads them."""
        attended = "" if self.attended is None else str(self.attended)
        return {"attended": attended, "beside": str(self.beside)}

    @property
    def messages(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.error or cell.theirs]

    @property
    def blocked(self) -> list[tuple[str, str]]:
        """Operations of the person's own trade that are closed today, with the reason they share.

        Those of other trades say it on the cell alone: the line would be full of them.
        """
        names: dict[str, list[str]] = {}
        for cell in self.cells:
            if cell.blocked and cell.is_own_trade:
                names.setdefault(cell.blocked, []).append(cell.column)
        return [(", ".join(columns), reason) for reason, columns in names.items()]

    @property
    def why(self) -> str:
        """The id of what says why cells of this line are blocked."""
        return f"blocked-{self.line.pk}"


@dataclass(frozen=True, slots=True)
class Column:
    """One operation: how many are left, how many were made on this day, by what norm."""

    name: str
    left: str
    today: str
    # For the page's own warnings, as a machine reads them; without a norm there is none.
    room: str = "0"
    norm: str = ""


@dataclass(slots=True)
class Sheet:
    """The table of one work order."""

    order: WorkOrder
    columns: list[Column]
    rows: list[Row]
    hidden: int
    batch: dict[str, Any] | None = None
    card_id: int | None = None

    def cells(self) -> Iterator[Cell]:
        for row in self.rows:
            yield from row.cells


def sheet_of(
    order: WorkOrder,
    lines: Iterable[Line],
    entered: Mapping[tuple[int, int], Entered],
    *,
    everybody: bool,
    beside: Mapping[int, Decimal] | None = None,
    batch: Batch | None = None,
    teams: Mapping[int, int] | None = None,
) -> Sheet:
    """People of the trades the work order asks for, and whoever has worked on it that day.

    With `everybody`, or when nobody has such a trade, all who are expected. `beside`: minutes by
    the norm on other work orders and in teams; `batch`: the card that was scanned and what passed
    by it; `teams`: pieces of teams on the day, by operation.
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
    made = dict(teams or {})
    for (_placement, operation_id), one in mine.items():
        made[operation_id] = made.get(operation_id, 0) + one.value
    return Sheet(
        order=order,
        columns=[_column(one, made.get(one.pk, 0), batch) for one in operations],
        rows=[_row(line, operations, mine, (beside or {}).get(line.pk)) for line in shown],
        hidden=len(lines) - len(shown),
        batch=_batch(batch[0], order) if batch else None,
        card_id=batch[0].pk if batch else None,
    )


def _column(one: WorkOrderOperation, today: int, batch: Batch | None) -> Column:
    room = one.quantity - one.done
    words = _("%(left)s left")
    if batch is not None:
        card, passed = batch
        room = min(room, card.quantity - passed.get((card.pk, one.pk), 0))
        words = _("%(left)s left in the batch")
    norm = one.operation.norm_minutes
    return Column(
        name=f"{one.operation.sequence}.{NBSP}{one.operation.name}",
        left=words % {"left": number(room)},
        today=number(today),
        room=str(room),
        norm=str(norm) if norm is not None else "",
    )


def _batch(card: BatchCard, order: WorkOrder) -> dict[str, Any]:
    """The batch whose card was scanned, above the sheet."""
    words = {"number": number(card.number), "count": number(card.quantity)}
    return {
        "code": printed_code(card.code),
        "title": _("Batch %(number)s, %(count)s pcs") % words,
        "order": f"{order.title}, {order.number}",
    }


def _row(
    line: Line,
    operations: Iterable[WorkOrderOperation],
    entered: Mapping[tuple[int, int], Entered],
    beside: Decimal | None,
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
    row = Row(line, cells, attended=mark.minutes if mark else None, beside=beside or Decimal(0))
    norms = {one.pk: one.operation.norm_minutes or Decimal(0) for one in operations}
    row.warning = _overload(row, norms)
    return row


def _overload(row: Row, norms: Mapping[int, Decimal]) -> str:
    """What is stored takes longer by the norm than the person was there: it may be a slip."""
    by_norm = row.beside + sum(norms[cell.operation_id] * cell.quantity for cell in row.cells)
    if row.attended is None or by_norm <= row.attended:
        return ""
    return _("By the norm %(norm)s min, attended %(minutes)s.") % {
        "norm": number(by_norm, 0),
        "minutes": number(row.attended),
    }


def sheet_words() -> str:
    """What the page itself says while somebody types or pastes, as JSON for its script."""
    return json.dumps(
        {
            "more": _("One more: %(cell)s"),
            "less": _("One less: %(cell)s"),
            "over": _("“%(operation)s”: output above the order by %(count)s pcs."),
            "load": _("By the norm %(norm)s min, attended %(minutes)s."),
            "title": _("From the spreadsheet"),
            "counted": _("Cells to change: %(count)s. Look through them, then put them in."),
            "nothing": _("Nothing in it differs from what is in the table."),
            "apply": _("Put in"),
            "cancel": _("Leave as it is"),
            "person": _("Person"),
            "operation": _("Operation"),
            "before": _("In the table"),
            "after": _("Becomes"),
            "done": _("Put into the table: %(count)s. Not saved yet."),
            "wrong": _("Nothing was put in. Correct it in the spreadsheet and paste it again:"),
            "place": _("Row %(row)s, column %(column)s, %(cell)s:"),
            "letters": _("“%(text)s” is no quantity; write digits."),
            "part": _("“%(text)s” is not a whole number."),
            "large": _("“%(text)s” is more than 100 000."),
            "unknown": _("№ %(text)s is not on this sheet."),
            "twice": _("№ %(text)s stands twice."),
            "absent": _("№ %(text)s is absent on this day."),
            "rows": _("there are only %(count)s lines below this cell."),
            "columns": _("there are only %(count)s operations from this cell on."),
        },
        ensure_ascii=False,
    )


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
