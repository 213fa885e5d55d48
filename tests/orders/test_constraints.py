"""Rows of baskets and orders that make no sense are refused by the database."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from orders.models import BasketLine, Order, OrderLine, OrderLineWork
from tests.orders.builders import a_basket, a_confirmed_order, a_sent_order
from tests.people import Cast
from workshops.models import WorkOrder


def refused(change: Any, constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        change()


def copy_of(row: models.Model, **changes: Any) -> Any:
    """Saving the same row once more, with changes."""

    def save() -> None:
        row.pk = None
        for name, value in changes.items():
            setattr(row, name, value)
        row.save(force_insert=True)

    return save


def test_basket_line(cast: Cast) -> None:
    line = a_basket(cast).lines.get()
    refused(lambda: BasketLine.objects.update(quantity=0), "basketline_positive")
    refused(copy_of(line), "basketline_unique")


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"status": "lost"}, "order_status_known"),
        ({"total": Decimal("0.00")}, "order_total_positive"),
    ],
)
def test_order(cast: Cast, changes: dict[str, Any], constraint: str) -> None:
    order = a_sent_order(cast)
    refused(lambda: Order.objects.filter(pk=order.pk).update(**changes), constraint)


def test_order_has_two_parties_a_number_and_one_sending(cast: Cast) -> None:
    order = a_sent_order(cast)
    refused(
        lambda: Order.objects.filter(pk=order.pk).update(buyer=order.seller), "order_two_parties"
    )
    refused(copy_of(order), "order_(number_of_seller|sent_once)")
    refused(copy_of(order, number="2026-99999"), "order_sent_once")


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"quantity": 0}, "orderline_(positive|total)"),
        ({"unit_price": Decimal("1.00")}, "orderline_total"),
        ({"total": Decimal("1.00")}, "orderline_total"),
    ],
)
def test_order_line(cast: Cast, changes: dict[str, Any], constraint: str) -> None:
    a_sent_order(cast)
    refused(lambda: OrderLine.objects.update(**changes), constraint)


def test_work_order_is_caused_by_one_line(cast: Cast) -> None:
    line = a_confirmed_order(cast).lines.get()
    again = OrderLineWork(line=line, work_order=WorkOrder.objects.get())
    refused(again.save, "work_order")
