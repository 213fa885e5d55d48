"""Half-open periods and months: in force from a day, up to but not including another.

Pure values for arithmetic; below them the query and the two constraints of a dated table.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db.models import CheckConstraint, F, Func, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MONTH_TEXT = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
# What somebody may ask for. Python knows no year after 9999: the month after its last has no day.
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Period:
    """The days from `effective_from` up to, not including, `effective_to`; None is open."""

    effective_from: date
    effective_to: date | None = None

    def __post_init__(self) -> None:
        if self.effective_to is not None and self.effective_to <= self.effective_from:
            raise ValueError("a period ends after it begins")

    def contains(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)

    def overlaps(self, other: "Period") -> bool:
        return self.intersect(other) is not None

    def intersect(self, other: "Period") -> "Period | None":
        """The days in both, or None if there are none."""
        begin = max(self.effective_from, other.effective_from)
        ends = [end for end in (self.effective_to, other.effective_to) if end is not None]
        end = min(ends, default=None)
        return Period(begin, end) if end is None or begin < end else None

    def days(self) -> Iterator[date]:
        """Every day of a closed period; an open one has no last day and raises ValueError."""
        if self.effective_to is None:
            raise ValueError("an open period has no last day")
        for number in range((self.effective_to - self.effective_from).days):
            yield self.effective_from + timedelta(days=number)


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month; written as 2026-11."""

    year: int
    month: int

    def __post_init__(self) -> None:
        date(self.year, self.month, 1)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """The month written as YYYY-MM, of 2000 to 2100; anything else raises ValueError."""
        match = MONTH_TEXT.fullmatch(text)
        if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
            raise ValueError(f"not a month: {text!r}")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    def plus(self, months: int) -> "Month":
        """The month so many months later; earlier if negative."""
        year, index = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Month(year, index + 1)

    def next(self) -> "Month":
        return self.plus(1)

    def previous(self) -> "Month":
        return self.plus(-1)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return self.next().first_day - timedelta(days=1)

    @property
    def period(self) -> Period:
        return Period(self.first_day, self.next().first_day)

    def days(self) -> Iterator[date]:
        return self.period.days()


class DateRange(Func):
    """SQL daterange(from, to, '[)') over the two columns of a dated row."""

    function = "DATERANGE"
    output_field = DateRangeField()


def full_years(since: date, on: date) -> int:
    """Full years; who was born on 29 February is a year older on 1 March of a common year."""
    had_birthday = (on.month, on.day) >= (since.month, since.day)
    return on.year - since.year - (not had_birthday)


def period_q(on: date, prefix: str = "") -> Q:
    """Rows in force on the day; `prefix` leads to the dated row, as in "placement__"."""
    begun = Q(**{f"{prefix}effective_from__lte": on})
    open_ended = Q(**{f"{prefix}effective_to__isnull": True})
    return begun & (open_ended | Q(**{f"{prefix}effective_to__gt": on}))


def overlap_q(period: Period, prefix: str = "") -> Q:
    """Rows in force on at least one day of the period."""
    not_ended = Q(**{f"{prefix}effective_to__isnull": True}) | Q(
        **{f"{prefix}effective_to__gt": period.effective_from}
    )
    if period.effective_to is None:
        return not_ended
    return not_ended & Q(**{f"{prefix}effective_from__lt": period.effective_to})


def no_overlap(
    name: str,
    *columns: str,
    condition: Q | None = None,
    message: str | Promise | None = None,
) -> ExclusionConstraint:
    """No two rows with the same `columns` are in force on the same day (needs btree_gist)."""
    in_force = DateRange(F("effective_from"), F("effective_to"), RangeBoundary())
    equal: list[tuple[Any, str]] = [(column, RangeOperators.EQUAL) for column in columns]
    refused: Any = message or _("Another record is in force in these days already.")
    return ExclusionConstraint(
        name=name,
        expressions=[*equal, (in_force, RangeOperators.OVERLAPS)],
        condition=condition,
        violation_error_message=refused,
    )


def ordered_period(name: str) -> CheckConstraint:
    """The period ends after it begins, or is open."""
    return CheckConstraint(
        name=name,
        condition=Q(effective_to__isnull=True) | Q(effective_from__lt=F("effective_to")),
        violation_error_message=_("The period must end after it begins."),
    )
