"""When a debt will be paid off if every month brings what the last one did. Pure.

Called for the person's own pages and paper. The months are withheld by the engine of the payslips
themselves (`withholding.withhold`): its queues, its half of net, its living minimum.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from inmates.parameters import PayParameters
from inmates.pay_values import CONVICT, ZERO
from inmates.slip_writs import asked_by
from inmates.withholding import withhold

# What is not paid off in fifty years is not told by a date.
MOST_MONTHS = 600


@dataclass(frozen=True, slots=True)
class Standing:
    """A writ as it stands: what is left of its debt and of the bailiff's fee.

    The same names as `selectors.payroll_inputs.WritInForce`, which the engine reads.
    """

    id: int
    queue: int
    kind: str
    share: tuple[int, int] | None = None
    amount: Decimal | None = None
    remaining: Decimal | None = None
    fee: Decimal | None = None
    suspended: object | None = None

    @property
    def is_open(self) -> bool:
        """Something is left to ask for besides the fee."""
        return self.share is not None or bool(self.amount) or bool(self.remaining)


def months_until_paid(
    writs: Sequence[Standing], *, net: Decimal, attachable: Decimal, parameters: PayParameters
) -> dict[int, int]:
    """In which month from now the debt of each writ is paid off: 1 is the next one.

    A writ without an end (alimony), one that is suspended, and one that these wages never pay off
    have no month. What a paid debt no longer takes goes to the next, as in the payslips.
    """
    owed = {one.id: one for one in writs}
    found: dict[int, int] = {}
    for month in range(1, MOST_MONTHS + 1):
        open_debts = [one for one in owed.values() if one.remaining and one.suspended is None]
        if not open_debts:
            break
        taken = _taken(list(owed.values()), net, attachable, parameters)
        if not any(taken.values()):
            break
        for one in list(owed.values()):
            owed[one.id] = _less(one, taken)
            if one.remaining and not owed[one.id].remaining:
                found[one.id] = month
    return found


def _taken(
    writs: Sequence[Standing], net: Decimal, attachable: Decimal, parameters: PayParameters
) -> Mapping[str, Decimal]:
    """Of debts and fees, by the engine's own names; alimony has no end and does not count."""
    asked = asked_by(writs, parameters.bailiff_fee_queue)
    results = withhold(net, asked, CONVICT, parameters, attachable=attachable).writs
    ending = {one.id for one in asked if one.remaining is not None}
    return {one.id: one.withheld for one in results if one.id in ending}


def _less(one: Standing, taken: Mapping[str, Decimal]) -> Standing:
    return replace(
        one,
        remaining=_left(one.remaining, taken.get(str(one.id), ZERO)),
        fee=_left(one.fee, taken.get(f"{one.id}:fee", ZERO)),
    )


def _left(owed: Decimal | None, taken: Decimal) -> Decimal | None:
    return owed - taken if owed is not None and owed > taken else None
