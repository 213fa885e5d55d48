"""What happens to an order after it was sent: the seller's answer, the buyer's withdrawal, and
the news from the workshop. One service per action; each second call is refused by the table."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.enums import OrderStatus
from orders.models import Order, OrderLineWork
from orders.rules import can_answer_order, can_withdraw_order
from orders.selectors.orders import lines_of, places_of, work_orders_of
from orders.states import ORDER
from portal.kernel import states
from portal.kernel.access import Rule
from portal.kernel.clock import day_of
from portal.kernel.errors import PortalError
from portal.kernel.locks import lock_row
from workshops.enums import WorkOrderStatus
from workshops.selectors.offers import operators_on
from workshops.services import create_work_order


class WorkshopHandedOver(PortalError):
    message = _("“%(workshop)s” has another operator now, so this order cannot be confirmed.")


class ReasonMissing(PortalError):
    message = _("Say in a sentence why the order is declined: the buyer will read it.")


class DateInThePast(PortalError):
    message = _("The date has passed already. Enter a day from today on.")


class DateTooFar(PortalError):
    message = _("The date is more than three years away. Check the year.")


# Far above the longest order; a slip of the year must not become a due date.
FURTHEST_DUE = timedelta(days=3 * 366)


@transaction.atomic
def confirm_order(*, actor: Any, order_id: int, due_on: date, at: datetime) -> Order:
    """The order is CONFIRMED and each line has a planned work order at its workshop.

    Refused: not an operator of the seller, not waiting for an answer, a date that has passed or
    is years away, a workshop that changed hands, a version without a routing. Twice is refused:
    once is made.
    """
    if due_on < day_of(at):
        raise DateInThePast
    if due_on > day_of(at) + FURTHEST_DUE:
        raise DateTooFar
    order = lock_row(Order, order_id)
    states.move(order, "confirm", machine=ORDER, actor=actor, at=at, rule=_may_answer(order, at))
    lines = list(lines_of(order))
    sellers = operators_on(day_of(at), {line.offer.workshop_id for line in lines})
    for line in lines:
        seller = sellers.get(line.offer.workshop_id)
        if seller is None or seller.id != order.seller_id:
            raise WorkshopHandedOver(workshop=line.offer.workshop.name)
        work_order = create_work_order(
            actor=actor,
            workshop_id=line.offer.workshop_id,
            version_id=line.version_id,
            quantity=line.quantity,
            due_on=due_on,
            at=at,
        )
        OrderLineWork.objects.create(line=line, work_order=work_order)
    return order


@transaction.atomic
def decline_order(*, actor: Any, order_id: int, reason: str, at: datetime) -> Order:
    """The order is DECLINED with a reason the buyer reads. Twice is refused."""
    if not reason.strip():
        raise ReasonMissing
    order = lock_row(Order, order_id)
    states.move(
        order,
        "decline",
        machine=ORDER,
        actor=actor,
        at=at,
        rule=_may_answer(order, at),
        reason=reason.strip(),
    )
    return order


@transaction.atomic
def withdraw_order(*, actor: Any, order_id: int, at: datetime) -> Order:
    """The order is WITHDRAWN by its buyer; only until the seller answers. Twice is refused."""
    order = lock_row(Order, order_id)
    states.move(
        order,
        "withdraw",
        machine=ORDER,
        actor=actor,
        at=at,
        rule=lambda user, fresh: can_withdraw_order(user, fresh, day_of(at)),
    )
    return order


@transaction.atomic
def begin_production(*, actor: Any, order_id: int, at: datetime) -> None:
    """The order is IN_PRODUCTION since its first work order is. Twice is harmless."""
    order = lock_row(Order, order_id)
    if order.status == OrderStatus.CONFIRMED:
        states.move(order, "begin_production", machine=ORDER, actor=actor, at=at)


@transaction.atomic
def make_ready(*, actor: Any, order_id: int, at: datetime) -> None:
    """The order is READY when all its work orders are completed, else as it was. Harmless twice."""
    order = lock_row(Order, order_id)
    is_made = all(
        status == WorkOrderStatus.COMPLETED
        for status in work_orders_of(order).values_list("status", flat=True)
    )
    if is_made and order.status == OrderStatus.IN_PRODUCTION:
        states.move(order, "make_ready", machine=ORDER, actor=actor, at=at)


def _may_answer(order: Order, at: datetime) -> Rule:
    places = places_of(order)
    return lambda user, fresh: can_answer_order(user, fresh, day_of(at), places)
