"""How many people the demo holds, how many are able-bodied and how many in paid work. Pure.

On the demo's day employed ÷ able-bodied is the published 62 %, whatever the size of the demo
(to the percent from 50 able-bodied on); the months before it lead there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from portal.demo.sources import published_rate
from portal.kernel.money import split_by_largest_remainder

ABLE_SHARE = Fraction(9, 10)
MONTHS = 24
# Two years ago a little more people were held and fewer had paid work; January and July are slack.
RATE_GROWTH = Fraction(13, 100)
POPULATION_DECLINE = Fraction(4, 100)
SLACK = {1: Fraction(2, 100), 7: Fraction(1, 100), 8: Fraction(1, 100)}


@dataclass(frozen=True)
class Heads:
    """Numbers of people on one day."""

    held: int
    able: int
    employed: int


def heads_of(people: int) -> Heads:
    """The region on the demo's day, by the number of people held."""
    able = _nearest(people * ABLE_SHARE)
    return Heads(people, able, _nearest(able * Fraction(published_rate())))


def heads_before(heads: Heads, months_ago: int, month: int) -> Heads:
    """The region at the end of a month of the two years before; `month` is 1 to 12."""
    if months_ago == 0:
        return heads
    past = Fraction(months_ago, MONTHS)
    held = _nearest(heads.held * (1 + POPULATION_DECLINE * past))
    able = _nearest(held * Fraction(heads.able, heads.held))
    rate = Fraction(heads.employed, heads.able) - RATE_GROWTH * past - SLACK.get(month, Fraction(0))
    return Heads(held, able, _nearest(able * rate))


def spread(heads: Heads, shares: Sequence[int], rates: Sequence[int]) -> list[Heads]:
    """The region's people among institutions: by `shares`, employed also by their `rates`."""
    held = _split(heads.held, shares)
    able = _split(heads.able, held)
    employed = _split(heads.employed, [a * r for a, r in zip(able, rates, strict=True)])
    return [Heads(*row) for row in zip(held, able, employed, strict=True)]


def _split(total: int, weights: Sequence[int]) -> list[int]:
    return [int(part) for part in split_by_largest_remainder(Decimal(total), weights)]


def _nearest(number: Fraction) -> int:
    return int(number + Fraction(1, 2))
