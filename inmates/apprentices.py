"""The pay of whoever learns a trade: pieces by a lowered norm, and a month not under the floor.

Pure; called by `slips`. law.md §2a.6: the norm is multiplied by a coefficient, so a piece is paid
rate ÷ coefficient, exactly, and the line rounds once. Basic pay of the month is topped up to the
hourly floor × time worked; the floor is the minimum wage ÷ the year's average monthly hours
(Labour Code 104(2) through Penal Execution Code 120). `minimum_top_up` asks nothing about
apprentices: whoever calls it decides who is tested.
"""

from decimal import Decimal

from inmates.earnings import MINUTES_IN_HOUR, PIECE, Earning, piece_pay
from inmates.pay_values import Explanation
from portal.kernel.money import proportional_sum

TOP_UP = "minimum_top_up"
# What is tested against the floor: supplements, bonuses and compensations do not count.
BASIC_PAY = ("time", "piece", "piece_team")


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


def floor_of(*, minutes: int, mzp: Decimal, average_hours: Decimal) -> Decimal:
    """The least basic pay for so many minutes: МЗП × minutes ÷ (average hours × 60), half up.

    `average_hours`: hours of an average month of the year. ValueError on a negative time, or on
    hours that are not above nought.
    """
    if minutes < 0 or average_hours <= 0:
        raise ValueError("time is not negative and a month has hours")
    numerator, denominator = average_hours.as_integer_ratio()
    return proportional_sum(mzp, minutes * denominator, MINUTES_IN_HOUR * numerator)


def minimum_top_up(
    *, minutes: int, basic: Decimal, mzp: Decimal, average_hours: Decimal
) -> Earning | None:
    """What basic pay lacks to the floor of the time worked; None where it lacks nothing."""
    floor = floor_of(minutes=minutes, mzp=mzp, average_hours=average_hours)
    if basic >= floor:
        return None
    hours, rest = divmod(minutes, MINUTES_IN_HOUR)
    arguments: dict[str, str | int] = {
        "mzp": str(mzp),
        "average_hours": str(average_hours),
        "hours": hours,
        "minutes": rest,
        "floor": str(floor),
        "basic": str(basic),
        "article": "labour_code_104",
    }
    return Earning(
        kind=TOP_UP,
        quantity=minutes,
        rate=mzp,
        per=1,
        amount=floor - basic,
        explanation=Explanation(
            "earning", "earning.minimum_top_up", arguments, ("mzp", "average_monthly_hours")
        ),
    )
