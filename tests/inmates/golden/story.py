"""A story as it is written: facts of a month in TOML, and the slips that come of them.

A slip's line is `code  words for the reader = amount`; the words are not compared. Days are
written as `"1-9, 12" = "8"`: in a range only working days count, a single day always does.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from portal.kernel.periods import Month
from portal.kernel.workdays import is_workday

FOLDER = Path(__file__).parent / "stories"
TOP = {
    "title", "month", "security", "regime", "person", "rate", "work", "team", "extra", "writ",
    "history", "apprenticeship", "slip", "refused",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExpectedSlip:
    """What one run says of one person: the lines in order, and what is left of them."""

    person: str
    payer: str
    place: str
    lines: list[tuple[str, Decimal]]
    net: Decimal
    to_account: Decimal


@dataclass(frozen=True, slots=True)
class Story:
    """One month, as it is told."""

    name: str
    title: str
    month: Month
    facts: dict[str, Any]
    slips: list[ExpectedSlip] = field(default_factory=list)
    # What the calculation is refused for, instead of slips.
    refused: list[str] = field(default_factory=list)

    def rows(self, kind: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.facts.get(kind, [])
        return found

    def runs(self) -> list[tuple[str, str]]:
        """Payer and place of each run, in the order in which they are calculated."""
        pairs = [(one.payer, one.place) for one in self.slips]
        return list(dict.fromkeys(pairs)) or [("enterprise", "16")]


def all_stories() -> list[Story]:
    """Every story of every file, by name: the file, then its title."""
    return [
        read_story(f"{path.stem}: {told['title']}", told)
        for path in sorted(FOLDER.glob("*.toml"))
        for told in tomllib.loads(path.read_text(encoding="utf-8"))["story"]
    ]


def read_story(name: str, told: dict[str, Any]) -> Story:
    """Raises ValueError for a word that is not known: a typing error would test nothing."""
    unknown = set(told) - TOP
    if unknown:
        raise ValueError(f"{name}: {', '.join(sorted(unknown))}?")
    year, month = told.get("month", "2026-10").split("-")
    slips = [_slip(name, one) for one in told.get("slip", [])]
    refused = told.get("refused", [])
    if bool(slips) == bool(refused):
        raise ValueError(f"{name}: slips are expected, or a refusal")
    return Story(name, told["title"], Month(int(year), int(month)), told, slips, refused)


def _slip(name: str, told: dict[str, Any]) -> ExpectedSlip:
    lines = []
    for text in told["lines"].strip().splitlines():
        words, equals, amount = text.rpartition("=")
        if not equals:
            raise ValueError(f"{name}: no amount in {text!r}")
        lines.append((words.split()[0], Decimal(amount.strip())))
    return ExpectedSlip(
        told.get("person", "1648"),
        told.get("payer", "enterprise"),
        told.get("place", "16"),
        lines,
        Decimal(told["net"]),
        Decimal(told["to_account"]),
    )


def days_told(month: Month, table: dict[str, str]) -> Iterator[tuple[date, str]]:
    """Each day with what is told of it; what is told later of the same day stands."""
    found: dict[date, str] = {}
    for days, text in table.items():
        for part in days.split(","):
            first, _dash, last = part.strip().partition("-")
            for number in range(int(first), int(last or first) + 1):
                day = month.first_day.replace(day=number)
                if not last or is_workday(day):
                    found[day] = text
    yield from sorted(found.items())
