"""News from the workshops below: what happens to an order when its work orders move.

Each runs inside the transaction that moved the work order, so both moves hold or neither.
"""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from orders.selectors.orders import order_of_work
from orders.services.answers import begin_production, make_ready
from workshops.events import work_order_begun, work_order_completed
from workshops.models import WorkOrder


@receiver(work_order_begun, dispatch_uid="orders.production_begun")
def production_begun(
    sender: type[WorkOrder], work_order: WorkOrder, actor: Any, at: datetime, **kwargs: Any
) -> None:
    """The first work order begun puts its order into production."""
    order = order_of_work(work_order)
    if order is not None:
        begin_production(actor=actor, order_id=order.pk, at=at)


@receiver(work_order_completed, dispatch_uid="orders.production_completed")
def production_completed(
    sender: type[WorkOrder], work_order: WorkOrder, actor: Any, at: datetime, **kwargs: Any
) -> None:
    """The last work order completed makes its order ready."""
    order = order_of_work(work_order)
    if order is not None:
        make_ready(actor=actor, order_id=order.pk, at=at)
