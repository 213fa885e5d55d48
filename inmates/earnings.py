"""What was earned: time pay and piece pay, each line with what is needed to explain it.

Pure; called by the payroll services. Labour Code, law.md §2a.1: a line is computed exactly and
rounded once, half up to tiyn; the gross of a month is the sum of its lines.
"""

from dataclasses import dataclass
from decimal import Decimal

from inmates.pay_values import Explanation
from portal.kernel.money import proportional_sum

TIME = "time"
PIECE = "piece"
MINUTES_IN_HOUR = 60


@dataclass(frozen=True, slots=True)
class Earning:
    """One line of a payslip.

    `quantity` is minutes for time pay and accepted pieces for piece pay; `rate` is tenge an hour,
    or tenge for `per` pieces.
    """

    kind: str
    quantity: int
    rate: Decimal
    per: int
    amount: Decimal
    explanation: Explanation


def time_pay(*, minutes: int, hourly_rate: Decimal) -> Earning:
    """Minutes worked at a rate an hour. Raises ValueError on a negative time or rate."""
    amount = _amount(minutes, hourly_rate, MINUTES_IN_HOUR)
    hours, rest = divmod(minutes, MINUTES_IN_HOUR)
    arguments: dict[str, str | int] = {
        "hours": hours,
        "minutes": rest,
        "unit_rate": str(hourly_rate),
    }
    return Earning(
        kind=TIME,
        quantity=minutes,
        rate=hourly_rate,
        per=MINUTES_IN_HOUR,
        amount=amount,
        explanation=Explanation("earning", "earning.time", arguments),
    )


def piece_pay(*, pieces: int, rate: Decimal, per_pieces: int = 1) -> Earning:
    """Accepted pieces at a rate "per N pieces"; a part of N is paid in proportion.

    Raises ValueError on a negative quantity or rate, or on less than one piece to a rate.
    """
    amount = _amount(pieces, rate, per_pieces)
    code = "earning.piece" if per_pieces == 1 else "earning.piece_per"
    arguments: dict[str, str | int] = {"pieces": pieces, "unit_rate": str(rate), "per": per_pieces}
    return Earning(
        kind=PIECE,
        quantity=pieces,
        rate=rate,
        per=per_pieces,
        amount=amount,
        explanation=Explanation("earning", code, arguments),
    )


def _amount(quantity: int, rate: Decimal, per: int) -> Decimal:
    if isinstance(rate, float):
        raise TypeError("a rate is never a float")
    if quantity < 0 or rate < 0:
        raise ValueError("neither a quantity nor a rate is negative")
    if per < 1:
        raise ValueError("a rate is for one piece or more")
    return proportional_sum(rate, quantity, per)
