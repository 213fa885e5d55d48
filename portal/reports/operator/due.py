"""What a month's wages make due, to whom and by when. Pure; called by the operator's page.

The days are dated parameters with their source (due_days.json): the law may move them.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import PortalError
from portal.kernel.periods import Month

WAGES, CONTRIBUTIONS = "wages", "contributions"


class DueDayMissing(PortalError):
    """A day nobody entered is not guessed."""

    message = _("No day of payment is entered for this month.")


@dataclass(frozen=True, slots=True)
class DueDay:
    """By which day of the month that follows something is due, from a day on."""

    code: str
    effective_from: date
    day: int
    sources: Mapping[str, str]
    is_read: bool


@dataclass(frozen=True, slots=True)
class Payment:
    """One sum of a month's wages in tenge: `columns` of the payslips added, to whom, by when."""

    code: str
    to_whom: str | Promise
    what: str | Promise
    amount: Decimal
    due_on: date


# What is paid, the columns of a payslip that add up to it, to whom, and whose day it is. What is
# withheld from people stands beside what the employer adds when both go to the same place.
PARTS: tuple[tuple[str, tuple[str, ...], str | Promise, str | Promise, str], ...] = (
    ("account", ("to_account",), _("People’s accounts at the institution"), _("Wages"), WAGES),
    ("writs", ("withheld_by_writs",), _("Claimants, through bailiffs"),
     _("Withheld by writs of execution"), WAGES),
    ("pension", ("opv", "opvr"), _("Unified pension fund"), _("Pension contributions"),
     CONTRIBUTIONS),
    ("social", ("so",), _("State social insurance fund"), _("Social contributions"),
     CONTRIBUTIONS),
    ("medical", ("vosms", "oosms"), _("Medical insurance fund"), _("Medical contributions"),
     CONTRIBUTIONS),
    ("budget", ("ipn", "social_tax"), _("State budget"), _("Income tax and social tax"),
     CONTRIBUTIONS),
)  # fmt: skip
COLUMNS = tuple(column for _code, columns, *_rest in PARTS for column in columns)


@cache
def due_days() -> tuple[DueDay, ...]:
    """The shipped days, the newest first."""
    rows = json.loads((Path(__file__).parent / "due_days.json").read_text(encoding="utf-8"))
    days = [
        DueDay(
            row["code"],
            date.fromisoformat(row["effective_from"]),
            row["day"],
            {language: row[f"source_{language}"] for language in ("ru", "kk", "en")},
            row["is_read"],
        )
        for row in rows
    ]
    return tuple(sorted(days, key=lambda day: day.effective_from, reverse=True))


def due_day(code: str, month: Month, days: Sequence[DueDay] | None = None) -> DueDay:
    """The row in force when the month after `month` begins; `DueDayMissing` before the first."""
    begins = month.next().first_day
    for row in due_days() if days is None else days:
        if row.code == code and row.effective_from <= begins:
            return row
    raise DueDayMissing


def pay_by(code: str, month: Month, is_workday: Callable[[date], bool]) -> date:
    """The day itself, or the last working day before it."""
    day = month.next().first_day.replace(day=due_day(code, month).day)
    while not is_workday(day):
        day -= timedelta(days=1)
    return day


def payments(
    sums: Mapping[str, Decimal], month: Month, is_workday: Callable[[date], bool]
) -> list[Payment]:
    """What the payslips of a month make due; parts that come to nothing are left out.

    `sums` holds every column of `COLUMNS`, in tenge.
    """
    found = []
    for code, columns, to_whom, what, day in PARTS:
        amount = sum((sums[column] for column in columns), Decimal("0.00"))
        if amount:
            found.append(Payment(code, to_whom, what, amount, pay_by(day, month, is_workday)))
    return found
