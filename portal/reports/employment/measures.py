"""From counts of days to the lines of a report: means, rates, what is missing. Pure.

Rates are exact fractions until they are printed. None stands for "no data" and is never zero.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from portal.kernel.money import round_tenge

# The denominators of law.md §5, always side by side and in this order.
DENOMINATORS = ("custody", "able", "subject", "available")
ALL, ABLE = 0, 1

Workday = Callable[[date], bool]
Four = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class DayCount:
    """People of one institution on one day; the fours go in the order of `DENOMINATORS`."""

    institution_id: int
    day: date
    heads: Four
    employed: Four
    worked: Four
    unknown: int
    minutes: int
    sheets: int

    def missing(self, is_workday: Workday) -> int:
        """Employed people whose attendance is due and not entered."""
        return self.employed[ALL] - self.sheets if is_workday(self.day) else 0

    def tells_who_worked(self, is_workday: Workday) -> bool:
        """Whether "worked" is known: attendance is in, or a workday has nobody to enter."""
        return self.sheets > 0 or (not self.employed[ALL] and is_workday(self.day))


@dataclass(frozen=True, slots=True)
class Cell:
    """One denominator: how many people, how many of them are employed and how many worked."""

    code: str
    heads: Decimal
    employed: Decimal
    employed_rate: Fraction | None
    worked: Decimal | None
    worked_rate: Fraction | None


@dataclass(frozen=True, slots=True)
class Line:
    """An institution, or the total, over a period; `cells` go in the order of `DENOMINATORS`."""

    cells: tuple[Cell, ...]
    unknown: Decimal
    minutes: int | None
    missing: int
    sheet_days: int

    @property
    def rate(self) -> Fraction | None:
        """Employed of able-bodied: the figure that leads."""
        return self.cells[ABLE].employed_rate

    @property
    def worked_rate(self) -> Fraction | None:
        return self.cells[ABLE].worked_rate


def mean(total: int, days: int) -> Decimal:
    """The mean of so many days, to one place."""
    return round_tenge(Fraction(total * 10, days)) / 10


def _mean(values: Sequence[int]) -> Decimal:
    return mean(sum(values), len(values))


def mean_rate(parts: Iterable[tuple[int, int]]) -> Fraction | None:
    """The mean of daily rates (numerator, denominator); days with nobody to count are left out."""
    rates = [Fraction(part, whole) for part, whole in parts if whole]
    return sum(rates, Fraction(0)) / len(rates) if rates else None


def line_of(days: Sequence[DayCount], is_workday: Workday) -> Line | None:
    """The line of one institution; None when nobody was in custody, that is: no data."""
    if not any(day.heads[ALL] for day in days):
        return None
    told = _told(days, is_workday)
    return Line(
        cells=tuple(_cell(index, days, told) for index in range(len(DENOMINATORS))),
        unknown=_mean([day.unknown for day in days]),
        minutes=sum(day.minutes for day in told) if told else None,
        missing=sum(day.missing(is_workday) for day in days),
        sheet_days=len(told),
    )


def _told(days: Sequence[DayCount], is_workday: Workday) -> list[DayCount]:
    """The days on which it is known who worked.

    Where people are employed and not one entry came, days with nobody to enter tell nothing:
    their zero would stand for all the others.
    """
    if any(day.employed[ALL] for day in days) and not any(day.sheets for day in days):
        return []
    return [day for day in days if day.tells_who_worked(is_workday)]


def _cell(index: int, days: Sequence[DayCount], told: Sequence[DayCount]) -> Cell:
    return Cell(
        code=DENOMINATORS[index],
        heads=_mean([day.heads[index] for day in days]),
        employed=_mean([day.employed[index] for day in days]),
        employed_rate=mean_rate((day.employed[index], day.heads[index]) for day in days),
        worked=_mean([day.worked[index] for day in told]) if told else None,
        worked_rate=mean_rate((day.worked[index], day.heads[index]) for day in told),
    )


def total_of(lines: Sequence[Line], days: Sequence[DayCount], is_workday: Workday) -> Line | None:
    """The region: people are the sum of the printed lines, rates the mean of the region's days.

    On each day "worked" is a share of the people of those institutions that entered some.
    """
    if not lines:
        return None
    by_day: dict[date, list[DayCount]] = {}
    for day in days:
        by_day.setdefault(day.day, []).append(day)
    told = [known for one in by_day.values() if (known := _told(one, is_workday))]
    return Line(
        cells=tuple(
            _total_cell(index, lines, list(by_day.values()), told)
            for index in range(len(DENOMINATORS))
        ),
        unknown=sum((line.unknown for line in lines), Decimal(0)),
        minutes=_sum_known([line.minutes for line in lines]) if told else None,
        missing=sum(line.missing for line in lines),
        sheet_days=len(told),
    )


def _total_cell(
    index: int,
    lines: Sequence[Line],
    by_day: Sequence[Sequence[DayCount]],
    told: Sequence[Sequence[DayCount]],
) -> Cell:
    cells = [line.cells[index] for line in lines]
    worked = [cell.worked for cell in cells if cell.worked is not None]
    return Cell(
        code=DENOMINATORS[index],
        heads=sum((cell.heads for cell in cells), Decimal(0)),
        employed=sum((cell.employed for cell in cells), Decimal(0)),
        employed_rate=mean_rate(
            (sum(one.employed[index] for one in day), sum(one.heads[index] for one in day))
            for day in by_day
        ),
        worked=sum(worked, Decimal(0)) if worked and told else None,
        worked_rate=mean_rate(
            (sum(one.worked[index] for one in day), sum(one.heads[index] for one in day))
            for day in told
        ),
    )


def _sum_known(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
