"""The confirmation of an order on paper: both sides, both languages, one number, a check."""

import threading
from io import BytesIO

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import translation
from pypdf import PdfReader

from orders.models import Order
from orders.presenters.confirmation import confirmation_document
from orders.selectors.orders import lines_with_dates, orders_with_parties
from orders.services.answers import begin_production, confirm_order
from orders.services.papers import NotConfirmed, issue_confirmation
from portal.accounts.models import RoleGrant
from portal.documents.models import IssuedDocument
from portal.kernel.errors import Forbidden
from portal.kernel.models import AuditEvent
from tests.orders.builders import (
    DUE,
    a_basket,
    a_confirmed_order,
    a_sent_order,
    an_entrepreneurs_offer,
    another_buyer,
    another_operator,
    put,
    send,
)
from tests.people import NOW, Cast, a_cast, an_organisation
from workshops.models import WorkOrder

SIDES = {"buyer": "/orders/{}/confirmation.pdf", "operator": "/operator/orders/{}/confirmation.pdf"}


@pytest.fixture(autouse=True)
def _no_failures_remembered():
    cache.clear()
    yield
    cache.clear()


def paper(client: Client, cast: Cast, order: Order, who: str = "buyer", language: str = "ru"):
    client.force_login(cast.users[who])
    return client.get(SIDES[who].format(order.pk), {"language": language})


def text_of(response) -> str:
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    pages = PdfReader(BytesIO(response.content)).pages
    text = " ".join(page.extract_text() for page in pages)
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def data_of(order: Order, language: str = "ru") -> dict:
    with translation.override(language):
        return confirmation_document(orders_with_parties().get(pk=order.pk), {})


# --- Works ---


@pytest.mark.parametrize("who", sorted(SIDES))
def test_paper_says_who_what_how_much_and_by_when(client: Client, cast: Cast, who: str):
    order = a_confirmed_order(cast)
    text = text_of(paper(client, cast, order, who))
    for said in (
        "Подтверждение заказа", f"Заказ № {order.number}", "РГП «Тест»", "Ясли-сад «Тест»",
        "Игровой уголок «Юрта»", "185 000,00", "370 000,00", "15 декабря 2026 г.", "15.12.2026",
        "Триста семьдесят тысяч тенге 00 тиын", "НДС 16 %: 51 034,48 ₸", "Айгуль Т.",
        "ул. Тестовая, 1", "22 ноября 2026 г.", cast.enterprise.bin,
    ):  # fmt: skip
        assert said in text, said


def test_kazakh_paper_is_kazakh(client: Client, cast: Cast):
    text = text_of(paper(client, cast, a_confirmed_order(cast), language="kk"))
    for said in ("Тапсырысты растау", "«Киіз үй» ойын бұрышы", "Үш жүз жетпіс мың теңге 00 тиын",
                 "2026 жылғы 15 желтоқсан", "Құжат №"):  # fmt: skip
        assert said in text, said
    assert "Подтверждение" not in text


def test_both_sides_and_languages_have_one_number(client: Client, cast: Cast):
    order = a_confirmed_order(cast)
    texts = [
        text_of(paper(client, cast, order, who, language))
        for who in SIDES
        for language in ("ru", "kk")
    ]
    made = IssuedDocument.objects.get()
    assert all(made.number in text for text in texts)
    assert made.issuer == cast.enterprise
    assert AuditEvent.objects.filter(action="confirmation_printed").count() == 4


def test_same_paper_twice_is_the_same_file(client: Client, cast: Cast):
    order = a_confirmed_order(cast)
    assert paper(client, cast, order).content == paper(client, cast, order).content


def test_unknown_language_is_russian(client: Client, cast: Cast):
    assert "Подтверждение" in text_of(paper(client, cast, a_confirmed_order(cast), language="xx"))


def test_file_is_named_and_not_kept(client: Client, cast: Cast):
    order = a_confirmed_order(cast)
    response = paper(client, cast, order)
    assert f'order-{order.number}-confirmation-ru.pdf"' in response["Content-Disposition"]
    assert response["Cache-Control"] == "no-store"


def test_seller_without_vat_says_so(cast: Cast):
    basket = a_basket(cast, offer=an_entrepreneurs_offer(cast))
    [order] = send(cast, basket)
    operator = another_operator(cast)
    confirm_order(actor=operator, order_id=order.pk, due_on=DUE, at=NOW)
    data = data_of(order)
    assert data["vat"] == "Без НДС: продавец не плательщик."
    assert data["seller"]["name"] == "ИП Тестовый"


def test_several_lines_add_up_and_have_their_dates(cast: Cast):
    basket = a_basket(cast, 2)
    put(basket, an_entrepreneurs_offer(cast))
    orders = send(cast, basket)
    assert len(orders) == 2
    order = a_confirmed_order(cast, 3)
    data = data_of(order)
    [line] = data["lines"]
    assert line["sum"].replace("\N{NO-BREAK SPACE}", " ") == "555 000,00"
    assert data["total"].replace("\N{NO-BREAK SPACE}", " ") == "555 000,00"


def test_line_without_a_date_leaves_the_date_open(cast: Cast):
    order = a_confirmed_order(cast)
    WorkOrder.objects.update(due_on=None)
    [row] = lines_with_dates(order)
    assert row.due == ()
    data = data_of(order)
    assert data["delivery"][2]["value"] == "дата не назначена"
    assert data["lines"][0]["why"].endswith("дата\N{NO-BREAK SPACE}не\N{NO-BREAK SPACE}назначена")


def test_rows_with_dates_take_two_questions(cast: Cast, django_assert_num_queries):
    order = a_confirmed_order(cast)
    with django_assert_num_queries(2):
        lines_with_dates(order)


@pytest.mark.parametrize(
    ("who", "page"), [("buyer", "/orders/{}/"), ("operator", "/operator/orders/{}/")]
)
def test_page_of_the_order_links_the_paper_once_it_is_confirmed(
    client: Client, cast: Cast, who: str, page: str
):
    client.force_login(cast.users[who])
    sent, confirmed = a_sent_order(cast), a_confirmed_order(cast)
    address = SIDES[who].format(confirmed.pk)
    html = client.get(page.format(confirmed.pk)).content.decode()
    assert f'href="{address}?language=ru"' in html
    assert f'href="{address}?language=kk"' in html
    assert "confirmation.pdf" not in client.get(page.format(sent.pk)).content.decode()


# --- Refused ---


@pytest.mark.parametrize("who", sorted(SIDES))
def test_unconfirmed_order_has_no_paper(client: Client, cast: Cast, who: str):
    response = paper(client, cast, a_sent_order(cast), who)
    assert response.status_code == 409
    assert "продавец не подтвердил" in response.content.decode()
    assert not IssuedDocument.objects.exists()


@pytest.mark.parametrize("who", sorted(SIDES))
def test_wrong_method_is_refused(client: Client, cast: Cast, who: str):
    order = a_confirmed_order(cast)
    client.force_login(cast.users[who])
    assert client.post(SIDES[who].format(order.pk)).status_code == 405


def test_same_role_elsewhere_finds_nothing(client: Client, cast: Cast):
    order = a_confirmed_order(cast)
    for user, who in ((another_buyer(cast), "buyer"), (another_operator(cast), "operator")):
        client.force_login(user)
        assert client.get(SIDES[who].format(order.pk)).status_code == 404
        with pytest.raises(Forbidden):
            issue_confirmation(actor=user, order_id=order.pk, at=NOW)


def test_operator_of_another_place_finds_nothing(client: Client, cast: Cast):
    order = a_confirmed_order(cast)
    elsewhere = an_organisation("institution", "Учреждение № 99", 77)
    RoleGrant.objects.filter(membership__user=cast.operator).update(scope=elsewhere)
    client.force_login(cast.operator)
    assert client.get(SIDES["operator"].format(order.pk)).status_code == 404


@pytest.mark.parametrize("who", ["accountant", "analyst", "stranger", "master"])
def test_no_right_and_nobody(client: Client, cast: Cast, who: str):
    order = a_confirmed_order(cast)
    for address in SIDES.values():
        client.logout()
        assert client.get(address.format(order.pk)).status_code == 302
        client.force_login(cast.users[who])
        assert client.get(address.format(order.pk)).status_code == 403
    with pytest.raises(Forbidden):
        issue_confirmation(actor=cast.users[who], order_id=order.pk, at=NOW)


def test_service_refuses_what_is_not_confirmed(cast: Cast):
    with pytest.raises(NotConfirmed):
        issue_confirmation(actor=cast.buyer, order_id=a_sent_order(cast).pk, at=NOW)


# --- The registry ---


def test_moved_date_makes_another_document(cast: Cast):
    order = a_confirmed_order(cast)
    first = issue_confirmation(actor=cast.buyer, order_id=order.pk, at=NOW)
    assert issue_confirmation(actor=cast.operator, order_id=order.pk, at=NOW).pk == first.pk
    WorkOrder.objects.update(due_on=DUE.replace(day=20))
    second = issue_confirmation(actor=cast.operator, order_id=order.pk, at=NOW)
    first.refresh_from_db()
    assert (first.status, second.status) == ("superseded", "valid")


def test_progress_of_the_work_changes_nothing(cast: Cast):
    order = a_confirmed_order(cast)
    first = issue_confirmation(actor=cast.buyer, order_id=order.pk, at=NOW)
    begin_production(actor=cast.operator, order_id=order.pk, at=NOW)
    assert issue_confirmation(actor=cast.buyer, order_id=order.pk, at=NOW).pk == first.pk


def test_check_tells_neither_buyer_nor_sum(client: Client, cast: Cast):
    order = a_confirmed_order(cast)
    made = issue_confirmation(actor=cast.buyer, order_id=order.pk, at=NOW)
    page = client.get(f"/verify/{made.code}/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "Подтверждение заказа" in page
    assert "РГП «Тест»" in page
    for secret in ("Ясли-сад", "Айгуль", "+7 701", "370 000", "Тестовая", cast.enterprise.bin):
        assert secret not in page, secret


@pytest.mark.django_db(transaction=True)
def test_both_sides_printing_at_once_have_one_document():
    cast = a_cast()
    order = a_confirmed_order(cast)
    ready, made = threading.Barrier(2), []

    def run(user) -> None:
        ready.wait()
        made.append(issue_confirmation(actor=user, order_id=order.pk, at=NOW).pk)
        connection.close()

    threads = [threading.Thread(target=run, args=[user]) for user in (cast.buyer, cast.operator)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 2
    assert len(set(made)) == 1
