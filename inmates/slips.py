"""One person's payslip from what was read for the run: values in, values out.

Pure; called by the calculation service for each person. A missing rate or tax regime raises
`PersonNotCalculable`; somebody who earned nothing has no slip (None).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from inmates.apprentices import BASIC_PAY, apprentice_piece_pay, minimum_top_up
from inmates.earnings import Earning, piece_pay, time_pay
from inmates.pay_values import (
    NOTHING_ELSEWHERE,
    ZERO,
    Explanation,
    PayCase,
    PayResult,
    Worker,
    explanations_by_line,
    pack_explanations,
)
from inmates.payroll import calculate
from inmates.refusals import AverageHoursMissing, RateMissing, RegimeMissing
from inmates.slip_lines import EARNED, NO_TITLE, ON_TOP, OWED, Rules, SlipLine, deciding_row
from inmates.slip_writs import asked_by, writ_lines
from portal.kernel.money import is_in_tiyn

WITHHELD = ("opv", "vosms", "ipn")
EMPLOYER = ("so", "oosms", "opvr", "social_tax")


@dataclass(frozen=True, slots=True)
class Slip:
    """A payslip ready to be stored."""

    inmate_id: int
    days_worked: int
    minutes_worked: int
    result: PayResult
    has_basic_deduction: bool
    lines: tuple[SlipLine, ...]


def make_slip(person: Any, inputs: Any, rules: Rules) -> Slip | None:
    """The slip of `person` (selectors.payroll_inputs.Person) from `inputs` (RunInputs)."""
    earned = _earning_lines(person.id, inputs)
    earned += _top_up(person.id, earned, inputs, rules)
    if not earned:
        return None
    if inputs.regime is None:
        raise RegimeMissing
    writs = inputs.writs.get(person.id, [])
    has_deduction = person.id in inputs.applications
    case = PayCase(
        period=inputs.month.first_day,
        worker=Worker(inputs.category, person.born_on, person.pension, person.disability_group),
        regime=inputs.regime,
        gross=sum((line.amount for line in earned), ZERO),
        ytd_taxable=inputs.earlier_taxable.get(person.id, ZERO),
        basic_deduction=has_deduction,
        deduction_given=inputs.deduction_given.get(person.id, ZERO),
        month_of_hire_or_dismissal=person.id in inputs.changed_employment,
        writs=asked_by(writs, rules.parameters.bailiff_fee_queue),
        elsewhere=inputs.elsewhere.get(person.id, NOTHING_ELSEWHERE),
    )
    result = calculate(case, rules.parameters)
    days, minutes = inputs.worked.get(person.id, (0, 0))
    why = explanations_by_line(result)
    lines = (
        *earned,
        *[_law_line(OWED, code, result, why[code, None], rules) for code in WITHHELD],
        *writ_lines(writs, result, why, rules),
        *[_law_line(ON_TOP, code, result, why[code, None], rules) for code in EMPLOYER],
    )
    return Slip(person.id, days, minutes, result, has_deduction, lines)


def _earning_lines(person_id: int, inputs: Any) -> list[SlipLine]:
    lines = []
    for work in inputs.time.get(person_id, ()):
        title = inputs.posts[work.subject_id]
        if work.rate is None:
            raise RateMissing("rate_missing_post", title, work.first_day.isoformat())
        lines.append(_earned(time_pay(minutes=work.quantity, hourly_rate=work.rate), title))
    for work in inputs.pieces.get(person_id, ()):
        title = inputs.operations[work.subject_id]
        if work.rate is None:
            raise RateMissing("rate_missing_operation", title, work.first_day.isoformat())
        lines.append(_earned(_piece_pay(work), title))
    return lines


def _piece_pay(work: Any) -> Earning:
    if work.coefficient is None:
        return piece_pay(pieces=work.quantity, rate=work.rate, per_pieces=work.per_pieces)
    return apprentice_piece_pay(
        pieces=work.quantity,
        rate=work.rate,
        per_pieces=work.per_pieces,
        coefficient=work.coefficient,
    )


def _top_up(
    person_id: int, earned: Sequence[SlipLine], inputs: Any, rules: Rules
) -> list[SlipLine]:
    """The line that lifts an apprentice's basic pay of the month to the floor of the time worked.

    The month is tested as a whole, as the law tests it, and so in every run of it by itself.
    """
    _days, minutes = inputs.worked.get(person_id, (0, 0))
    if person_id not in inputs.apprentices or not minutes:
        return []
    if rules.average_hours is None:
        raise AverageHoursMissing
    basic = sum((line.amount for line in earned if line.code in BASIC_PAY), ZERO)
    pay = minimum_top_up(
        minutes=minutes, basic=basic, mzp=rules.parameters.mzp, average_hours=rules.average_hours
    )
    if pay is None:
        return []
    why = [pay.explanation]
    code, arguments = pack_explanations(why)
    return [
        SlipLine(
            kind=EARNED,
            code=pay.kind,
            amount=pay.amount,
            explanation=code,
            arguments=arguments,
            title=NO_TITLE,
            quantity=pay.quantity,
            base=basic,
            parameter_id=deciding_row(why, rules),
        )
    ]


def _earned(earning: Earning, title: dict[str, str]) -> SlipLine:
    code, arguments = pack_explanations([earning.explanation])
    return SlipLine(
        kind=EARNED,
        code=earning.kind,
        amount=earning.amount,
        explanation=code,
        arguments=arguments,
        title=title,
        quantity=earning.quantity,
        rate=earning.rate,
    )


def _law_line(
    kind: str, code: str, result: PayResult, why: Sequence[Explanation], rules: Rules
) -> SlipLine:
    """A payment the law asks for, with the rate and base of the sentence that has them."""
    explanation, arguments = pack_explanations(why)
    rate, base = _rate_and_base(why)
    return SlipLine(
        kind=kind,
        code=code,
        amount=getattr(result, code),
        explanation=explanation,
        arguments=arguments,
        title=NO_TITLE,
        rate=rate,
        base=base,
        parameter_id=deciding_row(why, rules),
    )


def _rate_and_base(why: Sequence[Explanation]) -> tuple[Decimal | None, Decimal | None]:
    """The one rate and base behind a line; with two steps of income tax there is no single one."""
    pairs = [one.arguments for one in why if "rate" in one.arguments and "base" in one.arguments]
    if len(pairs) != 1:
        return None, None
    base = Decimal(pairs[0]["base"])
    # The relief of 2024-2025 taxes a tenth of a sum: a base finer than tiyn is only in the words.
    return Decimal(pairs[0]["rate"]), base if is_in_tiyn(base) else None
