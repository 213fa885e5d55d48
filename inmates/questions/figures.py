"""What is told in public of questions about wages: finished quarters, no small number. Pure.

A cell under the limit is hidden, and so is the next smallest beside it where a hidden one could be
worked out from the total, or bounded from below. Nothing here moves while a quarter lasts: who
watches the page does not learn that somebody has just asked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from statistics import median

from portal.kernel.disclosure import SMALLEST_PUBLIC_CELL


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months of a year, 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> "Quarter":
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)


def finished_quarters(on: date, count: int) -> list[Quarter]:
    """The last quarters that are over on the day, the newest first."""
    quarters, one = [], Quarter.of(on)
    for _number in range(count):
        one = one.before
        quarters.append(one)
    return quarters


def told(count: int) -> int | None:
    """The number if it may be told; None: fewer than five, none included."""
    return count if count >= SMALLEST_PUBLIC_CELL else None


def told_cells(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The cells of one total: the small ones hidden, and one more where one alone would show."""
    shown = {name: told(count) for name, count in counts.items()}
    hidden = [name for name, count in shown.items() if count is None]
    # The rest of the total is what all hidden cells have together: it must be large enough too.
    rest = sum(counts[name] for name in hidden)
    # Nor may it be so large that each of them must be near the limit: 4 and 4 make 8 alone.
    most = (SMALLEST_PUBLIC_CELL - 1) * (len(hidden) - 1)
    if hidden and (len(hidden) == 1 or 0 < rest < SMALLEST_PUBLIC_CELL or rest > most):
        open_ones = [name for name, count in shown.items() if count is not None]
        if open_ones:
            shown[min(open_ones, key=lambda name: (counts[name], name))] = None
    return shown


def middle(days: Iterable[int]) -> Fraction | None:
    """The median of the days an answer took; None where there are too few to tell."""
    known = sorted(days)
    if told(len(known)) is None:
        return None
    return Fraction(median(map(Fraction, known)))
