"""Days on which a timesheet is due. Pure; called by the reports."""

from datetime import date
from functools import cache

from holidays import country_holidays

SATURDAY = 5


@cache
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(country_holidays("KZ", years=year))


@cache
def is_workday(day: date) -> bool:
    """Monday to Friday, and no public holiday of Kazakhstan (its moved days off included)."""
    return day.weekday() < SATURDAY and day not in _public_holidays(day.year)
