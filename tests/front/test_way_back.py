"""Addresses that only take a form: nobody is left with an empty page or a dead link."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from portal.kernel.access import way_back
from tests.orders.builders import a_sent_order
from tests.people import PASSWORD, Cast

NEXT = re.compile(r'action="/i18n/setlang/".*?name="next" value="([^"]*)"', re.DOTALL)
FORMS_ONLY = [
    ("orders:basket_add", []),
    ("orders:basket_change", [1]),
    ("orders:basket_remove", [1]),
]


def next_of_the_switch(response) -> str:
    found = NEXT.findall(response.content.decode())
    assert found, "no language switch on the page"
    assert len(set(found)) == 1
    return found[0]


def follow_the_switch(client: Client, response, language: str = "kk"):
    """Press the button of a language and go where it leads."""
    answer = client.post(
        "/i18n/setlang/", {"language": language, "next": next_of_the_switch(response)}
    )
    return client.get(answer["Location"])


# --- The language is switched on a page that a refused form has made ---
def test_switch_on_a_refused_product_page_stays_on_the_product(client: Client, cast: Cast) -> None:
    refused = client.post("/basket/add/", {"offer": cast.offer.id, "quantity": "0"})
    assert refused.status_code == 422
    page = follow_the_switch(client, refused)
    assert page.status_code == 200
    assert page.request["PATH_INFO"] == "/catalogue/play-corner/"
    assert '<html lang="kk">' in page.content.decode()


def test_switch_on_a_refused_basket_stays_on_the_basket(client: Client, cast: Cast) -> None:
    client.post("/basket/add/", {"offer": cast.offer.id, "quantity": "2"})
    line = client.get("/basket/").context["basket"].rows[0].line_id
    refused = client.post(f"/basket/{line}/change/", {"quantity": "many"})
    assert refused.status_code == 422
    page = follow_the_switch(client, refused, "en")
    assert page.request["PATH_INFO"] == "/basket/"
    assert page.context["basket"].rows[0].quantity == 2


@pytest.mark.parametrize(
    ("answer", "typed"), [("confirm", {"due_on": "soon"}), ("decline", {"reason": " "})]
)
def test_switch_on_a_refused_answer_stays_on_the_order(
    client: Client, cast: Cast, answer: str, typed: dict[str, str]
) -> None:
    order = a_sent_order(cast)
    client.force_login(cast.operator)
    refused = client.post(reverse(f"orders:{answer}", args=[order.id]), typed)
    assert refused.status_code == 422
    page = follow_the_switch(client, refused)
    assert page.request["PATH_INFO"] == f"/operator/orders/{order.id}/"


def test_switch_keeps_the_filter_of_an_ordinary_page(client: Client, cast: Cast) -> None:
    page = follow_the_switch(client, client.get("/catalogue/?audience=city"))
    assert page.request["QUERY_STRING"] == "audience=city"


# --- Somebody opens such an address by hand ---
@pytest.mark.parametrize(("name", "args"), FORMS_ONLY)
@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_reading_a_forms_address_is_a_page_with_a_way_out(
    client: Client, cast: Cast, name: str, args: list[int], language: str
) -> None:
    client.cookies["django_language"] = language
    response = client.get(reverse(name, args=args))
    assert response.status_code == 405
    assert response["Allow"] == "POST"
    html = response.content.decode()
    assert f'<html lang="{language}">' in html
    assert 'href="/"' in html
    assert ("Здесь нечего читать" in html) is (language == "ru")


def test_a_wrong_method_of_an_office_page_is_told_to_the_person(client: Client, cast: Cast) -> None:
    client.force_login(cast.operator)
    response = client.put("/operator/orders/")
    assert response.status_code == 405
    assert {"GET", "HEAD"} <= set(response["Allow"].split(", "))
    assert "Здесь нечего читать" in response.content.decode()


# --- A form is sent after the session has ended ---
def sent_to(response) -> str:
    assert response.status_code == 302
    address = urlsplit(response["Location"])
    assert address.path == "/accounts/login/"
    return parse_qs(address.query)["next"][0]


def test_an_answer_after_the_session_ended_leads_back_to_its_order(
    client: Client, cast: Cast
) -> None:
    order = a_sent_order(cast)
    page = f"/operator/orders/{order.id}/"
    response = client.post(
        f"{page}confirm/",
        {"due_on": "15.12.2026"},
        headers={"referer": f"http://testserver{page}"},
    )
    assert sent_to(response) == page
    signed_in = client.post(
        response["Location"], {"login": cast.operator.email, "password": PASSWORD}
    )
    assert signed_in["Location"] == page
    assert client.get(page).status_code == 200
    order.refresh_from_db()
    assert order.status == "sent"


@pytest.mark.parametrize(
    "came_from",
    ["", "https://elsewhere.example/operator/orders/1/", "//elsewhere.example/", "javascript:0"],
)
def test_without_a_page_of_ours_the_way_back_answers_in_words(
    client: Client, cast: Cast, came_from: str
) -> None:
    headers = {"referer": came_from} if came_from else {}
    response = client.post("/operator/orders/1/confirm/", headers=headers)
    assert sent_to(response) == "/operator/orders/1/confirm/"
    client.force_login(cast.operator)
    opened = client.get(sent_to(response))
    assert opened.status_code == 405
    assert "Здесь нечего читать" in opened.content.decode()


@pytest.mark.parametrize(
    ("method", "came_from", "expected"),
    [
        ("get", "http://testserver/basket/", "/office/?page=2"),
        ("head", "", "/office/?page=2"),
        ("post", "http://testserver/reports/?page=3", "/reports/?page=3"),
        ("post", "http://testserver", "/"),
    ],
)
def test_way_back_is_the_page_itself_or_the_page_of_the_form(
    rf: RequestFactory, method: str, came_from: str, expected: str
) -> None:
    request = getattr(rf, method)("/office/?page=2", headers={"referer": came_from})
    assert way_back(request) == expected


def test_way_back_never_repeats_the_other_sites_host(rf: RequestFactory) -> None:
    request = rf.post("/office/", headers={"referer": "http://testserver//elsewhere.example/x"})
    assert not way_back(request).startswith("//")
