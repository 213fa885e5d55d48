"""Sums of an order, by worked examples and by properties."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.pricing import PricedLine, Sums, line_total, sums_by_seller, sums_of

VAT = Decimal("0.16")
prices = st.decimals(min_value="0.01", max_value="999999.99", places=2)
lines = st.builds(
    PricedLine,
    seller_id=st.integers(1, 3),
    unit_price=prices,
    quantity=st.integers(1, 500),
    vat_rate=st.sampled_from([None, VAT, Decimal("0.12")]),
)


def line(seller: int = 1, price: str = "185000.00", quantity: int = 1, rate: Decimal | None = VAT):
    return PricedLine(seller, Decimal(price), quantity, rate)


def test_play_corner_contains_the_vat_of_the_example() -> None:
    assert line().vat == Decimal("25517.24")


def test_line_total_is_price_times_quantity() -> None:
    assert line(quantity=3).total == Decimal("555000.00")


def test_line_without_vat_has_none_inside() -> None:
    assert line(rate=None).vat == Decimal("0.00")


@pytest.mark.parametrize(("price", "quantity"), [("1.00", 0), ("1.00", -1), ("0.00", 1)])
def test_line_total_refuses_nonsense(price: str, quantity: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        line_total(Decimal(price), quantity)


def test_vat_is_rounded_by_line_and_then_added() -> None:
    # Three lines of 0.10 contain 0.0138 each: 0.01 a line, 0.03 together; 0.30 alone holds 0.04.
    assert sums_of([line(price="0.10")] * 3).vat == Decimal("0.03")


def test_two_sellers_make_two_sums() -> None:
    found = sums_by_seller([line(1), line(2, "96500.00", 2, None), line(1, "15000.00", 4)])
    assert found == {
        1: Sums(Decimal("245000.00"), Decimal("33793.10")),
        2: Sums(Decimal("193000.00"), Decimal("0.00")),
    }


def test_nothing_costs_nothing() -> None:
    assert sums_of([]) == Sums(Decimal("0.00"), Decimal("0.00"))
    assert sums_by_seller([]) == {}


@given(st.lists(lines, max_size=8))
def test_sellers_together_are_the_whole(basket: list[PricedLine]) -> None:
    whole, parts = sums_of(basket), sums_by_seller(basket).values()
    assert sum((part.total for part in parts), Decimal(0)) == whole.total
    assert sum((part.vat for part in parts), Decimal(0)) == whole.vat


@given(lines)
def test_vat_is_less_than_the_total(one: PricedLine) -> None:
    assert Decimal(0) <= one.vat < one.total
