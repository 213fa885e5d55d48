"""News from the workshop moves the order; what is made elsewhere moves nothing."""

import pytest

from orders.models import Order
from portal.kernel.states import history_of
from tests.orders.builders import DUE, a_basket, a_confirmed_order, an_offer_of, put, send
from tests.orders.test_sending import _race
from tests.people import NOW, Cast, a_cast, a_work_order
from workshops.models import WorkOrder, WorkOrderOperation
from workshops.services import report_output


def book(work_order: WorkOrder, done: int) -> None:
    """As if output had been booked: the trigger of the entries writes the same column."""
    WorkOrderOperation.objects.filter(work_order=work_order).update(done=done)


def made(cast: Cast, work_order: WorkOrder, done: int) -> None:
    book(work_order, done)
    report_output(work_order_id=work_order.id, actor=cast.master, at=NOW)


def two_lines(cast: Cast) -> Order:
    from orders.services.answers import confirm_order

    basket = a_basket(cast, quantity=2)
    put(basket, an_offer_of(cast, cast.workshop), 2)
    (order,) = send(cast, basket)
    return confirm_order(actor=cast.operator, order_id=order.id, due_on=DUE, at=NOW)


def status(order: Order) -> str:
    return Order.objects.get(pk=order.pk).status


def test_first_output_puts_the_order_into_production(cast: Cast) -> None:
    order = a_confirmed_order(cast)
    made(cast, WorkOrder.objects.get(), 1)
    assert status(order) == "in_production"
    assert history_of(order).last().actor == cast.master


def test_all_made_makes_the_order_ready(cast: Cast) -> None:
    order = a_confirmed_order(cast)
    made(cast, WorkOrder.objects.get(), 2)
    assert status(order) == "ready"
    assert [change.action for change in history_of(order)] == [
        "send", "confirm", "begin_production", "make_ready",
    ]  # fmt: skip


def test_order_waits_for_its_last_work_order(cast: Cast) -> None:
    order = two_lines(cast)
    first, second = WorkOrder.objects.order_by("id")
    made(cast, first, 2)
    assert status(order) == "in_production"
    made(cast, second, 1)
    assert status(order) == "in_production"
    made(cast, second, 2)
    assert status(order) == "ready"


def test_report_twice_is_harmless(cast: Cast) -> None:
    order = a_confirmed_order(cast)
    for _time in range(2):
        made(cast, WorkOrder.objects.get(), 2)
    assert status(order) == "ready"
    assert history_of(order).count() == 4


def test_work_without_an_order_moves_nothing(cast: Cast) -> None:
    order = a_confirmed_order(cast)
    made(cast, a_work_order(cast), 10)
    assert status(order) == "confirmed"


@pytest.mark.django_db(transaction=True)
def test_two_last_work_orders_completed_at_once_make_it_ready() -> None:
    cast = a_cast()
    order = two_lines(cast)
    works = list(WorkOrder.objects.order_by("id"))
    for work in works:
        book(work, 2)
    _race(
        *[
            lambda work=work: report_output(work_order_id=work.id, actor=cast.master, at=NOW)
            for work in works
        ]
    )
    assert status(order) == "ready"
