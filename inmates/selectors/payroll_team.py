"""The shares of teams that a payroll run is computed from; one read, called by `payroll_inputs`.

Each entry is split by itself, so that its shares sum to its value; what a person has of them is
added up by operation and rate for the payslip, and by day for the supplements.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from inmates.team_split import Member, split_team_pay, team_value
from portal.kernel.money import ZERO

# The members of an entry are of one payer and one institution: all of them are in the scope.
TEAM_SHARES = """
SELECT e.id, e.worked_on, e.quantity, o.operation_id, r.amount, r.per_pieces,
  h.placement_id, p.inmate_id, h.minutes, h.coefficient
FROM inmates_teamentry e
JOIN inmates_teamshare h ON h.team_entry_id = e.id
JOIN inmates_placement p ON p.id = h.placement_id
JOIN workshops_post s ON s.id = p.post_id
JOIN workshops_workshop w ON w.id = s.workshop_id
JOIN workshops_workorderoperation o ON o.id = e.work_order_operation_id
LEFT JOIN inmates_payrate r ON r.payer_id = p.payer_id AND r.operation_id = o.operation_id
  AND r.effective_from <= e.worked_on
  AND (r.effective_to IS NULL OR e.worked_on < r.effective_to)
WHERE p.payer_id = %s AND w.institution_id = %s AND e.worked_on >= %s AND e.worked_on < %s
  AND (%s::bigint[] IS NULL OR e.id IN (
    SELECT m.team_entry_id FROM inmates_placement o
    JOIN inmates_teamshare m ON m.placement_id = o.id WHERE o.inmate_id = ANY(%s::bigint[])))
ORDER BY e.worked_on, e.id, h.placement_id
"""


@dataclass(slots=True)
class TeamWork:
    """What one person has of teams on one operation under one rate (None: there is none).

    `quantity` are the pieces of the entries, which the whole team made; `amount` the shares of
    them; `by_day` the shares by placement and day.
    """

    subject_id: int
    rate: Decimal | None
    per_pieces: int | None
    first_day: date
    quantity: int = 0
    amount: Decimal = ZERO
    entries: int = 0
    by_day: dict[tuple[int, date], Decimal] = field(default_factory=dict)

    def add(self, placement_id: int, day: date, pieces: int, part: Decimal) -> None:
        self.quantity += pieces
        self.entries += 1
        self.amount += part
        self.by_day[placement_id, day] = self.by_day.get((placement_id, day), ZERO) + part


def team_work(scope: list[Any], chosen: list[int] | None = None) -> dict[int, list[TeamWork]]:
    """By the key of the person; `scope` is payer, institution and the half-open period. `chosen`:
    of these people alone, whose entries are read with all their members."""
    found: dict[int, dict[Any, TeamWork]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(TEAM_SHARES, [*scope, chosen, chosen])
        for _entry, rows in groupby(cursor.fetchall(), key=itemgetter(0)):
            _add(found, list(rows))
    whose = found if chosen is None else [one for one in chosen if one in found]
    return {inmate_id: list(found[inmate_id].values()) for inmate_id in whose}


def _add(found: dict[int, dict[Any, TeamWork]], rows: list[Any]) -> None:
    """One entry with all its members."""
    _entry, day, pieces, operation_id, rate, per_pieces = rows[0][:6]
    parts: dict[int, Decimal] = {}
    if rate is not None:
        value = team_value(pieces=pieces, rate=rate, per_pieces=per_pieces)
        parts = split_team_pay(value, [Member(row[6], row[8], row[9]) for row in rows])
    for row in rows:
        placement_id, inmate_id = row[6:8]
        works = found[inmate_id]
        key = operation_id, rate, per_pieces
        if key not in works:
            works[key] = TeamWork(operation_id, rate, per_pieces, day)
        works[key].add(placement_id, day, pieces, parts.get(placement_id, ZERO))


def team_pay_by_day(works: Iterable[TeamWork]) -> dict[tuple[int, date], Decimal]:
    """The person's shares by placement and day, over all operations and rates."""
    days: dict[tuple[int, date], Decimal] = {}
    for work in works:
        for key, part in work.by_day.items():
            days[key] = days.get(key, ZERO) + part
    return days
