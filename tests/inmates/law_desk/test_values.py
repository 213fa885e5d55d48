"""A value of the law as it is typed and as it is kept."""

from datetime import date
from decimal import Decimal

import pytest

from inmates.law_desk import values
from inmates.law_desk.refusals import ValueUnusable
from inmates.law_desk.values import check_value, is_same, shape_of, to_stored, to_typed
from inmates.shipped_parameters import read_shipped_parameters

SHIPPED = read_shipped_parameters()


@pytest.mark.parametrize(
    ("value", "unit", "shape"),
    [
        (True, "switch", values.FLAG),
        (None, "share", values.STRUCTURE),
        ([{"up_to": None, "rate": "0.10"}], "share", values.STRUCTURE),
        ("0.105", "share of gross", values.SHARE),
        (85000, "KZT", values.MONEY),
        (24, "calendar days", values.NUMBER),
        ("165.33", "hours/month", values.NUMBER),
        ("1975-01-01", "date", values.DAY),
        ("tenge", "tenge | tiyn", values.WORD),
    ],
)
def test_the_present_value_tells_how_a_new_one_is_typed(value, unit: str, shape: str):
    assert shape_of(value, unit) == shape


@pytest.mark.parametrize("row", SHIPPED, ids=lambda row: f"{row['code']}-{row['effective_from']}")
def test_every_shipped_value_comes_back_as_it_was(row: dict):
    """Typed and stored again it is the same figure, and the engine reads it."""
    shape = shape_of(row["value"], row["unit"])
    stored = to_stored(to_typed(row["value"], shape), shape, row["value"])
    assert type(stored) is type(row["value"])
    assert is_same(stored, row["value"])
    check_value(row["code"], stored)


@pytest.mark.parametrize(
    ("shape", "typed", "stored"),
    [
        (values.SHARE, Decimal("10.5"), "0.105"),
        (values.SHARE, Decimal(100), "1"),
        (values.MONEY, Decimal("92000.00"), 92000),
        (values.MONEY, Decimal("92000.50"), "92000.5"),
        (values.FLAG, "yes", True),
        (values.FLAG, "no", False),
        (values.DAY, date(1976, 1, 1), "1976-01-01"),
        (values.WORD, " tiyn ", "tiyn"),
        (values.STRUCTURE, '[{"up_to": null, "rate": 0.105}]', [{"up_to": None, "rate": "0.105"}]),
    ],
)
def test_what_is_typed_is_kept_without_losing_a_digit(shape: str, typed, stored):
    assert to_stored(typed, shape) == stored


@pytest.mark.parametrize("typed", ["", "{", "[1,]", "nul", "[" * 100_000])
def test_broken_json_is_named(typed: str):
    with pytest.raises(ValueUnusable):
        to_stored(typed, values.STRUCTURE)


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("opv_rate", "1.5"),
        ("opv_rate", "-0.1"),
        ("mzp", "NaN"),
        ("mzp", True),
        ("payment_rounding", "thousand"),
        ("ipn_brackets", []),
        ("ipn_brackets", [{"rate": "0.1"}]),
        ("full_shift_minutes", {"general": 0}),
        ("bailiff_fee_queue", 6),
        ("minimum_wage_top_up", "yes"),
    ],
)
def test_what_the_engine_cannot_read_is_refused(code: str, value):
    with pytest.raises(ValueUnusable):
        check_value(code, value)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("0.1", "0.10", True), (5, "5.0", True), ("0.1", "0.11", False), (True, False, False),
     (None, "0", False), (["a"], ["a"], True)],
)  # fmt: skip
def test_values_that_say_the_same(one, other, same: bool):
    assert is_same(one, other) is same


def test_what_the_engine_does_not_read_is_taken():
    check_value("vat_rate", "0.16")
