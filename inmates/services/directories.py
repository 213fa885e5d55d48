"""The directories of pay that are shipped with the project: kinds of earnings, the calendar.

Called by the commands `load_earning_kinds` and `load_calendar` and by the seed. What is in the
tables stays as it is: a correction is never overwritten.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from inmates.models import CalendarDay, EarningKind
from inmates.shipped_kinds import read_shipped_kinds
from portal.kernel.errors import readable_refusals
from portal.kernel.workdays import is_workday, name_of_day

CALENDAR_YEARS = range(2024, 2028)
CALENDAR_SOURCE = "Пятидневная неделя; праздники и переносы — пакет holidays"


def load_earning_kinds() -> int:
    """Enter every shipped kind that the table does not have from that date; how many.

    All or nothing; refused when a shipped row overlaps one entered otherwise. Twice is harmless.
    """
    with readable_refusals(), transaction.atomic():
        known = set(EarningKind.objects.values_list("code", "effective_from"))
        rows = [
            EarningKind(**row)
            for row in map(_with_dates, read_shipped_kinds())
            if (row["code"], row["effective_from"]) not in known
        ]
        EarningKind.objects.bulk_create(rows)
    return len(rows)


def load_calendar(years: Iterable[int] = CALENDAR_YEARS) -> int:
    """Enter every day of the years that the production calendar does not have; how many.

    Twice is harmless, at once too: a day that somebody else enters meanwhile stays theirs.
    """
    days = [day for year in years for day in _days_of(year)]
    with transaction.atomic():
        known = set(CalendarDay.objects.filter(day__in=days).values_list("day", flat=True))
        rows = [
            CalendarDay(
                day=day, is_workday=is_workday(day), name=name_of_day(day), source=CALENDAR_SOURCE
            )
            for day in days
            if day not in known
        ]
        CalendarDay.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    count = (date(year + 1, 1, 1) - first).days
    return [first + timedelta(days=number) for number in range(count)]


def _with_dates(row: dict) -> dict:
    ends = row["effective_to"]
    return row | {
        "effective_from": date.fromisoformat(row["effective_from"]),
        "effective_to": date.fromisoformat(ends) if ends else None,
    }
