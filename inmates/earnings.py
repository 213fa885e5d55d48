"""What was earned: time pay, salary and piece pay, each line with what explains it.

Pure; called by the payroll services. Labour Code, law.md §2a.1: a line is computed exactly and
rounded once, half up to tiyn; the gross of a month is the sum of its lines.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from inmates.pay_values import Explanation
from portal.kernel.money import proportional_sum, round_tiyn

TIME = "time"
SALARY = "salary"
PIECE = "piece"
MINUTES_IN_HOUR = 60
# A convict is paid by the Labour Code, through this article of the Penal Execution Code.
BY_CODE = "penal_code_120"


@dataclass(frozen=True, slots=True)
class Earning:
    """One line of a payslip.

    `quantity` is minutes for time pay and accepted pieces for piece pay; `rate` is tenge an hour
    or a month, or tenge for `per` pieces. A line that has no single rate has None; its `base` may
    say what it is a share of.
    """

    kind: str
    quantity: int | None
    rate: Decimal | None
    per: int
    amount: Decimal
    explanation: Explanation
    base: Decimal | None = None


def time_pay(*, minutes: int, hourly_rate: Decimal) -> Earning:
    """Minutes worked at a rate an hour. Raises ValueError on a negative time or rate."""
    amount = _amount(minutes, hourly_rate, MINUTES_IN_HOUR)
    hours, rest = divmod(minutes, MINUTES_IN_HOUR)
    arguments: dict[str, str | int] = {
        "hours": hours,
        "minutes": rest,
        "unit_rate": str(hourly_rate),
        "article": BY_CODE,
    }
    return Earning(
        kind=TIME,
        quantity=minutes,
        rate=hourly_rate,
        per=MINUTES_IN_HOUR,
        amount=amount,
        explanation=Explanation("earning", "earning.time", arguments),
    )


def salary_pay(*, minutes: int, monthly_rate: Decimal, norm: Fraction) -> Earning:
    """Minutes worked of the person's `norm` of the month, at a rate a month.

    More than the norm is paid in proportion, too. Raises ValueError on a negative time or rate.
    """
    if norm <= 0:
        raise ValueError("a month has a norm of time")
    amount = _amount(minutes * norm.denominator, monthly_rate, norm.numerator)
    hours, rest = divmod(minutes, MINUTES_IN_HOUR)
    arguments: dict[str, str | int] = {
        "hours": hours,
        "minutes": rest,
        "unit_rate": str(monthly_rate),
        "norm": hours_text(norm),
        "article": BY_CODE,
    }
    return Earning(
        kind=SALARY,
        quantity=minutes,
        rate=monthly_rate,
        per=1,
        amount=amount,
        explanation=Explanation("earning", "earning.salary", arguments),
    )


def hours_text(minutes: Fraction) -> str:
    """A norm of minutes in hours, as decimal text with two places."""
    return str(round_tiyn(minutes / MINUTES_IN_HOUR))


def piece_pay(*, pieces: int, rate: Decimal, per_pieces: int = 1) -> Earning:
    """Accepted pieces at a rate "per N pieces"; a part of N is paid in proportion.

    Raises ValueError on a negative quantity or rate, or on less than one piece to a rate.
    """
    amount = _amount(pieces, rate, per_pieces)
    code = "earning.piece" if per_pieces == 1 else "earning.piece_per"
    arguments: dict[str, str | int] = {
        "pieces": pieces,
        "unit_rate": str(rate),
        "per": per_pieces,
        "article": BY_CODE,
    }
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
