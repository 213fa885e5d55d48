"""A value of the law as it is typed and as it is kept."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from inmates.earning_law import READERS as EARNING_READERS
from inmates.law_desk import values
from inmates.law_desk.other_codes import DEDUCTIONS, WORDS
from inmates.law_desk.other_codes import READERS as OTHER_READERS
from inmates.law_desk.refusals import ValueUnusable
from inmates.law_desk.shapes import SHAPES
from inmates.law_desk.values import STRUCTURE, check_value, is_same, shape_of, to_stored, to_typed
from inmates.parameters import READERS as PAY_READERS
from inmates.presenters.parameter_words import VALUES
from inmates.questions.selectors import ANSWER_WORKDAYS
from inmates.queueing import NEAR_RELEASE, WEIGHTS
from inmates.selectors.consents import OTHER_PLACE
from inmates.selectors.open_days import CORRECTION, FULL_SHIFT
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


UNSTORABLE = [
    "NaN", '{"a": Infinity}', "[-Infinity]", '"\\u0000"', '{"a\\u0000": 1}', '[["\\ud800"]]',
    '{"a": "\\udc00x"}',
]  # fmt: skip


@pytest.mark.parametrize("typed", ["", "{", "[1,]", "nul", "[" * 100_000, "1" * 5000, *UNSTORABLE])
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
        ("wage_question_workdays", 0),
        ("wage_question_workdays", 61),
        ("wage_question_workdays", "7.5"),
        ("wage_question_workdays", None),
        ("other_place_workdays", -1),
        ("shift_correction_days", {"days": 3}),
        ("queue_near_release_days", 0),
        ("queue_weights", {"trade": "15"}),
        ("queue_weights", 15),
        ("vat_rate", "16"),
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


def test_what_nothing_reads_is_taken():
    check_value("writ_queue_5", "all other, and more")


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("convict_opv", "withold"),
        ("convict_so", "withhold"),
        ("alimony_shares", {"1": "1/4", "2": "1/3"}),
        ("alimony_shares", {"1": "1/4", "2": "1/3", "3+": "5/2"}),
        ("alimony_shares", {"1": "1/0", "2": "1/3", "3+": "1/2"}),
        ("alimony_shares", None),
        ("ipn_deduction_order", ["social_payments", "basic"]),
        ("ipn_deduction_order", ["basic", "basic", "social"]),
        ("ipn_deduction_order", "basic"),
        ("ipn_social_deduction_mrp_year", {"disabled_1_2": 5000}),
        ("ipn_social_deduction_mrp_year", {"disabled_1_2": "x", "disabled_3_and_others": 1}),
        ("convict_upkeep_deduction", "1.5"),
        ("convict_guaranteed_minimum_share", {"share": 1}),
    ],
)
def test_a_word_or_a_shape_that_says_nothing_is_refused(code: str, value: Any) -> None:
    with pytest.raises(ValueUnusable):
        check_value(code, value)


def test_a_wrong_shape_names_what_is_allowed() -> None:
    with translation.override("ru"), pytest.raises(ValueUnusable) as refused:
        check_value("ipn_deduction_order", ["basic"])
    for name in DEDUCTIONS:
        assert f"«{name}»" in str(refused.value)
    with translation.override("ru"), pytest.raises(ValueUnusable) as refused:
        check_value("convict_living_minimum_floor", ["applies"])
    assert "«true» или «false»" in str(refused.value)


def test_every_value_typed_as_json_says_what_it_may_be() -> None:
    typed = {row["code"] for row in SHIPPED if shape_of(row["value"], row["unit"]) == STRUCTURE}
    assert typed == set(SHAPES)


def test_every_shipped_word_is_among_those_offered_and_has_its_name() -> None:
    for row in SHIPPED:
        if row["code"] in WORDS:
            assert row["value"] in WORDS[row["code"]]
    words = {word for offered in WORDS.values() for word in offered if not word.isdecimal()}
    assert words <= set(VALUES)


@pytest.mark.parametrize("days", [1, 15, 60, "60"])
def test_a_clock_of_whole_days_is_taken(days: int | str):
    check_value("wage_question_workdays", days)


def test_every_shipped_value_is_one_that_could_be_proposed():
    for row in SHIPPED:
        check_value(row["code"], row["value"])


def test_what_is_read_somewhere_has_its_reader():
    """Codes that a page or a service asks for by name: an unreadable value would stop it."""
    asked_for = {ANSWER_WORKDAYS, OTHER_PLACE, CORRECTION, FULL_SHIFT, WEIGHTS, NEAR_RELEASE}
    assert asked_for <= set(values.READERS)
    assert not set(OTHER_READERS) & (set(PAY_READERS) | set(EARNING_READERS))


def test_an_emoji_is_no_half_sign():
    assert to_stored('{"a": "\\ud83d\\ude00"}', values.STRUCTURE) == {"a": "😀"}


@pytest.mark.parametrize("language", ["ru", "kk"])
@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("vosms_rate", "1.01"),
        ("mzp", "-1"),
        ("ipn_brackets", [{"up_to": None, "rate": "0.1"}, {"up_to": None, "rate": "0.2"}]),
        ("ipn_brackets", {"nothing": 1}),
        ("tax_code", "1999"),
        ("wage_question_workdays", "61"),
        ("queue_near_release_days", "0"),
        ("queue_weights", {"one": 1}),
    ],
)
def test_what_is_wrong_is_said_in_the_readers_language(
    language: str, code: str, value: Any
) -> None:
    with pytest.raises(ValueUnusable) as refused, translation.override(language):
        check_value(code, value)
    with translation.override(language):
        # What is typed as it stands, a name or a word of JSON, is in quotation marks.
        told = re.sub("«[^»]*»", "", str(refused.value)).replace("JSON", "")
        assert not re.search(r"[A-Za-z]{3}", told)


def test_json_that_is_none_names_its_place() -> None:
    with pytest.raises(ValueUnusable, match="строку 2, знак 3"):
        to_stored('{"a":\n  oops}', STRUCTURE)
