"""What a payroll run pays beside work: paid absences, the average behind them, extra pay.

Called by `payroll_inputs`; a handful of reads for all people of the run. History is taken from
runs that are approved: the sum of all of a month's payslips, differences among them.
"""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db import connection

from inmates.absences import Absent, AveragePay, DayRate, Extra, Leaving
from inmates.average import History
from inmates.enums import CLOSED_RUNS
from inmates.models import CalendarDay, EarningKind, ExtraPay, PayrollRun
from portal.kernel.periods import Month, period_q

MONTHS_OF_HISTORY = 12

# One day of a kind is one day, whatever the number of placements; its rate is the first one's.
ABSENT = """
SELECT DISTINCT ON (p.inmate_id, q.pay_kind, a.worked_on)
  p.inmate_id, q.pay_kind, a.worked_on, 0 AS placed, 0 AS taken,
  p.pay_form, p.post_id, r.unit, r.amount
FROM inmates_attendance a
JOIN inmates_reason q ON q.id = a.reason_id AND q.pay_kind <> ''
JOIN inmates_placement p ON p.id = a.placement_id
JOIN workshops_post s ON s.id = p.post_id
JOIN workshops_workshop w ON w.id = s.workshop_id
LEFT JOIN inmates_payrate r ON r.payer_id = p.payer_id AND r.post_id = p.post_id
  AND r.effective_from <= a.worked_on
  AND (r.effective_to IS NULL OR a.worked_on < r.effective_to)
WHERE p.payer_id = %(payer)s AND w.institution_id = %(place)s AND a.minutes = 0
  AND a.worked_on >= %(first)s AND a.worked_on < %(next)s
  AND (%(chosen)s::bigint[] IS NULL OR p.inmate_id = ANY(%(chosen)s::bigint[]))
ORDER BY p.inmate_id, q.pay_kind, a.worked_on, p.id
"""
# Who ends the work for this payer in the month: the last placement is here and no other follows
# at once (one that begins months later is another employment, and changes no month behind it),
# or the person is out of custody. What an earlier compensation paid for is not counted again,
# unless a difference took it back.
LEAVING = """
WITH here AS (
  SELECT DISTINCT p.inmate_id
  FROM inmates_placement p
  JOIN workshops_post s ON s.id = p.post_id
  JOIN workshops_workshop w ON w.id = s.workshop_id
  WHERE p.payer_id = %(payer)s AND w.institution_id = %(place)s
    AND p.effective_from < %(next)s AND (p.effective_to IS NULL OR p.effective_to > %(first)s)
    AND (%(chosen)s::bigint[] IS NULL OR p.inmate_id = ANY(%(chosen)s::bigint[]))
), latest AS (
  SELECT DISTINCT ON (p.inmate_id)
    p.inmate_id, p.effective_to, p.pay_form, p.post_id, w.institution_id
  FROM inmates_placement p
  JOIN workshops_post s ON s.id = p.post_id
  JOIN workshops_workshop w ON w.id = s.workshop_id
  WHERE p.payer_id = %(payer)s AND p.inmate_id IN (SELECT inmate_id FROM here)
    AND p.effective_from <= %(next)s
  ORDER BY p.inmate_id, p.effective_to DESC NULLS FIRST, p.id DESC
), held AS (
  SELECT c.inmate_id,
    CASE WHEN bool_and(c.effective_to IS NOT NULL) THEN MAX(c.effective_to) END AS until
  FROM inmates_custodystay c
  WHERE c.inmate_id IN (SELECT inmate_id FROM here) AND c.effective_from <= %(next)s
  GROUP BY c.inmate_id
), gone AS (
  SELECT l.inmate_id, l.pay_form, l.post_id, LEAST(l.effective_to, h.until) AS left_on
  FROM latest l LEFT JOIN held h ON h.inmate_id = l.inmate_id
  WHERE l.institution_id = %(place)s
    AND LEAST(l.effective_to, h.until) > %(first)s AND LEAST(l.effective_to, h.until) <= %(next)s
), compensated AS (
  SELECT g.inmate_id, g.left_on,
    (ARRAY_AGG(l.arguments ->> 'last_day' ORDER BY l.id DESC))[1]::date AS until
  FROM gone g
  JOIN inmates_payslip s ON s.inmate_id = g.inmate_id
  JOIN inmates_payrollrun r ON r.id = s.run_id AND r.payer_id = %(payer)s
    AND (r.status = ANY(%(closed)s) OR r.settled_with_id = %(family)s)
    AND (r.institution_id, r.month) <> (%(place)s, %(first)s)
  JOIN inmates_payslipline l ON l.payslip_id = s.id AND l.kind = 'earning'
    AND l.code = 'leave_compensation'
  GROUP BY g.inmate_id, g.left_on, r.institution_id, r.month HAVING SUM(l.amount) > 0
), paid AS (
  SELECT inmate_id, MAX(until) AS until FROM compensated WHERE until < left_on GROUP BY inmate_id
)
SELECT g.inmate_id, '' AS pay_kind, g.left_on - 1, placed.days, taken.days,
  g.pay_form, g.post_id, r.unit, r.amount
FROM gone g
LEFT JOIN paid d ON d.inmate_id = g.inmate_id
CROSS JOIN LATERAL (
  SELECT COUNT(DISTINCT day) AS days
  FROM inmates_placement p
  CROSS JOIN LATERAL generate_series(
    GREATEST(p.effective_from, d.until + 1), LEAST(p.effective_to, g.left_on) - 1,
    interval '1 day') AS day
  WHERE p.inmate_id = g.inmate_id AND p.payer_id = %(payer)s
) placed
CROSS JOIN LATERAL (
  SELECT COUNT(DISTINCT a.worked_on) AS days
  FROM inmates_placement p
  JOIN inmates_attendance a ON a.placement_id = p.id AND a.minutes = 0
    AND a.worked_on < g.left_on AND (d.until IS NULL OR a.worked_on > d.until)
  JOIN inmates_reason q ON q.id = a.reason_id AND q.pay_kind = 'leave'
  WHERE p.inmate_id = g.inmate_id AND p.payer_id = %(payer)s
) taken
LEFT JOIN inmates_payrate r ON r.payer_id = %(payer)s AND r.post_id = g.post_id
  AND r.effective_from < g.left_on AND (r.effective_to IS NULL OR g.left_on <= r.effective_to)
ORDER BY g.inmate_id
"""
# Both have the same columns, and so are one read; the end of work is no kind of absence.
ABSENT_OR_LEAVING = f"({ABSENT}) UNION ALL ({LEAVING})"
# Of each slip what counts in the average by the kinds of its own month. Differences of earlier
# months that are settled with this run, or with the one this is settled with, are history already.
HISTORY = """
SELECT s.inmate_id, COALESCE(SUM(e.earned), 0.00), SUM(s.days_worked)::int
FROM inmates_payrollrun r
JOIN inmates_payslip s ON s.run_id = r.id
LEFT JOIN LATERAL (
  SELECT SUM(l.amount) AS earned
  FROM inmates_payslipline l
  JOIN inmates_earningkind k ON k.code = l.code AND k.in_average
    AND k.effective_from < r.month + interval '1 month'
    AND (k.effective_to IS NULL OR k.effective_to >= r.month + interval '1 month')
  WHERE l.payslip_id = s.id AND l.kind = 'earning'
) e ON TRUE
WHERE r.payer_id = %(payer)s AND r.month >= %(since)s AND r.month < %(first)s
  AND (r.status = ANY(%(closed)s) OR r.settled_with_id = %(family)s)
  AND s.inmate_id = ANY(%(people)s)
GROUP BY s.inmate_id
"""


def average_pay(run: PayrollRun, chosen: list[int] | None = None) -> AveragePay:
    """By person the paid absences, the end of work and the extra pay of the run's month; `chosen`:
    of these people alone."""
    month = Month.of(run.month)
    scope = {
        "family": run.settled_with_id or run.pk,
        "payer": run.payer_id,
        "place": run.institution_id,
        "first": month.first_day,
        "next": month.next().first_day,
        "since": month.plus(-MONTHS_OF_HISTORY).first_day,
        "closed": [str(status) for status in CLOSED_RUNS],
        "chosen": chosen,
    }
    pay = AveragePay(people=defaultdict(Absent), extra=_extra(run, month))
    for inmate_id, kind, day, placed, taken, *rate in _rows(ABSENT_OR_LEAVING, scope):
        if kind:
            pay.people[inmate_id].days.setdefault(kind, []).append(DayRate(day, *rate))
        else:
            pay.people[inmate_id].leaving = Leaving(day, placed, taken, DayRate(day, *rate))
    pay.people = dict(pay.people)
    if pay.people:
        for inmate_id, earned, days in _rows(HISTORY, scope | {"people": list(pay.people)}):
            pay.people[inmate_id].history = History(earned, days)
        pay.workdays = _workdays_since(month.first_day)
    return pay


def _rows(sql: str, arguments: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        return cursor.fetchall()


def _workdays_since(first: date) -> dict[date, bool]:
    """The calendar from the month on: leave not taken is counted behind the last day."""
    rows = CalendarDay.objects.filter(day__gte=first)
    return dict(rows.values_list("day", "is_workday"))


def _extra(run: PayrollRun, month: Month) -> dict[int, list[Extra]]:
    rows = list(
        ExtraPay.objects.filter(
            payer=run.payer_id, institution=run.institution_id, month=month.first_day
        ).order_by("inmate_id", "id")
    )
    kinds = EarningKind.objects.filter(
        period_q(month.last_day), code__in={row.kind for row in rows}
    )
    titles = {kind.code: kind_title(kind) for kind in kinds}
    found: dict[int, list[Extra]] = defaultdict(list)
    for row in rows:
        title = titles.get(row.kind, {})
        found[row.inmate_id].append(Extra(row.pk, row.kind, row.amount, row.basis, title))
    return dict(found)


def kind_title(kind: EarningKind) -> dict[str, str]:
    """The names of a kind as a payslip's line keeps them."""
    return {language: getattr(kind, f"name_{language}") for language in ("ru", "kk", "en")}
