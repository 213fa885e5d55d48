"""What was paid too much: set off against what is due, withheld within the limit, or carried over.

Pure; called by the calculation of a run. A sum `settlement` stands on a payslip: above nought it
was paid earlier and is owed from here on, below nought it is settled here. Paid is what goes to the
account plus the settlement.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from inmates.enums import LineKind
from inmates.pay_values import ZERO
from inmates.slip_lines import NO_TITLE, SlipLine
from inmates.slips import Slip
from portal.kernel.money import floor_tiyn

RECOVERED = "overpayment_recovered"
SHARE = "overpayment_recovery_share"
SETTLED = LineKind.SETTLEMENT.value


class Debt(NamedTuple):
    """What a person owes the payer; `of_month`: what of it the payslips of the very month, payer
    and place have left that is calculated."""

    owed: Decimal
    of_month: Decimal = ZERO


NO_DEBT = Debt(ZERO)


class Recovery(NamedTuple):
    """What a payslip withholds of a debt, up to what limit, and what of the debt is left.

    `same`: what of it was paid for the same month already, and is set off whatever the limit.
    """

    debt: Decimal
    recovered: Decimal
    room: Decimal
    same: Decimal = ZERO

    @property
    def left(self) -> Decimal:
        """Carried over to the next payslip."""
        return self.debt - self.recovered


def carried(to_account: Decimal) -> Decimal:
    """The settlement of a slip that is below nought: nothing is paid, and it is owed."""
    return max(ZERO, -to_account)


def set_off(debt: Decimal, due: Sequence[Decimal]) -> list[Decimal]:
    """The settlements of differences in the person's favour, in their order: 0 or below.

    What is owed is taken from them first, as far as they reach: neither is a wage of this month.
    """
    left, settlements = max(ZERO, debt), []
    for one in due:
        part = min(left, max(ZERO, one))
        left -= part
        settlements.append(-part or ZERO)
    return settlements


def recover(
    debt: Decimal,
    *,
    to_account: Decimal,
    attachable: Decimal,
    withheld: Decimal,
    share: Decimal,
    same: Decimal = ZERO,
) -> Recovery:
    """What a payslip of a month takes of `debt`.

    What was paid for the month already (`same`) is no wage of it again: that is taken in full. Of
    the rest writs and the debt together take at most `share` of what is attachable (Labour Code
    115; Penal Execution Code 122), cut down to tiyn, and never more than there is to be paid.
    """
    paid_before = max(ZERO, min(same, debt, to_account))
    limit = floor_tiyn(Fraction(share) * Fraction(attachable))
    room = max(ZERO, min(limit - withheld, to_account - paid_before))
    within = min(max(ZERO, debt - paid_before), room)
    return Recovery(debt, paid_before + within, room, paid_before)


def recovery_line(recovery: Recovery, share: Decimal, parameter_id: int | None) -> SlipLine:
    """The line of the payslip: what was owed before, the limit, and what is left after it."""
    arguments = {
        "debt": str(recovery.debt),
        "rate": str(share),
        "room": str(recovery.room),
        "left": str(recovery.left),
        "article": "labour_code_115",
    }
    explanation = "settlement.carried" if recovery.left else "settlement.recovered"
    if recovery.same:
        arguments["same"] = str(recovery.same)
        explanation = "settlement.same_month"
    return SlipLine(
        title=NO_TITLE,
        kind=SETTLED,
        code=RECOVERED,
        amount=recovery.recovered,
        explanation=explanation,
        arguments=arguments,
        base=recovery.debt,
        parameter_id=parameter_id,
    )


def settled(
    slip: Slip, debt: Debt, share: Decimal, parameter_id: int | None, *, is_wage: bool = True
) -> Slip:
    """The payslip of a run with what it settles of `debt`; the line only where something is owed.

    A payslip below nought withholds nothing and is owed itself. `is_wage`: the wages of a month,
    which alone pay what is owed of other months.
    """
    result = slip.result
    if result.to_account < ZERO:
        return replace(slip, settlement=carried(result.to_account))
    same = debt.of_month if slip.is_difference else ZERO
    if debt.owed <= ZERO or not (is_wage or same > ZERO):
        return slip
    recovery = recover(
        debt.owed,
        to_account=result.to_account,
        attachable=result.attachable,
        withheld=result.withheld_by_writs,
        share=share if is_wage else ZERO,
        same=same,
    )
    line = recovery_line(recovery, share, parameter_id)
    return replace(slip, settlement=-recovery.recovered or ZERO, lines=(*slip.lines, line))
