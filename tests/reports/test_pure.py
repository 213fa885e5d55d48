"""Periods, workdays, means, rates, the chart and the definitions: no database."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from portal.kernel.periods import Month
from portal.kernel.text import NBSP
from portal.kernel.workdays import is_workday
from portal.reports.employment.chart import COMPARE, SUBJECT, LineSeries, line_chart
from portal.reports.employment.measures import (
    DENOMINATORS,
    DayCount,
    line_of,
    mean,
    mean_rate,
    total_of,
)
from portal.reports.employment.period import (
    PeriodRefused,
    day_period,
    month_period,
    months_until,
    period_of,
)
from portal.reports.employment.presenters import percent, permille
from portal.reports.indicators import INDICATORS, IndicatorMissing, indicator, indicators_on

TODAY = date(2026, 11, 22)


def count(day: int, heads: int, employed: int, **fields: Any) -> DayCount:
    values = {
        "institution_id": 1,
        "day": date(2026, 10, day),
        "heads": (heads,) * 4,
        "employed": (employed,) * 4,
        "worked": (0,) * 4,
        "unknown": 0,
        "minutes": 0,
        "sheets": 0,
    }
    return DayCount(**(values | fields))


# --- Periods ----------------------------------------------------------------------------------
def test_without_a_choice_the_period_is_yesterday() -> None:
    period = period_of(today=TODAY)
    assert (period.begin, period.end, period.is_ended) == (date(2026, 11, 21), TODAY, True)


def test_today_has_not_ended() -> None:
    assert not day_period(TODAY, TODAY).is_ended


def test_month_in_progress_ends_with_yesterday() -> None:
    period = month_period(Month(2026, 11), TODAY)
    assert (period.last_day, period.is_ended) == (date(2026, 11, 21), False)


def test_ended_month_is_whole_even_on_the_first_of_the_next() -> None:
    period = month_period(Month(2026, 10), date(2026, 11, 1))
    assert (period.last_day, period.is_ended) == (date(2026, 10, 31), True)


def test_leap_february_has_29_days() -> None:
    period = month_period(Month(2024, 2), TODAY)
    assert (period.end - period.begin).days == 29


@pytest.mark.parametrize(
    "typed",
    [
        {"day": "2026-11-23"},
        {"day": "2009-12-31"},
        {"day": "22/11/2026"},
        {"day": "2023-02-29"},
        {"month": "2026-12"},
        {"month": "2009-12"},
        {"month": "2026-00"},
        {"month": "2026"},
        {"day": "2026-11-01", "month": "2026-10"},
    ],
)
def test_a_period_that_cannot_be_counted_is_refused(typed: dict[str, str]) -> None:
    with pytest.raises(PeriodRefused):
        period_of(**typed, today=TODAY)


def test_a_month_on_its_first_day_has_nothing_to_count() -> None:
    with pytest.raises(PeriodRefused):
        period_of(month="2026-12", today=date(2026, 12, 1))


def test_months_shown_are_twelve_and_end_with_the_period() -> None:
    months = months_until(day_period(date(2026, 3, 5), TODAY), TODAY)
    assert [months[0].value, months[-1].value, len(months)] == ["2025-04", "2026-03", 12]


def test_months_shown_leave_out_what_has_no_day() -> None:
    first = date(2026, 11, 1)
    assert months_until(day_period(first, first), first)[-1].value == "2026-10"
    assert len(months_until(month_period(Month(2010, 3), TODAY), TODAY)) == 3


# --- Workdays ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), False),
        (date(2026, 12, 16), False),  # Independence Day
        (date(2026, 10, 26), False),  # Republic Day, moved from a Sunday
        (date(2024, 2, 29), True),
    ],
)
def test_workdays(day: date, expected: bool) -> None:
    assert is_workday(day) is expected


def test_october_2026_has_21_workdays() -> None:
    assert sum(is_workday(day) for day in Month(2026, 10).days()) == 21


# --- Measures ---------------------------------------------------------------------------------
def test_rate_of_a_month_is_the_mean_of_daily_rates_not_a_rate_of_sums() -> None:
    line = line_of([count(1, 10, 10), count(2, 30, 0)], is_workday)
    assert line is not None
    assert line.rate == Fraction(1, 2)
    assert (line.cells[0].heads, line.cells[0].employed) == (Decimal(20), Decimal(5))


def test_days_with_nobody_to_count_leave_the_rate_alone() -> None:
    assert mean_rate([(0, 0), (1, 4)]) == Fraction(1, 4)
    assert mean_rate([(0, 0)]) is None


def test_mean_rounds_half_up_to_one_place() -> None:
    assert mean(1, 20) == Decimal("0.1")
    assert mean(40, 31) == Decimal("1.3")


def test_nobody_in_custody_is_no_data() -> None:
    assert line_of([count(1, 0, 0)], is_workday) is None
    assert line_of([], is_workday) is None
    assert total_of([], [], is_workday) is None


def test_leave_counts_as_employed_and_not_as_worked() -> None:
    line = line_of([count(1, 4, 2, sheets=2)], is_workday)
    assert line is not None
    assert line.rate == Fraction(1, 2)
    assert line.worked_rate == 0
    assert line.minutes == 0
    assert line.missing == 0


def test_without_a_timesheet_worked_is_not_known() -> None:
    line = line_of([count(1, 4, 2)], is_workday)
    assert line is not None
    assert line.worked_rate is line.minutes is line.cells[0].worked is None
    assert line.missing == 2


def test_a_day_off_without_a_timesheet_is_left_out() -> None:
    days = [count(2, 4, 4, sheets=4, worked=(2,) * 4, minutes=960), count(3, 4, 4)]
    line = line_of(days, is_workday)
    assert line is not None
    assert line.worked_rate == Fraction(1, 2)
    assert (line.sheet_days, line.missing, line.minutes) == (1, 0, 960)


def test_total_sums_people_and_means_the_days_of_the_region() -> None:
    first = [count(1, 10, 5, sheets=5, worked=(5,) * 4), count(2, 10, 5, sheets=5)]
    second = [count(1, 30, 30, institution_id=2), count(2, 30, 30, institution_id=2)]
    lines = [line for days in (first, second) if (line := line_of(days, is_workday))]
    total = total_of(lines, first + second, is_workday)
    assert total is not None
    for index in range(len(DENOMINATORS)):
        assert total.cells[index].heads == sum(line.cells[index].heads for line in lines)
        assert total.cells[index].employed == sum(line.cells[index].employed for line in lines)
    assert total.rate == Fraction(35, 40)
    # The second handed in nothing: the share of those who worked is of the first alone.
    assert total.worked_rate == Fraction(1, 4)
    assert total.missing == 60


def test_days_with_nobody_placed_do_not_speak_for_days_without_a_timesheet() -> None:
    days = [count(1, 4, 0), count(2, 4, 2)]
    line = line_of(days, is_workday)
    assert line is not None
    assert line.worked_rate is line.minutes is None
    idle = [count(day, 4, 0, institution_id=2) for day in (1, 2)]
    other = line_of(idle, is_workday)
    assert other is not None
    assert other.worked_rate == 0
    total = total_of([line, other], [*days[1:], *idle[1:]], is_workday)
    assert total is not None
    assert total.worked_rate is total.minutes is total.cells[0].worked is None


def test_percent_is_half_up_with_one_place_and_a_dash_without_data() -> None:
    assert percent(Fraction(5, 8)) == f"62,5{NBSP}%"
    assert percent(Fraction(6205, 10000)) == f"62,1{NBSP}%"
    assert percent(Fraction(0)) == f"0,0{NBSP}%"
    assert percent(None) == "—"
    assert permille(Fraction(1, 3)) == 333


# --- Chart ------------------------------------------------------------------------------------
def a_chart(*lines: list[Fraction | None]) -> Any:
    tones = (SUBJECT, COMPARE)
    return line_chart(
        chart_id="c",
        title="t",
        months=[("окт", "2025"), ("ноя", "2025"), ("янв", "2026")],
        series=[LineSeries(f"line {n}", line, tones[n]) for n, line in enumerate(lines)],
        percent=percent,
    )


def test_chart_has_zero_and_hundred_on_its_axis() -> None:
    chart = a_chart([Fraction(0), Fraction(1, 2), Fraction(1)])
    assert [line.label for line in chart.grid] == ["0", "25", "50", "75", "100"]
    assert chart.grid[0].y == chart.base == chart.lines[0].marks[0].y


def test_chart_lifts_the_pen_where_there_are_no_data() -> None:
    chart = a_chart([Fraction(1, 2), None, Fraction(1, 2)])
    assert chart.lines[0].path.count("M") == 2
    assert "L" not in chart.lines[0].path
    assert len(chart.lines[0].marks) == 2


def test_chart_without_data_draws_no_line() -> None:
    assert a_chart([None, None, None]).lines == ()


def test_chart_labels_never_lie_on_each_other() -> None:
    chart = a_chart([Fraction(1, 2)] * 3, [Fraction(1, 2)] * 3)
    first, second = (float(line.label_y) for line in chart.lines)
    assert abs(first - second) >= 18


def test_chart_says_the_year_once() -> None:
    assert [tick.year for tick in a_chart([None] * 3).ticks] == ["2025", "", "2026"]


# --- Definitions ------------------------------------------------------------------------------
def test_every_definition_is_complete() -> None:
    for one in INDICATORS:
        assert str(one.name)
        assert str(one.formula)
        assert str(one.author)
        assert one.reference == f"EMP-{one.code}/{one.version}"
    assert {*DENOMINATORS, "employed", "worked", "hours", "month-mean", "final"} <= {
        one.code for one in INDICATORS
    }


def test_versions_of_a_code_are_told_apart_by_their_days() -> None:
    keys = [(one.code, one.effective_from) for one in INDICATORS]
    assert len(keys) == len(set(keys))
    assert indicators_on(TODAY) == list(INDICATORS)


def test_a_missing_definition_is_never_guessed() -> None:
    with pytest.raises(IndicatorMissing):
        indicator("employed", date(1990, 1, 1))
    with pytest.raises(IndicatorMissing):
        indicator("unheard-of", TODAY)
