"""The employment report as texts for its pages: rates, people, sentences about freshness.

Called by the views. The workbook takes the same rounded rates from `permille`, so that a file and
a page never differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from inmates.enums import Ability
from inmates.selectors.facts import FactFreshness
from inmates.selectors.timesheets import SheetCount
from portal.kernel.money import NBSP, round_tenge
from portal.kernel.text import DASH, date_short, hours, month_name, month_short, number
from portal.reports.employment.chart import COMPARE, SUBJECT, LineChart, LineSeries, line_chart
from portal.reports.employment.measures import ABLE, Cell, Line
from portal.reports.employment.period import ONE_DAY, ReportPeriod
from portal.reports.employment.selectors import (
    EmploymentReport,
    InstitutionLine,
    MonthRow,
    ReasonGroup,
)

DENOMINATOR_NAMES: tuple[str | Promise, ...] = (
    _("All in custody"),
    _("Able-bodied"),
    _("Subject to labour"),
    _("Available that day"),
)
GROUP_TITLES: dict[str, str | Promise] = {
    Ability.ABLE: _("Able-bodied, without paid work"),
    Ability.UNABLE: _("Not able-bodied, without paid work"),
    Ability.UNKNOWN: _("Ability not known, without paid work"),
}


@dataclass(frozen=True, slots=True)
class ShareText:
    """A rate with the people it was made of."""

    rate: str
    people: str


@dataclass(frozen=True, slots=True)
class LineText:
    """The three rows of an institution or of the total."""

    name: str
    number: str
    heads: tuple[str, ...]
    employed: tuple[ShareText, ...]
    worked: tuple[ShareText, ...]
    hours: str
    unknown: str
    missing: int


def permille(rate: Fraction | None) -> Decimal | None:
    """A rate in thousandths, half up: what is printed and what a file holds."""
    return None if rate is None else round_tenge(rate * 1000)


def percent(rate: Fraction | None) -> str:
    """62,0 % with one place always, so that columns align; a dash where there is no data."""
    thousandths = permille(rate)
    return DASH if thousandths is None else f"{number(thousandths / 10, 1)}{NBSP}%"


def people(value: Decimal | None, period: ReportPeriod) -> str:
    """Whole people for a day; the mean of days to one place for a month."""
    return DASH if value is None else number(value, 1 if period.is_month else 0)


def line_text(name: str, place: str, line: Line | None, period: ReportPeriod) -> LineText:
    """The texts of a line; without data every figure is a dash."""
    cells: tuple[Cell | None, ...] = line.cells if line else (None,) * len(DENOMINATOR_NAMES)
    return LineText(
        name=name,
        number=place,
        heads=tuple(people(cell and cell.heads, period) for cell in cells),
        employed=tuple(_share(cell, "employed", period) for cell in cells),
        worked=tuple(_share(cell, "worked", period) for cell in cells),
        hours=hours(line.minutes) if line and line.minutes is not None else DASH,
        unknown=people(line.unknown if line else None, period),
        missing=line.missing if line else 0,
    )


def _share(cell: Cell | None, part: str, period: ReportPeriod) -> ShareText:
    if cell is None:
        return ShareText(DASH, "")
    heads = getattr(cell, part)
    told = people(heads, period) if heads is not None else ""
    return ShareText(percent(getattr(cell, f"{part}_rate")), told)


def table(report: EmploymentReport) -> list[LineText]:
    """The institutions in their order."""
    return [
        line_text(
            one.institution.organisation.name, one.institution.number, one.line, report.period
        )
        for one in report.lines
    ]


def standing(period: ReportPeriod, line: Line | None, *, is_final: bool = True) -> list[str]:
    """Why a figure is provisional, and what is not known even of a final one."""
    reasons = []
    if line is None:
        reasons.append(str(_("There are no data of this period.")))
    if not period.is_ended and period.is_month:
        day = date_short(period.last_day)
        reasons.append(str(_("The month has not ended: counted up to %(day)s.")) % {"day": day})
    elif not period.is_ended:
        reasons.append(str(_("The day has not ended.")))
    elif not period.is_made:
        day = date_short(period.last_day)
        reasons.append(
            str(_("Counted up to %(day)s: the days after it have no facts yet.")) % {"day": day}
        )
    if line is not None and line.missing:
        count = line.missing
        reasons.append(
            ngettext(
                "Attendance is not entered for %(count)s person-day.",
                "Attendance is not entered for %(count)s person-days.",
                count,
            )
            % {"count": number(count)}
        )
    if period.is_ended and line is not None and not is_final:
        reasons.append(str(_("The department has not closed the facts of this month yet.")))
    return reasons


def facts_line(facts: FactFreshness) -> str:
    """Up to which day facts are made, by which definition, and what has changed since."""
    if facts.built_until is None:
        return str(_("No daily facts are made yet: the first night makes them."))
    made = str(_("Facts as of %(day)s, definition %(version)s.")) % {
        "day": date_short(facts.built_until - ONE_DAY),
        "version": facts.definition,
    }
    if not facts.changed_people:
        return made
    changed = ngettext(
        "Records of %(count)s person changed since; the next night counts them.",
        "Records of %(count)s people changed since; the next night counts them.",
        facts.changed_people,
    ) % {"count": number(facts.changed_people)}
    return f"{made} {changed}"


def freshness(period: ReportPeriod, lines: Sequence[InstitutionLine]) -> str:
    """How fresh the data are: the last counted day, and whether attendance is entered.

    Entered, not submitted: that a timesheet is vouched for is another sentence, `sheets_line`.
    """
    day = {"day": date_short(period.last_day)}
    late = [one for one in lines if one.line and one.line.missing]
    if not any(one.line for one in lines):
        return str(_("No data as of %(day)s.")) % day
    if not period.has_workday:
        return str(_("Data as of %(day)s; no working day, so no attendance is due.")) % day
    if not late:
        return str(_("Data as of %(day)s; attendance is entered for everybody.")) % day
    return ngettext(
        "Data as of %(day)s; %(count)s institution has not entered attendance for everybody.",
        "Data as of %(day)s; %(count)s institutions have not entered attendance for everybody.",
        len(late),
    ) % {**day, "count": len(late)}


def sheets_line(period: ReportPeriod, sheets: SheetCount | None) -> str:
    """How many timesheets of the month are vouched for; nothing for a day and without any due."""
    if sheets is None or not sheets.due:
        return ""
    return str(
        _("Timesheets of %(month)s: submitted %(submitted)s of %(due)s, of them locked %(locked)s.")
    ) % {
        "month": month_name(period.month),
        "submitted": number(sheets.submitted),
        "due": number(sheets.due),
        "locked": number(sheets.locked),
    }


def late_rows(lines: Sequence[InstitutionLine]) -> list[dict[str, Any]]:
    """Institutions with attendance not entered: whom to call and how much is missing."""
    return [
        {
            "name": one.institution.organisation.name,
            "number": one.institution.number,
            "phone": one.institution.organisation.phone,
            "missing": one.line.missing,
        }
        for one in lines
        if one.line and one.line.missing
    ]


def month_rows(months: Sequence[MonthRow]) -> list[dict[str, Any]]:
    """The table beside the chart, newest month first."""
    return [
        {
            "name": month_short(month.period.month),
            "value": month.period.value,
            "able": people(month.line.cells[ABLE].heads if month.line else None, month.period),
            "employed": percent(month.line.rate if month.line else None),
            "worked": percent(month.line.worked_rate if month.line else None),
            "hours": _month_hours(month.line),
            "is_final": month.is_final,
        }
        for month in reversed(months)
    ]


def _month_hours(line: Line | None) -> str:
    return hours(line.minutes) if line and line.minutes is not None else DASH


def month_chart(months: Sequence[MonthRow], title: str) -> LineChart:
    """Twelve months of employed and worked, both of able-bodied."""
    return line_chart(
        chart_id="months",
        title=title,
        months=[_month_label(month) for month in months],
        series=[
            LineSeries(
                str(_("employed")),
                [month.line.rate if month.line else None for month in months],
                SUBJECT,
            ),
            LineSeries(
                str(_("worked")),
                [month.line.worked_rate if month.line else None for month in months],
                COMPARE,
            ),
        ],
        percent=percent,
    )


def _month_label(month: MonthRow) -> tuple[str, str]:
    name, _space, year = month_short(month.period.month).partition(NBSP)
    return name, year


def headline(line: Line | None, period: ReportPeriod) -> dict[str, str] | None:
    """The leading figure: employed of able-bodied, with worked beside it; None without data."""
    if line is None:
        return None
    cell = line.cells[ABLE]
    return {
        "rate": percent(cell.employed_rate),
        "employed": people(cell.employed, period),
        "able": people(cell.heads, period),
        "worked_rate": percent(cell.worked_rate),
        "worked": people(cell.worked, period),
        "hours": _month_hours(line),
    }


def reason_groups(
    groups: Sequence[ReasonGroup], line: Line | None, period: ReportPeriod
) -> list[dict[str, Any]]:
    """Those without paid work by ability and reason; with the employed they are all in custody."""
    if line is None:
        return []
    return [
        {
            "title": GROUP_TITLES[group.ability],
            "heads": people(group.heads, period),
            "rows": [
                {
                    "name": row.reason.name if row.reason else _("Reason not recorded"),
                    "is_known": row.reason is not None,
                    "heads": people(row.heads, period),
                }
                for row in group.rows
            ],
        }
        for group in groups
    ]
