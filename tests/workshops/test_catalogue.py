"""The catalogue: what is sold, by whom, at what price; and why something is not."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from portal.accounts.models import OrganisationTaxStatus, VatRate
from portal.accounts.selectors import VatRateMissing
from tests.orders.builders import an_entrepreneurs_offer, an_offer_of
from tests.people import LONG_AGO, TODAY, Cast
from workshops.models import (
    BillOfMaterialsLine,
    DesignPermission,
    Product,
    ProductOffer,
    ProductPaper,
    ProductVersion,
    WorkshopOperator,
)
from workshops.selectors.catalogue import catalogue_on, product_page
from workshops.selectors.offers import offers_on_day, offers_with_places

CATALOGUE = "/catalogue/"
PAGE = "/catalogue/play-corner/"


def a_paper(version: ProductVersion, until: date | None, number: str = "KZ-1") -> ProductPaper:
    return ProductPaper.objects.create(
        version=version,
        kind="certificate",
        regulation="ТР ТС 008/2011",
        number=number,
        issued_by="орган",
        issued_on=date(2024, 1, 1),
        valid_until=until,
    )


def shown(offer: ProductOffer, on: date = TODAY):
    return offers_on_day(offers_with_places().filter(pk=offer.pk), on)[0]


def text(client, address: str) -> str:
    return client.get(address).content.decode()


def test_offer_has_seller_and_vat_of_the_example(cast: Cast) -> None:
    one = shown(cast.offer)
    assert one.is_sold
    assert one.seller == cast.enterprise
    assert one.vat == Decimal("25517.24")


def test_vat_follows_the_dated_status_of_the_seller(cast: Cast) -> None:
    OrganisationTaxStatus.objects.update(effective_to=date(2026, 11, 1))
    assert shown(cast.offer).vat == 0
    assert shown(cast.offer, date(2026, 10, 31)).is_vat_inside


def test_day_without_a_rate_raises(cast: Cast) -> None:
    VatRate.objects.update(effective_to=TODAY)
    with pytest.raises(VatRateMissing):
        shown(cast.offer)


def test_page_of_a_day_without_a_rate_is_a_sentence(client, cast: Cast) -> None:
    VatRate.objects.update(effective_to=date(2026, 11, 1))
    response = client.get(CATALOGUE)
    assert response.status_code == 409
    assert "ставка НДС" in response.content.decode()


@pytest.mark.parametrize(
    ("until", "is_sold"), [(TODAY - timedelta(days=1), False), (TODAY, True), (None, True)]
)
def test_expired_paper_blocks_from_the_day_after(
    cast: Cast, until: date | None, is_sold: bool
) -> None:
    a_paper(cast.version, until)
    assert shown(cast.offer).is_sold is is_sold


def test_renewed_paper_heals_the_expired_one(cast: Cast) -> None:
    a_paper(cast.version, date(2026, 1, 1), "old")
    a_paper(cast.version, date(2029, 1, 1), "new")
    assert shown(cast.offer).is_sold


@pytest.mark.parametrize(
    ("licence", "owner", "permitted", "is_sold"),
    [
        ("open", "kindergarten", False, True),
        ("by_permission", "kindergarten", False, False),
        ("by_permission", "kindergarten", True, True),
        ("by_permission", "enterprise", False, True),
        ("owner_only", "kindergarten", True, False),
        ("owner_only", "enterprise", False, True),
    ],
)
def test_licence(cast: Cast, licence: str, owner: str, permitted: bool, is_sold: bool) -> None:
    Product.objects.update(licence=licence, design_owner=getattr(cast, owner))
    if permitted:
        DesignPermission.objects.create(
            product=cast.product, operator=cast.enterprise, effective_from=LONG_AGO, basis="письмо"
        )
    assert shown(cast.offer).is_sold is is_sold


def test_permission_that_ended_permits_nothing(cast: Cast) -> None:
    Product.objects.update(licence="by_permission", design_owner=cast.kindergarten)
    DesignPermission.objects.create(
        product=cast.product,
        operator=cast.enterprise,
        effective_from=LONG_AGO,
        effective_to=TODAY,
        basis="письмо",
    )
    assert not shown(cast.offer).is_sold


def test_workshop_without_operator_sells_nothing(cast: Cast) -> None:
    WorkshopOperator.objects.update(effective_to=TODAY)
    one = shown(cast.offer)
    assert (one.seller, one.is_sold) == (None, False)


def test_offer_before_its_day_and_after(cast: Cast) -> None:
    ProductOffer.objects.update(effective_from=date(2026, 12, 1))
    with translation.override("en"):
        assert shown(cast.offer).refusal == "Not on sale yet."
    ProductOffer.objects.update(effective_from=LONG_AGO, effective_to=TODAY)
    with translation.override("en"):
        assert shown(cast.offer).refusal == "No longer on sale."


def test_catalogue_is_grouped_and_filtered(cast: Cast) -> None:
    an_entrepreneurs_offer(cast)
    everything = catalogue_on(TODAY)
    assert [shelf.audience for shelf in everything] == ["kindergarten", "city"]
    (city,) = catalogue_on(TODAY, "city")
    assert [card.product.code for card in city.cards] == ["bench"]


def test_product_nobody_offers_is_still_shown(client, cast: Cast) -> None:
    ProductOffer.objects.update(effective_to=TODAY)
    ((card,),) = (shelf.cards for shelf in catalogue_on(TODAY))
    assert not card.is_sold
    assert "никто не продаёт" in text(client, CATALOGUE)
    page = text(client, PAGE)
    assert "никто не продаёт" in page
    assert "basket/add" not in page


def test_newest_version_is_shown_with_its_offers(cast: Cast) -> None:
    newer = ProductVersion.objects.create(
        product=cast.product,
        number=2,
        description_ru="Новый",
        materials_ru="Сосна",
        dimensions_ru="100",
        approved_on=TODAY,
    )
    ProductOffer.objects.create(
        version=newer, workshop=cast.workshop, price=Decimal("1.00"), effective_from=TODAY
    )
    page = product_page("play-corner", TODAY)
    assert page is not None
    assert page.version == newer
    assert [one.offer.version_id for one in page.offers] == [newer.id]


def test_catalogue_takes_the_same_queries_for_one_and_three(
    cast: Cast, django_assert_num_queries
) -> None:
    with django_assert_num_queries(4):
        catalogue_on(TODAY)
    for number in range(2):
        an_offer_of(cast, cast.workshop, f"more-{number}")
    with django_assert_num_queries(4):
        catalogue_on(TODAY)


def test_product_page_tells_everything(client, cast: Cast) -> None:
    a_paper(cast.version, date(2028, 3, 1))
    BillOfMaterialsLine.objects.create(
        version=cast.version, sequence=2, name_ru="Детали", material_ru="Берёза", quantity=2499
    )
    page = text(client, PAGE)
    for told in (
        "Игровой уголок «Юрта»", "2\xa0500 деталей", "120 × 120 см", "Берёза", "KZ-1",
        "ТР ТС 008/2011", "01.03.2028", "185\xa0000,00\xa0₸",
        "в том числе НДС 16\xa0% — 25\xa0517,24\xa0₸", "Столярный цех", "Учреждение № 16",
        "РГП «Тест»", "img/play-corner.svg",
    ):  # fmt: skip
        assert told in page, told


def test_expired_paper_is_told_on_the_page(client, cast: Cast) -> None:
    a_paper(cast.version, date(2026, 11, 1))
    page = text(client, PAGE)
    assert "истёк 01.11.2026" in page
    assert "basket/add" not in page


def test_guarded_design_is_shown_and_not_sold(client, cast: Cast) -> None:
    Product.objects.update(licence="owner_only", design_owner=cast.kindergarten)
    page = text(client, PAGE)
    assert cast.kindergarten.name in page
    assert "Только для ознакомления" in page
    assert "basket/add" not in page


def test_choice_of_workshop_when_two_offer_it(client, cast: Cast) -> None:
    other = an_entrepreneurs_offer(cast)
    ProductOffer.objects.filter(pk=other.pk).update(
        version=cast.version, price=Decimal("170000.00")
    )
    page = text(client, PAGE)
    assert page.count('type="radio"') == 2
    assert "без НДС" in page
    assert "от 170\xa0000,00\xa0₸" in text(client, CATALOGUE)


def test_catalogue_without_a_vat_payer_says_so(client, cast: Cast) -> None:
    OrganisationTaxStatus.objects.all().delete()
    assert "без НДС" in text(client, CATALOGUE)


@pytest.mark.parametrize("audience", ["school", "nonsense", "%00", ""])
def test_any_audience_is_answered(client, cast: Cast, audience: str) -> None:
    assert client.get(f"{CATALOGUE}?audience={audience}").status_code == 200


def test_empty_audience_offers_everything(client, cast: Cast) -> None:
    assert "Показать всё" in text(client, f"{CATALOGUE}?audience=school")


def test_unknown_product_is_not_found(client, cast: Cast) -> None:
    assert client.get("/catalogue/nothing/").status_code == 404


def test_pages_are_for_reading(client, cast: Cast) -> None:
    assert client.post(CATALOGUE).status_code == 405
    assert client.post(PAGE).status_code == 405


@pytest.mark.parametrize(("language", "word"), [("kk", "Себетке салу"), ("en", "Add to basket")])
def test_page_in_other_languages(client, cast: Cast, language: str, word: str) -> None:
    client.cookies["django_language"] = language
    assert word in text(client, PAGE)
