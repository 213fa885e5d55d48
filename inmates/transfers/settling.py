"""What of a posted payment is transferred by a register, and what the next one takes over.

Pure; called by `services.registers`. Sums in tenge with tiyn. Two things hold a row back: what was
paid too much for a person (below nought), and an IIN that is not known where the list needs one.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Posted:
    """A person's month (of one writ): what is posted now, and what the last register carried."""

    inmate_id: int
    writ_id: int | None
    period: date
    posted: Decimal
    brought: Decimal
    has_iin: bool

    @property
    def due(self) -> Decimal:
        return self.posted + self.brought


@dataclass(frozen=True, slots=True)
class Settled:
    """The same row with what is moved, carried over and transferred.

    payable = posted + brought + set_off - carried.
    """

    row: Posted
    set_off: Decimal
    carried: Decimal
    payable: Decimal


def settle(rows: Iterable[Posted], *, needs_iin: bool, in_total: bool) -> list[Settled]:
    """Every row settled, in the order given.

    Without an IIN, where one is needed, a row is carried over whole. What was paid too much is
    set off against the other months of the same person and writ, the latest first; the rest is
    carried over. `in_total`: the payer's debt to the budget is one, so a row may stay below nought
    as long as all together are not; else everything is carried over.
    """
    given = list(rows)
    if in_total:
        return _in_total(given)
    by_person: dict[Hashable, list[Posted]] = defaultdict(list)
    for row in given:
        by_person[row.inmate_id, row.writ_id].append(row)
    moved: dict[Posted, Decimal] = {}
    for own in by_person.values():
        if own[0].has_iin or not needs_iin:
            moved |= _moved(own)
    return [_settled(row, moved.get(row), needs_iin=needs_iin) for row in given]


def _in_total(rows: list[Posted]) -> list[Settled]:
    if sum((row.due for row in rows), ZERO) < 0:
        return [Settled(row, ZERO, row.due, ZERO) for row in rows]
    return [Settled(row, ZERO, ZERO, row.due) for row in rows]


def _moved(own: list[Posted]) -> dict[Posted, Decimal]:
    """What each row of one person gains or gives; the sum is nought."""
    moved: dict[Posted, Decimal] = {}
    short = sorted((row for row in own if row.due < 0), key=lambda row: row.period)
    if not short:
        return moved
    giving = sorted((row for row in own if row.due > 0), key=lambda row: row.period, reverse=True)
    left = {row: row.due for row in giving}
    for row in short:
        owed = -row.due
        for giver in giving:
            taken = min(owed, left[giver])
            if taken:
                left[giver] -= taken
                owed -= taken
                moved[giver] = moved.get(giver, ZERO) - taken
                moved[row] = moved.get(row, ZERO) + taken
    return moved


def _settled(row: Posted, moved: Decimal | None, *, needs_iin: bool) -> Settled:
    if needs_iin and not row.has_iin:
        return Settled(row, ZERO, row.due, ZERO)
    set_off = moved or ZERO
    carried = min(row.due + set_off, ZERO)
    return Settled(row, set_off, carried, row.due + set_off - carried)
