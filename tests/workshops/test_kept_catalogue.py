"""Kept pages of the catalogue: whatever they tell renews them, and nobody sees another's."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection, models, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.accounts.models import OrganisationTaxStatus, VatRate
from tests.orders.builders import a_basket, an_offer_of
from tests.people import LONG_AGO, NOW, TODAY, Cast, a_cast
from workshops.models import DesignPermission, Product, ProductOffer, ProductPaper
from workshops.models.stamp import CatalogueStamp
from workshops.selectors.catalogue import catalogue_on
from workshops.selectors.stamp import catalogue_stamp

pytestmark = pytest.mark.django_db(transaction=True)
CATALOGUE = "/catalogue/"
PAGE = "/catalogue/play-corner/"


@pytest.fixture(autouse=True)
def _kept(settings):
    settings.KEEP_PAGES_SECONDS = 60


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return a_cast()


def seen(address: str = CATALOGUE, client: Client | None = None) -> str:
    response = (client or Client()).get(address)
    assert response.status_code == 200
    return response.content.decode()


def statements(address: str, client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        seen(address, client)
    return len(asked)


def a_paper(cast: Cast) -> ProductPaper:
    return ProductPaper.objects.create(
        version=cast.version,
        kind="certificate",
        regulation="ТР ТС 008/2011",
        number="KZ-1",
        issued_by="орган",
        issued_on=LONG_AGO,
    )


CHANGES: dict[str, Callable[[Cast], Any]] = {
    "a price": lambda cast: ProductOffer.objects.update(price=Decimal("190000.00")),
    "an offer that ends": lambda cast: ProductOffer.objects.update(effective_to=TODAY),
    "a new offer": lambda cast: an_offer_of(cast, cast.workshop),
    "a paper": a_paper,
    "a licence": lambda cast: Product.objects.update(
        licence="by_permission", design_owner=cast.kindergarten
    ),
    "a permission": lambda cast: DesignPermission.objects.create(
        product=cast.product, operator=cast.enterprise, effective_from=LONG_AGO, basis="письмо"
    ),
    "a tax status": lambda cast: OrganisationTaxStatus.objects.update(is_vat_payer=False),
    "a rate of tax": lambda cast: VatRate.objects.update(rate=Decimal("0.12")),
    "a name of an institution": lambda cast: type(cast.colony).objects.update(name_ru="Другое"),
    "a part": lambda cast: cast.version.parts.all().delete(),
    "an operator": lambda cast: cast.workshop.operators.all().delete(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_committed_change_renews_the_stamp(cast: Cast, change: Callable[[Cast], Any]) -> None:
    before = catalogue_stamp()
    assert before
    change(cast)
    assert catalogue_stamp() not in ("", before)


def test_stamp_stays_while_nothing_of_the_catalogue_changes(cast: Cast) -> None:
    before = catalogue_stamp()
    a_basket(cast)
    seen()
    assert catalogue_stamp() == before


def test_change_that_is_taken_back_renews_nothing(cast: Cast) -> None:
    before = catalogue_stamp()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ProductOffer.objects.update(price=Decimal("1.00"))
        raise ZeroDivisionError
    assert catalogue_stamp() == before


def test_plain_sql_renews_it_too(cast: Cast) -> None:
    before = catalogue_stamp()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE workshops_productoffer SET price = price + 1")
    assert catalogue_stamp() != before


def test_many_rows_of_one_transaction_leave_one_row(cast: Cast) -> None:
    with transaction.atomic():
        for number in range(3):
            an_offer_of(cast, cast.workshop, f"more-{number}")
    assert CatalogueStamp.objects.count() == 1


def test_emptied_database_keeps_nothing_until_something_is_entered(cast: Cast) -> None:
    CatalogueStamp.objects.all().delete()
    assert catalogue_stamp() == ""
    assert "185" in seen()
    ProductOffer.objects.update(price=Decimal("190000.00"))
    assert "190\xa0000,00" in seen()
    assert catalogue_stamp()


def test_every_table_the_pages_read_has_the_trigger(cast: Cast) -> None:
    a_paper(cast)
    with CaptureQueriesContext(connection) as asked:
        for address in (CATALOGUE, CATALOGUE + "?audience=city", PAGE):
            seen(address)
    read = set(re.findall(r'(?:FROM|JOIN) "(\w+)"', " ".join(q["sql"] for q in asked)))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'renew_catalogue_stamp'"
        )
        guarded = {row[0] for row in cursor.fetchall()}
    ours = {model._meta.db_table for model in apps.get_models()}
    assert len(read) > 8
    assert (read & ours) - guarded == set()


def test_new_price_is_on_the_page_at_once(cast: Cast) -> None:
    for address in (CATALOGUE, PAGE):
        assert "185\xa0000,00" in seen(address)
    ProductOffer.objects.update(price=Decimal("190000.00"))
    for address in (CATALOGUE, PAGE):
        assert "190\xa0000,00" in seen(address)
        assert "185\xa0000,00" not in seen(address)


def test_paper_that_runs_out_ends_the_sale_with_its_day(cast: Cast) -> None:
    paper = a_paper(cast)
    ProductPaper.objects.filter(pk=paper.pk).update(valid_until=TODAY)
    assert "basket/add" in seen(PAGE)
    with time_machine.travel(NOW + timedelta(days=1)):
        assert "basket/add" not in seen(PAGE)


def test_kept_page_asks_for_its_stamp_alone(cast: Cast) -> None:
    for address in (CATALOGUE, PAGE):
        seen(address)
        assert statements(address, Client()) == 1


def test_visitor_with_a_basket_asks_for_session_and_stamp(cast: Cast) -> None:
    client = Client()
    client.post("/basket/add/", {"offer": cast.offer.id, "quantity": 1})
    client.get("/basket/")  # takes the message away
    for address in (CATALOGUE, PAGE):
        seen(address, client)
        assert statements(address, client) == 2


def test_shelves_are_kept_for_who_is_signed_in(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.buyer)
    seen(CATALOGUE, client)
    assert statements(CATALOGUE, client) == 3


@pytest.mark.parametrize("is_kept", [0, 60])
def test_list_takes_the_same_statements_for_20_and_100(cast: Cast, settings, is_kept: int) -> None:
    settings.KEEP_PAGES_SECONDS = is_kept
    client = Client()
    client.post("/basket/add/", {"offer": cast.offer.id, "quantity": 1})
    counts = []
    for many in (19, 80):
        for number in range(many):
            an_offer_of(cast, cast.workshop, f"thing-{many}-{number}")
        counts.append(statements(CATALOGUE, client))
    assert counts[0] == counts[1] <= 6
    assert sum(len(shelf.cards) for shelf in catalogue_on(TODAY)) == 100


def test_product_takes_the_same_statements_for_20_and_100_parts(cast: Cast, settings) -> None:
    settings.KEEP_PAGES_SECONDS = 0
    counts = []
    for many in (19, 80):
        start = cast.version.parts.count() + 1
        for number in range(start, start + many):
            cast.version.parts.create(
                sequence=number, name_ru="Деталь", material_ru="Сосна", quantity=1
            )
        counts.append(statements(PAGE, Client()))
    assert counts[0] == counts[1] <= 6


def test_nobody_sees_the_basket_of_another(cast: Cast) -> None:
    chooser = Client()
    chooser.post("/basket/add/", {"offer": cast.offer.id, "quantity": 1})
    # The page after the message, in both orders of who comes first.
    for address in (CATALOGUE, PAGE):
        assert 'id="basket-count"' in seen(address, chooser)
        assert 'id="basket-count"' not in seen(address)
        assert 'id="basket-count"' in seen(address, chooser)


def test_count_of_the_basket_follows_its_owner(cast: Cast) -> None:
    offers = [cast.offer, an_offer_of(cast, cast.workshop)]
    one, two = Client(), Client()
    for client, chosen in ((one, offers[:1]), (two, offers)):
        for offer in chosen:
            client.post("/basket/add/", {"offer": offer.id, "quantity": 1})
        client.get("/basket/")  # takes the message away
    for _ in range(2):
        assert 'id="basket-count">1<' in seen(CATALOGUE, one)
        assert 'id="basket-count">2<' in seen(CATALOGUE, two)
    one.post("/basket/add/", {"offer": offers[1].id, "quantity": 1})
    assert 'id="basket-count">2<' in seen(CATALOGUE, one)


def test_nobody_sees_who_is_signed_in(cast: Cast) -> None:
    buyer = Client()
    buyer.force_login(cast.buyer)
    for address in (CATALOGUE, PAGE):
        mine, theirs = seen(address, buyer), seen(address)
        assert ">Кабинет<" in mine
        assert ">Кабинет<" not in theirs
        assert "Войти" in theirs


def test_message_is_told_to_the_one_it_is_for(cast: Cast) -> None:
    client = Client()
    seen()
    client.force_login(cast.buyer)
    client.post("/accounts/logout/", {"next": CATALOGUE})
    if client.cookies.get("messages"):
        assert 'class="message ' in seen(CATALOGUE, client)
    assert 'class="message ' not in seen()


def test_each_language_is_kept_for_itself(cast: Cast) -> None:
    kazakh = Client()
    kazakh.cookies["django_language"] = "kk"
    assert "Себетке салу" not in seen(PAGE)
    assert "Себетке салу" in seen(PAGE, kazakh)
    assert "Себетке салу" not in seen(PAGE)
    assert '<html lang="kk">' in seen(CATALOGUE, kazakh)
    assert '<html lang="ru">' in seen(CATALOGUE)


def test_form_of_a_kept_page_is_accepted(cast: Cast) -> None:
    seen(PAGE)
    client = Client(enforce_csrf_checks=True)
    page = seen(PAGE, client)
    (token, *others) = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page))
    assert others == []
    typed = {"offer": cast.offer.id, "quantity": 1, "csrfmiddlewaretoken": token}
    assert client.post("/basket/add/", typed).status_code == 302


def test_token_of_one_visitor_is_refused_from_another(cast: Cast) -> None:
    first, second = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', seen(PAGE, first))
    seen(PAGE, second)
    typed = {"offer": cast.offer.id, "quantity": 1, "csrfmiddlewaretoken": found and found[1]}
    assert second.post("/basket/add/", typed).status_code == 403


def test_page_that_is_not_there_is_not_kept(cast: Cast) -> None:
    address = "/catalogue/bench/"
    assert Client().get(address).status_code == 404
    an_offer_of(cast, cast.workshop)
    assert Client().get(address).status_code == 200


def test_day_without_a_rate_of_tax_is_told_each_time(cast: Cast) -> None:
    VatRate.objects.update(effective_to=date(2026, 11, 1))
    assert [Client().get(CATALOGUE).status_code for _ in range(2)] == [409, 409]


def test_stamp_is_no_row_of_any_other_model() -> None:
    pointing = [
        field
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is CatalogueStamp
    ]
    assert pointing == []
