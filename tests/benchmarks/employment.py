"""The employment report from facts, against SQL over the same states as one row a person-day.

The day rows hold custody, ability, placement and the minutes of the timesheet; the facts keep the
first three as ranges and the timesheet as places inside them. Both must count the same.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection

from inmates.services.facts import rebuild_facts
from portal.kernel.periods import Month
from portal.reports.employment.period import month_period
from portal.reports.employment.selectors import daily_counts, employment_report
from tests.benchmarks.harness import Bar, Bench, Side, benchmark, times_as_long
from tests.benchmarks.person_days import (
    BEGIN,
    DAY_FIRST,
    DAYS,
    END,
    STRAIGHT,
    fill_person_days,
)
from tests.people import NOW, a_cast
from workshops.models import Institution

YEAR_BEGIN = date(2025, 12, 1)
BY_DAY, BY_TRUNC, OURS, PAGE = "day first", "date_trunc", "facts", "page"
UNIT = "person-days"


@benchmark("employment", "Employment of a region, five years of person-days")
def employment(bench: Bench) -> None:
    people = bench.size(full=2740, quick=20)
    places = fill_person_days(a_cast(), people)
    _make_facts()
    _compare(places)
    person_days = people * DAYS
    whole = bench.interleave(
        Side(BY_TRUNC, _sql(STRAIGHT, BEGIN, person_days)),
        Side(BY_DAY, _sql(DAY_FIRST, BEGIN, person_days)),
        Side(OURS, _ranges(places, person_days)),
    )
    in_year = people * (END - YEAR_BEGIN).days
    year = bench.interleave(
        Side(BY_DAY, _sql(DAY_FIRST, YEAR_BEGIN, in_year)), Side(PAGE, _page(places, in_year))
    )
    bench.floor("day rows, date_trunc", whole[BY_TRUNC], unit=UNIT)
    bench.floor("day rows, by day first", whole[BY_DAY], unit=UNIT)
    bench.floor("day rows of twelve months, by day first", year[BY_DAY], unit=UNIT)
    bench.line("the report's counts from facts", whole[OURS], unit=UNIT, against=whole[BY_DAY])
    bench.line("the page: twelve months, rates, total", year[PAGE], unit=UNIT, against=year[BY_DAY])
    bench.bar(
        Bar("region report without rollup against day-first SQL",
            times_as_long(whole[OURS], whole[BY_DAY]), at_most=1.2, goal=1.0)
    )  # fmt: skip
    bench.bar(
        Bar("region report from the rollup against the raw rollup query", None, at_most=3,
            goal=1.5, note="no rollup yet")
    )  # fmt: skip


def _make_facts() -> None:
    """What the report counts; how long making it takes is another benchmark."""
    rebuild_facts(begin=BEGIN, end=END, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inmates_labourfact")


def _sql(statement: str, begin: date, rows: int) -> Callable[[], int]:
    def ask() -> int:
        _fetch(statement, begin)
        return rows

    return ask


def _fetch(statement: str, begin: date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"begin": begin, "end": END})
        return cursor.fetchall()


def _ranges(places: list[int], rows: int) -> Callable[[], int]:
    def ask() -> int:
        daily_counts(places, BEGIN, END)
        return rows

    return ask


def _page(places: list[int], rows: int) -> Callable[[], int]:
    institutions = list(Institution.objects.filter(pk__in=places).order_by("pk"))

    def ask() -> int:
        employment_report(institutions, month_period(Month(2026, 11), END), END)
        return rows

    return ask


def _compare(places: list[int]) -> None:
    """A fast report that counts something else would be worth nothing."""
    ours: dict[tuple[int, Month], list[int]] = defaultdict(lambda: [0] * 8)
    for day in daily_counts(places, BEGIN, END):
        counts = (*day.heads, *day.employed[:2], day.worked[0], day.minutes)
        sums = ours[day.institution_id, Month.of(day.day)]
        for index, count in enumerate(counts):
            sums[index] += count
    theirs = {
        (row[0], Month.of(row[1])): [int(n) for n in row[2:]] for row in _fetch(DAY_FIRST, BEGIN)
    }
    if theirs != {key: sums for key, sums in ours.items() if any(sums)}:
        raise AssertionError("The facts and the days do not count the same.")
