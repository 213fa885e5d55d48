"""The law of a month as a payroll run needs it: parameters, kinds of earnings, the calendar.

Called by the services that start and calculate a run. What is missing is refused by name.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, Subquery, Value

from inmates.earning_kinds import COLUMNS, Kind
from inmates.earning_law import earning_law_in_force
from inmates.models import CalendarDay, EarningKind
from inmates.parameters import parameters_in_force
from inmates.refusals import CalendarMissing, KindsMissing
from inmates.selectors.payroll_inputs import parameter_rows_on
from inmates.slip_lines import Rules
from portal.kernel.periods import Month, period_q
from portal.kernel.text import date_short, month_name


def law_of_month(month: Month, instead: Mapping[str, Any] | None = None) -> Rules:
    """The law in force on the month's last day; refused by name where it is not there.

    `instead`: values by code that are tried in place of those in force.
    """
    on = month.last_day
    rows = parameter_rows_on(on)
    for row in rows if instead else ():
        row["value"] = instead.get(row["code"], row["value"])
    kinds, workdays = _directories(month)
    return Rules(
        parameters=parameters_in_force(rows, on),
        row_ids={row["code"]: row["id"] for row in rows},
        law=earning_law_in_force(rows, on),
        kinds=kinds,
        workdays=workdays,
    )


def _directories(month: Month) -> tuple[dict[str, Kind], int]:
    """The kinds of earnings by code and the month's working days: one read of two directories.

    Each line of earnings asks for its kind, and is refused by name where there is none.
    """
    days = list(month.days())
    calendar = CalendarDay.objects.filter(day__range=(days[0], days[-1]))
    # A group of one, so that it counts in a subquery.
    counts = calendar.order_by().annotate(one=Value(1)).values("one")
    kinds = (
        EarningKind.objects.filter(period_q(month.last_day))
        .annotate(
            entered=Subquery(counts.annotate(count=Count("day")).values("count")),
            work=Subquery(
                counts.annotate(count=Count("day", filter=Q(is_workday=True))).values("count")
            ),
        )
        .values_list("entered", "work", *COLUMNS)
    )
    rows = list(kinds)
    if not rows:
        raise KindsMissing(day=date_short(month.last_day))
    entered, workdays = rows[0][:2]
    if (entered or 0) < len(days) or not workdays:
        raise CalendarMissing(month=month_name(month))
    return {kind.code: kind for kind in (Kind(*row[2:]) for row in rows)}, workdays
