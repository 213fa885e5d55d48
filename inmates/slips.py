"""One person's payslip from what was read for the run: values in, values out.

Pure; called by the calculation service for each person. A missing rate or tax regime raises
`PersonNotCalculable`; somebody who earned nothing has no slip (None).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from inmates.absences import paid_lines
from inmates.earning_kinds import bases_of
from inmates.pay_values import (
    NO_OTHER_SLIP,
    NOTHING_ELSEWHERE,
    ZERO,
    PayCase,
    PayResult,
    Worker,
    explanations_by_line,
)
from inmates.payroll import calculate
from inmates.refusals import RegimeMissing
from inmates.slip_earnings import top_up_lines, work_lines
from inmates.slip_lines import ON_TOP, OWED, Rules, SlipLine, law_line
from inmates.slip_supplements import supplement_lines
from inmates.slip_writs import asked_by, writ_lines

WITHHELD = ("opv", "vosms", "ipn")
EMPLOYER = ("so", "oosms", "opvr", "social_tax")


@dataclass(frozen=True, slots=True)
class Slip:
    """A payslip ready to be stored.

    `corrects_id`: of a difference the first payslip of the month; `settlement`: see
    `differences.settle`.
    """

    inmate_id: int
    days_worked: int
    minutes_worked: int
    result: PayResult
    has_basic_deduction: bool
    lines: tuple[SlipLine, ...]
    is_difference: bool = False
    corrects_id: int | None = None
    settlement: Decimal = ZERO


def make_slip(person: Any, inputs: Any, rules: Rules) -> Slip | None:
    """The slip of `person` (selectors.payroll_inputs.Person) from `inputs` (RunInputs)."""
    earned = earning_lines(person, inputs, rules)
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
        joint=inputs.joint.get(person.id, NO_OTHER_SLIP),
        bases=bases_of(earned, rules.kinds),
    )
    result = calculate(case, rules.parameters)
    days, minutes = inputs.worked.get(person.id, (0, 0))
    why = explanations_by_line(result)
    lines = (
        *earned,
        *[law_line(OWED, code, result, why[code, None], rules) for code in WITHHELD],
        *writ_lines(writs, result, why, rules),
        *[law_line(ON_TOP, code, result, why[code, None], rules) for code in EMPLOYER],
    )
    return Slip(person.id, days, minutes, result, has_deduction, lines)


def earning_lines(person: Any, inputs: Any, rules: Rules) -> list[SlipLine]:
    """All earnings of the month in the order of the payslip; their kinds say what they count for.

    The top-up comes last: it looks at those before it.
    """
    lines = work_lines(person, inputs, rules)
    lines += supplement_lines(person, inputs, rules)
    lines += paid_lines(person, inputs, rules)
    lines += top_up_lines(person, lines, inputs, rules)
    return lines
