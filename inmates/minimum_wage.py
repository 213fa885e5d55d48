"""The floor under a month's pay: what basic pay lacks to the minimum wage for the time worked.

Pure; called by `slips`. Labour Code 104 through Penal Execution Code 120, law.md §2a.3: a full
month is not paid under МЗП, a part of it in proportion to the person's norm of time, and an hour
paid as such not under МЗП ÷ the year's average monthly hours. Supplements, bonuses and
compensations do not count.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from inmates.earnings import MINUTES_IN_HOUR, Earning, hours_text
from inmates.pay_values import Explanation
from portal.kernel.money import proportional_sum

TOP_UP = "minimum_top_up"
ARTICLE = "labour_code_104"


@dataclass(frozen=True, slots=True)
class PaidTime:
    """Minutes and the basic pay for them: of the whole month, or of what is paid by the hour."""

    minutes: int
    basic: Decimal


def month_floor(*, minutes: int, mzp: Decimal, norm: Fraction) -> Decimal:
    """The least basic pay for so many minutes: МЗП × minutes ÷ the month's norm, half up.

    `norm`: minutes of the person's full month. ValueError on a negative time or an empty norm.
    """
    if minutes < 0 or norm <= 0:
        raise ValueError("time is not negative and a month has hours")
    return proportional_sum(mzp, minutes * norm.denominator, norm.numerator)


def hour_floor(*, minutes: int, mzp: Decimal, average_hours: Decimal) -> Decimal:
    """The least pay for so many minutes: МЗП × minutes ÷ (average hours × 60), half up.

    `average_hours`: hours of an average month of the year.
    """
    norm = Fraction(average_hours) * MINUTES_IN_HOUR
    return month_floor(minutes=minutes, mzp=mzp, norm=norm)


def minimum_top_up(
    *,
    month: PaidTime,
    hourly: PaidTime,
    mzp: Decimal,
    norm: Fraction,
    average_hours: Decimal,
) -> Earning | None:
    """The larger of what the month and its hours lack; its base is the pay it was tested on.

    None where neither lacks anything. Where both lack the same, the month explains it.
    """
    of_month = month_floor(minutes=month.minutes, mzp=mzp, norm=norm)
    of_hours = hour_floor(minutes=hourly.minutes, mzp=mzp, average_hours=average_hours)
    is_hourly = of_hours - hourly.basic > of_month - month.basic
    tested, floor = (hourly, of_hours) if is_hourly else (month, of_month)
    if tested.basic >= floor:
        return None
    hours, rest = divmod(tested.minutes, MINUTES_IN_HOUR)
    arguments: dict[str, str | int] = {
        "mzp": str(mzp),
        "hours": hours,
        "minutes": rest,
        "floor": str(floor),
        "basic": str(tested.basic),
        "article": ARTICLE,
    }
    why = _by_the_hour(arguments, average_hours) if is_hourly else _of_the_month(arguments, norm)
    return Earning(
        kind=TOP_UP,
        quantity=tested.minutes,
        rate=None,
        per=1,
        amount=floor - tested.basic,
        explanation=why,
        base=tested.basic,
    )


def _of_the_month(arguments: Mapping[str, str | int], norm: Fraction) -> Explanation:
    return Explanation(
        "earning",
        "earning.top_up_month",
        dict(arguments) | {"norm": hours_text(norm)},
        ("mzp", "minimum_wage_top_up"),
    )


def _by_the_hour(arguments: Mapping[str, str | int], average_hours: Decimal) -> Explanation:
    return Explanation(
        "earning",
        "earning.minimum_top_up",
        dict(arguments) | {"average_hours": str(average_hours)},
        ("mzp", "average_monthly_hours"),
    )
