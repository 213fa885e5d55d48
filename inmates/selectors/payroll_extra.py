"""What piece work earned in minutes that have a supplement; called by `payroll_inputs`.

Of each day the piece earnings × minutes of the supplement ÷ minutes of the day, exactly: SQL adds
up products, the quotients are fractions. Nothing is read where nobody has such minutes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from django.db import connection

from inmates.selectors.payroll_team import TeamWork, team_pay_by_day
from inmates.supplements import SUPPLEMENTS, Extra

EXTRA_DAYS = """
FROM inmates_attendance a
JOIN inmates_placement p ON p.id = a.placement_id
JOIN workshops_post s ON s.id = p.post_id
JOIN workshops_workshop w ON w.id = s.workshop_id
JOIN inmates_calendarday c ON c.day = a.worked_on
LEFT JOIN inmates_reason q ON q.id = a.reason_id
"""
SCOPE = """
WHERE p.payer_id = %s AND w.institution_id = %s AND a.worked_on >= %s AND a.worked_on < %s
  AND p.pay_form = 'piece' AND a.minutes > 0 AND (a.reason_id IS NULL OR q.is_worked)
  AND (a.night_minutes > 0 OR a.overtime_minutes > 0 OR NOT c.is_workday)
"""
OVERTIME = "CASE WHEN c.is_workday THEN a.overtime_minutes ELSE 0 END"
HOLIDAY = "CASE WHEN c.is_workday THEN 0 ELSE a.minutes END"
# A quotient is not exact in SQL: what it is divided by is a column of the group. The days are found
# first, few of many: otherwise the output of every day is looked up to find those of a day off.
OWN_PIECES = f"""
WITH day AS MATERIALIZED (
  SELECT p.id AS placement_id, p.inmate_id, p.payer_id, a.worked_on, a.minutes,
    a.night_minutes AS night, {OVERTIME} AS overtime, {HOLIDAY} AS holiday
  {EXTRA_DAYS}
  {SCOPE} AND (%s::bigint[] IS NULL OR p.inmate_id = ANY(%s::bigint[])))
SELECT d.inmate_id, d.minutes, r.per_pieces, t.norm_coefficient,
  SUM(e.quantity * r.amount * d.night), SUM(e.quantity * r.amount * d.overtime),
  SUM(e.quantity * r.amount * d.holiday)
FROM day d
JOIN inmates_workentry e ON e.placement_id = d.placement_id AND e.worked_on = d.worked_on
JOIN workshops_workorderoperation o ON o.id = e.work_order_operation_id
JOIN workshops_operation u ON u.id = o.operation_id
JOIN inmates_payrate r ON r.payer_id = d.payer_id AND r.operation_id = o.operation_id
  AND r.effective_from <= e.worked_on
  AND (r.effective_to IS NULL OR e.worked_on < r.effective_to)
LEFT JOIN inmates_apprenticeship t ON t.inmate_id = d.inmate_id AND t.trade_id = u.trade_id
  AND t.effective_from <= e.worked_on
  AND (t.effective_to IS NULL OR e.worked_on < t.effective_to)
GROUP BY d.inmate_id, d.minutes, r.per_pieces, t.norm_coefficient
"""  # noqa: S608 - constants of this file
DAYS_OF_TEAMS = f"""
SELECT a.placement_id, a.worked_on, a.minutes, a.night_minutes, {OVERTIME}, {HOLIDAY}
{EXTRA_DAYS}
{SCOPE} AND a.placement_id = ANY(%s)
"""
NOUGHT = Fraction(0)


@dataclass(slots=True)
class PieceExtra:
    """The minutes of the month by supplement, and what was earned by the piece in them."""

    minutes: Extra
    earned: dict[str, Fraction] = field(default_factory=lambda: dict.fromkeys(SUPPLEMENTS, NOUGHT))

    def add(self, sums: Iterable[Any], divisor: Fraction | int) -> None:
        """Sums of earnings × minutes by supplement, to be divided by `divisor`."""
        for code, total in zip(SUPPLEMENTS, sums, strict=True):
            if total:
                self.earned[code] += Fraction(total) / divisor


def piece_extra(
    scope: list[Any],
    minutes: Mapping[int, Extra],
    teams: Mapping[int, list[TeamWork]],
    chosen: list[int] | None = None,
) -> dict[int, PieceExtra]:
    """By the key of the person; `minutes` are those of `payroll_time`, of the `chosen` alone."""
    if not minutes:
        return {}
    found = {inmate_id: PieceExtra(extra) for inmate_id, extra in minutes.items()}
    with connection.cursor() as cursor:
        cursor.execute(OWN_PIECES, [*scope, chosen, chosen])
        for inmate_id, of_day, per_pieces, coefficient, *sums in cursor:
            divisor = Fraction(coefficient or 1) * per_pieces * of_day
            found[inmate_id].add(sums, divisor)
    _add_teams(found, scope, teams)
    return found


def _add_teams(
    found: dict[int, PieceExtra], scope: list[Any], teams: Mapping[int, list[TeamWork]]
) -> None:
    """The shares of teams by placement and day, on the days that have a supplement."""
    shares = {one: team_pay_by_day(works) for one, works in teams.items() if one in found}
    placements = {placement_id for days in shares.values() for placement_id, _day in days}
    if not placements:
        return
    with connection.cursor() as cursor:
        cursor.execute(DAYS_OF_TEAMS, [*scope, sorted(placements)])
        days = {(placement_id, day): rest for placement_id, day, *rest in cursor}
    for inmate_id, by_day in shares.items():
        for key, part in by_day.items():
            if key in days:
                of_day, *extras = days[key]
                found[inmate_id].add([part * extra for extra in extras], of_day)
