"""The wage of a team: the value of what it made, split over its members to the tiyn.

Pure; called by `selectors.payroll_team`, which feeds the payslip, and by the slip itself. law.md
§2a.5: in proportion to minutes × coefficient, by the largest remainder, a tie to the smaller key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from inmates.earnings import BY_CODE, Earning
from inmates.pay_values import Explanation
from portal.kernel.money import UNLIMITED, ZERO, proportional_sum

PIECE_TEAM = "piece_team"


@dataclass(frozen=True, slots=True)
class Member:
    """One member: the key of the placement, minutes of the day, the coefficient beside them."""

    key: int
    minutes: int
    coefficient: Decimal = Decimal(1)


def team_value(*, pieces: int, rate: Decimal, per_pieces: int) -> Decimal:
    """What a team's pieces are worth at a rate "per N pieces", half up to tiyn."""
    if pieces < 0 or rate < 0 or per_pieces < 1:
        raise ValueError("neither pieces nor a rate are negative, and a rate is for a piece")
    return proportional_sum(rate, pieces, per_pieces)


def split_team_pay(value: Decimal, members: Sequence[Member]) -> dict[int, Decimal]:
    """`value` (tenge, in tiyn) by key of a member; the parts sum to it exactly.

    Raises ValueError where a key stands twice, on minutes or a coefficient that are not above
    nought, and on a negative value or one finer than tiyn.
    """
    tiyn = value.scaleb(2, UNLIMITED)
    if tiyn < 0 or tiyn != tiyn.to_integral_value():
        raise ValueError("the value of a team's work is whole tiyn and not negative")
    if len({one.key for one in members}) != len(members):
        raise ValueError("a member stands in a team once")
    if not members or any(one.minutes <= 0 or one.coefficient <= 0 for one in members):
        raise ValueError("a member has minutes and a coefficient above nought")
    whole_tiyn = int(tiyn)
    scale = max(_denominator(one.coefficient) for one in members)
    weights = {one.key: one.minutes * int(one.coefficient * scale) for one in members}
    total = sum(weights.values())
    parts = {key: divmod(whole_tiyn * weight, total) for key, weight in weights.items()}
    left = whole_tiyn - sum(whole for whole, _rest in parts.values())
    first = sorted(parts, key=lambda key: (-parts[key][1], key))[:left]
    return {
        key: Decimal(whole + (key in first)).scaleb(-2, UNLIMITED) or ZERO
        for key, (whole, _rest) in parts.items()
    }


def _denominator(coefficient: Decimal) -> int:
    """A power of ten in which the coefficient is a whole number."""
    if isinstance(coefficient, float):
        raise TypeError("a coefficient is never a float")
    return int(10 ** max(0, -int(coefficient.as_tuple().exponent)))


def team_earning(
    *, pieces: int, rate: Decimal, per_pieces: int, amount: Decimal, entries: int
) -> Earning:
    """One line of a payslip: the person's shares of all entries under one rate.

    `pieces` are those of the whole team in the `entries` taken part in; the amount is summed
    already, for each entry is split by itself.
    """
    arguments: dict[str, str | int] = {
        "pieces": pieces,
        "unit_rate": str(rate),
        "per": per_pieces,
        "entries": entries,
        "amount": str(amount),
        "article": BY_CODE,
    }
    return Earning(
        kind=PIECE_TEAM,
        quantity=pieces,
        rate=rate,
        per=per_pieces,
        amount=amount,
        explanation=Explanation("earning", "earning.piece_team", arguments),
    )
