"""The law of a month as the calculator needs it: its rows, and the engine's values of them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Min

from inmates.earning_law import earning_law_in_force
from inmates.models import PayParameter
from inmates.parameters import PayParameters, parameters_in_force
from portal.kernel.money import round_tiyn
from portal.kernel.periods import Month, period_q


@dataclass(frozen=True, slots=True)
class LawOfMonth:
    """The rows in force on the month's last day, what they say, and the lowest pay of an hour."""

    on: date
    rows: list[PayParameter]
    parameters: PayParameters
    hour_floor: Decimal


def months_with_law(today: date) -> list[Month]:
    """From the first month with a minimum wage to the end of the present year, newest first."""
    first = PayParameter.objects.filter(code="mzp").aggregate(first=Min("effective_from"))["first"]
    if first is None:
        return []
    month, last = Month.of(first), Month(today.year, 12)
    months = []
    while month.first_day <= last.first_day:
        months.append(month)
        month = month.next()
    return months[::-1]


def law_of(month: Month) -> LawOfMonth:
    """One query. `ParameterMissing` where a figure of the month is not there."""
    on = month.last_day
    rows = list(PayParameter.objects.filter(period_q(on)).order_by("code", "effective_from"))
    values = [
        {
            "code": row.code,
            "effective_from": row.effective_from,
            "effective_to": row.effective_to,
            "value": row.value,
        }
        for row in rows
    ]
    parameters = parameters_in_force(values, on)
    hours = earning_law_in_force(values, on).average_monthly_hours
    return LawOfMonth(on, rows, parameters, round_tiyn(Fraction(parameters.mzp) / Fraction(hours)))
