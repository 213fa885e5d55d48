"""The attendance that a payroll run is computed from; one read, called by `payroll_inputs`.

Rates are matched to the day of work, days to the production calendar, in SQL: what is paid by time
comes by post and rate, with the minutes that have a supplement; everybody's days and minutes too.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from inmates.enums import PayForm
from inmates.supplements import Extra

# A day of the month is a bit: a day at two posts is one day worked.
ATTENDED = """
SELECT p.inmate_id, p.pay_form, p.post_id, r.unit, r.amount, SUM(a.minutes), MIN(a.worked_on),
  SUM(a.night_minutes), COALESCE(SUM(a.overtime_minutes) FILTER (WHERE c.is_workday), 0),
  COALESCE(SUM(a.minutes) FILTER (WHERE NOT c.is_workday), 0),
  BIT_OR(1 << (EXTRACT(DAY FROM a.worked_on)::int - 1))
FROM inmates_attendance a
JOIN inmates_placement p ON p.id = a.placement_id
JOIN workshops_post s ON s.id = p.post_id
JOIN workshops_workshop w ON w.id = s.workshop_id
LEFT JOIN inmates_calendarday c ON c.day = a.worked_on
LEFT JOIN inmates_reason q ON q.id = a.reason_id
LEFT JOIN inmates_payrate r ON p.pay_form = 'time' AND r.payer_id = p.payer_id
  AND r.post_id = p.post_id AND r.effective_from <= a.worked_on
  AND (r.effective_to IS NULL OR a.worked_on < r.effective_to)
WHERE p.payer_id = %s AND w.institution_id = %s AND a.worked_on >= %s AND a.worked_on < %s
  AND a.minutes > 0 AND (a.reason_id IS NULL OR q.is_worked)
  AND (%s::bigint[] IS NULL OR p.inmate_id = ANY(%s::bigint[]))
GROUP BY p.inmate_id, p.pay_form, p.post_id, r.unit, r.amount
ORDER BY p.inmate_id, MIN(a.worked_on), p.post_id
"""
BY_TIME = PayForm.TIME.value
NO_EXTRA = Extra()


@dataclass(frozen=True, slots=True)
class TimeWork:
    """Minutes at a post under one rate (None: there is none), and those with a supplement."""

    subject_id: int
    unit: str | None
    rate: Decimal | None
    quantity: int
    first_day: date
    extra: Extra = NO_EXTRA


@dataclass(slots=True)
class Attended:
    """By the key of the person: time pay, days and minutes worked, supplements of piece work."""

    time: dict[int, list[TimeWork]] = field(default_factory=dict)
    worked: dict[int, tuple[int, int]] = field(default_factory=dict)
    piece_minutes: dict[int, Extra] = field(default_factory=dict)


def attended_in(scope: list[Any], chosen: list[int] | None = None) -> Attended:
    """`scope` is payer, institution and the half-open period, which is within one month; `chosen`:
    of these people alone."""
    time: dict[int, list[TimeWork]] = defaultdict(list)
    days: dict[int, int] = defaultdict(int)
    minutes: dict[int, int] = defaultdict(int)
    piece_minutes: dict[int, Extra] = {}
    with connection.cursor() as cursor:
        cursor.execute(ATTENDED, [*scope, chosen, chosen])
        for inmate_id, form, post_id, unit, rate, worked, first, *extras, bits in cursor:
            days[inmate_id] |= bits
            minutes[inmate_id] += worked
            extra = Extra(*extras) if any(extras) else NO_EXTRA
            if form == BY_TIME:
                time[inmate_id].append(TimeWork(post_id, unit, rate, worked, first, extra))
            elif extra is not NO_EXTRA:
                piece_minutes[inmate_id] = _sum(piece_minutes.get(inmate_id, NO_EXTRA), extra)
    worked_days = {one: (bits.bit_count(), minutes[one]) for one, bits in days.items()}
    return Attended(dict(time), worked_days, piece_minutes)


def _sum(one: Extra, other: Extra) -> Extra:
    return Extra(
        one.night + other.night, one.overtime + other.overtime, one.holiday + other.holiday
    )
