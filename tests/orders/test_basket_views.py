"""The basket's pages: works, wrong method, what is typed stays, the key survives signing in."""

from datetime import date

import pytest
from django.urls import reverse

from orders.models import Basket, BasketLine
from tests.orders.builders import an_entrepreneurs_offer
from tests.people import PASSWORD, TODAY, Cast
from workshops.models import ProductOffer

BASKET = "/basket/"
HTMX = {"HTTP_HX_REQUEST": "true"}


def add(client, cast: Cast, quantity: str = "2", **kwargs):
    return client.post(
        reverse("orders:basket_add"), {"offer": cast.offer.id, "quantity": quantity}, **kwargs
    )


def line_address(action: str) -> str:
    return reverse(f"orders:basket_{action}", args=[BasketLine.objects.get().id])


def test_empty_basket_has_one_sentence_and_one_act(client, cast: Cast) -> None:
    page = client.get(BASKET).content.decode()
    assert "Корзина пуста." in page
    assert 'href="/catalogue/"' in page


def test_visitor_adds_and_sees_sums(client, cast: Cast) -> None:
    response = add(client, cast, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [(BASKET, 302)]
    assert "370\xa0000,00\xa0₸" in page
    assert "51\xa0034,48\xa0₸" in page
    assert client.session["basket_count"] == 1


@pytest.mark.parametrize("typed", ["0", "-3", "501", "9" * 30, "ten", "1,5", "", "1e3", "<b>2</b>"])
def test_wrong_quantity_is_shown_with_a_sentence(client, cast: Cast, typed: str) -> None:
    response = add(client, cast, typed)
    assert response.status_code == 422
    assert response.context["buy"]["quantity"] == typed
    assert response.context["buy"]["errors"]
    assert Basket.objects.count() == 0


@pytest.mark.parametrize("offer", ["", "x", "0", "9" * 40, "-1"])
def test_unknown_offer_is_not_found(client, cast: Cast, offer: str) -> None:
    response = client.post(reverse("orders:basket_add"), {"offer": offer, "quantity": "1"})
    assert response.status_code == 404


def test_product_taken_off_sale_is_told_on_its_page(client, cast: Cast) -> None:
    ProductOffer.objects.update(effective_to=TODAY)
    response = add(client, cast)
    assert response.status_code == 422
    assert Basket.objects.count() == 0


@pytest.mark.parametrize("name", ["basket_add", "basket_change", "basket_remove"])
def test_changing_addresses_take_only_post(client, cast: Cast, name: str) -> None:
    address = reverse(f"orders:{name}", args=[] if name == "basket_add" else [1])
    assert client.get(address).status_code == 405
    assert client.post(BASKET).status_code == 405


def test_change_counts_again(client, cast: Cast) -> None:
    add(client, cast)
    response = client.post(line_address("change"), {"quantity": "5"}, follow=True)
    assert "925\xa0000,00\xa0₸" in response.content.decode()


@pytest.mark.parametrize("typed", ["0", "abc", "777", ""])
def test_refused_change_keeps_what_was_typed(client, cast: Cast, typed: str) -> None:
    add(client, cast)
    response = client.post(line_address("change"), {"quantity": typed})
    assert response.status_code == 422
    assert response.context["wrong"]["typed"] == typed
    assert BasketLine.objects.get().quantity == 2


def test_htmx_gets_the_part_alone_even_when_refused(client, cast: Cast) -> None:
    add(client, cast)
    fine = client.post(line_address("change"), {"quantity": "3"}, **HTMX)
    refused = client.post(line_address("change"), {"quantity": "0"}, **HTMX)
    assert (fine.status_code, refused.status_code) == (200, 200)
    assert b"<html" not in fine.content
    assert b'id="basket-count"' in fine.content
    assert "field-error" in refused.content.decode()


def test_remove_takes_it_out(client, cast: Cast) -> None:
    add(client, cast)
    response = client.post(line_address("remove"), follow=True)
    assert "Корзина пуста." in response.content.decode()
    assert client.session["basket_count"] == 0


def test_basket_of_another_visitor_is_out_of_reach(client, cast: Cast, django_user_model) -> None:
    add(client, cast)
    address = line_address("change")
    stranger = client.__class__()
    assert stranger.post(address, {"quantity": "9"}).status_code == 422
    stranger.post(line_address("remove"))
    assert BasketLine.objects.get().quantity == 2


def test_two_sellers_are_told(client, cast: Cast) -> None:
    add(client, cast)
    other = an_entrepreneurs_offer(cast)
    client.post(reverse("orders:basket_add"), {"offer": other.id, "quantity": "1"})
    page = client.get(BASKET).content.decode()
    assert "2 продавца — 2 заказа" in page
    assert "без НДС" in page


def test_unavailable_product_must_be_taken_out_first(client, cast: Cast) -> None:
    add(client, cast)
    ProductOffer.objects.update(effective_to=date(2026, 11, 22))
    page = client.get(BASKET).content.decode()
    assert "Снято с продажи." in page
    assert "aria-disabled" in page
    assert "account_signup" not in page


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_basket_survives_signing_in(client, cast: Cast, language: str) -> None:
    client.cookies["django_language"] = language
    add(client, cast)
    key = client.session["basket_key"]
    session = client.session.session_key
    client.post(
        "/accounts/login/", {"login": "buyer@example.kz", "password": PASSWORD}, follow=True
    )
    assert client.session.session_key != session
    assert client.session["basket_key"] == key
    assert len(client.get(BASKET).context["basket"].rows) == 1


def test_basket_survives_signing_up(client, cast: Cast) -> None:
    add(client, cast)
    key = client.session["basket_key"]
    response = client.post(
        "/accounts/signup/?next=/orders/new/",
        {
            "full_name": "Айгуль",
            "email": "new@example.kz",
            "password1": PASSWORD,
            "password2": PASSWORD,
            "next": "/orders/new/",
        },
    )
    assert response["Location"] == "/orders/new/"
    assert client.session["basket_key"] == key
