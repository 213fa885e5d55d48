"""Days the papers are due by. Pure; called by services, selectors and presenters."""

from datetime import date, timedelta

from portal.kernel.periods import Month

# law.md §3.5: the bailiff is told within 3 days. Calendar days: the stricter reading.
NOTICE_DAYS = 3
# How far back a movement is looked for that nobody was told of.
NOTICE_HORIZON_DAYS = 31
# The leaving file begins so many months before the expected release.
LEAVING_MONTHS = 3
LATE, DUE, DONE = "late", "due", "done"


def notice_due(happened_on: date) -> date:
    """The last day on which the bailiff may be told."""
    return happened_on + timedelta(days=NOTICE_DAYS)


def days_left(due_on: date, on: date) -> int:
    """Days until the last one; below nought, days over it."""
    return (due_on - on).days


def leaving_horizon(on: date) -> date:
    """The last day of release whose file has begun by `on`: the same day three months later."""
    month = Month.of(on).plus(LEAVING_MONTHS)
    return date(month.year, month.month, min(on.day, month.last_day.day))


def quarter_of(month: Month) -> int:
    """1 for January to March."""
    return (month.month - 1) // 3 + 1


def months_of(year: int, quarter: int | None) -> list[Month]:
    """The months of a quarter, or of the year without one."""
    if quarter is None:
        return [Month(year, number) for number in range(1, 13)]
    if quarter not in (1, 2, 3, 4):
        raise ValueError("a year has four quarters")
    return [Month(year, quarter * 3 - 2 + number) for number in range(3)]
