"""Which rows are in force on a day, and that the shipped rows are whole and agree."""

import copy
from collections import defaultdict
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from django.utils import translation

from inmates.parameters import (
    PARAMETER_CODES,
    ParameterMissing,
    ParameterUnusable,
    last_day_of_month,
    parameters_in_force,
)
from inmates.shipped_parameters import read_shipped_parameters

ROWS = read_shipped_parameters()
ROW_KEYS = {
    "code",
    "effective_from",
    "effective_to",
    "value",
    "unit",
    "source",
    "confidence",
    "note",
}


def rows_with(code, on, **changes):
    """The shipped rows with the row of `code` in force on `on` changed."""
    rows = copy.deepcopy(ROWS)
    for row in rows:
        ends = row["effective_to"] or "9999-12-31"
        if row["code"] == code and row["effective_from"] <= on < ends:
            row.update(changes)
    return rows


@pytest.mark.parametrize(
    ("day", "mrp", "opvr", "so"),
    [
        (date(2024, 1, 1), 3692, "0.015", "0.035"),
        (date(2024, 12, 31), 3692, "0.015", "0.035"),
        (date(2025, 1, 1), 3932, "0.025", "0.05"),
        (date(2026, 12, 31), 4325, "0.035", "0.05"),
    ],
)
def test_rows_in_force_on_a_day(day, mrp, opvr, so):
    law = parameters_in_force(ROWS, day)

    assert (law.on, law.mrp) == (day, mrp)
    assert (law.opvr_rate, law.so_rate) == (Decimal(opvr), Decimal(so))


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2027, 1, 1), date(2028, 6, 30)])
def test_a_month_without_its_budget_amounts_is_refused(day):
    with pytest.raises(ParameterMissing) as refused:
        parameters_in_force(ROWS, day)

    assert refused.value.code == "mzp"
    assert refused.value.on == day
    assert "mzp" in str(refused.value)


@pytest.mark.parametrize("code", PARAMETER_CODES)
def test_every_parameter_is_missed(code):
    rows = [row for row in ROWS if row["code"] != code]

    with pytest.raises(ParameterMissing) as refused:
        parameters_in_force(rows, date(2026, 10, 31))

    assert refused.value.code == code


def test_dates_of_rows_may_be_dates():
    rows = copy.deepcopy(ROWS)
    for row in rows:
        row["effective_from"] = date.fromisoformat(row["effective_from"])
        row["effective_to"] = row["effective_to"] and date.fromisoformat(row["effective_to"])

    day = date(2025, 6, 30)
    assert parameters_in_force(rows, day) == parameters_in_force(ROWS, day)


def test_two_rows_in_force_are_refused():
    row = next(row for row in ROWS if row["code"] == "mzp")

    with pytest.raises(ParameterUnusable) as refused:
        parameters_in_force([*ROWS, row], date.fromisoformat(row["effective_from"]))
    with translation.override("ru"):
        assert str(refused.value) == (
            "Параметр mzp нельзя применить на 2024-01-01: действуют сразу две строки."
        )


@pytest.mark.parametrize(("language", "word"), [("ru", "нет значения"), ("kk", "мәні жоқ")])
def test_a_missing_parameter_is_told_in_the_readers_language(language, word):
    with translation.override(language):
        assert word in str(ParameterMissing("mrp", date(2027, 1, 31)))


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("mzp", 85000.5),
        ("mzp", True),
        ("mzp", "many"),
        ("mzp", "NaN"),
        ("mzp", -1),
        ("mzp", None),
        ("opv_rate", "10"),
        ("ipn_basic_deduction_mrp", "14.5"),
        ("opvr_born_before_exempt", "1975-13-01"),
        ("social_tax_minus_so", "yes"),
        ("convict_living_minimum_floor", {"except": []}),
        ("payment_rounding", "thousands"),
        ("tax_code", "1999"),
        ("ipn_brackets", []),
        ("ipn_brackets", [{"up_to": 1, "rate": "0.10"}]),
        ("ipn_brackets", [{"up_to": None, "rate": "0.10"}, {"up_to": None, "rate": "0.15"}]),
        (
            "ipn_brackets",
            [
                {"up_to": 2, "rate": "0.1"},
                {"up_to": 1, "rate": "0.2"},
                {"up_to": None, "rate": "0.3"},
            ],
        ),
        ("ipn_low_wage_relief", {"income_up_to": 1}),
    ],
)
def test_a_value_of_a_wrong_kind_is_refused(code, value):
    rows = rows_with(code, "2026-10-31", value=value)

    with pytest.raises(ParameterUnusable) as refused:
        parameters_in_force(rows, date(2026, 10, 31))

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("period", "last"),
    [
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2025, 2, 1), date(2025, 2, 28)),
        (date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_month_is_paid_by_its_last_day(period, last):
    assert last_day_of_month(period) == last


# The shipped file.


def test_shipped_rows_have_all_keys_and_a_source():
    for row in ROWS:
        assert set(row) == ROW_KEYS
        assert 0 < len(row["source"]) <= 300
        assert 0 < len(row["confidence"]) <= 80
        assert 0 < len(row["unit"]) <= 40
        assert len(row["note"]) <= 300


def test_shipped_periods_of_a_code_do_not_overlap():
    periods = defaultdict(list)
    for row in ROWS:
        periods[row["code"]].append((row["effective_from"], row["effective_to"] or "9999-12-31"))
    for code, spans in periods.items():
        ordered = sorted(spans)
        assert all(start < end for start, end in ordered), code
        for (_start, end), (later, _end) in pairwise(ordered):
            assert end <= later, code


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_sums_agree_with_the_indices_they_come_from(year):
    law = parameters_in_force(ROWS, date(year, 10, 31))

    employee, employer = (20, 40) if year == 2026 else (10, 10)
    assert law.opv_income_cap == law.opvr_income_cap == 50 * law.mzp
    assert law.opvr_income_min == law.so_base_min == law.mzp
    assert law.so_base_max == 7 * law.mzp
    assert (law.vosms_cap, law.oosms_cap) == (employee * law.mzp, employer * law.mzp)
    assert law.social_tax_base_min == 14 * law.mrp
    assert law.ipn_basic_deduction == law.ipn_basic_deduction_mrp * law.mrp
    if law.ipn_low_wage_relief:
        assert law.ipn_low_wage_relief.income_up_to == 25 * law.mrp
    if year == 2026:
        assert law.ipn_brackets[0].up_to == 8500 * law.mrp


def test_announced_pension_rates_are_kept_for_later_years():
    rates = {row["effective_from"]: row["value"] for row in ROWS if row["code"] == "opvr_rate"}

    assert rates["2027-01-01"] == "0.045"
    assert rates["2028-01-01"] == "0.05"
