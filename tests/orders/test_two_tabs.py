"""One visitor, two tabs: what one has changed, the other is told in words."""

from typing import Any

import pytest
from django.test import Client

from orders.models import Basket, BasketLine, Order
from tests.orders.builders import an_entrepreneurs_offer
from tests.people import TODAY, Cast
from workshops.models import ProductOffer

SEND = "/orders/new/"
HIDDEN = ("submission", "seen")
GONE = "Этого изделия уже нет в корзине."


@pytest.fixture
def line(client: Client, cast: Cast) -> int:
    client.post("/basket/add/", {"offer": cast.offer.id, "quantity": "2"})
    return BasketLine.objects.get().pk


def test_change_of_a_line_taken_out_in_another_tab_is_told(client: Client, line: int) -> None:
    client.post(f"/basket/{line}/remove/")
    response = client.post(f"/basket/{line}/change/", {"quantity": "3"})
    assert response.status_code == 422
    assert GONE in response.content.decode()
    assert BasketLine.objects.count() == 0


def test_part_for_htmx_tells_it_too_and_corrects_the_count(client: Client, line: int) -> None:
    client.post(f"/basket/{line}/remove/")
    response = client.post(
        f"/basket/{line}/change/", {"quantity": "3"}, headers={"HX-Request": "true"}
    )
    html = response.content.decode()
    assert response.status_code == 200
    assert GONE in html
    assert "<html" not in html
    assert 'id="basket-count"' in html


def test_wrong_quantity_of_a_line_no_longer_sold_is_told(client: Client, line: int) -> None:
    ProductOffer.objects.update(effective_to=TODAY)
    response = client.post(f"/basket/{line}/change/", {"quantity": "none"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "Введите целое число цифрами." in html
    assert "Снято с продажи." in html


def test_error_stands_at_its_line_and_only_there(client: Client, cast: Cast, line: int) -> None:
    other = an_entrepreneurs_offer(cast)
    client.post("/basket/add/", {"offer": other.id, "quantity": "1"})
    response = client.post(f"/basket/{line}/change/", {"quantity": "0"})
    html = response.content.decode()
    assert html.count('aria-invalid="true"') == 1
    assert f'aria-describedby="quantity-{line}-error"' in html
    assert html.count('class="field-error"') == 1
    assert "lost" not in response.context


def test_remove_in_both_tabs_is_harmless(client: Client, line: int) -> None:
    for _tab in range(2):
        assert client.post(f"/basket/{line}/remove/").status_code == 302
    assert client.session["basket_count"] == 0


def test_count_in_the_header_follows_the_last_change(client: Client, cast: Cast, line: int) -> None:
    other = an_entrepreneurs_offer(cast)
    client.post("/basket/add/", {"offer": other.id, "quantity": "1"})
    assert client.session["basket_count"] == 2
    client.post(f"/basket/{line}/remove/")
    assert client.session["basket_count"] == 1


# --- The page of sending, shown again by the Back button after the order has gone ---
@pytest.fixture
def sent(client: Client, cast: Cast, line: int) -> dict[str, Any]:
    """What the page held that has sent the first order."""
    client.force_login(cast.buyer)
    session = client.session
    session["basket_key"] = str(Basket.objects.get().key)
    session.save()
    typed = client.get(SEND).context["form"].initial | {
        "contact_name": "Айгуль",
        "contact_phone": "+7 701 123 45 67",
        "delivery_address": "ул. Тестовая, 1",
    }
    assert client.post(SEND, typed).status_code == 302
    return typed


def test_old_page_with_an_empty_basket_leads_to_the_order_it_sent(
    client: Client, sent: dict[str, Any]
) -> None:
    order = Order.objects.get()
    assert client.post(SEND, sent)["Location"] == f"/orders/{order.id}/"
    assert Order.objects.count() == 1


def test_old_page_does_not_pretend_to_send_what_was_chosen_since(
    client: Client, cast: Cast, sent: dict[str, Any]
) -> None:
    client.post("/basket/add/", {"offer": cast.offer.id, "quantity": "5"})
    refused = client.post(SEND, sent)
    assert refused.status_code == 422
    assert "Корзина изменилась" in refused.content.decode()
    assert Order.objects.count() == 1
    again = {**sent, **{name: refused.context["form"].data[name] for name in HIDDEN}}
    assert client.post(SEND, again).status_code == 302
    assert list(Order.objects.order_by("id").values_list("lines__quantity", flat=True)) == [2, 5]


def test_page_shown_again_sends_once_however_often_it_is_pressed(
    client: Client, cast: Cast, sent: dict[str, Any]
) -> None:
    client.post("/basket/add/", {"offer": cast.offer.id, "quantity": "5"})
    refused = client.post(SEND, sent)
    again = {**sent, **{name: refused.context["form"].data[name] for name in HIDDEN}}
    places = {client.post(SEND, again)["Location"] for _press in range(2)}
    assert len(places) == 1
    assert Order.objects.count() == 2
