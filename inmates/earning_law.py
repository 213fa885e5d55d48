"""The law of earnings on one day: norm of time, supplements, minimum wage, average pay, limits.

Pure; read beside `parameters`, whose figures a slip's taxes are computed from. Each field has the
code of its row; a row that is not in force raises `ParameterMissing`, never a default.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from inmates.parameters import read_count, read_flag, read_number, read_share, values_in_force

MINUTES_IN_HOUR = 60
# Shorter hours by law (Labour Code 69): disability of group I or II.
SHORTER_WEEK = {1, 2}


@dataclass(frozen=True, slots=True)
class EarningLaw:
    """Hours of a week, shares of pay, days and limits of the day they were read for."""

    full_shift_minutes: int
    week_hours: Decimal
    reduced_week_hours: Decimal
    night_supplement: Decimal
    overtime_supplement: Decimal
    holiday_supplement: Decimal
    minimum_wage_top_up: bool
    average_monthly_hours: Decimal
    annual_leave_days: int
    idle_pay_share: Decimal
    sick_pay_cap_mrp: Decimal
    overpayment_recovery_share: Decimal

    def day_minutes(self, disability_group: int | None) -> Fraction:
        """The norm of one working day: a full shift, in proportion to the week where it is less."""
        if disability_group not in SHORTER_WEEK:
            return Fraction(self.full_shift_minutes)
        return (
            self.full_shift_minutes * Fraction(self.reduced_week_hours) / Fraction(self.week_hours)
        )


def _hours(value: Any) -> Decimal:
    hours = read_number(value)
    if hours == 0:
        raise ValueError("hours above nought are wanted")
    return hours


def _full_shift(value: Any) -> int:
    minutes = read_count(value["general"])
    if minutes == 0:
        raise ValueError("a shift has minutes")
    return minutes


READERS: dict[str, Any] = {
    "full_shift_minutes": _full_shift,
    "week_hours": _hours,
    "reduced_week_hours": _hours,
    "night_supplement": read_number,
    "overtime_supplement": read_number,
    "holiday_supplement": read_number,
    "minimum_wage_top_up": read_flag,
    "average_monthly_hours": _hours,
    "annual_leave_days": read_count,
    "idle_pay_share": read_share,
    "sick_pay_cap_mrp": read_number,
    "overpayment_recovery_share": read_share,
}


def earning_law_in_force(rows: Iterable[Mapping[str, Any]], on: date) -> EarningLaw:
    """The law on the day `on`; refusals as those of `parameters_in_force`."""
    return EarningLaw(**values_in_force(rows, on, READERS))
