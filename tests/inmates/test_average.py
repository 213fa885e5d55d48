"""Pay by average wage: the arithmetic alone, with numbers worked out by hand."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from inmates.average import (
    AVERAGE_PAY,
    IDLE,
    LEAVE,
    LEAVE_COMPENSATION,
    PAID_ABSENCES,
    SICK,
    History,
    Paid,
    Unused,
    absence_pay,
    calendar_days_taken,
    daily_by_hour,
    daily_by_month,
    days_due,
    exact_pay,
    leave_compensation,
)
from inmates.earning_law import EarningLaw, earning_law_in_force
from inmates.enums import AbsencePay
from inmates.explanations import explain_line
from inmates.shipped_parameters import read_shipped_parameters
from portal.kernel.money import NBSP

OCTOBER_31 = date(2026, 10, 31)
MRP = Decimal("4325")
NOTHING = History(Decimal("0.00"), 0)
LANGUAGES = ("ru", "kk", "en")


@pytest.fixture(scope="module")
def law() -> EarningLaw:
    return earning_law_in_force(read_shipped_parameters(), OCTOBER_31)


def money(amount: str) -> Decimal:
    return Decimal(amount)


def paid(kind: str, days: int, history: History, law: EarningLaw, *rates: Any) -> Paid | None:
    by_rate = [Fraction(rate) for rate in rates]
    return absence_pay(kind, days=days, history=history, by_rate=by_rate, law=law, mrp=MRP)


def amount(line: Paid | None) -> Decimal:
    assert line is not None
    return line.amount


# --- what the law says today ------------------------------------------------------------------
def test_the_shipped_law_is_that_of_the_design(law: EarningLaw) -> None:
    assert law.annual_leave_days == 24
    assert law.sick_pay_cap_mrp == 25
    assert law.idle_pay_share == money("0.5")


def test_the_kinds_of_absence_are_those_of_the_directory() -> None:
    assert set(PAID_ABSENCES) == set(AbsencePay.values)
    assert (LEAVE, SICK, IDLE, AVERAGE_PAY) == PAID_ABSENCES


# --- stories ----------------------------------------------------------------------------------
def test_a_week_of_leave_after_a_full_year(law: EarningLaw) -> None:
    """1 020 000,00 in 247 days is 4 129,5546… a day; five days are 20 647,7732… → 20 647,77."""
    line = paid(LEAVE, 5, History(money("1020000.00"), 247), law)
    assert (line.code, line.days, line.amount) == ("leave", 5, money("20647.77"))


def test_the_day_is_never_rounded_before_the_days_are_counted(law: EarningLaw) -> None:
    """100,00 in 3 days: a day is 33,333…, and three of them are 100,00 again, not 99,99."""
    history = History(money("100.00"), 3)
    assert amount(paid(LEAVE, 1, history, law)) == money("33.33")
    assert amount(paid(LEAVE, 2, history, law)) == money("66.67")
    assert amount(paid(LEAVE, 3, history, law)) == money("100.00")


def test_half_a_tiyn_goes_up(law: EarningLaw) -> None:
    """0,01 in two days is half a tiyn a day."""
    assert amount(paid(LEAVE, 1, History(money("0.01"), 2), law)) == money("0.01")


def test_a_medical_examination_is_average_pay_in_full(law: EarningLaw) -> None:
    """84 000,00 in 20 days: 4 200,00 for one day."""
    line = paid(AVERAGE_PAY, 1, History(money("84000.00"), 20), law)
    assert (line.code, line.amount) == ("average_pay", money("4200.00"))


def test_idle_time_is_half_of_the_average(law: EarningLaw) -> None:
    """84 000,00 in 20 days: three days are 12 600,00, half of them 6 300,00."""
    line = paid(IDLE, 3, History(money("84000.00"), 20), law)
    assert (line.code, line.amount) == ("idle", money("6300.00"))


def test_idle_time_is_halved_before_it_is_rounded(law: EarningLaw) -> None:
    """100,00 in 3 days: half of 33,333… is 16,666… → 16,67; half of 33,33 would be 16,665."""
    assert amount(paid(IDLE, 1, History(money("100.00"), 3), law)) == money("16.67")
    # 100,01 in 3 days: half of 33,33666… is 16,668… → 16,67.
    assert amount(paid(IDLE, 1, History(money("100.01"), 3), law)) == money("16.67")
    # 0,03 in 2 days: half of 0,015 is 0,0075 → 0,01; half of 0,02 is as much.
    assert amount(paid(IDLE, 1, History(money("0.03"), 2), law)) == money("0.01")
    # 0,01 in 1 day: half of it is 0,005 → 0,01.
    assert amount(paid(IDLE, 1, History(money("0.01"), 1), law)) == money("0.01")


def test_the_share_of_idle_time_is_a_parameter(law: EarningLaw) -> None:
    two_thirds = replace(law, idle_pay_share=money("0.6667"))
    line = paid(IDLE, 3, History(money("84000.00"), 20), two_thirds)
    assert amount(line) == money("8400.42")


def test_sick_pay_under_the_limit_is_average_pay(law: EarningLaw) -> None:
    """84 000,00 in 20 days: ten days are 42 000,00, far from 108 125,00."""
    line = paid(SICK, 10, History(money("84000.00"), 20), law)
    assert (line.code, line.amount) == ("sick", money("42000.00"))
    assert [one.code for one in line.explanations] == ["average.history"]


def test_sick_pay_ends_at_its_limit(law: EarningLaw) -> None:
    """300 000,00 in 21 days is 14 285,714… a day: eight days are 114 285,71, paid 108 125,00."""
    line = paid(SICK, 8, History(money("300000.00"), 21), law)
    assert line.amount == money("108125.00")
    assert [one.code for one in line.explanations] == ["average.history", "average.sick_cap"]


def test_the_limit_itself_is_paid_and_named_only_when_it_cuts(law: EarningLaw) -> None:
    at_the_limit = paid(SICK, 1, History(money("108125.00"), 1), law)
    assert at_the_limit.amount == money("108125.00")
    assert len(at_the_limit.explanations) == 1
    above = paid(SICK, 1, History(money("108125.01"), 1), law)
    assert above.amount == money("108125.00")
    assert len(above.explanations) == 2


def test_only_sickness_has_a_limit(law: EarningLaw) -> None:
    history = History(money("300000.00"), 1)
    assert amount(paid(LEAVE, 1, history, law)) == money("300000.00")
    assert amount(paid(AVERAGE_PAY, 1, history, law)) == money("300000.00")
    assert amount(paid(IDLE, 1, history, law)) == money("150000.00")
    assert amount(paid(SICK, 1, history, law)) == money("108125.00")


# --- nobody worked a day: the rate ------------------------------------------------------------
def test_without_a_history_a_day_is_eight_hours_of_the_rate(law: EarningLaw) -> None:
    """600,00 an hour: 4 800,00 a day; two days of leave are 9 600,00."""
    daily = daily_by_hour(money("600.00"), Fraction(8))
    assert daily == 4800
    line = paid(LEAVE, 2, NOTHING, law, daily, daily)
    assert line.amount == money("9600.00")
    assert [one.code for one in line.explanations] == ["average.rate"]


def test_in_the_shorter_week_a_day_is_seven_hours_and_a_fifth(law: EarningLaw) -> None:
    """Group I or II: 600,00 × 7,2 = 4 320,00."""
    hours = law.day_minutes(2) / 60
    assert hours == Fraction(36, 5)
    assert daily_by_hour(money("600.00"), hours) == 4320


def test_a_salary_is_divided_by_the_working_days_of_the_month(law: EarningLaw) -> None:
    """150 000,00 in October 2026, 21 days: 7 142,857… a day; three days are 21 428,57."""
    daily = daily_by_month(money("150000.00"), 21)
    assert amount(paid(LEAVE, 3, NOTHING, law, daily, daily, daily)) == money("21428.57")


def test_piece_work_without_a_history_is_paid_the_minimum_wage(law: EarningLaw) -> None:
    """85 000 ÷ 21 = 4 047,619…; two days of sickness are 8 095,24."""
    daily = daily_by_month(money("85000"), 21)
    assert amount(paid(SICK, 2, NOTHING, law, daily, daily)) == money("8095.24")


def test_a_rate_that_changes_in_the_month_is_added_exactly(law: EarningLaw) -> None:
    """100,00 ÷ 3 and 100,00 ÷ 7 are 33,333… and 14,2857…: 47,619… → 47,62, not 33,33 + 14,29."""
    first, second = daily_by_month(money("100.00"), 3), daily_by_month(money("100.00"), 7)
    assert amount(paid(LEAVE, 2, NOTHING, law, first, second)) == money("47.62")
    assert amount(paid(IDLE, 2, NOTHING, law, first, second)) == money("23.81")


def test_the_limit_of_sick_pay_holds_by_the_rate_too(law: EarningLaw) -> None:
    daily = daily_by_hour(money("7000.00"), Fraction(8))
    assert amount(paid(SICK, 2, NOTHING, law, daily, daily)) == money("108125.00")


def test_a_history_is_asked_before_the_rate() -> None:
    history = History(money("100.00"), 4)
    assert exact_pay(2, history, []) == 50
    assert exact_pay(2, history, [Fraction(9), Fraction(9)]) == 50


def test_days_worked_for_nothing_are_a_history_all_the_same(law: EarningLaw) -> None:
    """Ten days were worked and nothing counts in the average: then nothing is due."""
    assert paid(LEAVE, 5, History(money("0.00"), 10), law) is None


def test_each_day_needs_its_rate(law: EarningLaw) -> None:
    with pytest.raises(ValueError, match="each day"):
        paid(LEAVE, 2, NOTHING, law, Fraction(1))
    with pytest.raises(ValueError, match="working days"):
        daily_by_month(money("85000"), 0)
    with pytest.raises(ValueError, match="no kind"):
        paid("holiday", 1, NOTHING, law, Fraction(1))


# --- leave at the end -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("leave_days", "calendar"),
    # 1,4; 2,8; 4,2; 5,6 and so on: half a day never comes out of fifths.
    [(0, 0), (1, 1), (2, 3), (3, 4), (4, 6), (5, 7), (10, 14), (17, 24), (20, 28)],
)
def test_leave_taken_is_counted_in_calendar_days(leave_days: int, calendar: int) -> None:
    assert calendar_days_taken(leave_days) == calendar


@pytest.mark.parametrize(
    ("placed", "taken", "due"),
    [
        (365, 0, 24),
        (364, 0, 23),  # 23,934…
        (730, 24, 24),
        (100, 0, 6),  # 6,575…
        (15, 0, 0),  # 0,986…
        (16, 0, 1),  # 1,052…
        (365, 24, 0),
        (365, 30, 0),  # more than earned: nothing is taken back
        (0, 0, 0),
    ],
)
def test_whole_days_are_due_and_never_less_than_none(
    placed: int, taken: int, due: int, law: EarningLaw
) -> None:
    assert days_due(placed, taken, law) == due


def unused(**fields: Any) -> Unused:
    values = {"last_day": date(2026, 10, 15), "placed": 365, "taken": 7, "due": 17, "workdays": 12}
    return Unused(**(values | fields))


def test_leave_not_taken_is_paid_at_release(law: EarningLaw) -> None:
    """A year in work, a week of leave taken: 17 calendar days are due. Behind Thursday, 15
    October 2026 these are 16 October to 1 November, 11 working days with 26 October, a day off
    after Republic Day on Sunday: at 84 000,00 in 20 days they are 46 200,00."""
    line = leave_compensation(unused(workdays=11), History(money("84000.00"), 20), None, law)
    assert line == Paid(
        LEAVE_COMPENSATION, 11, money("46200.00"), line.explanations if line else ()
    )
    assert [one.code for one in line.explanations] == ["average.leave_due", "average.history"]
    assert line.explanations[0].parameters == ("annual_leave_days",)
    assert line.explanations[0].arguments["last_day"] == "2026-10-15"


def test_leave_at_the_end_is_paid_by_the_rate_of_the_last_day(law: EarningLaw) -> None:
    """12 days at 600,00 × 8 are 57 600,00."""
    line = leave_compensation(unused(), NOTHING, Fraction(4800), law)
    assert line.amount == money("57600.00")


def test_no_working_day_behind_the_last_one_makes_no_line(law: EarningLaw) -> None:
    assert leave_compensation(unused(due=2, workdays=0), NOTHING, None, law) is None
    assert leave_compensation(unused(), History(money("0.00"), 4), None, law) is None


# --- in words ---------------------------------------------------------------------------------
def test_a_line_explains_its_average(law: EarningLaw) -> None:
    line = paid(SICK, 8, History(money("300000.00"), 21), law)
    with translation.override("ru"):
        words = explain_line(line.explanations).replace(NBSP, " ")
    assert "начислено 300 000,00 ₸ за отработанные дни (21)" in words
    # The division itself: a day rounded to tiyn would not give the sum of the line.
    assert "оплачено дней: 8, это 300 000,00 ₸ ÷ 21 × 8" in words
    assert "14 285,71" not in words
    assert "не более 108 125,00 ₸ в месяц (25 МРП)" in words
    assert "ст. 120" in words


def test_idle_time_names_its_share_and_its_parameter(law: EarningLaw) -> None:
    line = paid(IDLE, 3, History(money("84000.00"), 20), law)
    assert line.explanations[1].parameters == ("idle_pay_share",)
    with translation.override("ru"):
        assert f"из них 50{NBSP}%" in explain_line(line.explanations)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_there_in_every_language(language: str, law: EarningLaw) -> None:
    lines = [paid(kind, 1, History(money("200000.00"), 1), law) for kind in PAID_ABSENCES]
    lines += [paid(kind, 1, NOTHING, law, Fraction(4800)) for kind in PAID_ABSENCES]
    lines.append(leave_compensation(unused(), NOTHING, Fraction(4800), law))
    with translation.override(language):
        for line in lines:
            words = explain_line(line.explanations)
            assert "%(" not in words
            assert any(character.isdigit() for character in words)


# --- properties -------------------------------------------------------------------------------
SUMS = st.decimals(min_value=0, max_value=5_000_000, places=2)
HISTORIES = st.builds(History, SUMS, st.integers(min_value=1, max_value=366))
DAYS = st.integers(min_value=1, max_value=31)


def of(line: Paid | None) -> Decimal:
    return line.amount if line else Decimal("0.00")


@given(HISTORIES, DAYS)
def test_a_line_is_within_half_a_tiyn_of_the_exact_sum(history: History, days: int) -> None:
    law = earning_law_in_force(read_shipped_parameters(), OCTOBER_31)
    exact = Fraction(history.earned) * days / history.days
    assert abs(Fraction(of(paid(LEAVE, days, history, law))) - exact) <= Fraction(1, 200)
    assert of(paid(AVERAGE_PAY, days, history, law)) == of(paid(LEAVE, days, history, law))


@given(HISTORIES, DAYS)
def test_no_absence_pays_more_than_leave(history: History, days: int) -> None:
    law = earning_law_in_force(read_shipped_parameters(), OCTOBER_31)
    leave = of(paid(LEAVE, days, history, law))
    sick, idle = of(paid(SICK, days, history, law)), of(paid(IDLE, days, history, law))
    assert sick == min(leave, law.sick_pay_cap_mrp * MRP)
    assert idle <= leave
    assert abs(idle * 2 - leave) <= Decimal("0.02")


@given(HISTORIES, st.integers(min_value=1, max_value=30))
def test_a_day_more_is_never_paid_less(history: History, days: int) -> None:
    law = earning_law_in_force(read_shipped_parameters(), OCTOBER_31)
    for kind in PAID_ABSENCES:
        assert of(paid(kind, days, history, law)) <= of(paid(kind, days + 1, history, law))


@given(
    st.integers(min_value=0, max_value=8000),
    st.integers(min_value=0, max_value=8000),
    st.integers(min_value=0, max_value=400),
)
def test_more_work_never_earns_less_leave(placed: int, more: int, taken: int) -> None:
    law = earning_law_in_force(read_shipped_parameters(), OCTOBER_31)
    due = days_due(placed, taken, law)
    assert 0 <= due <= days_due(placed + more, taken, law)
    assert days_due(placed, taken + 1, law) in (max(0, due - 1), due)
    assert due == 0 or due + taken <= Fraction(24 * placed, 365) < due + taken + 1
