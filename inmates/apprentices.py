"""The piece pay of whoever learns a trade: the norm is lowered.

Pure; called by `slip_earnings`. law.md §2a.6: the norm is multiplied by a coefficient, so a piece
is paid rate ÷ coefficient, exactly, and the line rounds once. That the month is not under the
floor, `minimum_wage` sees to.
"""

from decimal import Decimal

from inmates.earnings import PIECE, Earning, piece_pay
from inmates.pay_values import Explanation
from portal.kernel.money import proportional_sum


def apprentice_piece_pay(
    *, pieces: int, rate: Decimal, per_pieces: int, coefficient: Decimal
) -> Earning:
    """Accepted pieces at a rate "per N pieces" ÷ the norm coefficient, which is in (0, 1].

    Raises ValueError on another coefficient, and like `piece_pay` on what is negative.
    """
    if isinstance(coefficient, float):
        raise TypeError("a coefficient is never a float")
    if not 0 < coefficient <= 1:
        raise ValueError("a norm coefficient is above 0 and at most 1")
    ordinary = piece_pay(pieces=pieces, rate=rate, per_pieces=per_pieces)
    if coefficient == 1:
        return ordinary
    numerator, denominator = coefficient.as_integer_ratio()
    return Earning(
        kind=PIECE,
        quantity=pieces,
        rate=rate,
        per=per_pieces,
        amount=proportional_sum(rate, pieces * denominator, per_pieces * numerator),
        explanation=Explanation(
            "earning",
            "earning.piece_apprentice",
            dict(ordinary.explanation.arguments) | {"coefficient": str(coefficient)},
        ),
    )
