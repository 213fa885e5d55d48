"""The customer's pages: works, wrong method, another customer, no right, nobody."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from orders.models import Award, ProductionRequest
from orders.services.bids import withdraw_bid
from tests.orders.request_builders import (
    WANTED,
    a_bid,
    a_customer,
    a_draft,
    a_drawing,
    a_published,
    another_workshop,
    award,
    company_of,
    invite,
    the_customer,
)
from tests.people import NOW, TODAY, Cast, a_user, an_organisation
from workshops.models import WorkOrder, WorkshopOperator

LIST, NEW = "/requests/", "/requests/new/"
TYPED: dict[str, Any] = {
    "title": WANTED.title,
    "description": WANTED.description,
    "quantity": "1 300",
    "unit": "piece",
    "wanted_by": "01.02.2027",
    "answers_by": "01.12.2026",
    "own_material": "Ткань",
}


def address(row: ProductionRequest, name: str = "request", *more: int) -> str:
    return reverse(f"orders:{name}", args=[row.pk, *more])


@pytest.fixture
def customer(client, cast: Cast):
    client.force_login(the_customer())
    return client


def typed(**changes: Any) -> dict[str, Any]:
    return {**TYPED, "customer": company_of(the_customer()).pk, **changes}


# --- List ---
def test_empty_list_says_what_to_do(customer) -> None:
    page = customer.get(LIST).content.decode()
    assert "Заявок пока нет." in page
    assert NEW in page


def test_list_takes_the_same_queries_for_one_and_three(
    customer, cast: Cast, django_assert_max_num_queries, django_assert_num_queries
) -> None:
    request = a_published(cast)
    a_bid(cast, request)
    customer.get(LIST)
    with django_assert_max_num_queries(6) as counted:
        customer.get(LIST)
    award(request, request.bids.get())
    for _time in range(2):
        a_bid(cast, a_published(cast))
    with django_assert_num_queries(len(counted)):
        shown = customer.get(LIST)
    assert len(shown.context["requests"]) == 3


def test_list_says_whose_turn_it_is(customer, cast: Cast) -> None:
    draft, waiting, answered, gone = a_draft(), a_published(cast), a_published(cast), a_draft()
    a_bid(cast, answered)
    customer.post(address(gone, "request_withdraw"))
    turns = {row.pk: str(turn) for row, turn in customer.get(LIST).context["requests"]}
    assert "опубликуйте" in turns[draft.pk]
    assert "Ход мастерских" in turns[waiting.pk]
    assert "1 предложение" in turns[answered.pk]
    assert "Отозвана" in turns[gone.pk]


def test_list_after_the_last_day(customer, cast: Cast) -> None:
    silent, answered = a_published(cast), a_published(cast)
    a_bid(cast, answered)
    with time_machine.travel(NOW + timedelta(days=20)):
        customer.force_login(the_customer())
        turns = {row.pk: str(turn) for row, turn in customer.get(LIST).context["requests"]}
    assert "выбирать не из чего" in turns[silent.pk]
    assert "Выберите одно" in turns[answered.pk]


# --- First step ---
def test_new_request_is_a_draft(customer) -> None:
    response = customer.post(NEW, typed())
    request = ProductionRequest.objects.get()
    assert response["Location"] == address(request)
    assert (request.status, request.quantity, request.own_material) == ("draft", 1300, "Ткань")


def test_one_organisation_need_not_be_chosen(customer) -> None:
    page = customer.get(NEW).content.decode()
    assert '<input type="hidden" name="customer"' in page


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ""},
        {"quantity": "0"},
        {"quantity": "many"},
        {"quantity": "9999999999"},
        {"unit": "barrel"},
        {"wanted_by": "31.02.2027"},
        {"wanted_by": "01.12.2026"},
        {"wanted_by": "01.01.2036"},
        {"answers_by": "21.11.2026"},
        {"customer": "0"},
        {"trades": ["0"]},
        {"title": "а" * 161},
    ],
)
def test_wrong_field_keeps_what_was_typed(customer, changes: dict[str, Any]) -> None:
    response = customer.post(NEW, typed(**changes))
    assert response.status_code == 422
    assert "form-errors" in response.content.decode()
    assert response.context["form"].data["own_material"] == "Ткань"
    assert ProductionRequest.objects.count() == 0


def test_other_organisation_cannot_be_slipped_in(customer) -> None:
    other, _user = a_customer(42)
    assert customer.post(NEW, typed(customer=other.pk)).status_code == 422


def test_buyer_of_two_organisations_chooses(client, cast: Cast) -> None:
    user = a_user("two@example.kz", cast.kindergarten, "buyer")
    second = an_organisation("company", "ТОО «Второе»", 77)
    from portal.accounts.models import Membership, RoleGrant

    membership = Membership.objects.create(user=user, organisation=second, effective_from=TODAY)
    RoleGrant.objects.create(membership=membership, role="buyer", effective_from=TODAY)
    client.force_login(user)
    assert "<select" in client.get(NEW).content.decode()
    client.post(NEW, {**TYPED, "customer": second.pk})
    assert ProductionRequest.objects.get().customer == second


def test_whoever_has_no_organisation_registers_one(client, cast: Cast) -> None:
    client.force_login(cast.stranger)
    assert client.get(NEW)["Location"] == "/organisations/new/?next=%2Frequests%2Fnew%2F"


def test_draft_is_changed(customer, cast: Cast) -> None:
    request = a_draft(trade_ids=[cast.trade.pk])
    page = customer.get(address(request, "request_change"))
    assert page.context["form"].initial["trades"] == [cast.trade.pk]
    customer.post(address(request, "request_change"), typed(title="Халаты", own_material=""))
    request.refresh_from_db()
    assert (request.title, request.has_own_material) == ("Халаты", False)


def test_published_request_is_not_changed_through_the_page(customer, cast: Cast) -> None:
    request = a_published(cast)
    response = customer.post(address(request, "request_change"), typed(title="Халаты"))
    assert response.status_code == 422
    assert "больше не меняется" in response.content.decode()


# --- Publication ---
def test_draft_says_what_is_missing(customer, cast: Cast) -> None:
    request = a_draft()
    page = customer.get(address(request)).content.decode()
    assert "aria-disabled" in page
    assert "Выберите хотя бы одну мастерскую" in page
    shown = customer.get(address(request, "request_publish"))
    assert "Пока нельзя:" in shown.content.decode()
    response = customer.post(address(request, "request_publish"))
    assert response.status_code == 422


def test_publish_page_shows_what_workshops_read(customer, cast: Cast) -> None:
    request = a_draft()
    invite(request, cast.workshop)
    a_drawing(request)
    page = customer.get(address(request, "request_publish")).content.decode()
    for words in ("чертёж.pdf", "Столярный цех", "РГП «Тест»", "Ткань, 900 м", "+7 701 000 00 41"):
        assert words in page
    response = customer.post(address(request, "request_publish"), follow=True)
    assert "мастерские её уже видят" in response.content.decode()
    assert customer.get(address(request, "request_publish"))["Location"] == address(request)


def test_publish_twice_is_told(customer, cast: Cast) -> None:
    response = customer.post(address(a_published(cast), "request_publish"))
    assert response.status_code == 422
    assert "Ждёт предложений" in response.content.decode()


# --- Bids beside each other ---
def test_bids_are_compared_in_words(customer, cast: Cast) -> None:
    other, user = another_workshop(cast)
    request = a_published(cast, other)
    cheap = a_bid(cast, request, price="4000.00")
    early = a_bid(cast, request, other, user, ready_on=TODAY)
    rows = customer.get(address(request)).context["bids"]
    assert [(one.bid, one.is_best_price, one.is_earliest) for one in rows] == [
        (cheap, True, False), (early, False, True),
    ]  # fmt: skip
    page = customer.get(address(request)).content.decode()
    for words in ("лучшая цена", "раньше всех", "1\xa0200\xa0000,00", "в т. ч. НДС", "без НДС"):
        assert words in page


@pytest.mark.parametrize(
    ("sort", "first"), [("price", "dear"), ("date", "early"), ("batch", "early"), ("x", "dear")]
)
def test_bids_are_sorted(customer, cast: Cast, sort: str, first: str) -> None:
    other, user = another_workshop(cast)
    request = a_published(cast, other)
    dear = a_bid(cast, request, price="1.00", minimum_batch=300)
    early = a_bid(cast, request, other, user, ready_on=TODAY, minimum_batch=1)
    shown = customer.get(address(request), {"sort": sort}).context
    assert shown["bids"][0].bid == {"dear": dear, "early": early}[first]
    assert [name for name, link in shown["sorts"].items() if link["is_on"]] == [
        sort if sort != "x" else "price"
    ]


def test_one_bid_alone_is_best_in_nothing(customer, cast: Cast) -> None:
    request = a_published(cast)
    a_bid(cast, request)
    page = customer.get(address(request)).content.decode()
    assert "лучшая цена" not in page


def test_late_bid_is_marked(customer, cast: Cast) -> None:
    request = a_published(cast)
    a_bid(cast, request, ready_on=WANTED.wanted_by + timedelta(days=1))
    assert "позже, чем вам нужно" in customer.get(address(request)).content.decode()


def test_bid_of_a_former_operator_cannot_be_chosen(customer, cast: Cast) -> None:
    other, user = another_workshop(cast)
    request = a_published(cast, other)
    gone, good = a_bid(cast, request, price="1.00"), a_bid(cast, request, other, user)
    WorkshopOperator.objects.filter(workshop=cast.workshop).update(effective_to=TODAY)
    rows = customer.get(address(request)).context["bids"]
    assert [(one.bid, bool(one.refusal)) for one in rows] == [(good, False), (gone, True)]
    page = customer.get(address(request, "award", gone.pk)).content.decode()
    assert "теперь другой оператор" in page
    assert "Выбрать это предложение" not in page
    assert customer.post(address(request, "award", gone.pk)).status_code == 422


def test_page_takes_the_same_queries_for_one_and_five_bids(
    customer, cast: Cast, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    places = [another_workshop(cast, number) for number in (51, 52, 53, 54)]
    request = a_published(cast, *[workshop for workshop, _user in places])
    a_bid(cast, request)
    customer.get(address(request))
    with django_assert_max_num_queries(16) as counted:
        customer.get(address(request))
    for workshop, user in places:
        a_bid(cast, request, workshop, user)
    with django_assert_num_queries(len(counted)):
        assert len(customer.get(address(request)).context["bids"]) == 5


# --- The choice ---
def test_choice_is_looked_at_once_more_and_made(customer, cast: Cast) -> None:
    request = a_published(cast)
    bid = a_bid(cast, request)
    page = customer.get(address(request, "award", bid.pk)).content.decode()
    assert "Выбрать это предложение за 1\xa0350\xa0000,00\xa0₸" in page
    assert "государственных закупок" not in page
    response = customer.post(address(request, "award", bid.pk), follow=True)
    assert "у мастерской есть производственное задание" in response.content.decode()
    assert (Award.objects.count(), WorkOrder.objects.count()) == (1, 1)
    production = response.context["production"][0]
    assert (production["made"], production["due"]) == ("0 из 300", "20.01.2027")


def test_public_buyer_is_told_of_procurement(client, cast: Cast) -> None:
    request = a_draft(cast.buyer)
    invite(request, cast.workshop)
    client.force_login(cast.buyer)
    client.post(address(request, "request_publish"))
    bid = a_bid(cast, request)
    page = client.get(address(request, "award", bid.pk)).content.decode()
    assert "государственных закупок" in page


def test_choice_twice_leads_back_with_the_reason(customer, cast: Cast) -> None:
    request = a_published(cast)
    bid = a_bid(cast, request)
    customer.post(address(request, "award", bid.pk))
    again = customer.post(address(request, "award", bid.pk), follow=True)
    assert "больше невозможно" in again.content.decode() or "Мастерская выбрана" in (
        again.content.decode()
    )
    assert WorkOrder.objects.count() == 1
    assert customer.get(address(request, "award", bid.pk)).status_code == 404


def test_bid_taken_back_meanwhile_is_told(customer, cast: Cast) -> None:
    request = a_published(cast)
    bid = a_bid(cast, request)
    withdraw_bid(actor=cast.operator, bid_id=bid.pk, at=NOW)
    page = customer.post(address(request, "award", bid.pk), follow=True).content.decode()
    assert "больше не действует: «Отозвано оператором»" in page
    assert WorkOrder.objects.count() == 0


def test_timeline_tells_organisations_and_no_person(customer, cast: Cast) -> None:
    other, user = another_workshop(cast)
    request = a_published(cast, other)
    bid = a_bid(cast, request)
    a_bid(cast, request, other, user)
    before = [row["text"] for row in customer.get(address(request)).context["rows"]]
    assert before.count("Дано предложение") == 2
    award(request, bid)
    shown = customer.get(address(request))
    assert [str(row["text"]) for row in shown.context["rows"]] == [
        "Начат черновик", "Заявка опубликована", "Дано предложение",
        "Заказчик выбрал предложение", "Предложение выбрано", "Задание создано",
    ]  # fmt: skip
    assert "Operator" not in shown.content.decode()
    maker, asker = cast.enterprise.name, request.customer.name
    # What the customer's choice does to a bid is an act of nobody else.
    assert [row["who"] for row in shown.context["rows"]] == [asker, asker, maker, asker, "", maker]


# --- Withdrawal ---
def test_published_request_is_withdrawn_with_a_reason(customer, cast: Cast) -> None:
    request = a_published(cast)
    refused = customer.post(address(request, "request_withdraw"), {"reason": " "})
    assert refused.status_code == 422
    assert "details open" in refused.content.decode()
    page = customer.post(
        address(request, "request_withdraw"), {"reason": "Нет денег"}, follow=True
    ).content.decode()
    assert "Заявка отозвана." in page
    assert "Нет денег" in page


def test_withdrawing_after_the_choice_is_told(customer, cast: Cast) -> None:
    request = a_published(cast)
    award(request, a_bid(cast, request))
    page = customer.post(
        address(request, "request_withdraw"), {"reason": "Поздно"}, follow=True
    ).content.decode()
    assert "Мастерская выбрана" in page
    request.refresh_from_db()
    assert request.status == "awarded"


# --- Who may ---
GETS = ("request", "request_change", "request_publish")
POSTS = ("request_publish", "request_withdraw", "request_invite", "drawing_add", "request_change")


def test_another_customer_finds_nothing(client, cast: Cast) -> None:
    request = a_published(cast)
    bid = a_bid(cast, request)
    client.force_login(a_customer(43)[1])
    assert [client.get(address(request, name)).status_code for name in GETS] == [404] * 3
    assert [client.post(address(request, name)).status_code for name in POSTS] == [404] * 5
    assert client.post(address(request, "award", bid.pk)).status_code == 404
    assert request.title not in client.get(LIST).content.decode()
    assert WorkOrder.objects.count() == 0


@pytest.mark.parametrize("who", ["operator", "master", "head", "stranger"])
def test_other_roles_are_refused(client, cast: Cast, who: str) -> None:
    request = a_published(cast)
    client.force_login(cast.users[who])
    for name in GETS:
        assert client.get(address(request, name)).status_code == 403
    for name in POSTS:
        assert client.post(address(request, name)).status_code == 403
    request.refresh_from_db()
    assert request.status == "published"


def test_nobody_is_sent_to_sign_in(client, cast: Cast) -> None:
    request = a_published(cast)
    for where in (LIST, NEW, address(request), address(request, "award", 1)):
        assert client.get(where)["Location"].startswith("/accounts/login/?next=")


def test_wrong_methods(customer, cast: Cast) -> None:
    request = a_published(cast)
    assert customer.post(LIST).status_code == 405
    assert customer.post(address(request)).status_code == 405
    for name in ("request_withdraw", "request_invite", "drawing_add"):
        assert customer.get(address(request, name)).status_code == 405
