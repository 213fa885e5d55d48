"""The data files: complete in three languages, marked as a demo, true to the published facts."""

from decimal import Decimal

import pytest

from portal.demo.sources import FOLDER, LANGUAGES, read_data

PRODUCTS = {row["code"]: row for row in read_data("products")["products"]}
ORGANISATIONS = read_data("organisations")["rows"]


def worded(node):
    """Every dictionary of words in a file."""
    if isinstance(node, dict):
        if "ru" in node:
            yield node
        for value in node.values():
            yield from worded(value)
    elif isinstance(node, list):
        for value in node:
            yield from worded(value)


@pytest.mark.parametrize("name", ["organisations", "places", "products", "choices"])
def test_every_word_has_three_languages(name):
    words = list(worded(read_data(name)))
    assert words
    assert [word for word in words if not all(word.get(language) for language in LANGUAGES)] == []


@pytest.mark.parametrize("row", ORGANISATIONS, ids=lambda row: row["code"])
def test_every_organisation_says_that_it_is_invented(row):
    assert row["ru"].endswith("(демо)")
    assert row["kk"].endswith("(демо)")
    assert row["en"].endswith("(demo)")


def test_institutions_and_products_are_those_of_the_facts():
    facts = read_data("seed_facts")
    numbers = [row["number"] for row in facts["institutions"]]
    assert [row["number"] for row in read_data("places")["institutions"]] == numbers
    assert [code.upper() for code in PRODUCTS] == [row["code"] for row in facts["products"]]
    assert [row["name"]["ru"] for row in PRODUCTS.values()] == [
        row["ru"] for row in facts["products"]
    ]


def test_valeo_has_exactly_2500_elements():
    assert sum(part[3] for part in PRODUCTS["valeo"]["parts"]) == 2500


def test_play_corner_has_what_the_article_names():
    names = " ".join(part[0]["ru"] for part in PRODUCTS["play-corner"]["parts"])
    for word in ("Шанырак", "Дастархан", "Пиала", "Блюдце", "Стол", "Табурет"):
        assert word in names


@pytest.mark.parametrize("code", PRODUCTS)
def test_papers_look_invented(code):
    assert PRODUCTS[code]["papers"]
    assert all("ДЕМО" in number for _kind, _rule, number, *_rest in PRODUCTS[code]["papers"])


@pytest.mark.parametrize("code", PRODUCTS)
def test_drawing_of_each_product_exists(code):
    drawing = PRODUCTS[code]["drawing"]
    assert (FOLDER.parents[2] / "static" / "img" / f"{drawing}.svg").exists()


@pytest.mark.parametrize("code", PRODUCTS)
def test_every_operation_finds_people_where_the_product_is_made(code):
    """A trade without a piece-paid post would leave a work order unfinished for ever."""
    places = read_data("places")
    kinds = {row["code"]: places["kinds"][row["kind"]] for row in places["workshops"]}
    for workshop, *_prices in PRODUCTS[code]["offers"]:
        trades = {trade for trade, form, _weight in kinds[workshop]["posts"] if form == "piece"}
        assert {operation[1] for operation in PRODUCTS[code]["operations"]} <= trades


@pytest.mark.parametrize("code", PRODUCTS)
def test_piece_rates_pay_more_than_the_hourly_floor(code):
    """85 000 tenge for 164 hours is 519 an hour; a norm must not imply less."""
    for _name, _trade, minutes, rate, *_per in PRODUCTS[code]["operations"]:
        assert Decimal(rate) / minutes * 60 > 600


def test_some_spaces_stand_idle():
    idle = [row for row in read_data("places")["spaces"] if row["idle"]]
    assert len(idle) == 5
    on_the_list = [row for row in idle if row["confirmed"] < 30]
    assert sum(Decimal(row["area"]) for row in on_the_list) == 3420


def test_no_password_is_in_the_repository():
    for path in FOLDER.iterdir():
        if path.name != "accounts.json":
            assert "password" not in path.read_text(encoding="utf-8")
    assert all("password" not in row for row in read_data("accounts")["rows"])
