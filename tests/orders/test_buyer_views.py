"""The buyer's pages: works, wrong method, same role elsewhere, no right, nobody."""

import pytest
from django.urls import reverse

from orders.models import Order
from orders.services.answers import confirm_order, decline_order
from tests.orders.builders import (
    DUE,
    a_confirmed_order,
    a_sent_order,
    another_buyer,
)
from tests.people import NOW, Cast
from workshops.models import WorkOrder, WorkOrderOperation
from workshops.services import report_output

LIST = "/orders/"


def address(order: Order, name: str = "order") -> str:
    return reverse(f"orders:{name}", args=[order.id])


@pytest.fixture
def buyer(client, cast: Cast):
    client.force_login(cast.buyer)
    return client


def test_list_shows_own_orders_with_whose_turn_it_is(buyer, cast: Cast) -> None:
    order = a_sent_order(cast)
    page = buyer.get(LIST).content.decode()
    assert order.number in page
    assert "Ход продавца" in page
    assert "370\xa0000,00" in page


def test_empty_list_leads_to_the_catalogue(buyer) -> None:
    page = buyer.get(LIST).content.decode()
    assert "Заказов пока нет." in page
    assert 'href="/catalogue/"' in page


def test_list_takes_the_same_queries_for_one_and_three(
    buyer, cast: Cast, django_assert_num_queries
) -> None:
    a_sent_order(cast)
    buyer.get(LIST)
    with django_assert_num_queries(6):
        buyer.get(LIST)
    for _time in range(2):
        a_confirmed_order(cast)
    with django_assert_num_queries(6):
        buyer.get(LIST)


def test_order_shows_lines_sums_and_timeline(buyer, cast: Cast) -> None:
    order = a_sent_order(cast)
    response = buyer.get(address(order))
    page = response.content.decode()
    assert "Игровой уголок «Юрта»" in page
    assert "51\xa0034,48\xa0₸" in page
    assert "Заказ отправлен" in page
    assert "Отозвать заказ" in page
    assert len(response.context["rows"]) == 1


def test_order_shows_what_is_made_of_what(buyer, cast: Cast) -> None:
    order = a_confirmed_order(cast, quantity=4)
    work = WorkOrder.objects.get()
    WorkOrderOperation.objects.update(done=3)
    report_output(work_order_id=work.id, actor=cast.master, at=NOW)
    page = buyer.get(address(order)).content.decode()
    assert "3 из 4" in page
    assert "15.12.2026" in page
    assert "Мастерская начала работу" in page
    assert "Отозвать заказ" not in page


def test_buyer_never_sees_who_of_the_seller_answered(buyer, cast: Cast) -> None:
    page = buyer.get(address(a_confirmed_order(cast))).content.decode()
    assert "Operator" not in page
    assert "РГП «Тест»" in page


def test_buyer_reads_the_reason(buyer, cast: Cast) -> None:
    order = a_sent_order(cast)
    decline_order(actor=cast.operator, order_id=order.id, reason="Нет берёзы до мая", at=NOW)
    assert "Нет берёзы до мая" in buyer.get(address(order)).content.decode()


def test_order_speaks_kazakh(buyer, cast: Cast) -> None:
    buyer.cookies["django_language"] = "kk"
    page = buyer.get(address(a_sent_order(cast))).content.decode()
    assert "«Киіз үй» ойын бұрышы" in page
    assert "Тапсырыс жіберілді" in page


def test_withdraw(buyer, cast: Cast) -> None:
    order = a_sent_order(cast)
    page = buyer.post(address(order, "withdraw"), follow=True).content.decode()
    order.refresh_from_db()
    assert order.status == "withdrawn"
    assert "Заказ отозван." in page


def test_withdraw_after_the_answer_is_refused_with_a_sentence(buyer, cast: Cast) -> None:
    order = a_sent_order(cast)
    confirm_order(actor=cast.operator, order_id=order.id, due_on=DUE, at=NOW)
    response = buyer.post(address(order, "withdraw"), follow=True)
    order.refresh_from_db()
    assert order.status == "confirmed"
    assert "message-error" in response.content.decode()


def test_wrong_methods(buyer, cast: Cast) -> None:
    order = a_sent_order(cast)
    assert buyer.post(LIST).status_code == 405
    assert buyer.post(address(order)).status_code == 405
    assert buyer.get(address(order, "withdraw")).status_code == 405


def test_strangers_order_is_not_found(client, cast: Cast) -> None:
    order = a_sent_order(cast)
    client.force_login(another_buyer(cast))
    assert client.get(address(order)).status_code == 404
    assert client.post(address(order, "withdraw")).status_code == 404
    assert order.number not in client.get(LIST).content.decode()


@pytest.mark.parametrize("who", ["operator", "master", "analyst", "stranger"])
def test_other_roles_are_refused(client, cast: Cast, who: str) -> None:
    order = a_sent_order(cast)
    client.force_login(cast.users[who])
    for response in (
        client.get(LIST),
        client.get(address(order)),
        client.post(address(order, "withdraw")),
    ):
        assert response.status_code == 403


def test_nobody_is_sent_to_sign_in(client, cast: Cast) -> None:
    order = a_sent_order(cast)
    for response in (client.get(LIST), client.get(address(order))):
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/?next=")
