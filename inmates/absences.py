"""The lines of a payslip that no work stands behind: paid absences, leave at the end, extra pay.

Pure; called by `slips`. The sums of average pay are `average`'s; here they meet what was read for
the run (`selectors.payroll_average`). A rate or a calendar that is missing refuses the person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from inmates.average import (
    PAID_ABSENCES,
    History,
    Paid,
    Unused,
    absence_pay,
    calendar_days_taken,
    daily_by_hour,
    daily_by_month,
    days_due,
    leave_compensation,
)
from inmates.earning_law import MINUTES_IN_HOUR
from inmates.earnings import BY_CODE
from inmates.enums import PayForm, RateUnit
from inmates.pay_values import NO_OTHER_SLIP, Explanation, pack_explanations
from inmates.refusals import CalendarEndsEarly, RateMissing
from inmates.slip_lines import EARNED, NO_TITLE, Rules, SlipLine, deciding_row

ONE_DAY = timedelta(days=1)
NO_HISTORY = History(Decimal("0.00"), 0)


@dataclass(frozen=True, slots=True)
class DayRate:
    """By what a person is paid on a day: the post's rate, or piece work, which has none."""

    day: date
    pay_form: str
    post_id: int
    unit: str | None
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Leaving:
    """The end of all work for the payer: days in work and of leave that nothing was paid for."""

    last_day: date
    placed: int
    leave_days: int
    rate: DayRate


@dataclass(slots=True)
class Absent:
    """What one person's average pay of the month is made from."""

    days: dict[str, list[DayRate]] = field(default_factory=dict)
    leaving: Leaving | None = None
    history: History = NO_HISTORY

    def rates(self) -> list[DayRate]:
        """By what each day would be paid without a history."""
        rates = [one for days in self.days.values() for one in days]
        return [*rates, self.leaving.rate] if self.leaving else rates


@dataclass(frozen=True, slots=True)
class Extra:
    """A one-off sum with the names of its kind."""

    id: int
    kind: str
    amount: Decimal
    basis: str
    title: dict[str, str]


@dataclass(slots=True)
class AveragePay:
    """Of a run: by person what is paid beside work, and what days are worked by the calendar."""

    people: dict[int, Absent] = field(default_factory=dict)
    extra: dict[int, list[Extra]] = field(default_factory=dict)
    workdays: Mapping[date, bool] = field(default_factory=dict)

    def posts_without_rate(self) -> set[int]:
        """Whose names a refusal may need."""
        rates = [one for absent in self.people.values() for one in absent.rates()]
        return {rate.post_id for rate in rates if rate.amount is None}


def paid_lines(person: Any, inputs: Any, rules: Rules) -> list[SlipLine]:
    """Paid absences of the month, leave at the end of work, extra pay, in this order."""
    pay: AveragePay = inputs.average
    lines = []
    absent = pay.people.get(person.id)
    if absent is not None:
        by_rate = _Rates(person.disability_group, inputs.posts, rules)
        sick_paid = inputs.joint.get(person.id, NO_OTHER_SLIP).sick_pay
        lines += [_line(paid, rules) for paid in _absences(absent, by_rate, rules, sick_paid)]
        lines += [_line(paid, rules) for paid in _at_the_end(absent, pay, by_rate, rules)]
    return [*lines, *(_extra(one) for one in pay.extra.get(person.id, ()))]


class _Rates:
    """A day's pay by the rate, for whoever has no history."""

    def __init__(
        self, disability_group: int | None, posts: Mapping[int, dict[str, str]], rules: Rules
    ) -> None:
        self._hours = rules.law.day_minutes(disability_group) / MINUTES_IN_HOUR
        self._posts, self._rules = posts, rules

    def daily(self, rate: DayRate) -> Fraction:
        if rate.pay_form == PayForm.PIECE:
            return daily_by_month(self._rules.parameters.mzp, self._rules.workdays)
        if rate.amount is None:
            title = self._posts[rate.post_id]
            raise RateMissing("rate_missing_post", title, rate.day.isoformat())
        if rate.unit == RateUnit.MONTH:
            return daily_by_month(rate.amount, self._rules.workdays)
        return daily_by_hour(rate.amount, self._hours)


def _absences(absent: Absent, rates: _Rates, rules: Rules, sick_paid: Decimal) -> list[Paid]:
    found = []
    for kind in PAID_ABSENCES:
        days = absent.days.get(kind, [])
        if days:
            paid = absence_pay(
                kind,
                days=len(days),
                history=absent.history,
                by_rate=[] if absent.history.days else [rates.daily(one) for one in days],
                law=rules.law,
                mrp=rules.parameters.mrp,
                sick_paid=sick_paid,
            )
            found += [paid] if paid else []
    return found


def _at_the_end(absent: Absent, pay: AveragePay, rates: _Rates, rules: Rules) -> list[Paid]:
    leaving = absent.leaving
    if leaving is None:
        return []
    taken = calendar_days_taken(leaving.leave_days)
    due = days_due(leaving.placed, taken, rules.law)
    after = [leaving.last_day + ONE_DAY * number for number in range(1, due + 1)]
    unused = Unused(leaving.last_day, leaving.placed, taken, due, _workdays(after, pay.workdays))
    daily = None
    if unused.workdays and not absent.history.days:
        daily = rates.daily(leaving.rate)
    paid = leave_compensation(unused, absent.history, daily, rules.law)
    return [paid] if paid else []


def _workdays(days: Sequence[date], calendar: Mapping[date, bool]) -> int:
    """How many of the days are worked; each of them has to stand in the calendar."""
    missing = next((day for day in days if day not in calendar), None)
    if missing is not None:
        raise CalendarEndsEarly(day=missing.isoformat())
    return sum(calendar[day] for day in days)


def _line(paid: Paid, rules: Rules) -> SlipLine:
    code, arguments = pack_explanations(paid.explanations)
    return SlipLine(
        kind=EARNED,
        code=paid.code,
        amount=paid.amount,
        explanation=code,
        arguments=arguments,
        title=NO_TITLE,
        quantity=paid.days,
        parameter_id=deciding_row(paid.explanations, rules),
    )


def _extra(extra: Extra) -> SlipLine:
    why = Explanation("earning", "extra.document", {"basis": extra.basis, "article": BY_CODE})
    code, arguments = pack_explanations([why])
    return SlipLine(
        kind=EARNED,
        code=extra.kind,
        amount=extra.amount,
        explanation=code,
        arguments=arguments,
        title=extra.title,
        subject=f"extra:{extra.id}",
    )
