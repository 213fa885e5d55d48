"""Whatever is typed into an address or a form, nobody gets an error of the server."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from orders.models import BasketLine, Order
from portal.accounts.models import Organisation
from tests.orders.builders import a_sent_order
from tests.people import NOW, Cast
from workshops.models import WorkOrder

JUNK = [
    "",
    " ",
    "\x00",
    "0",
    "-1",
    "1e309",
    "NaN",
    "9" * 40,
    "٣",
    "²",
    "1;DROP TABLE orders_order",
    "<script>alert(1)</script>",
    "%(count)s {0} %s",
    "2026-13-45",
    "0000-00",
    "99999-12",
    "31.02.2026",
    "'" * 300,
]


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def is_answered(response: Any) -> bool:
    """A page or a refusal in words, never a fault; nothing typed comes back as markup."""
    if response.streaming:
        return response.status_code < 500
    return response.status_code < 500 and b"<script>alert" not in response.content


@pytest.mark.parametrize("typed", JUNK)
@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("workshops:catalogue", "audience"),
        ("accounts:register_organisation", "next"),
        ("orders:order_list", "page"),
        ("account_login", "next"),
    ],
)
def test_reading_with_nonsense_in_the_address(
    client: Client, cast: Cast, name: str, parameter: str, typed: str
) -> None:
    client.force_login(cast.buyer)
    assert is_answered(client.get(reverse(name), {parameter: typed}))


@pytest.mark.parametrize("typed", JUNK)
def test_lists_of_the_workshop_with_a_nonsense_page(client: Client, cast: Cast, typed: str) -> None:
    client.force_login(cast.operator)
    for name in ("orders:received", "workshops:work_orders"):
        response = client.get(reverse(name), {"page": typed})
        assert response.status_code == 200, name


@pytest.mark.parametrize("typed", JUNK)
def test_basket_with_nonsense_takes_nothing_in(client: Client, cast: Cast, typed: str) -> None:
    assert is_answered(client.post("/basket/add/", {"offer": typed, "quantity": "1"}))
    assert BasketLine.objects.count() == 0
    refused = client.post("/basket/add/", {"offer": cast.offer.id, "quantity": typed})
    assert is_answered(refused)
    # A digit of another script is a digit to Python, and to its reader.
    taken = list(BasketLine.objects.values_list("quantity", flat=True))
    assert taken == ([3] if typed == "٣" and refused.status_code == 302 else [])


@pytest.mark.parametrize("typed", JUNK)
def test_registration_with_nonsense_writes_nothing(client: Client, cast: Cast, typed: str) -> None:
    client.force_login(cast.stranger)
    before = Organisation.objects.count()
    names = ("kind", "identifier", "name_ru", "name_kk", "address", "phone", "next")
    response = client.post("/organisations/new/", dict.fromkeys(names, typed))
    assert response.status_code == 422
    assert is_answered(response)
    assert Organisation.objects.count() == before


@pytest.mark.parametrize("typed", JUNK)
def test_order_with_nonsense_is_not_sent(client: Client, cast: Cast, typed: str) -> None:
    client.force_login(cast.buyer)
    client.post("/basket/add/", {"offer": cast.offer.id, "quantity": "2"})
    names = (
        "buyer", "contact_name", "contact_phone", "delivery_address", "comment", "submission",
        "seen",
    )  # fmt: skip
    response = client.post("/orders/new/", dict.fromkeys(names, typed))
    assert response.status_code == 422
    assert is_answered(response)
    assert Order.objects.count() == 0
    assert BasketLine.objects.get().quantity == 2


@pytest.mark.parametrize("typed", JUNK)
def test_answer_with_nonsense_leaves_the_order_waiting(
    client: Client, cast: Cast, typed: str
) -> None:
    order = a_sent_order(cast)
    client.force_login(cast.operator)
    response = client.post(reverse("orders:confirm", args=[order.id]), {"due_on": typed})
    assert response.status_code == 422
    assert is_answered(response)
    order.refresh_from_db()
    assert order.status == "sent"
    assert WorkOrder.objects.count() == 0


@pytest.mark.parametrize("name", ["day", "month"])
@pytest.mark.parametrize("typed", JUNK)
def test_period_of_nonsense_is_refused_in_words(
    client: Client, cast: Cast, name: str, typed: str
) -> None:
    client.force_login(cast.analyst)
    for address in ("/reports/employment/", "/reports/employment/16/"):
        response = client.get(address, {name: typed})
        assert is_answered(response)
        assert response.status_code in (200, 400)
        if typed != "\x00":
            assert ("refusal" in response.context) is (response.status_code == 400)
    assert client.post("/reports/employment/order", {name: typed}).status_code == 302


@pytest.mark.parametrize("number", ["0", "9" * 30])
@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("buyer", "/orders/{}/"),
        ("operator", "/operator/orders/{}/"),
        ("operator", "/workshops/work-orders/{}/"),
        ("analyst", "/reports/stored/{}/download"),
        ("analyst", "/reports/employment/{}/"),
    ],
)
def test_number_of_nothing_is_not_found(
    client: Client, cast: Cast, who: str, address: str, number: str
) -> None:
    client.force_login(cast.users[who])
    assert client.get(address.format(number)).status_code == 404


@pytest.mark.parametrize("key", ["", "00000000-0000-0000-0000-000000000000"])
def test_session_without_its_basket_is_an_empty_basket_that_can_be_filled(
    client: Client, cast: Cast, key: str
) -> None:
    session = client.session
    session["basket_key"] = key
    session.save()
    assert client.get("/basket/").context["basket"].is_empty
    client.post("/basket/add/", {"offer": cast.offer.id, "quantity": "2"})
    assert client.get("/basket/").context["basket"].count == 1
