"""What holds for every month of pay, tried on invented cases of all kinds."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from inmates.pay_values import Explanation, PayCase, Worker
from inmates.payroll import calculate
from tests.inmates.pay_builders import alimony, claim, fixed_alimony, law_of
from tests.inmates.second_opinion import second_opinion

PERIODS = [date(year, month, 1) for year in (2024, 2025, 2026) for month in (1, 2, 10, 12)]
NOT_MONEY = {"writs", "explanations"}
DEAREST_TENGE = 3


def money(largest: str) -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=0, max_value=Decimal(largest), places=2)


grosses = st.one_of(
    money("200000"), money("6000000"), money("1000000000000"), st.sampled_from([Decimal("0.00")])
)
workers = st.builds(
    Worker,
    category=st.sampled_from(["convict", "convict_minimum_security", "free"]),
    born_on=st.dates(date(1940, 1, 1), date(2008, 1, 1)),
    pension=st.sampled_from(["none", "none", "none", "age", "service"]),
    disability_group=st.sampled_from([None, None, None, 1, 2, 3]),
)
cases = st.builds(
    PayCase,
    period=st.sampled_from(PERIODS),
    worker=workers,
    regime=st.sampled_from(["general", "simplified"]),
    gross=grosses,
    ytd_taxable=st.one_of(st.just(Decimal("0.00")), money("50000000")),
    basic_deduction=st.booleans(),
    deduction_given=st.one_of(st.just(Decimal("0.00")), money("150000")),
    unused_deduction=st.one_of(st.just(Decimal("0.00")), money("1500000")),
    month_of_hire_or_dismissal=st.booleans(),
)


def calculated(case):
    return calculate(case, law_of(case.period))


@settings(max_examples=400, deadline=None)
@given(cases)
def test_a_second_opinion_agrees(case):
    result = calculated(case)

    assert {line: getattr(result, line) for line in second_opinion(case)} == second_opinion(case)


@settings(max_examples=200, deadline=None)
@given(cases)
def test_parts_sum_to_gross(case):
    case = replace(case, writs=(alimony("child", "1/4"), claim("debt", "100000.25", 4)))

    result = calculated(case)

    parts = result.opv + result.vosms + result.ipn + result.withheld_by_writs + result.to_account
    assert parts == result.gross == case.gross
    assert result.withheld_by_writs == sum(writ.withheld for writ in result.writs)
    assert result.net == result.gross - result.opv - result.vosms - result.ipn


@settings(max_examples=200, deadline=None)
@given(cases)
def test_nothing_is_negative_and_every_sum_has_two_places(case):
    result = calculated(case)

    for field in fields(result):
        if field.name not in NOT_MONEY:
            amount = getattr(result, field.name)
            assert amount >= 0
            assert amount.as_tuple().exponent == -2, field.name


@settings(max_examples=200, deadline=None)
@given(cases)
def test_nothing_is_above_its_cap(case):
    result, law = calculated(case), law_of(case.period)

    assert result.opv <= law.opv_income_cap * law.opv_rate
    assert result.vosms <= law.vosms_cap * law.vosms_rate
    assert result.oosms <= law.oosms_cap * law.oosms_rate
    assert result.so <= law.so_base_max * law.so_rate
    assert result.opvr <= law.opvr_income_cap * law.opvr_rate
    assert result.deduction_used <= law.ipn_basic_deduction
    assert result.unused_deduction_used <= case.unused_deduction


@settings(max_examples=200, deadline=None)
@given(cases)
def test_taxes_are_whole_tenge(case):
    result = calculated(case)

    for line in ("opv", "vosms", "ipn", "so", "oosms", "opvr", "social_tax"):
        assert getattr(result, line) == int(getattr(result, line))


@settings(max_examples=400, deadline=None)
@given(cases)
@example(PayCase(PERIODS[0], Worker("free", date(1990, 1, 1)), "general", Decimal("92299.50")))
def test_one_more_tenge_never_costs_more_than_three(case):
    """But at the step of the relief, where the law itself takes thousands."""
    relief = law_of(case.period).ipn_low_wage_relief
    more = replace(case, gross=case.gross + 1)
    if relief is not None:
        assume(not case.gross <= relief.income_up_to < more.gross)

    assert calculated(more).net >= calculated(case).net - DEAREST_TENGE


@settings(max_examples=100, deadline=None)
@given(cases, money("1000000"))
def test_a_larger_deduction_never_raises_the_tax(case, more):
    eased = replace(case, unused_deduction=case.unused_deduction + more)

    assert calculated(eased).ipn <= calculated(case).ipn


@settings(max_examples=100, deadline=None)
@given(cases, grosses)
def test_splitting_the_year_into_months_costs_the_same(case, second):
    """The progressive rate goes by the year: two months one after the other meet one limit."""
    case = replace(case, period=date(2026, 10, 1))
    first = calculated(case)
    later = replace(case, gross=second, ytd_taxable=case.ytd_taxable + first.taxable)

    ipn = first.ipn + calculated(later).ipn

    assert abs(ipn - _year_tax(case.ytd_taxable, first.taxable + calculated(later).taxable)) <= 1


def _year_tax(before, taxable):
    threshold = Decimal(36762500)

    def tax(total):
        return total * Decimal("0.10") + max(Decimal(0), total - threshold) * Decimal("0.05")

    return tax(before + taxable) - tax(before)


@settings(max_examples=100, deadline=None)
@given(cases)
def test_the_same_case_gives_the_same_result(case):
    assert calculated(case) == calculated(case)


@settings(max_examples=100, deadline=None)
@given(cases)
def test_explanations_are_plain(case):
    case = replace(case, writs=(fixed_alimony("child", "10000.50"), claim("debt", "5.00", 1)))

    for one in calculated(case).explanations:
        assert isinstance(one, Explanation)
        assert all(type(value) in {str, int} for value in one.arguments.values())
        assert all(hasattr(law_of(case.period), code) for code in one.parameters)
