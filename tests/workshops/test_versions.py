"""Which version of a product is sold, and that its page tells about that one."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation

from orders.services.baskets import NotOnSale
from tests.orders.builders import a_basket, seen_in
from tests.people import LONG_AGO, TODAY, Cast
from workshops.models import BillOfMaterialsLine, ProductOffer, ProductPaper, ProductVersion
from workshops.selectors.catalogue import catalogue_on, product_page
from workshops.selectors.offers import offers_on_day, offers_with_places

PAGE = "/catalogue/play-corner/"
TOMORROW = TODAY + timedelta(days=1)


def a_version(cast: Cast, approved_on: date, number: int = 2) -> ProductVersion:
    version = ProductVersion.objects.create(
        product=cast.product,
        number=number,
        description_ru="Из сосны",
        materials_ru="Сосна",
        dimensions_ru="100 × 100 см",
        approved_on=approved_on,
    )
    BillOfMaterialsLine.objects.create(
        version=version, sequence=1, name_ru="Дверца", material_ru="Сосна", quantity=7
    )
    return version


def an_offer(cast: Cast, version: ProductVersion, since: date) -> ProductOffer:
    return ProductOffer.objects.create(
        version=version, workshop=cast.workshop, price=Decimal("99000.00"), effective_from=since
    )


def refusal_of(offer: ProductOffer, on: date = TODAY) -> str:
    with translation.override("en"):
        return str(offers_on_day(offers_with_places().filter(pk=offer.pk), on)[0].refusal)


def a_paper(version: ProductVersion, number: str, begin: date, end: date | None) -> ProductPaper:
    return ProductPaper.objects.create(
        version=version,
        kind="certificate",
        regulation="ТР ТС 025/2012",
        number=number,
        issued_by="орган",
        issued_on=begin,
        valid_until=end,
    )


def test_page_tells_the_parts_of_what_is_bought(client: Client, cast: Cast) -> None:
    """A newer version that nobody makes yet is not what the buyer gets."""
    a_version(cast, LONG_AGO)
    page = product_page("play-corner", TODAY)
    assert page is not None
    assert page.version == cast.version
    assert {one.offer.version_id for one in page.offers} == {page.version.id}
    html = client.get(PAGE).content.decode()
    assert "Берёза" in html
    assert "Сосна" not in html


def test_page_tells_the_newest_version_where_nobody_offers_any(cast: Cast) -> None:
    newer = a_version(cast, LONG_AGO)
    ProductOffer.objects.update(effective_to=TODAY)
    page = product_page("play-corner", TODAY)
    assert page is not None
    assert (page.version, page.offers, page.pieces) == (newer, [], 7)


def test_price_of_tomorrows_version_takes_nothing_off_sale_today(cast: Cast) -> None:
    newer = a_version(cast, LONG_AGO)
    coming = an_offer(cast, newer, TOMORROW)
    today, tomorrow = product_page("play-corner", TODAY), product_page("play-corner", TOMORROW)
    assert today is not None
    assert tomorrow is not None
    assert [one.offer for one in today.sold] == [cast.offer]
    assert [one.offer for one in tomorrow.sold] == [coming]
    assert (today.version.number, tomorrow.version.number) == (1, 2)


def test_ended_price_of_a_newer_version_leaves_the_older_one_on_sale(cast: Cast) -> None:
    newer = an_offer(cast, a_version(cast, LONG_AGO), LONG_AGO)
    ProductOffer.objects.filter(pk=newer.pk).update(effective_to=TODAY)
    ((card,),) = (shelf.cards for shelf in catalogue_on(TODAY))
    assert card.is_sold
    assert card.offer is not None
    assert card.offer.offer == cast.offer


@pytest.mark.parametrize(
    ("approved_on", "refusal"), [(TOMORROW, "Not on sale yet."), (TODAY, ""), (LONG_AGO, "")]
)
def test_version_is_sold_from_the_day_of_its_approval(
    cast: Cast, approved_on: date, refusal: str
) -> None:
    offer = an_offer(cast, a_version(cast, approved_on), LONG_AGO)
    assert refusal_of(offer) == refusal


def test_offer_of_a_version_not_approved_is_not_put_into_a_basket(cast: Cast) -> None:
    offer = an_offer(cast, a_version(cast, TOMORROW), LONG_AGO)
    with pytest.raises(NotOnSale):
        a_basket(cast, 1, offer)


def test_version_not_approved_answers_a_forged_form_without_an_error(
    client: Client, cast: Cast
) -> None:
    offer = an_offer(cast, a_version(cast, TOMORROW), LONG_AGO)
    response = client.post("/basket/add/", {"offer": offer.id, "quantity": "1"})
    assert response.status_code == 422
    assert response.context["page"].version == cast.version
    ProductVersion.objects.update(approved_on=TOMORROW)
    assert client.post("/basket/add/", {"offer": offer.id, "quantity": "1"}).status_code == 404


def test_line_of_a_basket_keeps_its_version_when_a_newer_one_is_offered(cast: Cast) -> None:
    basket = a_basket(cast, 3)
    an_offer(cast, a_version(cast, LONG_AGO), LONG_AGO)
    assert list(seen_in(basket)) == [cast.offer.id]


def test_paper_issued_tomorrow_heals_nothing_today(cast: Cast) -> None:
    a_paper(cast.version, "old", LONG_AGO, TODAY - timedelta(days=1))
    a_paper(cast.version, "new", TOMORROW, TOMORROW + timedelta(days=365))
    assert "old expired on" in refusal_of(cast.offer)
    assert refusal_of(cast.offer, TOMORROW) == ""


def test_paper_of_another_regulation_heals_nothing(cast: Cast) -> None:
    a_paper(cast.version, "old", LONG_AGO, TODAY - timedelta(days=1))
    other = a_paper(cast.version, "other", LONG_AGO, None)
    ProductPaper.objects.filter(pk=other.pk).update(regulation="ТР ТС 008/2011")
    assert "old expired on" in refusal_of(cast.offer)


def test_paper_without_an_end_heals_the_expired_one(cast: Cast) -> None:
    a_paper(cast.version, "old", LONG_AGO, TODAY - timedelta(days=1))
    a_paper(cast.version, "endless", LONG_AGO, None)
    assert refusal_of(cast.offer) == ""


@pytest.mark.parametrize(
    ("age", "language", "words"),
    [
        (1, "ru", "от 1 года"),
        (3, "ru", "от 3 лет"),
        (21, "ru", "от 21 года"),
        (3, "kk", "3 жастан бастап"),
        (1, "en", "from 1 year<"),
    ],
)
def test_age_is_said_as_people_say_it(
    client: Client, cast: Cast, age: int, language: str, words: str
) -> None:
    ProductVersion.objects.update(age_from=age)
    client.cookies["django_language"] = language
    assert words in re_space(client.get(PAGE).content.decode())


def re_space(html: str) -> str:
    """The text with each run of white space as one, none before a tag."""
    return " ".join(html.split()).replace(" <", "<")


def test_version_without_an_age_says_nothing_of_it(client: Client, cast: Cast) -> None:
    assert "Возраст" not in client.get(PAGE).content.decode()
