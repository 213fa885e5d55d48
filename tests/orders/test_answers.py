"""Confirm, decline, withdraw: who may, once only, and what the workshop gets."""

from datetime import date, timedelta

import pytest

from orders.models import Order, OrderLineWork
from orders.services.answers import (
    DateInThePast,
    DateTooFar,
    ReasonMissing,
    WorkshopHandedOver,
    confirm_order,
    decline_order,
    withdraw_order,
)
from portal.accounts.models import RoleGrant
from portal.kernel.errors import Forbidden, PortalError
from portal.kernel.states import MoveRefused, history_of
from tests.orders.builders import (
    DUE,
    a_basket,
    a_confirmed_order,
    a_sent_order,
    an_offer_of,
    another_buyer,
    another_operator,
    put,
    send,
)
from tests.orders.test_sending import _race
from tests.people import LONG_AGO, NOW, TODAY, Cast, a_cast, a_user, an_organisation
from workshops.models import Operation, WorkOrder, WorkshopOperator
from workshops.services import RoutingMissing


def test_confirm_order_makes_a_work_order_for_each_line(cast: Cast) -> None:
    basket = a_basket(cast, quantity=4)
    put(basket, an_offer_of(cast, cast.workshop), 2)
    (order,) = send(cast, basket)
    confirm_order(actor=cast.operator, order_id=order.id, due_on=DUE, at=NOW)
    order.refresh_from_db()
    works = WorkOrder.objects.order_by("id")
    assert order.status == "confirmed"
    assert [(work.quantity, work.due_on, work.status) for work in works] == [
        (4, DUE, "planned"),
        (2, DUE, "planned"),
    ]
    assert [work.operations.count() for work in works] == [2, 1]
    assert OrderLineWork.objects.filter(line__order=order).count() == 2


def test_confirm_order_twice_is_refused_and_makes_nothing_more(cast: Cast) -> None:
    order = a_confirmed_order(cast)
    with pytest.raises(MoveRefused):
        confirm_order(actor=cast.operator, order_id=order.id, due_on=DUE, at=NOW)
    assert WorkOrder.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_operators_confirm_at_once() -> None:
    cast = a_cast()
    order = a_sent_order(cast)
    second = a_user("second@example.kz", cast.enterprise, "operator")
    results = _race(
        lambda: confirm_order(actor=cast.operator, order_id=order.id, due_on=DUE, at=NOW),
        lambda: confirm_order(actor=second, order_id=order.id, due_on=DUE, at=NOW),
    )
    assert WorkOrder.objects.count() == 1
    assert sorted(type(result).__name__ for result in results) == ["MoveRefused", "Order"]


@pytest.mark.django_db(transaction=True)
def test_withdrawal_and_confirmation_at_once_leave_one_of_them() -> None:
    cast = a_cast()
    order = a_sent_order(cast)
    _race(
        lambda: confirm_order(actor=cast.operator, order_id=order.id, due_on=DUE, at=NOW),
        lambda: withdraw_order(actor=cast.buyer, order_id=order.id, at=NOW),
    )
    order.refresh_from_db()
    assert order.status in ("confirmed", "withdrawn")
    assert WorkOrder.objects.count() == (1 if order.status == "confirmed" else 0)


@pytest.mark.parametrize("who", ["buyer", "accountant", "master", "head", "stranger"])
def test_only_an_operator_answers(cast: Cast, who: str) -> None:
    order, actor = a_sent_order(cast), getattr(cast, who)
    with pytest.raises(Forbidden):
        confirm_order(actor=actor, order_id=order.id, due_on=DUE, at=NOW)
    with pytest.raises(Forbidden):
        decline_order(actor=actor, order_id=order.id, reason="нет", at=NOW)
    order.refresh_from_db()
    assert order.status == "sent"


def test_operator_of_another_seller_is_refused(cast: Cast) -> None:
    order = a_sent_order(cast)
    with pytest.raises(Forbidden):
        confirm_order(actor=another_operator(cast), order_id=order.id, due_on=DUE, at=NOW)


def test_operator_limited_to_another_place_is_refused(cast: Cast) -> None:
    elsewhere = an_organisation("institution", "Учреждение № 22 (тест)", 22)
    RoleGrant.objects.filter(role="operator").update(scope=elsewhere)
    order = a_sent_order(cast)
    with pytest.raises(Forbidden):
        confirm_order(actor=cast.operator, order_id=order.id, due_on=DUE, at=NOW)
    RoleGrant.objects.filter(role="operator").update(scope=cast.colony)
    again = type(cast.operator).objects.get(pk=cast.operator.pk)
    assert confirm_order(actor=again, order_id=order.id, due_on=DUE, at=NOW).status == "confirmed"


def test_past_date_is_refused(cast: Cast) -> None:
    order = a_sent_order(cast)
    with pytest.raises(DateInThePast):
        confirm_order(
            actor=cast.operator, order_id=order.id, due_on=TODAY - timedelta(days=1), at=NOW
        )


@pytest.mark.parametrize("due_on", [date(9999, 12, 31), TODAY + timedelta(days=3 * 366 + 1)])
def test_date_years_away_is_refused_and_nothing_is_made(cast: Cast, due_on: date) -> None:
    order = a_sent_order(cast)
    with pytest.raises(DateTooFar):
        confirm_order(actor=cast.operator, order_id=order.id, due_on=due_on, at=NOW)
    order.refresh_from_db()
    assert order.status == "sent"
    assert not WorkOrder.objects.exists()


def test_workshop_that_changed_hands_is_not_confirmed(cast: Cast) -> None:
    order = a_sent_order(cast)
    WorkshopOperator.objects.update(effective_to=date(2026, 11, 1))
    WorkshopOperator.objects.create(
        workshop=cast.workshop,
        operator=cast.entrepreneur,
        effective_from=date(2026, 11, 1),
        basis="договор",
    )
    with pytest.raises(WorkshopHandedOver, match="Столярный"):
        confirm_order(actor=cast.operator, order_id=order.id, due_on=DUE, at=NOW)
    order.refresh_from_db()
    assert order.status == "sent"
    assert history_of(order).count() == 1


def test_version_without_routing_is_not_confirmed(cast: Cast) -> None:
    order = a_sent_order(cast)
    Operation.objects.all().delete()
    with pytest.raises(RoutingMissing):
        confirm_order(actor=cast.operator, order_id=order.id, due_on=DUE, at=NOW)
    assert Order.objects.get().status == "sent"


def test_decline_order_keeps_the_reason(cast: Cast) -> None:
    order = a_sent_order(cast)
    decline_order(actor=cast.operator, order_id=order.id, reason="  Нет берёзы ", at=NOW)
    last = history_of(order).last()
    assert (last.action, last.reason) == ("decline", "Нет берёзы")
    assert WorkOrder.objects.count() == 0
    with pytest.raises(MoveRefused):
        decline_order(actor=cast.operator, order_id=order.id, reason="ещё", at=NOW)


@pytest.mark.parametrize("reason", ["", "   "])
def test_decline_order_needs_a_reason(cast: Cast, reason: str) -> None:
    order = a_sent_order(cast)
    with pytest.raises(ReasonMissing):
        decline_order(actor=cast.operator, order_id=order.id, reason=reason, at=NOW)


def test_withdraw_order_by_its_buyer(cast: Cast) -> None:
    order = a_sent_order(cast)
    withdraw_order(actor=cast.buyer, order_id=order.id, at=NOW)
    order.refresh_from_db()
    assert order.status == "withdrawn"
    with pytest.raises(MoveRefused):
        withdraw_order(actor=cast.buyer, order_id=order.id, at=NOW)


def test_confirmed_order_is_not_withdrawn(cast: Cast) -> None:
    order = a_confirmed_order(cast)
    with pytest.raises(MoveRefused):
        withdraw_order(actor=cast.buyer, order_id=order.id, at=NOW)


def test_stranger_does_not_withdraw(cast: Cast) -> None:
    order = a_sent_order(cast)
    for actor in (another_buyer(cast), cast.operator):
        with pytest.raises(Forbidden):
            withdraw_order(actor=actor, order_id=order.id, at=NOW)


def test_missing_order_is_gone(cast: Cast) -> None:
    with pytest.raises(PortalError):
        withdraw_order(actor=cast.buyer, order_id=10**9, at=NOW)


def test_grant_that_ended_gives_nothing(cast: Cast) -> None:
    order = a_sent_order(cast)
    former = a_user("former@example.kz", cast.enterprise, "operator")
    RoleGrant.objects.filter(membership__user=former).update(
        effective_from=LONG_AGO, effective_to=TODAY
    )
    with pytest.raises(Forbidden):
        confirm_order(actor=former, order_id=order.id, due_on=DUE, at=NOW)
