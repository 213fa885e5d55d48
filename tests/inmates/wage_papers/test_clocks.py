"""Days the papers are due by, quarters and their months: pure."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inmates.papers.clocks import (
    days_left,
    leaving_horizon,
    months_of,
    notice_due,
    quarter_of,
)
from inmates.papers.enums import STEPS_OF_WAGES, LeavingStepCode, LeavingStepStatus, NoticeStatus
from inmates.papers.states import BAILIFF_NOTICE, LEAVING_STEP
from portal.kernel.periods import Month

DAYS = st.dates(date(2020, 1, 1), date(2090, 12, 31))


@given(DAYS)
def test_a_bailiff_is_told_within_three_calendar_days(day: date) -> None:
    due = notice_due(day)
    assert due - day == timedelta(days=3)
    assert days_left(due, day) == 3
    assert days_left(due, due) == 0
    assert days_left(due, due + timedelta(days=2)) == -2


@pytest.mark.parametrize(
    ("on", "horizon"),
    [
        (date(2026, 11, 23), date(2027, 2, 23)),
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2026, 10, 1), date(2027, 1, 1)),
        (date(2026, 12, 31), date(2027, 3, 31)),
    ],
)
def test_the_file_begins_three_months_before(on: date, horizon: date) -> None:
    assert leaving_horizon(on) == horizon


@given(DAYS)
def test_the_horizon_never_goes_back(day: date) -> None:
    assert leaving_horizon(day) <= leaving_horizon(day + timedelta(days=1))
    assert 89 <= (leaving_horizon(day) - day).days <= 92


@given(st.integers(2000, 2100))
def test_quarters_make_the_year(year: int) -> None:
    whole = months_of(year, None)
    assert [month for one in (1, 2, 3, 4) for month in months_of(year, one)] == whole
    assert [quarter_of(month) for month in whole] == [1] * 3 + [2] * 3 + [3] * 3 + [4] * 3


@pytest.mark.parametrize("quarter", [0, 5, -1])
def test_a_year_has_four_quarters(quarter: int) -> None:
    with pytest.raises(ValueError, match="four quarters"):
        months_of(2026, quarter)


def test_a_quarter_is_three_months() -> None:
    assert months_of(2026, 4) == [Month(2026, 10), Month(2026, 11), Month(2026, 12)]


def test_a_settled_notice_stays_settled() -> None:
    assert BAILIFF_NOTICE.actions_from(NoticeStatus.WAITING) == ["send", "cancel"]
    assert BAILIFF_NOTICE.actions_from(NoticeStatus.TOLD) == []
    assert BAILIFF_NOTICE.actions_from(NoticeStatus.CANCELLED) == []


def test_a_step_can_always_be_opened_again() -> None:
    for status in (LeavingStepStatus.DONE, LeavingStepStatus.NOT_NEEDED):
        assert LEAVING_STEP.target(status, "reopen") == LeavingStepStatus.OPEN
        assert LEAVING_STEP.target(status, "finish") is None
    assert LEAVING_STEP.target(LeavingStepStatus.OPEN, "reopen") is None


def test_the_last_step_is_the_handing_over() -> None:
    assert list(LeavingStepCode)[-1] == LeavingStepCode.HANDED_OVER
    assert LeavingStepCode.HANDED_OVER not in STEPS_OF_WAGES
