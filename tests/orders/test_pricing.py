"""Sums of an order, by worked examples and by properties."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.pricing import PricedLine, Sums, line_total, sums_of

VAT = Decimal("0.16")
prices = st.decimals(min_value="0.01", max_value="999999.99", places=2)
lines = st.builds(
    PricedLine,
    unit_price=prices,
    quantity=st.integers(1, 500),
    vat_rate=st.sampled_from([None, VAT, Decimal("0.12")]),
)


def line(price: str = "185000.00", quantity: int = 1, rate: Decimal | None = VAT):
    return PricedLine(Decimal(price), quantity, rate)


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


def test_vat_counts_only_where_it_is_due() -> None:
    found = sums_of([line(), line("96500.00", 2, None), line("15000.00", 4)])
    assert found == Sums(Decimal("438000.00"), Decimal("33793.10"))


def test_nothing_costs_nothing() -> None:
    assert sums_of([]) == Sums(Decimal("0.00"), Decimal("0.00"))


@given(st.lists(lines, max_size=8), st.integers(0, 8))
def test_parts_of_a_basket_together_are_the_whole(basket: list[PricedLine], at: int) -> None:
    whole, parts = sums_of(basket), (sums_of(basket[:at]), sums_of(basket[at:]))
    assert sum((part.total for part in parts), Decimal(0)) == whole.total
    assert sum((part.vat for part in parts), Decimal(0)) == whole.vat


@given(lines)
def test_vat_is_less_than_the_total(one: PricedLine) -> None:
    assert Decimal(0) <= one.vat < one.total
