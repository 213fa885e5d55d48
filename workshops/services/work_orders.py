"""Work orders come into being and report what came of them; the apps above call this.

Both are parts of a larger act (an order confirmed, output booked) that has checked the right to
do it; so there is no rule here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.kernel import states
from portal.kernel.clock import day_of
from portal.kernel.errors import PortalError
from portal.kernel.locks import lock_row
from portal.kernel.numbering import document_number
from workshops.enums import WorkOrderStatus
from workshops.events import work_order_begun, work_order_completed
from workshops.models import (
    Operation,
    ProductVersion,
    RequestedPart,
    WorkOrder,
    WorkOrderOperation,
)
from workshops.states import WORK_ORDER


class RoutingMissing(PortalError):
    """Nobody would know what to do."""

    message = _("“%(product)s” has no routing yet. Enter its operations first.")


@transaction.atomic
def create_work_order(
    *,
    actor: Any,
    workshop_id: int,
    version_id: int,
    quantity: int,
    at: datetime,
    due_on: date | None = None,
) -> WorkOrder:
    """A planned work order with all operations of the version's routing.

    Refused for a version without a routing. Twice makes two: the caller knows what it made.
    """
    operations = list(Operation.objects.filter(version_id=version_id).order_by("sequence"))
    if not operations:
        version = ProductVersion.objects.select_related("product").get(pk=version_id)
        raise RoutingMissing(product=version.product.name)
    planned = {"workshop_id": workshop_id, "quantity": quantity, "due_on": due_on}
    return _plan(operations, actor=actor, at=at, version_id=version_id, **planned)


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of making a requested part: what is done, by which trade."""

    name: str
    trade_id: int


@transaction.atomic
def create_part_order(
    *,
    actor: Any,
    workshop_id: int,
    title: str,
    unit: str,
    stages: Sequence[Stage],
    quantity: int,
    at: datetime,
    due_on: date | None = None,
) -> WorkOrder:
    """A planned work order of a part made once, with its stages as operations.

    The stages have no norm and no rate: until the payer enters a rate, payroll refuses output on
    them by name. Refused without a stage. Twice makes two: the caller knows what it made.
    """
    if not stages:
        raise RoutingMissing(product=title)
    part = RequestedPart.objects.create(title=title, unit=unit)
    operations = Operation.objects.bulk_create(
        Operation(part=part, sequence=number, name_ru=stage.name, trade_id=stage.trade_id)
        for number, stage in enumerate(stages, start=1)
    )
    planned = {"workshop_id": workshop_id, "quantity": quantity, "due_on": due_on}
    return _plan(operations, actor=actor, at=at, part=part, **planned)


def _plan(operations: Sequence[Operation], *, actor: Any, at: datetime, **row: Any) -> WorkOrder:
    work_order = WorkOrder.objects.create(
        # One series for all workshops: an operator sees the work orders of several in one list.
        number=document_number(series="work_order", scope="portal", year=day_of(at).year),
        created_at=at,
        **row,
    )
    WorkOrderOperation.objects.bulk_create(
        WorkOrderOperation(work_order=work_order, operation=operation, quantity=work_order.quantity)
        for operation in operations
    )
    states.begin(work_order, "create", machine=WORK_ORDER, actor=actor, at=at)
    return work_order


@transaction.atomic
def report_output(*, work_order_id: int, actor: Any, at: datetime) -> WorkOrder:
    """After output was booked: the work order is in progress, or completed when all is done.

    Refused for a cancelled work order. Twice is harmless: nothing moves without new output.
    Inside the transaction the news goes up (events.py).
    """
    work_order = lock_row(WorkOrder, work_order_id)
    operations = list(work_order.operations.values_list("done", "quantity"))
    has_begun = any(done for done, _quantity in operations)
    if has_begun and work_order.status in (WorkOrderStatus.PLANNED, WorkOrderStatus.CANCELLED):
        states.move(work_order, "begin", machine=WORK_ORDER, actor=actor, at=at)
        work_order_begun.send(WorkOrder, work_order=work_order, actor=actor, at=at)
    is_done = has_begun and all(done == quantity for done, quantity in operations)
    if is_done and work_order.status == WorkOrderStatus.IN_PROGRESS:
        states.move(work_order, "complete", machine=WORK_ORDER, actor=actor, at=at)
        work_order_completed.send(WorkOrder, work_order=work_order, actor=actor, at=at)
    return work_order
