"""A bank's statement as values: what left the account, whatever file it came in.

Made by `onec` and `tables`, matched by `matching`; pure.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from portal.kernel.money import round_tiyn

DAY = re.compile(r"(\d{1,2})[.](\d{1,2})[.](\d{4})|(\d{4})-(\d{2})-(\d{2})", re.ASCII)
SUM = re.compile(r"-?\d+(?:\.\d{1,2})?", re.ASCII)
SPACES = re.compile(r"[\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}_']")
KNP = re.compile(r"\d{1,3}", re.ASCII)
MOST = Decimal("999999999999.99")
# Why a line cannot be read; the sentences are the page's.
NO_DAY, NO_SUM, NO_DOCUMENT = "no_day", "no_sum", "no_document"
# Money that came back: a minus where the file tells what left the account.
RETURNED = "returned"
# Why a file cannot.
NO_HEADS, NO_LINES, CUT_OFF = "no_heads", "no_lines", "cut_off"


class StatementUnclear(Exception):
    """A file that is no statement; `reason` is one of the words above."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class BankLine:
    """Money that left the account: `row` is its place in the file, as people count."""

    row: int
    on: date
    document: str
    amount: Decimal
    knp: str = ""
    payee: str = ""
    payee_account: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that could not be read, and what was there."""

    row: int
    problem: str
    typed: str


@dataclass(slots=True)
class Statement:
    """A file that was read; `incoming` counts lines that brought money, which are not looked at."""

    account: str = ""
    since: date | None = None
    until: date | None = None
    incoming: int = 0
    lines: list[BankLine] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


def day_of_text(text: str) -> date | None:
    """A day written as 22.11.2026 or 2026-11-22, a time after it is left out."""
    match = DAY.match(text.strip())
    if match is None:
        return None
    day, month, year = (
        (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    )
    try:
        return datetime(int(year), int(month), int(day)).date()  # noqa: DTZ001 - a date, no moment
    except ValueError:
        return None


def sum_of_text(text: str) -> Decimal | None:
    """A sum with comma or point and any spaces; None for what is none or no money column holds."""
    bare = SPACES.sub("", text).replace(",", ".").replace("\N{MINUS SIGN}", "-")
    if not SUM.fullmatch(bare):
        return None
    amount = Decimal(bare)
    return round_tiyn(amount) if abs(amount) <= MOST else None


def knp_of_text(text: str) -> str:
    """A code of three digits; a spreadsheet drops the noughts before 10."""
    bare = text.strip().split(".")[0]
    return bare.zfill(3) if KNP.fullmatch(bare) else ""
