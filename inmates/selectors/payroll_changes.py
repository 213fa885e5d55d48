"""Closed months that were changed: which people have to be calculated again, and what they owe.

Called by the calculation of a run and by its posting.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from inmates.models import BackdatedChange, PayrollRun
from inmates.selectors.payroll_earlier import CLOSED
from portal.kernel.periods import Month

# From the month of the first changed day on every closed month: history goes from one to the next.
MARKED = """
SELECT DISTINCT r.month, c.inmate_id
FROM inmates_backdatedchange c
JOIN inmates_payrollrun r ON r.payer_id = c.payer_id AND r.institution_id = c.institution_id
  AND r.month < %(month)s AND r.month + interval '1 month' > c.first_day
  AND r.status = ANY(%(closed)s)
WHERE c.payer_id = %(payer)s AND c.institution_id = %(place)s AND c.settled_by_id IS NULL
"""
# The differences settled with a run, and what each person owed before them.
SETTLING = """
WITH family AS (
  SELECT s.id, s.inmate_id, s.to_account, s.settlement, r.month, r.id AS run_id
  FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
  WHERE r.settled_with_id = %(run)s
), owed AS (
  SELECT s.inmate_id, SUM(s.settlement) AS owed
  FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
  WHERE r.payer_id = %(payer)s AND r.status = ANY(%(closed)s)
    AND r.id <> %(run)s AND r.settled_with_id IS DISTINCT FROM %(run)s
    AND s.settlement <> 0 AND s.inmate_id IN (SELECT inmate_id FROM family)
  GROUP BY s.inmate_id
)
SELECT f.id, f.inmate_id, f.to_account, f.settlement, COALESCE(o.owed, 0)
FROM family f LEFT JOIN owed o USING (inmate_id)
ORDER BY f.inmate_id, f.month, f.run_id
"""


class SettlingSlip(NamedTuple):
    """A difference with what its person owed to the payer before."""

    id: int
    inmate_id: int
    to_account: Decimal
    settlement: Decimal
    owed: Decimal


def marked_months(run: PayrollRun) -> dict[date, list[int]]:
    """By closed month before the run's the people whose past was changed; one query."""
    found: dict[date, list[int]] = defaultdict(list)
    for month, inmate_id in _rows(MARKED, run):
        found[month].append(inmate_id)
    return dict(found)


def settling_slips(run: PayrollRun) -> list[SettlingSlip]:
    """The differences settled with the run, by person and month; one query."""
    return [SettlingSlip(*row) for row in _rows(SETTLING, run)]


def causes_of(run: PayrollRun, people: Collection[int]) -> dict[int, list[str]]:
    """By person what was changed in the run's month or before it and is not answered; one query."""
    found: dict[int, set[str]] = defaultdict(set)
    changes = BackdatedChange.objects.filter(
        payer=run.payer_id,
        institution=run.institution_id,
        inmate__in=list(people),
        settled_by=None,
        first_day__lte=Month.of(run.month).last_day,
    )
    for inmate_id, cause in changes.values_list("inmate_id", "cause").distinct():
        found[inmate_id].add(cause)
    return {inmate_id: sorted(causes) for inmate_id, causes in found.items()}


def _rows(statement: str, run: PayrollRun) -> list[Any]:
    scope = {
        "run": run.pk,
        "payer": run.payer_id,
        "place": run.institution_id,
        "month": run.month,
        "closed": CLOSED,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, scope)
        return cursor.fetchall()
