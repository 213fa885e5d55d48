"""Finding products and workshops: what people type against what they mean."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from portal.kernel.matching import asked_of
from tests.browser.shop import fill_the_shop
from tests.orders.builders import an_offer_of
from tests.people import LONG_AGO, TODAY, Cast
from workshops.models import (
    BillOfMaterialsLine,
    Post,
    Product,
    ProductOffer,
    ProductSearch,
    ProductVersion,
    Trade,
    Workshop,
    WorkshopOperator,
)
from workshops.selectors.search import products_found, workshops_found

YURT, BENCH, VALEO = "Игровой уголок «Юрта»", "Скамья уличная", "Конструктор Valeo"


@pytest.fixture
def shop(cast: Cast) -> Cast:
    fill_the_shop(cast)
    # The guarded design was made as a copy of the bench: its text is its own here.
    ProductVersion.objects.filter(product__code="valeo").update(
        description_ru="Детали из липы", materials_ru="Липа"
    )
    return cast


def found(typed: str, on: date = TODAY) -> list[str]:
    products, _is_alike = products_found(asked_of(typed), on)
    return [one.card.product.name_ru for one in products]


# --- Relevance ---


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        # as written, in another case, number and language
        ("скамья", BENCH), ("Скамьи", BENCH), ("СКАМЬЁЙ", BENCH), ("уличные скамьи", BENCH),
        ("орындығы", BENCH), ("орындық", BENCH), ("орындык", BENCH),
        ("юрта", YURT), ("киіз үй", YURT), ("киiз уй", YURT), ("play corner", YURT), ("yurt", YURT),
        ("Шаңырақ", YURT), ("шанырак", YURT), ("дастархан", YURT), ("дастарқан", YURT),
        # a part, a material, the audience
        ("пиалы", YURT), ("пиала", YURT), ("берёза", YURT), ("береза", YURT), ("қайың", YURT),
        ("для города", BENCH), ("қала", BENCH), ("детский уголок", YURT),
        # the beginning of a word
        ("скам", BENCH), ("констр", VALEO),
        # slips of the hand
        ("скамека", BENCH), ("скамейка", BENCH), ("канструктор", VALEO), ("игравой уголок", YURT),
        ("шанрак", YURT),
        # the other keyboard and the other alphabet
        ("crfvmz", BENCH), ("skamya", BENCH), ("yurta", YURT), ("валео", VALEO),
        ("dastarkhan", YURT),
    ],
)  # fmt: skip
def test_what_is_meant_is_found_first(shop: Cast, typed: str, first: str):
    assert found(typed)[:1] == [first]


@pytest.mark.parametrize(
    "typed",
    ["вертолет", "вертолёт", "самолёт", "автомобиль", "компьютер", "пельмени", "qwerty", "zzzz",
     "цемент", "диван", "хлопок", "юрта вертолёт", "42"],
)  # fmt: skip
def test_what_is_not_made_is_not_found(shop: Cast, typed: str):
    assert found(typed) == []


def test_exact_words_are_told_from_alike_ones(shop: Cast):
    assert products_found(asked_of("скамья"), TODAY)[1] is False
    assert products_found(asked_of("скамека"), TODAY)[1] is True
    assert products_found(asked_of("вертолёт"), TODAY) == ([], False)


def test_name_counts_more_than_a_word_of_the_text(shop: Cast):
    ProductVersion.objects.filter(product__code="play-corner").update(
        description_ru="Рядом может стоять скамья"
    )
    assert found("скамья") == [BENCH, YURT]


@pytest.mark.parametrize(
    "typed",
    ["", " ", "ё", "?", "'", '"', "\\", "%", "_", "\x00", "a" * 10_000, "скамья " * 3000,
     "' OR 1=1; DROP TABLE workshops_product --", "скамья & | ! ( ) : *", "a:*b", "'скамья",
     "${7*7}", "٣٤٥", "²³", "\ud7ff", "🪑 скамья", "-скамья", '"скамья уличная"', "и", "для"],
)  # fmt: skip
def test_nothing_that_is_typed_breaks_it(shop: Cast, typed: str):
    asked = asked_of(typed)
    products_found(asked, TODAY)
    workshops_found(asked, TODAY)
    assert Product.objects.exists()


@pytest.mark.parametrize("typed", ["🪑 скамья", "'скамья", "скамья & |", '"скамья уличная"'])
def test_signs_around_a_word_do_not_matter(shop: Cast, typed: str):
    assert found(typed)[:1] == [BENCH]


# --- What may be found ---


def test_found_product_has_its_price_and_the_parts_of_its_version(shop: Cast):
    with translation.override("ru"):
        [first, *_others] = products_found(asked_of("юрта"), TODAY)[0]
        assert first.parts == ["Шанырак", "Дастархан", "Пиалы", "Столик"]
    assert first.card.is_sold
    assert first.card.offer is not None
    assert first.card.offer.offer.price == Decimal("185000.00")


def test_product_that_is_not_sold_is_found_without_a_price(shop: Cast):
    [valeo] = products_found(asked_of("valeo"), TODAY)[0]
    assert not valeo.card.is_sold


def test_version_that_is_not_approved_yet_is_no_secret_told(shop: Cast):
    ProductVersion.objects.create(
        product=shop.product, number=2, description_ru="Лазерный меч", materials_ru="Титан",
        dimensions_ru="1", approved_on=TODAY + timedelta(days=5),
    )  # fmt: skip
    assert found("лазерный") == []
    assert found("титан") == []


def test_newer_version_that_nobody_offers_does_not_count(shop: Cast):
    ProductVersion.objects.create(
        product=shop.product, number=2, description_ru="Лазерный меч", materials_ru="Титан",
        dimensions_ru="1", approved_on=LONG_AGO,
    )  # fmt: skip
    assert found("лазерный") == []
    ProductOffer.objects.filter(version__product=shop.product).delete()
    assert found("лазерный") == [YURT]


# --- The words follow the products ---


def test_words_follow_a_change_of_name_even_past_the_models(shop: Cast):
    Product.objects.filter(pk=shop.product.pk).update(name_ru="Карусель", name_kk="Айналмақ")
    assert found("карусель") == ["Карусель"]
    assert found("айналмак") == ["Карусель"]


def test_words_follow_the_parts(shop: Cast):
    part = BillOfMaterialsLine.objects.create(
        version=shop.version, sequence=90, name_ru="Самовар", material_ru="Медь", quantity=1
    )
    assert found("самовары") == [YURT]
    BillOfMaterialsLine.objects.filter(pk=part.pk).update(name_ru="Прялка")
    assert (found("самовары"), found("прялка")) == ([], [YURT])
    part.delete()
    assert found("прялка") == []


def test_version_removed_with_its_parts_leaves_no_words(cast: Cast):
    version = ProductVersion.objects.create(
        product=cast.product, number=7, description_ru="x", materials_ru="x", dimensions_ru="x",
        approved_on=LONG_AGO,
    )  # fmt: skip
    BillOfMaterialsLine.objects.create(
        version=version, sequence=1, name_ru="x", material_ru="x", quantity=1
    )
    pk = version.pk
    version.delete()
    assert not ProductSearch.objects.filter(version_id=pk).exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_every_version_has_its_words(shop: Cast):
    assert ProductSearch.objects.count() == ProductVersion.objects.count()


def test_full_text_is_looked_up_in_its_index(shop: Cast):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT version_id FROM workshops_productsearch "
            "WHERE document @@ plainto_tsquery('russian', 'скамья')"
        )
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "productsearch_document" in plan


# --- Workshops ---


def workshops(typed: str) -> list[str]:
    return [one.workshop.code for one in workshops_found(asked_of(typed), TODAY)]


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("столярный", {"wood-16"}), ("столяр", {"wood-16"}), ("ағаш цехы", {"wood-16"}),
        ("агаш", {"wood-16"}), ("сварочный", {"metal-bench", "metal-valeo"}),
        ("сварачный", {"metal-bench", "metal-valeo"}),
        ("№ 16", {"wood-16", "metal-bench", "metal-valeo"}), ("16 столярный", {"wood-16"}),
        ("1", set()), ("вертолёт", set()), ("", set()), ("?", set()),
    ],
)  # fmt: skip
def test_workshops_are_found_by_name_trade_and_number(shop: Cast, typed: str, codes: set[str]):
    assert set(workshops(typed)) == codes


def test_workshop_is_found_by_the_trade_of_a_post(shop: Cast):
    smith = Trade.objects.create(code="smith", name_ru="Кузнец", name_kk="Ұста")
    Post.objects.create(workshop=shop.workshop, name_ru="Кузнец", trade=smith, seats=1)
    assert workshops("кузнецы") == ["wood-16"]


def test_operator_is_the_one_of_the_day(shop: Cast):
    [one] = workshops_found(asked_of("столярный"), TODAY)
    assert one.operator == shop.enterprise
    WorkshopOperator.objects.filter(workshop=shop.workshop).update(effective_to=TODAY)
    [one] = workshops_found(asked_of("столярный"), TODAY)
    assert one.operator is None


# --- Questions to the database ---


def questions(typed: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        products_found(asked_of(typed), TODAY)
        workshops_found(asked_of(typed), TODAY)
    return len(asked)


@pytest.mark.parametrize("typed", ["скамья", "скамека"])
def test_questions_do_not_grow_with_what_is_found(shop: Cast, typed: str):
    # One of each kind is found from the beginning: nothing asks further about nothing.
    Workshop.objects.filter(pk=shop.workshop.pk).update(name_ru="Скамеечный цех")
    before = questions(typed)
    for number in range(3):
        workshop = Workshop.objects.create(
            institution=shop.institution, code=f"more-{number}", name_ru="Скамеечный цех"
        )
        WorkshopOperator.objects.create(
            workshop=workshop, operator=shop.enterprise, effective_from=LONG_AGO, basis="x"
        )
        an_offer_of(shop, workshop, code=f"bench-{number}")
    assert questions(typed) == before
    assert before <= 13
