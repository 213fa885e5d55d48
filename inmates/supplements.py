"""Supplements for nights, overtime and work on days off: a share beside the ordinary line.

Pure; called by `slip_supplements`. law.md §2a.2: of the hourly rate (or the salary's part of the
norm) for time pay, of the piece earnings of those hours for piece pay; computed exactly and
rounded once, half up to tiyn (Labour Code 108-110).
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from inmates.earnings import MINUTES_IN_HOUR, Earning
from inmates.pay_values import Explanation
from portal.kernel.money import round_tiyn

NIGHT, OVERTIME, HOLIDAY = "night", "overtime", "holiday"
SUPPLEMENTS = (NIGHT, OVERTIME, HOLIDAY)
ARTICLES = {NIGHT: "labour_code_110", OVERTIME: "labour_code_108", HOLIDAY: "labour_code_109"}
HOUR = Fraction(MINUTES_IN_HOUR)


@dataclass(frozen=True, slots=True)
class Extra:
    """Minutes of a day or a month by supplement.

    `holiday` is all time of days that are no working days; overtime does not count on them.
    """

    night: int = 0
    overtime: int = 0
    holiday: int = 0


def time_supplement(
    code: str, *, minutes: int, rate: Decimal, share: Decimal, norm: Fraction = HOUR
) -> Earning:
    """`share` of the pay for so many minutes at `rate`, which is for `norm` minutes.

    An hour is the norm of a rate an hour, the month's norm that of a salary.
    """
    if minutes < 0 or rate < 0 or share < 0:
        raise ValueError("neither time, a rate nor a share is negative")
    exact = Fraction(rate) * minutes / norm * Fraction(share)
    hours, rest = divmod(minutes, MINUTES_IN_HOUR)
    arguments: dict[str, str | int] = {
        "hours": hours,
        "minutes": rest,
        "supplement": str(share),
        "unit_rate": str(rate),
        "article": ARTICLES[code],
    }
    sentence = f"earning.{code}_hour" if norm == HOUR else f"earning.{code}_month"
    return Earning(
        kind=code,
        quantity=minutes,
        rate=rate,
        per=1,
        amount=round_tiyn(exact),
        explanation=Explanation("earning", sentence, arguments, (f"{code}_supplement",)),
    )


def piece_supplement(code: str, *, minutes: int, earned: Fraction, share: Decimal) -> Earning:
    """`share` of what was `earned` by the piece in those minutes, which is exact."""
    if earned < 0 or share < 0:
        raise ValueError("neither what was earned nor a share is negative")
    hours, rest = divmod(minutes, MINUTES_IN_HOUR)
    base = round_tiyn(earned)
    arguments: dict[str, str | int] = {
        "hours": hours,
        "minutes": rest,
        "supplement": str(share),
        "earned": str(base),
        "article": ARTICLES[code],
    }
    return Earning(
        kind=code,
        quantity=minutes,
        rate=None,
        per=1,
        amount=round_tiyn(earned * Fraction(share)),
        explanation=Explanation(
            "earning", f"earning.{code}_piece", arguments, (f"{code}_supplement",)
        ),
        base=base,
    )
