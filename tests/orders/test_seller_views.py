"""The operator's pages: works, wrong method, same role elsewhere, no right, nobody."""

from typing import Any

import pytest
from django.urls import reverse

from orders.models import Order
from orders.services.answers import confirm_order, withdraw_order
from portal.accounts.models import RoleGrant
from tests.orders.builders import (
    DUE,
    a_basket,
    a_confirmed_order,
    a_sent_order,
    an_entrepreneurs_offer,
    another_operator,
    put,
    send,
)
from tests.people import NOW, Cast, an_organisation
from workshops.models import WorkOrder

LIST = "/operator/orders/"
GOOD: dict[str, dict[str, Any]] = {
    "confirm": {"due_on": "2026-12-15"},
    "decline": {"reason": "Нет берёзы"},
}


def address(order: Order, name: str = "received_order") -> str:
    return reverse(f"orders:{name}", args=[order.id])


@pytest.fixture
def operator(client, cast: Cast):
    client.force_login(cast.operator)
    return client


def test_list_puts_what_waits_first(operator, cast: Cast) -> None:
    waiting = a_sent_order(cast)
    a_confirmed_order(cast)
    response = operator.get(LIST)
    assert [order.status for order, _turn in response.context["orders"]] == ["sent", "confirmed"]
    assert waiting.number in response.content.decode()


def test_empty_list_says_when_something_comes(operator) -> None:
    assert "Заказов пока нет." in operator.get(LIST).content.decode()


def test_list_takes_the_same_queries_for_one_and_three(
    operator, cast: Cast, django_assert_num_queries
) -> None:
    a_sent_order(cast)
    operator.get(LIST)
    with django_assert_num_queries(6):
        operator.get(LIST)
    for _time in range(2):
        a_confirmed_order(cast)
    with django_assert_num_queries(6):
        operator.get(LIST)


def test_page_offers_both_answers(operator, cast: Cast) -> None:
    page = operator.get(address(a_sent_order(cast))).content.decode()
    assert "Подтвердить заказ" in page
    assert "Отклонить заказ" in page


def test_confirm_makes_work_orders(operator, cast: Cast) -> None:
    order = a_sent_order(cast)
    response = operator.post(address(order, "confirm"), GOOD["confirm"], follow=True)
    order.refresh_from_db()
    assert order.status == "confirmed"
    assert WorkOrder.objects.get().due_on == DUE
    page = response.content.decode()
    assert "0 из 2" in page
    assert "Подтвердить заказ" not in page


def test_confirm_twice_tells_the_state(operator, cast: Cast) -> None:
    order = a_sent_order(cast)
    operator.post(address(order, "confirm"), GOOD["confirm"])
    again = operator.post(address(order, "confirm"), GOOD["confirm"])
    assert again.status_code == 422
    assert "form-errors" in again.content.decode()
    assert WorkOrder.objects.count() == 1


def test_withdrawn_meanwhile_is_told(operator, cast: Cast) -> None:
    order = a_sent_order(cast)
    withdraw_order(actor=cast.buyer, order_id=order.id, at=NOW)
    for name, typed in GOOD.items():
        response = operator.post(address(order, name), typed)
        assert response.status_code == 422
        assert "Отозван" in response.content.decode()


@pytest.mark.parametrize("typed", ["", "2020-01-01", "2026-11-21", "soon", "2026-02-30"])
def test_wrong_date_keeps_what_was_typed(operator, cast: Cast, typed: str) -> None:
    order = a_sent_order(cast)
    response = operator.post(address(order, "confirm"), {"due_on": typed})
    assert response.status_code == 422
    assert response.context["confirm_form"].data["due_on"] == typed
    assert WorkOrder.objects.count() == 0


def test_decline_with_a_reason(operator, cast: Cast) -> None:
    order = a_sent_order(cast)
    page = operator.post(address(order, "decline"), GOOD["decline"], follow=True).content.decode()
    order.refresh_from_db()
    assert order.status == "declined"
    assert "Нет берёзы" in page


@pytest.mark.parametrize("typed", ["", "   ", "а" * 1001])
def test_decline_without_a_reason_is_refused(operator, cast: Cast, typed: str) -> None:
    order = a_sent_order(cast)
    response = operator.post(address(order, "decline"), {"reason": typed})
    assert response.status_code == 422
    assert "details open" in response.content.decode()


def test_wrong_methods(operator, cast: Cast) -> None:
    order = a_sent_order(cast)
    assert operator.post(LIST).status_code == 405
    assert operator.post(address(order)).status_code == 405
    for name in GOOD:
        assert operator.get(address(order, name)).status_code == 405


def test_operator_of_another_seller_finds_nothing(client, cast: Cast) -> None:
    order = a_sent_order(cast)
    client.force_login(another_operator(cast))
    assert client.get(address(order)).status_code == 404
    for name, typed in GOOD.items():
        assert client.post(address(order, name), typed).status_code == 404
    assert order.number not in client.get(LIST).content.decode()


def test_each_seller_gets_only_its_part(client, cast: Cast) -> None:
    basket = a_basket(cast)
    put(basket, an_entrepreneurs_offer(cast))
    orders = send(cast, basket)
    client.force_login(another_operator(cast))
    (only, _turn), *rest = client.get(LIST).context["orders"]
    assert rest == []
    assert only in orders
    assert only.seller == cast.entrepreneur


def test_operator_limited_to_another_place_finds_nothing(operator, cast: Cast) -> None:
    order = a_sent_order(cast)
    elsewhere = an_organisation("institution", "Учреждение № 22 (тест)", 22)
    RoleGrant.objects.filter(role="operator").update(scope=elsewhere)
    assert operator.get(address(order)).status_code == 404
    RoleGrant.objects.filter(role="operator").update(scope=cast.colony)
    assert operator.get(address(order)).status_code == 200


@pytest.mark.parametrize("who", ["buyer", "master", "head", "stranger"])
def test_other_roles_are_refused(client, cast: Cast, who: str) -> None:
    order = a_sent_order(cast)
    client.force_login(cast.users[who])
    assert client.get(LIST).status_code == 403
    assert client.get(address(order)).status_code == 403
    for name, typed in GOOD.items():
        assert client.post(address(order, name), typed).status_code == 403
    order.refresh_from_db()
    assert order.status == "sent"


def test_nobody_is_sent_to_sign_in(client, cast: Cast) -> None:
    order = confirm_order(actor=cast.operator, order_id=a_sent_order(cast).id, due_on=DUE, at=NOW)
    for response in (client.get(LIST), client.get(address(order))):
        assert response["Location"].startswith("/accounts/login/?next=")
