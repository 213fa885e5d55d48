"""The employment report of a set of institutions: called by the views and by the workbook.

One statement counts all days of the twelve months shown, whatever the number of institutions; it
counts the daily facts, and the report says how fresh those are and which months are closed.
Who may see which institution is decided by `portal.reports.selectors`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.db import connection

from inmates.enums import Ability
from inmates.models import Reason
from inmates.selectors.facts import FactFreshness, final_periods, freshness_of_facts
from inmates.selectors.timesheets import SheetCount, sheet_count
from portal.kernel.periods import Month
from portal.kernel.workdays import is_workday
from portal.reports.employment.counting import DAILY_COUNTS, DAYS_WITHOUT_WORK
from portal.reports.employment.measures import DayCount, Line, line_of, mean, total_of
from portal.reports.employment.period import ReportPeriod, months_until
from workshops.models import Institution


@dataclass(frozen=True, slots=True)
class InstitutionLine:
    """An institution with its line; no line means no data."""

    institution: Institution
    line: Line | None


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One of the twelve months: the region (or the one institution) and each institution."""

    period: ReportPeriod
    line: Line | None
    institutions: tuple[InstitutionLine, ...]
    is_final: bool


@dataclass(frozen=True, slots=True)
class EmploymentReport:
    """Everything a page or a workbook shows of a period but the reasons."""

    period: ReportPeriod
    lines: tuple[InstitutionLine, ...]
    total: Line | None
    months: tuple[MonthRow, ...]
    is_final: bool
    facts: FactFreshness
    # Of a month only: a day has no timesheet of its own.
    sheets: SheetCount | None = None

    @property
    def late(self) -> list[InstitutionLine]:
        """Institutions in which attendance is due and not entered."""
        return [one for one in self.lines if one.line and one.line.missing]


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """How many people, as the mean of the days, were without paid work for a reason."""

    reason: Reason | None
    heads: Decimal


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """Those without paid work of one ability; `heads` is the sum of its printed rows."""

    ability: Ability
    rows: tuple[ReasonRow, ...]

    @property
    def heads(self) -> Decimal:
        return sum((row.heads for row in self.rows), Decimal(0))


def is_final(
    period: ReportPeriod, lines: Iterable[InstitutionLine], finals: set[tuple[int, Month]]
) -> bool:
    """Whether the facts of the month are closed in each place with data; without data never."""
    told = [one.institution.pk for one in lines if one.line]
    return bool(told) and all((place, period.month) in finals for place in told)


def daily_counts(institution_ids: Sequence[int], begin: date, end: date) -> list[DayCount]:
    """One row per institution and day of [begin, end), in that order; one statement."""
    arguments = {"institutions": list(institution_ids), "begin": begin, "end": end}
    with connection.cursor() as cursor:
        cursor.execute(DAILY_COUNTS, arguments)
        return [
            DayCount(row[0], row[1], row[2:6], row[6:10], row[10:14], *row[14:])
            for row in cursor.fetchall()
        ]


def employment_report(
    institutions: Sequence[Institution], period: ReportPeriod, today: date
) -> EmploymentReport:
    """The period and its twelve months of the institutions, in the order given.

    Only days that have facts are counted: `period` of the answer ends with the last of them.
    """
    facts = freshness_of_facts()
    months = [month.made_until(facts.built_until) for month in months_until(period, today)]
    period = period.made_until(facts.built_until)
    begin = min([period.begin, *(month.begin for month in months)])
    end = max([period.end, *(month.end for month in months)])
    ids = [institution.pk for institution in institutions]
    by_place = {
        key: list(days)
        for key, days in groupby(daily_counts(ids, begin, end), lambda day: day.institution_id)
    }
    finals = final_periods(ids, begin, end)
    lines, total = _lines(institutions, by_place, period)
    rows = []
    for month in months:
        month_lines, month_total = _lines(institutions, by_place, month)
        is_closed = is_final(month, month_lines, finals)
        rows.append(MonthRow(month, month_total, month_lines, is_closed))
    is_closed = is_final(period, lines, finals)
    sheets = sheet_count(ids, period.month) if period.is_month else None
    return EmploymentReport(period, lines, total, tuple(rows), is_closed, facts, sheets)


def _lines(
    institutions: Iterable[Institution],
    by_place: dict[int, list[DayCount]],
    period: ReportPeriod,
) -> tuple[tuple[InstitutionLine, ...], Line | None]:
    lines, counted = [], []
    for institution in institutions:
        days = [
            day for day in by_place.get(institution.pk, []) if period.begin <= day.day < period.end
        ]
        counted += days
        lines.append(InstitutionLine(institution, line_of(days, is_workday)))
    known = [one.line for one in lines if one.line]
    return tuple(lines), total_of(known, counted, is_workday)


def reasons_without_work(
    institutions: Sequence[Institution], period: ReportPeriod
) -> dict[int, tuple[ReasonGroup, ...]]:
    """For each institution everybody without a paid placement, by ability and reason.

    Together with the employed they are all in custody. Two statements; groups in the order
    able-bodied, not able-bodied, not known; the most frequent reason first, no reason last.
    """
    ids = [institution.pk for institution in institutions]
    with connection.cursor() as cursor:
        cursor.execute(
            DAYS_WITHOUT_WORK, {"institutions": ids, "begin": period.begin, "end": period.end}
        )
        spells = cursor.fetchall()
    reasons = Reason.objects.in_bulk()
    days = (period.end - period.begin).days
    return {
        place: tuple(
            _group(ability, [row for row in spells if row[:2] == (place, ability)], reasons, days)
            for ability in Ability
        )
        for place in ids
    }


def _group(
    ability: Ability,
    spells: Sequence[tuple[int, str, int | None, int]],
    reasons: dict[int, Reason],
    days: int,
) -> ReasonGroup:
    # A mean over all days of the period: a person without work for half a month is half a person.
    ordered = sorted(spells, key=lambda spell: (spell[2] is None, -spell[3], spell[2]))
    rows = [
        ReasonRow(reasons.get(reason_id), mean(person_days, days))
        for _place, _ability, reason_id, person_days in ordered
    ]
    return ReasonGroup(ability, tuple(rows))
