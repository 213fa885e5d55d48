"""From the basket to orders: registration in the middle, refusals with what was typed."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from orders.models import Order
from tests.orders.builders import an_entrepreneurs_offer
from tests.people import TODAY, Cast, a_bin
from workshops.models import ProductOffer

SEND = "/orders/new/"


@pytest.fixture
def shopper(client, cast: Cast):
    """The buyer signed in, with two play corners in the basket."""
    client.force_login(cast.buyer)
    client.post(reverse("orders:basket_add"), {"offer": cast.offer.id, "quantity": "2"})
    return client


def form_of(client, **changes: Any) -> dict[str, Any]:
    """What the page of sending would send."""
    initial = client.get(SEND).context["form"].initial
    typed = {"contact_name": "Айгуль", "contact_phone": "+7 701 123 45 67", "comment": "2 этаж"}
    return {**initial, "delivery_address": "ул. Тестовая, 1", **typed, **changes}


def test_send_makes_an_order_and_shows_it(shopper, cast: Cast) -> None:
    response = shopper.post(SEND, form_of(shopper), follow=True)
    order = Order.objects.get()
    assert response.redirect_chain == [(f"/orders/{order.id}/", 302)]
    assert (order.contact_name, order.comment) == ("Айгуль", "2 этаж")
    assert shopper.session["basket_count"] == 0
    assert "2026-00001" in response.content.decode()


def test_double_submit_is_one_order(shopper, cast: Cast) -> None:
    form = form_of(shopper)
    first = shopper.post(SEND, form)
    second = shopper.post(SEND, form)
    assert Order.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_two_sellers_lead_to_the_list(shopper, cast: Cast) -> None:
    other = an_entrepreneurs_offer(cast)
    shopper.post(reverse("orders:basket_add"), {"offer": other.id, "quantity": "1"})
    response = shopper.post(SEND, form_of(shopper), follow=True)
    assert response.redirect_chain == [("/orders/", 302)]
    assert Order.objects.count() == 2
    assert "2026-00001 (РГП «Тест»)" in response.content.decode()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("contact_name", ""),
        ("contact_phone", "12"),
        ("contact_phone", "позвоните"),
        ("delivery_address", ""),
        ("delivery_address", "а" * 301),
        ("buyer", "999999"),
        ("buyer", "x"),
        ("submission", "not-a-uuid"),
    ],
)
def test_wrong_field_keeps_the_rest(shopper, cast: Cast, field: str, typed: str) -> None:
    response = shopper.post(SEND, form_of(shopper, **{field: typed}))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert "2 этаж" in response.content.decode()
    assert Order.objects.count() == 0


def test_changed_price_names_both_and_can_be_sent_again(shopper, cast: Cast) -> None:
    form = form_of(shopper)
    ProductOffer.objects.update(price=Decimal("190000.00"))
    response = shopper.post(SEND, form)
    page = response.content.decode()
    assert response.status_code == 422
    assert "185\xa0000,00\xa0₸" in page
    assert "190\xa0000,00\xa0₸" in page
    assert "2 этаж" in page
    again = response.context["form"]
    assert shopper.post(SEND, {**form, "seen": again.data["seen"]}).status_code == 302
    assert Order.objects.get().total == Decimal("380000.00")


def test_product_taken_off_sale_meanwhile_is_named(shopper, cast: Cast) -> None:
    form = form_of(shopper)
    ProductOffer.objects.update(effective_to=TODAY)
    response = shopper.post(SEND, form)
    assert response.status_code == 422
    assert "Больше нельзя заказать: Игровой уголок «Юрта»" in response.content.decode()


@pytest.mark.parametrize("seen", ["", "rubbish", "1x1@1.00", ";;;", "9" * 5000])
def test_tampered_page_is_asked_to_look_again(shopper, cast: Cast, seen: str) -> None:
    response = shopper.post(SEND, form_of(shopper, seen=seen))
    assert response.status_code == 422
    assert Order.objects.count() == 0


def test_empty_basket_says_so(client, cast: Cast) -> None:
    client.force_login(cast.buyer)
    assert "Корзина пуста." in client.get(SEND).content.decode()
    response = client.post(SEND, form_of(client))
    assert response.status_code == 422
    assert "Мои заказы" in response.content.decode()


def test_nobody_is_sent_to_sign_in_and_back(client, cast: Cast) -> None:
    assert client.get(SEND)["Location"] == f"/accounts/login/?next={SEND}"


def test_wrong_method(shopper, cast: Cast) -> None:
    assert shopper.put(SEND).status_code == 405


def test_user_without_organisation_registers_and_returns_with_the_basket(
    client, cast: Cast
) -> None:
    client.post(reverse("orders:basket_add"), {"offer": cast.offer.id, "quantity": "2"})
    client.force_login(cast.stranger)
    to_registration = client.get(SEND)
    assert to_registration["Location"] == "/organisations/new/?next=%2Forders%2Fnew%2F"
    page = client.get(to_registration["Location"])
    typed = {
        "kind": "kindergarten",
        "identifier": a_bin(50),
        "name_ru": "Ясли-сад «Новый»",
        "address": "ул. Новая, 2",
        "phone": "8 701 1234567",
        "next": page.context["form"].initial["next"],
    }
    response = client.post("/organisations/new/", typed)
    assert response["Location"] == SEND
    shown = client.get(SEND)
    assert shown.context["basket"].count == 1
    assert shown.context["form"].initial["delivery_address"] == "ул. Новая, 2"
    assert client.post(SEND, form_of(client)).status_code == 302


def test_buyer_of_one_organisation_cannot_name_another(shopper, cast: Cast) -> None:
    response = shopper.post(SEND, form_of(shopper, buyer=cast.enterprise.id))
    assert response.status_code == 422
    assert Order.objects.count() == 0
