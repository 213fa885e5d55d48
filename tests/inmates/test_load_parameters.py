"""The law's figures in the table, and how their page writes them."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import translation

from inmates.models import PayParameter
from inmates.parameters import parameters_in_force
from inmates.presenters.parameter_words import CONFIDENCES, TITLES
from inmates.presenters.parameters import parameter_groups, shown_value
from inmates.selectors.payroll import parameters_by_code
from inmates.selectors.payroll_inputs import parameter_rows_on
from inmates.services.parameters import load_pay_parameters
from inmates.shipped_parameters import read_shipped_parameters
from portal.kernel.errors import ConstraintRefused

TODAY = date(2026, 11, 22)


def test_every_shipped_parameter_is_entered_once(db: None) -> None:
    shipped = len(read_shipped_parameters())
    assert load_pay_parameters() == shipped
    assert load_pay_parameters() == 0
    assert PayParameter.objects.count() == shipped


def test_the_table_gives_the_engine_what_the_file_gives(db: None) -> None:
    load_pay_parameters()
    for on in (date(2024, 6, 30), date(2025, 6, 30), date(2026, 10, 31)):
        stored = parameters_in_force(parameter_rows_on(on), on)
        assert stored == parameters_in_force(read_shipped_parameters(), on)


def test_what_an_administrator_entered_stays(db: None) -> None:
    load_pay_parameters()
    PayParameter.objects.filter(code="mrp", effective_from="2026-01-01").update(value=4400)
    load_pay_parameters()
    assert PayParameter.objects.get(code="mrp", effective_from="2026-01-01").value == 4400


def test_a_row_that_overlaps_refuses_the_whole(db: None) -> None:
    PayParameter.objects.create(
        code="mrp", value=1, effective_from="2025-06-01", source="own", confidence="computed"
    )
    with pytest.raises(ConstraintRefused):
        load_pay_parameters()
    assert PayParameter.objects.count() == 1


def test_the_command_says_how_many(db: None) -> None:
    out = StringIO()
    call_command("load_pay_parameters", stdout=out)
    assert out.getvalue() == f"{len(read_shipped_parameters())} pay parameters entered\n"


def test_every_shipped_parameter_has_a_title_and_known_words(db: None) -> None:
    rows = read_shipped_parameters()
    assert {row["code"] for row in rows} == set(TITLES)
    load_pay_parameters()
    groups = parameter_groups(parameters_by_code(), TODAY)
    assert [group["code"] for group in groups] == list(TITLES)
    words = {str(word) for word in CONFIDENCES.values()}
    for group in groups:
        assert sum(row["is_in_force"] for row in group["rows"]) <= 1
        for row in group["rows"]:
            assert set(row["confidence"].split(", ")) <= words


@pytest.mark.parametrize(
    ("code", "value", "unit", "shown"),
    [
        ("mrp", 4325, "KZT", "4 325,00 ₸"),
        ("opvr_rate", "0.035", "share", "3,5 %"),
        ("convict_upkeep_deduction", None, "rule", "none"),
        ("social_tax_minus_so", True, "bool", "yes"),
        ("social_tax_minus_so", False, "bool", "no"),
        ("ipn_basic_deduction_mrp", 30, "MRP/month", "30"),
        ("opvr_born_before_exempt", "1975-01-01", "date", "1 Jan 1975"),
        ("payment_rounding", "tenge", "tenge | tiyn", "whole tenge"),
        ("tax_code", "2025", "year of adoption", "2025"),
        ("ipn_deduction_order", ["social_payments", "basic"], "list",
         "social payments; basic deduction"),
        ("alimony_shares", {"1": "1/4"}, "share of net", "one child — 1/4"),
        ("convict_living_minimum_floor", {"applies": False}, "rule", "no"),
        ("convict_living_minimum_floor", {"applies": True}, "rule", "yes, but not against queue 1"),
        ("ipn_low_wage_relief", {"income_up_to": 98300, "taxable_multiplier": "0.1"}, "rule",
         "up to 98 300,00 ₸ only 10 % of the income is taxed"),
        ("ipn_brackets", [{"up_to": 100, "rate": "0.10"}, {"up_to": None, "rate": "0.15"}],
         "annual taxable income", "10 % up to 100,00 ₸ a year; 15 %"),
    ],
)  # fmt: skip
def test_values_are_written_as_people_write_them(
    code: str, value: object, unit: str, shown: str
) -> None:
    with translation.override("en"):
        assert shown_value(code, value, unit).replace("\N{NO-BREAK SPACE}", " ") == shown
