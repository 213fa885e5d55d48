"""The month's arithmetic: the published and worked examples, then who pays what, line by line."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from inmates.pay_cases import read_pay_cases, result_as_json
from inmates.payroll import calculate
from tests.inmates.pay_builders import (
    CONVICT,
    FREE,
    OCTOBER_2024,
    OCTOBER_2025,
    OCTOBER_2026,
    codes_of,
    law_of,
    pay,
    pay_case,
)

EXAMPLES = (Path(__file__).parent / "data" / "pay_examples.json").read_bytes()
EXPECTED = {case["id"]: case["expected"] for case in json.loads(EXAMPLES)}


@pytest.mark.parametrize("named", read_pay_cases(EXAMPLES), ids=lambda named: named.id)
def test_example_holds_to_the_tenge(named):
    result = result_as_json(named.id, calculate(named.case, law_of(named.case.period)))

    expected = EXPECTED[named.id]
    assert {key: result[key] for key in expected} == expected


def test_examples_are_all_there():
    assert len(EXPECTED) == 30


WORKERS = {
    "convict": CONVICT,
    "minimum_security": replace(CONVICT, category="convict_minimum_security"),
    "free": FREE,
    "disabled_1": replace(CONVICT, disability_group=1),
    "disabled_2": replace(FREE, disability_group=2),
    "disabled_3": replace(CONVICT, disability_group=3),
    "pension_age": replace(FREE, pension="age", born_on=date(1950, 1, 1)),
    "pension_service": replace(CONVICT, pension="service"),
    "born_1974": replace(CONVICT, born_on=date(1974, 12, 31)),
}


@pytest.mark.parametrize(
    ("who", "opv", "vosms", "oosms", "so", "opvr"),
    [
        ("convict", "20000", "0", "6000", "9000", "7000"),
        ("minimum_security", "20000", "4000", "6000", "9000", "7000"),
        ("free", "20000", "4000", "6000", "9000", "7000"),
        ("disabled_1", "0", "0", "0", "10000", "0"),
        ("disabled_2", "0", "0", "0", "10000", "0"),
        ("disabled_3", "20000", "0", "0", "9000", "7000"),
        ("pension_age", "0", "0", "0", "0", "0"),
        ("pension_service", "0", "0", "0", "10000", "0"),
        ("born_1974", "20000", "0", "6000", "9000", "0"),
    ],
)
def test_who_pays_what(who, opv, vosms, oosms, so, opvr):
    result = pay("200000.00", worker=WORKERS[who])

    found = (result.opv, result.vosms, result.oosms, result.so, result.opvr)
    assert found == tuple(Decimal(amount) for amount in (opv, vosms, oosms, so, opvr))


@pytest.mark.parametrize("who", sorted(WORKERS))
@pytest.mark.parametrize("gross", ["0.00", "0.01", "85000.00", "5000000.00"])
@pytest.mark.parametrize("period", [OCTOBER_2024, OCTOBER_2025, OCTOBER_2026])
def test_every_line_is_explained(who, gross, period):
    result = pay(gross, worker=WORKERS[who], period=period)

    lines = {one.line for one in result.explanations}
    assert lines == {"opv", "vosms", "ipn", "so", "oosms", "opvr", "social_tax", "to_account"}


@pytest.mark.parametrize("period", [OCTOBER_2024, OCTOBER_2026])
def test_month_without_a_wage_is_all_zero(period):
    result = pay("0.00", period=period, basic_deduction=False)

    amounts = [
        result.opv,
        result.vosms,
        result.ipn,
        result.net,
        result.so,
        result.oosms,
        result.opvr,
        result.social_tax,
        result.taxable,
        result.to_account,
    ]
    assert amounts == [0] * 10
    assert codes_of(result, "so") == ["no_income"]


def test_arguments_are_plain_values():
    result = pay("85000.00", worker=FREE, period=OCTOBER_2025)

    for one in result.explanations:
        assert json.loads(json.dumps(dict(one.arguments))) == one.arguments


# Limits of the bases.


def test_bases_keep_their_minimum_in_a_part_month():
    result = pay("10000.00")

    assert (result.so, result.opvr, result.social_tax) == (4250, 2975, 3633)
    assert codes_of(result, "so") == ["rate_of_lowest_base"]
    assert codes_of(result, "opvr") == ["rate_of_lowest_base"]
    assert codes_of(result, "social_tax") == ["rate_of_lowest_base"]


def test_bases_stop_at_their_caps_in_2025():
    result = pay("5000000.00", worker=FREE, period=OCTOBER_2025)

    assert (result.opv, result.vosms, result.oosms) == (425000, 17000, 25500)
    assert (result.so, result.opvr) == (29750, 106250)
    assert codes_of(result, "vosms") == ["rate_of_highest_base"]


@pytest.mark.parametrize(
    ("gross", "opv"), [("4250000.00", "425000"), ("4250005.00", "425000"), ("4249995.00", "425000")]
)
def test_pension_cap_is_reached_without_a_step(gross, opv):
    assert pay(gross).opv == Decimal(opv)


def test_social_insurance_is_clamped_after_the_pension_contribution():
    assert pay("100000.00").so == 4500  # (100 000 - 10 000) × 5 %
    assert pay("661111.00").so == 29750  # 595 000 × 5 %
    assert pay("94444.00").so == 4250  # 85 000 × 5 %


# Rounding.


def test_half_a_tenge_goes_up():
    assert pay("85005.00").opv == 8501  # 8 500.5
    assert pay("85004.99").opv == 8500


def test_net_keeps_tiyn_and_taxes_do_not():
    result = pay("150000.55", worker=FREE)

    assert (result.opv, result.vosms) == (15000, 3000)
    assert result.net == Decimal("150000.55") - 15000 - 3000 - result.ipn
    assert result.ipn == 225  # (150 000.55 - 15 000 - 3 000 - 129 750) × 10 % is 225.055


def test_social_tax_is_computed_from_the_rounded_social_insurance():
    # 85 006 × 3.5 % is 2 975.21, withheld as 2 975; 85 006 × 9.5 % - 2 975 is 5 100.57.
    assert pay("94451.00", period=OCTOBER_2024).social_tax == 5101


def test_relief_is_not_rounded_in_between():
    # 45 × 10 % × 10 % is 0.45; a relieved base rounded first would be 5 and give 1 tenge.
    assert pay("50.00", period=OCTOBER_2024, basic_deduction=False).ipn == 0


def test_tiyn_rounding_is_a_parameter():
    law = replace(law_of(OCTOBER_2026), payment_rounding="tiyn")

    result = calculate(pay_case("85005.55"), law)

    assert result.opv == Decimal("8500.56")
    assert result.net == Decimal("76504.99")


# Income tax.


def test_deduction_needs_an_application():
    with_it, without = pay("200000.00"), pay("200000.00", basic_deduction=False)

    assert (with_it.ipn, with_it.deduction_used) == (5025, 129750)
    assert (without.ipn, without.deduction_used) == (18000, 0)
    assert codes_of(without, "ipn") == ["ipn.no_application", "ipn.rate"]


def test_deduction_is_used_only_as_far_as_there_is_income():
    result = pay("85000.00")

    assert (result.taxable, result.deduction_used) == (0, 76500)
    assert codes_of(result, "ipn") == ["ipn.covered"]


def test_carried_deduction_is_used_after_the_own_one():
    result = pay("200000.00", unused_deduction=Decimal("50000.00"))

    assert (result.deduction_used, result.unused_deduction_used) == (129750, 50000)
    assert (result.taxable, result.ipn) == (250, 25)
    assert codes_of(result, "ipn") == ["ipn.deduction", "ipn.carried", "ipn.rate"]


def test_carried_deduction_is_left_alone_when_the_own_one_suffices():
    result = pay("85000.00", unused_deduction=Decimal("50000.00"))

    assert result.unused_deduction_used == 0
    assert codes_of(result, "ipn") == ["ipn.covered"]


def test_carried_deduction_is_an_input_of_its_own():
    """It was granted in an earlier month; an application missing now does not take it away."""
    result = pay("85000.00", basic_deduction=False, unused_deduction=Decimal("76500.00"))

    assert (result.deduction_used, result.unused_deduction_used, result.ipn) == (0, 76500, 0)
    assert codes_of(result, "ipn") == ["ipn.no_application", "ipn.carried", "ipn.nothing_left"]


@pytest.mark.parametrize(("gross", "ipn"), [("98300.00", "334"), ("98300.01", "3342")])
def test_relief_of_2025_goes_by_gross_inclusive(gross, ipn):
    assert pay(gross, period=OCTOBER_2025).ipn == Decimal(ipn)


def test_relief_also_helps_without_a_deduction():
    result = pay("85000.00", period=OCTOBER_2024, basic_deduction=False)

    assert result.ipn == 765
    assert codes_of(result, "ipn") == ["ipn.no_application", "ipn.relief", "ipn.rate"]


def test_there_is_no_relief_in_2026():
    assert pay("85000.00", basic_deduction=False).ipn == 7650


@pytest.mark.parametrize(
    ("ytd", "ipn", "codes"),
    [
        ("0.00", "77025", ["ipn.deduction", "ipn.rate"]),
        ("35992250.00", "77025", ["ipn.deduction", "ipn.rate"]),
        ("35992260.00", "77026", ["ipn.deduction", "ipn.rate", "ipn.rate", "ipn.above_threshold"]),
        ("36762500.00", "115538", ["ipn.deduction", "ipn.rate", "ipn.above_threshold"]),
        ("99000000.00", "115538", ["ipn.deduction", "ipn.rate", "ipn.above_threshold"]),
    ],
)
def test_progressive_rate_splits_the_month(ytd, ipn, codes):
    result = pay("1000000.00", ytd_taxable=Decimal(ytd))

    assert result.taxable == 770250
    assert result.ipn == Decimal(ipn)
    assert codes_of(result, "ipn") == codes


def test_flat_years_do_not_look_at_the_year():
    plain = pay("1000000.00", period=OCTOBER_2025)

    assert pay("1000000.00", period=OCTOBER_2025, ytd_taxable=Decimal("99000000.00")) == plain


# Social tax.


@pytest.mark.parametrize(
    ("period", "hired", "expected"),
    [
        (OCTOBER_2026, False, "3633"),  # 60 550 × 6 %
        (OCTOBER_2026, True, "1080"),  # 18 000 × 6 %
        (OCTOBER_2025, False, "1805"),  # 55 048 × 11 % - 4 250
        (OCTOBER_2025, True, "1805"),
    ],
)
def test_minimum_base_in_the_month_of_hire(period, hired, expected):
    result = pay("20000.00", period=period, month_of_hire_or_dismissal=hired)

    assert result.social_tax == Decimal(expected)


def test_waived_minimum_is_told_only_where_it_mattered():
    low = pay("20000.00", month_of_hire_or_dismissal=True)
    high = pay("200000.00", month_of_hire_or_dismissal=True)

    assert codes_of(low, "social_tax") == ["social_tax.rate", "social_tax.waived_minimum"]
    assert codes_of(high, "social_tax") == ["social_tax.rate"]


def test_social_tax_is_never_below_zero():
    law = replace(law_of(OCTOBER_2025), social_tax_base_min=Decimal(0))

    result = calculate(pay_case("1000.00", period=OCTOBER_2025), law)

    assert result.social_tax == 0
    assert codes_of(result, "social_tax") == ["social_tax.rate", "social_tax.covered_by_so"]


def test_simplified_regime_pays_no_social_tax_from_2026():
    result = pay("150000.00", regime="simplified")

    assert result.social_tax == 0
    assert codes_of(result, "social_tax") == ["social_tax.simplified"]


@pytest.mark.parametrize("period", [OCTOBER_2024, OCTOBER_2025])
def test_simplified_regime_is_computed_as_general_before_2026(period):
    general, simplified = (
        pay("150000.00", period=period, regime=regime) for regime in ("general", "simplified")
    )

    assert simplified == general


def test_social_tax_of_a_pensioner_has_nothing_to_subtract():
    result = pay("100000.00", period=OCTOBER_2025, worker=WORKERS["pension_age"])

    assert (result.so, result.social_tax) == (0, 11000)


# Long sums.


def test_long_sums_lose_no_digit():
    gross = "1" * 60 + ".37"

    result = pay(gross, worker=FREE)

    capped = 425000 + 34000
    withheld = int(result.opv) + int(result.vosms) + int(result.ipn)
    assert result.opv + result.vosms == capped
    assert f"{result.gross:f}" == gross
    assert f"{result.net:f}" == f"{int('1' * 60) - withheld}.37"


def test_a_trillion_is_exact():
    result = pay("1000000000000.01", basic_deduction=False)

    assert result.ipn == Decimal("149998098125")  # 36 762 500 × 10 % + the rest × 15 %
    assert result.net == Decimal("850001476875.01")
