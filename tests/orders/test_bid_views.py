"""The operator's pages: works, wrong method, elsewhere, no right, nobody; no rival is seen."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from orders.models import Bid, ProductionRequest
from orders.services.requests import withdraw_request
from portal.accounts.models import RoleGrant
from tests.orders.request_builders import (
    a_bid,
    a_draft,
    a_drawing,
    a_published,
    another_workshop,
    award,
    invite,
)
from tests.people import NOW, TODAY, Cast, a_user
from workshops.models import WorkshopOperator

LIST = "/operator/requests/"


def address(request: ProductionRequest) -> str:
    return reverse("orders:received_request", args=[request.pk])


def bid_address(request: ProductionRequest, workshop: Any) -> str:
    return reverse("orders:bid", args=[request.pk, workshop.pk])


def withdraw_address(bid: Bid) -> str:
    return reverse("orders:bid_withdraw", args=[bid.pk])


@pytest.fixture
def operator(client, cast: Cast):
    client.force_login(cast.operator)
    return client


def typed(cast: Cast, **changes: Any) -> dict[str, Any]:
    values = {
        "unit_price": "4 500,50",
        "ready_on": "20.01.2027",
        "minimum_batch": "50",
        "stage_1": "Раскрой",
        "trade_1": cast.trade.pk,
        "comment": "",
    }
    return values | changes


# --- List ---
def test_list_puts_what_waits_for_an_answer_first(operator, cast: Cast) -> None:
    answered, later, sooner = (
        a_published(cast),
        a_published(cast),
        a_published(cast, answers_by=TODAY),
    )
    a_bid(cast, answered)
    shown = operator.get(LIST)
    assert [row for row, _turn in shown.context["requests"]] == [sooner, later, answered]
    assert "Ваш ход: ответьте до 22.11.2026." in shown.content.decode()


def test_empty_list_says_when_something_comes(operator) -> None:
    assert "Заявок пока нет." in operator.get(LIST).content.decode()


def test_list_takes_the_same_queries_for_one_and_three(
    operator, cast: Cast, django_assert_max_num_queries, django_assert_num_queries
) -> None:
    request = a_published(cast)
    operator.get(LIST)
    with django_assert_max_num_queries(6) as counted:
        operator.get(LIST)
    award(request, a_bid(cast, request))
    for _time in range(2):
        a_published(cast)
    with django_assert_num_queries(len(counted)):
        assert len(operator.get(LIST).context["requests"]) == 3


def test_drafts_and_withdrawn_drafts_are_not_seen(operator, cast: Cast) -> None:
    draft, gone = a_draft(), a_draft()
    for request in (draft, gone):
        invite(request, cast.workshop)
    withdraw_request(actor=gone.created_by, request_id=gone.pk, reason="", at=NOW)
    assert operator.get(LIST).context["requests"] == []
    assert operator.get(address(draft)).status_code == 404
    assert operator.get(address(gone)).status_code == 404


# --- The bid ---
def test_bid_is_given_through_the_page(operator, cast: Cast) -> None:
    request = a_published(cast)
    page = operator.get(bid_address(request, cast.workshop))
    assert page.context["form"].initial["trade_1"] == cast.trade.pk
    assert "НДС: он входит в цену" in page.content.decode()
    response = operator.post(bid_address(request, cast.workshop), typed(cast), follow=True)
    assert "заказчик его уже видит" in response.content.decode()
    bid = Bid.objects.get()
    assert (bid.unit_price, bid.minimum_batch) == (Decimal("4500.50"), 50)
    assert "1\xa0350\xa0150,00" in response.content.decode()


def test_bid_is_replaced_through_the_page(operator, cast: Cast) -> None:
    request = a_published(cast)
    a_bid(cast, request)
    form = operator.get(bid_address(request, cast.workshop)).context["form"]
    assert (form.initial["stage_2"], form.initial["comment"]) == ("Пошив", "Пуговицы наши")
    operator.post(bid_address(request, cast.workshop), typed(cast))
    assert sorted(Bid.objects.values_list("status", flat=True)) == ["submitted", "superseded"]


@pytest.mark.parametrize(
    "changes",
    [
        {"unit_price": "0"},
        {"unit_price": "дорого"},
        {"unit_price": "1,005"},
        {"unit_price": "99999999999"},
        {"ready_on": "01.01.2020"},
        {"ready_on": "скоро"},
        {"minimum_batch": "0"},
        {"minimum_batch": "301"},
        {"stage_1": ""},
        {"trade_1": ""},
        {"trade_1": "0"},
        {"stage_3": "Сборка"},
        {"trade_3": "1", "stage_1": "", "trade_1": ""},
    ],
)
def test_wrong_field_keeps_what_was_typed(operator, cast: Cast, changes: dict[str, Any]) -> None:
    request = a_published(cast)
    where = bid_address(request, cast.workshop)
    response = operator.post(where, typed(cast, comment="Помню", **changes))
    assert response.status_code == 422
    assert "form-errors" in response.content.decode()
    assert response.context["form"].data["comment"] == "Помню"
    assert Bid.objects.count() == 0


def test_bid_after_the_last_day_is_told(operator, cast: Cast) -> None:
    request = a_published(cast)
    with time_machine.travel(NOW + timedelta(days=20)):
        operator.force_login(cast.operator)
        page = operator.get(address(request)).content.decode()
        response = operator.post(bid_address(request, cast.workshop), typed(cast))
    assert "Время для ответов вышло" in page
    assert "Дать предложение" not in page
    assert response.status_code == 422
    assert "последний день был 01.12.2026" in response.content.decode()


def test_bid_is_taken_back_through_the_page(operator, cast: Cast) -> None:
    bid = a_bid(cast, a_published(cast))
    page = operator.post(withdraw_address(bid), follow=True).content.decode()
    assert "Предложение отозвано." in page
    again = operator.post(withdraw_address(bid), follow=True).content.decode()
    assert "Отозвано оператором" in again


# --- Nobody sees a rival ---
def test_rivals_price_is_nowhere(operator, cast: Cast) -> None:
    other, user = another_workshop(cast)
    request = a_published(cast, other)
    a_bid(cast, request)
    rival = a_bid(cast, request, other, user, price="3777.70")
    for _time in ("before", "after"):
        page = operator.get(address(request))
        text = page.content.decode()
        assert [one["bid"].bidder for one in page.context["bids"]] == [cast.enterprise]
        for secret in ("3\xa0777,70", "1\xa0133\xa0310,00", "ИП Тестовый", "Швейный цех"):
            assert secret not in text
        if request.status == "published":
            award(request, rival)
            request.refresh_from_db()
    assert "Заказчик выбрал другое предложение." in text
    assert "production" not in page.context
    assert operator.get(bid_address(request, other)).status_code == 404
    assert operator.post(withdraw_address(rival)).status_code == 404


def test_rivals_bid_changes_not_a_letter_of_any_page(operator, cast: Cast) -> None:
    """Neither a number nor a turn tells that somebody else has answered."""
    sewing, sewer = another_workshop(cast)
    request = a_published(cast, sewing)
    a_bid(cast, request)
    here = f"/operator/requests/{request.pk}/"
    form = f"{here}workshops/{cast.workshop.pk}/"

    def pages() -> list[str]:
        addresses = (here, form, "/operator/requests/", "/reports/operator/", "/office/")
        texts = [operator.get(url).content.decode() for url in addresses]
        return [re.sub(r"[A-Za-z0-9]{64}", "a token", text) for text in texts]

    before = pages()
    rival = a_bid(cast, request, sewing, sewer, price="1234.56")
    assert pages() == before
    assert operator.post(f"/operator/bids/{rival.pk}/withdraw/").status_code == 404
    assert operator.get(f"{here}workshops/{sewing.pk}/").status_code == 404
    assert operator.post(f"{here}workshops/{sewing.pk}/").status_code == 404


def test_winner_reads_the_same_timeline_as_the_customer(client, cast: Cast) -> None:
    other, user = another_workshop(cast)
    request = a_published(cast, other)
    a_bid(cast, request, price="5000.00")
    bid = a_bid(cast, request)
    a_bid(cast, request, other, user)
    award(request, bid)
    rows = []
    for reader, where in (
        (cast.operator, address(request)),
        (request.created_by, reverse("orders:request", args=[request.pk])),
    ):
        client.force_login(reader)
        rows.append(client.get(where).context["rows"])
    assert rows[0] == rows[1]
    assert [row["status"] for row in rows[0]] == [
        "draft", "published", "submitted", "superseded", "submitted", "awarded", "won", "planned",
    ]  # fmt: skip


def test_winner_sees_the_work_order(operator, cast: Cast) -> None:
    request = a_published(cast)
    agreed = award(request, a_bid(cast, request))
    page = operator.get(address(request)).content.decode()
    assert f"/workshops/work-orders/{agreed.work_order_id}/" in page
    work = operator.get(f"/workshops/work-orders/{agreed.work_order_id}/").content.decode()
    assert "Комбинезоны рабочие" in work
    assert "разовое изделие по чертежу заказчика" in work
    assert "Комбинезоны рабочие" in operator.get("/workshops/work-orders/").content.decode()


# --- Who may ---
def test_new_operator_sees_the_request_and_not_the_bid_before(client, cast: Cast) -> None:
    request = a_published(cast)
    old = a_bid(cast, request)
    WorkshopOperator.objects.filter(workshop=cast.workshop).update(effective_to=TODAY)
    WorkshopOperator.objects.create(
        workshop=cast.workshop, operator=cast.entrepreneur, effective_from=TODAY, basis="передача"
    )
    client.force_login(cast.operator)
    assert client.get(address(request)).status_code == 404
    assert client.post(withdraw_address(old)).status_code == 404
    client.force_login(a_user("new@example.kz", cast.entrepreneur, "operator"))
    page = client.get(address(request))
    assert page.context["bids"] == []
    assert "Дать предложение" in page.content.decode()
    # The list waits for the new operator too: the bid of the old one is no answer of its own.
    [(row, turn)] = client.get(LIST).context["requests"]
    assert (row.turn, str(turn)) == (0, page.context["turn"])


def test_operator_that_was_not_asked_finds_nothing(client, cast: Cast) -> None:
    other, user = another_workshop(cast)
    request = a_published(cast)
    client.force_login(user)
    assert client.get(LIST).context["requests"] == []
    assert client.get(address(request)).status_code == 404
    for workshop in (cast.workshop, other):
        assert client.get(bid_address(request, workshop)).status_code == 404
        assert client.post(bid_address(request, workshop), typed(cast)).status_code == 404


def test_operator_limited_to_another_place_finds_nothing(operator, cast: Cast) -> None:
    other, _user = another_workshop(cast)
    request = a_published(cast)
    grants = RoleGrant.objects.filter(membership__user=cast.operator)
    grants.update(scope=other.institution.organisation)
    assert operator.get(address(request)).status_code == 404
    grants.update(scope=cast.colony)
    assert operator.get(address(request)).status_code == 200


@pytest.mark.parametrize("who", ["buyer", "master", "head", "stranger"])
def test_other_roles_are_refused(client, cast: Cast, who: str) -> None:
    request = a_published(cast)
    bid = a_bid(cast, request)
    client.force_login(cast.users[who])
    for where in (LIST, address(request), bid_address(request, cast.workshop)):
        assert client.get(where).status_code == 403
    assert client.post(bid_address(request, cast.workshop), typed(cast)).status_code == 403
    assert client.post(withdraw_address(bid)).status_code == 403


def test_nobody_is_sent_to_sign_in(client, cast: Cast) -> None:
    request = a_published(cast)
    for where in (LIST, address(request), bid_address(request, cast.workshop)):
        assert client.get(where)["Location"].startswith("/accounts/login/?next=")


def test_wrong_methods(operator, cast: Cast) -> None:
    request = a_published(cast)
    assert operator.post(LIST).status_code == 405
    assert operator.post(address(request)).status_code == 405
    assert operator.get(withdraw_address(a_bid(cast, request))).status_code == 405


def test_withdrawn_request_tells_the_reason(operator, cast: Cast) -> None:
    request = a_published(cast)
    a_bid(cast, request)
    withdraw_request(actor=request.created_by, request_id=request.pk, reason="Нет денег", at=NOW)
    page = operator.get(address(request)).content.decode()
    assert "Нет денег" in page
    assert "Не выбрано" in page


def test_drawings_are_listed_for_the_operator(operator, cast: Cast) -> None:
    request = a_draft()
    a_drawing(request)
    invite(request, cast.workshop)
    from orders.services.requests import publish_request

    publish_request(actor=request.created_by, request_id=request.pk, at=NOW)
    assert "чертёж.pdf" in operator.get(address(request)).content.decode()
