"""Orders by who may see them: the buyer's side and the seller's side."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from orders.enums import OrderStatus
from orders.models import Order, OrderLine, OrderLineWork
from portal.accounts.enums import Role
from portal.accounts.selectors import grants_of, organisation_ids
from workshops.models import WorkOrder
from workshops.selectors.work_orders import work_orders_with_progress

# The lower, the sooner somebody has to act: whose turn it is stands first.
URGENCY_FOR_SELLER = {OrderStatus.SENT: 0, OrderStatus.READY: 1}


def orders_with_parties() -> "QuerySet[Order]":
    """Orders with buyer and seller joined."""
    return Order.objects.select_related("buyer", "seller", "placed_by")


def orders_visible_to(user: Any, on: date) -> "QuerySet[Order]":
    """Orders of the organisations for which the user buys, newest first."""
    return (
        orders_with_parties()
        .filter(buyer__in=organisation_ids(user, on, Role.BUYER))
        .order_by("-placed_at", "-id")
    )


def orders_received_by(user: Any, on: date) -> "QuerySet[Order]":
    """Orders to the operators the user works for; what waits for an answer first.

    A role limited to one institution sees the orders with something made there.
    """
    seen = Q(pk__in=[])
    for grant in grants_of(user, on):
        if grant.role != Role.OPERATOR:
            continue
        one = Q(seller=grant.organisation_id)
        if grant.scope_id is not None:
            there = OrderLine.objects.filter(
                offer__workshop__institution__organisation=grant.scope_id
            )
            one &= Q(pk__in=there.values("order"))
        seen |= one
    turn = Case(
        *(When(status=status, then=Value(rank)) for status, rank in URGENCY_FOR_SELLER.items()),
        default=Value(2),
        output_field=IntegerField(),
    )
    return (
        orders_with_parties().filter(seen).annotate(turn=turn).order_by("turn", "-placed_at", "-id")
    )


def lines_of(order: Order) -> "QuerySet[OrderLine]":
    """The lines of an order as they were sent, with the place of each."""
    return order.lines.select_related(
        "offer__workshop__institution__organisation", "version__product"
    ).order_by("sequence")


@dataclass(frozen=True, slots=True)
class LineWithDates:
    """A line and the days by which its work orders are due, the earliest first."""

    line: OrderLine
    due: tuple[date, ...]


def lines_with_dates(order: Order) -> list[LineWithDates]:
    """The lines of an order with the dates of the work they have caused, in two queries."""
    due: dict[int, set[date]] = defaultdict(set)
    caused = OrderLineWork.objects.filter(line__order=order, work_order__due_on__isnull=False)
    for line_id, day in caused.values_list("line_id", "work_order__due_on"):
        due[line_id].add(day)
    return [LineWithDates(line, tuple(sorted(due[line.id]))) for line in lines_of(order)]


def places_of(order: Order) -> set[int]:
    """Organisations of the institutions where the lines would be made."""
    return set(order.lines.values_list("offer__workshop__institution__organisation", flat=True))


def work_orders_of(order: Order) -> "QuerySet[WorkOrder]":
    """What is being made for an order, with progress."""
    caused = OrderLineWork.objects.filter(line__order=order)
    return work_orders_with_progress().filter(pk__in=caused.values("work_order")).order_by("id")


def order_of_work(work_order: WorkOrder) -> Order | None:
    """The order that caused a work order, or None for work without one."""
    return Order.objects.filter(lines__works__work_order=work_order).first()


def sent_before(submission: Any, user: Any) -> list[Order]:
    """The orders a form of this person has made already."""
    made = Order.objects.filter(submission=submission, placed_by=user)
    # Almost always there are none, and to join the parties costs five times the answer.
    return list(orders_with_parties().filter(pk__in=made).order_by("id")) if made.exists() else []
