"""By when the wages of a month are due to whom: pure, with days of the real calendar."""

from datetime import date
from decimal import Decimal

import pytest

from portal.kernel.periods import Month
from portal.kernel.workdays import is_workday
from portal.reports.operator.due import (
    COLUMNS,
    CONTRIBUTIONS,
    WAGES,
    DueDay,
    DueDayMissing,
    due_day,
    due_days,
    pay_by,
    payments,
)

NONE = dict.fromkeys(COLUMNS, Decimal("0.00"))
# The month of law.md §4: 150 000 earned in 2026, with 44 825 taken by a writ.
OCTOBER = NONE | {
    "to_account": Decimal("89650.00"),
    "withheld_by_writs": Decimal("44825.00"),
    "opv": Decimal("15000.00"),
    "opvr": Decimal("5250.00"),
    "so": Decimal("6750.00"),
    "oosms": Decimal("4500.00"),
    "ipn": Decimal("525.00"),
    "social_tax": Decimal("8100.00"),
}


def test_payments_name_each_recipient_with_its_sum_and_day() -> None:
    found = {one.code: one for one in payments(OCTOBER, Month(2026, 10), is_workday)}
    assert {code: one.amount for code, one in found.items()} == {
        "account": Decimal("89650.00"),
        "writs": Decimal("44825.00"),
        "pension": Decimal("20250.00"),
        "social": Decimal("6750.00"),
        "medical": Decimal("4500.00"),
        "budget": Decimal("8625.00"),
    }
    assert {one.due_on for one in found.values() if one.code in {"account", "writs"}} == {
        date(2026, 11, 10)
    }
    assert found["pension"].due_on == found["budget"].due_on == date(2026, 11, 25)


def test_payments_lose_no_tiyn() -> None:
    """Everything withheld, credited or paid on top goes to exactly one recipient."""
    found = payments(OCTOBER, Month(2026, 10), is_workday)
    assert sum(one.amount for one in found) == sum(OCTOBER.values())
    assert len(COLUMNS) == len(set(COLUMNS))


def test_payments_leave_out_what_comes_to_nothing() -> None:
    sums = NONE | {"to_account": Decimal("0.01")}
    assert [one.code for one in payments(sums, Month(2026, 10), is_workday)] == ["account"]
    assert payments(NONE, Month(2026, 10), is_workday) == []


@pytest.mark.parametrize(
    ("month", "code", "expected"),
    [
        # 10.10.2026 is a Saturday: the day before.
        (Month(2026, 9), WAGES, date(2026, 10, 9)),
        # 10.05.2026 is a Sunday and 9 May (a Saturday) is a holiday: Friday the 8th.
        (Month(2026, 4), WAGES, date(2026, 5, 8)),
        (Month(2026, 12), WAGES, date(2027, 1, 8)),
        (Month(2026, 9), CONTRIBUTIONS, date(2026, 10, 23)),
        (Month(2026, 11), CONTRIBUTIONS, date(2026, 12, 25)),
    ],
)
def test_pay_by_is_the_day_or_the_working_day_before(
    month: Month, code: str, expected: date
) -> None:
    assert pay_by(code, month, is_workday) == expected


def test_pay_by_goes_back_over_any_number_of_days_off() -> None:
    assert pay_by(WAGES, Month(2026, 10), lambda day: day.day == 2) == date(2026, 11, 2)


def test_due_day_takes_the_newest_in_force() -> None:
    rows = (
        DueDay(WAGES, date(2027, 1, 1), 5, {}, is_read=True),
        DueDay(WAGES, date(2024, 1, 1), 10, {}, is_read=True),
    )
    assert due_day(WAGES, Month(2026, 11), rows).day == 10
    assert due_day(WAGES, Month(2026, 12), rows).day == 5


def test_due_day_is_never_guessed() -> None:
    with pytest.raises(DueDayMissing):
        due_day(WAGES, Month(2010, 1))
    with pytest.raises(DueDayMissing):
        due_day("something else", Month(2026, 10))


def test_due_days_are_shipped_with_sources_in_each_language() -> None:
    assert {row.code for row in due_days()} == {WAGES, CONTRIBUTIONS}
    for row in due_days():
        assert set(row.sources) == {"ru", "kk", "en"}
        assert all(len(source) > 20 for source in row.sources.values())
        assert 1 <= row.day <= 28
