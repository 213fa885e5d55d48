"""The stored production calendar, as pay reads it; called by services that enter days."""

from collections.abc import Collection
from datetime import date

from inmates.models import CalendarDay
from portal.kernel.workdays import is_workday


def workdays_among(days: Collection[date]) -> set[date]:
    """Which of the days are worked: as stored, a corrected day too; one query.

    A day the calendar does not have yet goes by the general rule: wages wait for its row anyway.
    """
    stored = dict(CalendarDay.objects.filter(day__in=set(days)).values_list("day", "is_workday"))
    return {day for day in days if stored.get(day, is_workday(day))}
