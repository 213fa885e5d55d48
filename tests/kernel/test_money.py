"""Rounding in one place, exact splits, and columns that refuse instead of repairing."""

from decimal import ROUND_DOWN, Decimal, localcontext
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from orders.models import Order
from portal.kernel.money import (
    MoneyField,
    RateField,
    floor_tenge,
    floor_tiyn,
    format_money,
    is_in_tiyn,
    proportional_sum,
    round_tenge,
    round_tiyn,
    split_by_largest_remainder,
    vat_inside,
)
from workshops.models import ProductOffer

sums = st.decimals("-99999999", "99999999", places=4, allow_nan=False)


@pytest.mark.parametrize(
    ("amount", "tiyn", "tenge", "floor"),
    [
        ("1.005", "1.01", "1.00", "1.00"),
        ("0.5", "0.50", "1.00", "0.00"),
        ("2.5", "2.50", "3.00", "2.00"),
        ("-2.5", "-2.50", "-3.00", "-2.00"),
        ("0.004", "0.00", "0.00", "0.00"),
        ("999999999999.995", "1000000000000.00", "1000000000000.00", "999999999999.00"),
    ],
)
def test_rounding_is_half_up(amount, tiyn, tenge, floor):
    value = Decimal(amount)
    assert round_tiyn(value) == Decimal(tiyn)
    assert round_tenge(value) == Decimal(tenge)
    assert floor_tenge(value) == Decimal(floor)
    assert -round_tenge(value).as_tuple().exponent == 2


def test_fractions_are_rounded_exactly():
    assert round_tiyn(Fraction(1, 3)) == Decimal("0.33")
    assert round_tiyn(Fraction(2, 3)) == Decimal("0.67")
    assert round_tenge(Fraction(1, 2)) == Decimal(1)


def by_hand(amount, quantum, *, is_cut=False):
    """Rounding as a fraction, without Decimal's own quantize."""
    whole, rest = divmod(abs(Fraction(amount)), Fraction(quantum))
    if not is_cut and rest * 2 >= Fraction(quantum):
        whole += 1
    return (-whole if amount < 0 else whole) * Fraction(quantum)


@given(amount=st.decimals("-1e30", "1e30", places=6, allow_nan=False))
def test_rounding_is_exact_for_any_sum(amount):
    assert round_tiyn(amount) == by_hand(amount, "0.01")
    assert round_tenge(amount) == by_hand(amount, 1)
    assert floor_tenge(amount) == by_hand(amount, 1, is_cut=True)
    assert floor_tiyn(amount) == by_hand(amount, "0.01", is_cut=True)
    assert round_tiyn(Fraction(amount)) == round_tiyn(amount)


@given(amount=sums)
def test_a_rounded_sum_has_two_places_and_no_sign_on_zero(amount):
    for rounded in (round_tiyn(amount), round_tenge(amount), floor_tenge(amount)):
        assert str(rounded)[-3] == "."
        assert rounded != 0 or str(rounded) == "0.00"


def test_neither_precision_nor_rounding_of_the_context_gets_in_the_way():
    with localcontext(prec=5, rounding=ROUND_DOWN):
        assert str(round_tiyn(Decimal("123456789012345678901234567890.125")))[-6:] == "890.13"
        assert str(proportional_sum(Decimal("1234567.89"), 1_000_000, 3)) == "411522630000.00"


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_no_money(amount):
    with pytest.raises(ValueError, match="finite"):
        round_tiyn(Decimal(amount))


@given(
    rate=st.decimals("0", "999999999999.99", places=2),
    quantity=st.integers(0, 10**9),
    per=st.integers(1, 10**6),
)
def test_a_proportional_sum_is_rounded_once(rate, quantity, per):
    assert proportional_sum(rate, quantity, per) == by_hand(Fraction(rate) * quantity / per, "0.01")


@pytest.mark.parametrize(
    ("rate", "quantity", "per", "amount"),
    [
        ("2500.00", 290, 7, "103571.43"),
        ("600.00", 4750, 60, "47500.00"),
        ("0.01", 1, 2, "0.01"),
        ("0.01", 1, 3, "0.00"),
        ("0.00", 5, 3, "0.00"),
    ],
)
def test_a_proportional_sum_by_hand(rate, quantity, per, amount):
    assert str(proportional_sum(Decimal(rate), quantity, per)) == amount


@pytest.mark.parametrize(
    ("amount", "is_whole"),
    [("1.5", True), ("1.50000", True), ("0", True), ("1E+3", True), ("1.005", False)],
)
def test_a_sum_in_tiyn_has_nothing_finer(amount, is_whole):
    assert is_in_tiyn(Decimal(amount)) is is_whole


def test_a_float_is_no_money():
    with pytest.raises(TypeError):
        round_tiyn(1.1)


@given(amount=sums)
def test_postgresql_rounds_the_same(django_db_blocker, django_db_setup, amount):
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT round(%s::numeric, 2)", [amount])
        assert cursor.fetchone()[0] == round_tiyn(amount)


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        ("100", [1, 1, 1], ["34", "33", "33"]),
        ("67237", [300000, 100000], ["50428", "16809"]),
        ("0", [1, 2], ["0", "0"]),
        ("7", [0, 1], ["0", "7"]),
    ],
)
def test_split_gives_the_rest_to_the_largest_remainder(total, weights, parts):
    got = split_by_largest_remainder(Decimal(total), weights)
    assert got == [Decimal(part) for part in parts]


@given(
    total=st.integers(0, 10**9),
    weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=8).filter(any),
)
def test_split_loses_nothing_and_stays_near_the_share(total, weights):
    parts = split_by_largest_remainder(Decimal(total).scaleb(-2), weights, Decimal("0.01"))
    assert sum(parts) == Decimal(total).scaleb(-2)
    for part, weight in zip(parts, weights, strict=True):
        exact = Fraction(total, 100) * weight / sum(weights)
        assert abs(Fraction(part) - exact) < Fraction(1, 100)


@pytest.mark.parametrize("weights", [[], [0, 0], [-1, 2]])
def test_split_refuses_weights_without_a_sense(weights):
    with pytest.raises(ValueError, match=r"weights|empty"):
        split_by_largest_remainder(Decimal(1), weights)


def test_split_refuses_a_total_finer_than_the_quantum():
    with pytest.raises(ValueError, match="quanta"):
        split_by_largest_remainder(Decimal("1.5"), [1, 1])


def test_vat_is_taken_out_of_the_price():
    assert vat_inside(Decimal("185000.00"), Decimal("0.16")) == Decimal("25517.24")
    assert vat_inside(Decimal("112.00"), Decimal("0.12")) == Decimal("12.00")


@pytest.mark.parametrize(
    ("amount", "printed"),
    [("85000", "85 000,00"), ("-1234567.5", "−1 234 567,50"), ("0", "0,00")],
)
def test_sums_are_printed_with_no_break_spaces(amount, printed):
    assert format_money(Decimal(amount)) == printed.replace(" ", "\N{NO-BREAK SPACE}")


def test_the_sign_follows_a_no_break_space():
    assert format_money(Decimal(1), "₸") == "1,00\N{NO-BREAK SPACE}₸"


@pytest.mark.parametrize("field", [MoneyField(), RateField()])
@pytest.mark.parametrize("value", [1.1, Decimal("0.00001"), Decimal("NaN"), Decimal("Infinity")])
def test_the_column_refuses_what_it_cannot_keep(field, value):
    with pytest.raises(ValidationError):
        field.to_python(value)
    with pytest.raises(ValidationError):
        field.get_db_prep_save(value, connection)


def test_the_column_takes_money():
    assert MoneyField().to_python("12.30") == Decimal("12.30")
    assert RateField().to_python(Decimal("0.0350")) == Decimal("0.035")
    assert MoneyField().to_python(None) is None


def test_a_third_decimal_is_refused_on_save(cast):
    cast.offer.price = Decimal("1.005")
    with pytest.raises(ValidationError), transaction.atomic():
        cast.offer.save()
    assert ProductOffer.objects.get().price == Decimal("185000.00")


def test_money_columns_are_numeric_14_2():
    assert Order._meta.get_field("total").db_type(connection) == "numeric(14, 2)"
    assert MoneyField().deconstruct()[3] == {}
