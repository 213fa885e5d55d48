"""One visitor, two tabs: what one has changed, the other is told in words."""

import pytest
from django.test import Client

from orders.models import BasketLine
from tests.orders.builders import an_entrepreneurs_offer
from tests.people import TODAY, Cast
from workshops.models import ProductOffer

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
