"""The lines of a payslip for work done: by time, by salary, by the piece and in a team; the top-up.

Pure; called by `slips.make_slip`. A rate that is missing refuses the person (`RateMissing`): never
a silent zero.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from inmates.apprentices import apprentice_piece_pay
from inmates.earning_kinds import basic_pay
from inmates.earnings import TIME, Earning, piece_pay, salary_pay, time_pay
from inmates.enums import RateUnit
from inmates.minimum_wage import PaidTime, minimum_top_up
from inmates.pay_values import ZERO
from inmates.refusals import RateMissing
from inmates.slip_lines import Rules, SlipLine, earned_line
from inmates.team_split import team_earning

# Plain text: an enumeration's member is told from its text at every line that is made.
BY_MONTH = RateUnit.MONTH.value


def work_lines(person: Any, inputs: Any, rules: Rules) -> list[SlipLine]:
    """What the month's work earned, in the order in which it began."""
    norm = rules.norm_minutes(person.disability_group)
    return [
        *[
            _post_line(work, _time_or_salary(work, norm, inputs), inputs, rules)
            for work in inputs.time.get(person.id, ())
        ],
        *[
            _operation_line(work, _piece_pay, inputs, rules)
            for work in inputs.pieces.get(person.id, ())
        ],
        *[
            _operation_line(work, _team_pay, inputs, rules)
            for work in inputs.teams.get(person.id, ())
        ],
    ]


def top_up_lines(
    person: Any, earned: Sequence[SlipLine], inputs: Any, rules: Rules
) -> list[SlipLine]:
    """The line that lifts basic pay to the floor of the time worked, where it lacks something.

    The month is tested as a whole, as the law tests it, and so in every run of it by itself. Time
    paid by the hour is tested by the hour as well, an apprentice's month altogether.
    """
    _days, minutes = inputs.worked.get(person.id, (0, 0))
    if not minutes or not rules.law.minimum_wage_top_up:
        return []
    month = PaidTime(minutes, basic_pay(earned, rules.kinds))
    hourly = month if person.id in inputs.apprentices else _by_the_hour(earned)
    found = minimum_top_up(
        month=month,
        hourly=hourly,
        mzp=rules.parameters.mzp,
        norm=rules.norm_minutes(person.disability_group),
        average_hours=rules.law.average_monthly_hours,
    )
    if found is None:
        return []
    return [earned_line(found, rules)]


def _by_the_hour(earned: Sequence[SlipLine]) -> PaidTime:
    lines = [line for line in earned if line.code == TIME]
    minutes = sum(line.quantity or 0 for line in lines)
    return PaidTime(minutes, sum((line.amount for line in lines), ZERO))


def _time_or_salary(work: Any, norm: Fraction, inputs: Any) -> Earning:
    if work.rate is None:
        title = inputs.posts[work.subject_id]
        raise RateMissing("rate_missing_post", title, work.first_day.isoformat())
    if work.unit == BY_MONTH:
        return salary_pay(minutes=work.quantity, monthly_rate=work.rate, norm=norm)
    return time_pay(minutes=work.quantity, hourly_rate=work.rate)


def _post_line(work: Any, earning: Earning, inputs: Any, rules: Rules) -> SlipLine:
    title = inputs.posts[work.subject_id]
    return earned_line(earning, rules, title=title, subject=f"post:{work.subject_id}")


def _operation_line(work: Any, pay: Any, inputs: Any, rules: Rules) -> SlipLine:
    title = inputs.operations[work.subject_id]
    if work.rate is None:
        raise RateMissing("rate_missing_operation", title, work.first_day.isoformat())
    return earned_line(pay(work), rules, title=title, subject=f"operation:{work.subject_id}")


def _piece_pay(work: Any) -> Earning:
    if work.coefficient is None:
        return piece_pay(pieces=work.quantity, rate=work.rate, per_pieces=work.per_pieces)
    return apprentice_piece_pay(
        pieces=work.quantity,
        rate=work.rate,
        per_pieces=work.per_pieces,
        coefficient=work.coefficient,
    )


def _team_pay(work: Any) -> Earning:
    return team_earning(
        pieces=work.quantity,
        rate=work.rate,
        per_pieces=work.per_pieces,
        amount=work.amount,
        entries=work.entries,
    )
