"""The law of a month as a payroll run needs it: parameters, kinds of earnings, the calendar.

Called by the services that start and calculate a run. What is missing is refused by name.
"""

from django.db.models import Count, Q

from inmates.earning_kinds import COLUMNS, Kind
from inmates.earning_law import earning_law_in_force
from inmates.models import CalendarDay, EarningKind
from inmates.parameters import parameters_in_force
from inmates.refusals import CalendarMissing
from inmates.selectors.payroll_inputs import parameter_rows_on
from inmates.slip_lines import Rules
from portal.kernel.periods import Month, period_q
from portal.kernel.text import month_name


def law_of_month(month: Month) -> Rules:
    """The law in force on the month's last day; `ParameterMissing`, `CalendarMissing`."""
    on = month.last_day
    rows = parameter_rows_on(on)
    return Rules(
        parameters=parameters_in_force(rows, on),
        row_ids={row["code"]: row["id"] for row in rows},
        law=earning_law_in_force(rows, on),
        kinds=kinds_on(month),
        workdays=workdays_of(month),
    )


def kinds_on(month: Month) -> dict[str, Kind]:
    """The kinds of earnings in force on the month's last day, by code."""
    rows = EarningKind.objects.filter(period_q(month.last_day)).values_list(*COLUMNS)
    return {row[0]: Kind(*row) for row in rows}


def workdays_of(month: Month) -> int:
    """Working days by the stored calendar, which has every day of the month, or is refused."""
    days = list(month.days())
    found = CalendarDay.objects.filter(day__range=(days[0], days[-1])).aggregate(
        entered=Count("day"), work=Count("day", filter=Q(is_workday=True))
    )
    if found["entered"] < len(days) or not found["work"]:
        raise CalendarMissing(month=month_name(month))
    count: int = found["work"]
    return count
