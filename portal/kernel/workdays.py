"""Working days of Kazakhstan: when a timesheet is due, when an answer is. Pure."""

from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

SATURDAY = 5
ONE_DAY = timedelta(days=1)


@cache
def _public_holidays(year: int) -> dict[date, str]:
    return dict(country_holidays("KZ", years=year))


@cache
def is_workday(day: date) -> bool:
    """Monday to Friday, and no public holiday of Kazakhstan (its moved days off included)."""
    return day.weekday() < SATURDAY and day not in _public_holidays(day.year)


def name_of_day(day: date) -> str:
    """The name of a public holiday or of a moved day off; "" of any other day."""
    return _public_holidays(day.year).get(day, "")


def add_workdays(day: date, count: int) -> date:
    """The working day so many working days after `day`, which itself is not counted."""
    while count:
        day += ONE_DAY
        count -= is_workday(day)
    return day


def workdays_between(begin: date, end: date) -> int:
    """How many working days come after `begin`, up to and including `end`; 0 if none do."""
    return sum(
        is_workday(begin + timedelta(days=number)) for number in range(1, (end - begin).days + 1)
    )
