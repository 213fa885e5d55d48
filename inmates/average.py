"""Pay by average wage: leave, sickness, idle time, average pay, leave not taken at release.

Pure; called by `absences`. law.md §2a.4, Penal Execution Code 120: earned in the 12 months before ÷
days worked in them × days paid, exactly, rounded once to tiyn; nobody worked a day: by the rate.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from inmates.earning_law import EarningLaw
from inmates.earnings import BY_CODE
from inmates.enums import AbsencePay
from inmates.pay_values import ZERO, Explanation
from portal.kernel.money import round_tiyn

# In the order of the payslip; each is the code of its line.
PAID_ABSENCES = tuple(kind.value for kind in AbsencePay)
LEAVE, SICK, IDLE, AVERAGE_PAY = PAID_ABSENCES
LEAVE_COMPENSATION = "leave_compensation"
DAYS_OF_YEAR = 365
# Leave is counted in calendar days and entered on working ones: five of them are a week of seven.
CALENDAR_WEEK, WORKING_WEEK = 7, 5


class History(NamedTuple):
    """What counts in the average and the days worked for it, of the 12 months before."""

    earned: Decimal
    days: int


class Paid(NamedTuple):
    """One line: days paid, their sum, why. The amount is above nought."""

    code: str
    days: int
    amount: Decimal
    explanations: tuple[Explanation, ...]


@dataclass(frozen=True, slots=True)
class Unused:
    """Leave not taken when work for a payer ends.

    `placed` calendar days in work give `entitled`; `taken` and `due` are calendar days too, and
    `workdays` those of the `due` days after `last_day` that are worked by the calendar.
    """

    last_day: date
    placed: int
    taken: int
    due: int
    workdays: int


def daily_by_hour(rate: Decimal, hours: Fraction) -> Fraction:
    """A day by an hourly rate: 8 hours of it, or 7.2 in the shorter week."""
    return Fraction(rate) * hours


def daily_by_month(amount: Decimal, workdays: int) -> Fraction:
    """A day of a month's sum: a salary, or for piece work the minimum wage."""
    if workdays < 1:
        raise ValueError("a month has working days")
    return Fraction(amount) / workdays


def exact_pay(days: int, history: History, by_rate: Sequence[Fraction]) -> Fraction:
    """Average pay of so many days, not rounded; `by_rate` is the pay of each where it is asked."""
    if history.days:
        return Fraction(history.earned) * days / history.days
    if len(by_rate) != days:
        raise ValueError("each day is paid by its rate")
    return sum(by_rate, Fraction(0))


def absence_pay(
    kind: str,
    *,
    days: int,
    history: History,
    by_rate: Sequence[Fraction],
    law: EarningLaw,
    mrp: Decimal,
    sick_paid: Decimal = ZERO,
) -> Paid | None:
    """The line of one kind of paid absence in the month; None where nothing comes of it.

    Sick pay ends at its limit a month, of which `sick_paid` stands on another payslip of the payer;
    idle time is a share of average pay. Raises ValueError for a kind that is not among them.
    """
    if kind not in PAID_ABSENCES:
        raise ValueError(f"no kind of paid absence: {kind}")
    exact = exact_pay(days, history, by_rate)
    why = [_why(days, history, exact)]
    if kind == IDLE:
        exact *= Fraction(law.idle_pay_share)
        share: dict[str, str | int] = {"rate": str(law.idle_pay_share)}
        why.append(Explanation("earning", "average.idle", share, ("idle_pay_share",)))
    amount = round_tiyn(exact)
    limit = round_tiyn(law.sick_pay_cap_mrp * mrp)
    if kind == SICK and amount > limit - sick_paid:
        amount = max(ZERO, limit - sick_paid)
        cap: dict[str, str | int] = {
            "limit": str(limit),
            "mrp": f"{law.sick_pay_cap_mrp.normalize():f}",
        }
        why.append(Explanation("earning", "average.sick_cap", cap, ("sick_pay_cap_mrp",)))
        if sick_paid:
            why.append(Explanation("earning", "average.sick_paid", {"paid": str(sick_paid)}))
    return Paid(kind, days, amount, tuple(why)) if amount > ZERO else None


def calendar_days_taken(leave_days: int) -> int:
    """Working days of leave as calendar days: × 7 ÷ 5, half up to whole days."""
    return (leave_days * CALENDAR_WEEK * 2 + WORKING_WEEK) // (WORKING_WEEK * 2)


def days_due(placed: int, taken: int, law: EarningLaw) -> int:
    """Whole calendar days of leave earned by `placed` days in work and not taken, never below 0."""
    left = Fraction(law.annual_leave_days * placed, DAYS_OF_YEAR) - taken
    return max(0, left.numerator // left.denominator)


def leave_compensation(
    unused: Unused, history: History, daily: Fraction | None, law: EarningLaw
) -> Paid | None:
    """The line at the end of work; `daily` by the rate is asked where there is no history."""
    if not unused.workdays:
        return None
    by_rate = [daily] * unused.workdays if daily is not None else []
    exact = exact_pay(unused.workdays, history, by_rate)
    amount = round_tiyn(exact)
    if amount <= ZERO:
        return None
    due: dict[str, str | int] = {
        "annual": law.annual_leave_days,
        "placed": unused.placed,
        "taken": unused.taken,
        "due": unused.due,
        "days": unused.workdays,
        "last_day": unused.last_day.isoformat(),
    }
    why = (
        Explanation("earning", "average.leave_due", due, ("annual_leave_days",)),
        _why(unused.workdays, history, exact),
    )
    return Paid(LEAVE_COMPENSATION, unused.workdays, amount, why)


def _why(days: int, history: History, exact: Fraction) -> Explanation:
    """How the average came about: the numbers of the division, so that the line can be redone."""
    if not history.days:
        by_rate: dict[str, str | int] = {
            "days": days,
            "total": str(round_tiyn(exact)),
            "article": BY_CODE,
        }
        return Explanation("earning", "average.rate", by_rate)
    shown: dict[str, str | int] = {
        "days": days,
        "earned": str(history.earned),
        "worked_days": history.days,
        "article": BY_CODE,
    }
    return Explanation("earning", "average.history", shown)
