"""Writs of a batch's people with what is left of them after the payslips of other runs.

Called by `payroll_shared` for people who are locked: two runs never take the same debt twice.
"""

from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.db import connection

from inmates.models import PayrollRun
from inmates.selectors.payroll_inputs import WritInForce
from portal.kernel.periods import Month

# Beside each writ what all other payslips took: of its debt, of the sum of this month, of the fee;
# and since when it is suspended, by what paper.
WRITS = """
WITH writ AS (
  SELECT * FROM inmates_writofexecution
  WHERE inmate_id = ANY(%(people)s) AND effective_from <= %(last_day)s
    AND (effective_to IS NULL OR effective_to > %(last_day)s)
), taken AS (
  SELECT l.writ_id,
    SUM(l.amount) FILTER (WHERE l.code <> 'bailiff_fee') AS of_debt,
    SUM(l.amount) FILTER (WHERE l.code <> 'bailiff_fee' AND r.month = %(month)s) AS of_month,
    SUM(l.amount) FILTER (WHERE l.code = 'bailiff_fee') AS of_fee
  FROM inmates_payslipline l
  JOIN inmates_payslip s ON s.id = l.payslip_id
  JOIN inmates_payrollrun r ON r.id = s.run_id
  WHERE l.kind = 'writ' AND l.writ_id IN (SELECT id FROM writ) AND r.id <> ALL(%(passed_over)s)
    AND s.id <> ALL(%(after)s)
  GROUP BY l.writ_id
)
SELECT w.inmate_id, w.id, w.queue, w.kind, w.share_numerator, w.share_denominator,
  w.amount, w.debt, w.fee,
  COALESCE(t.of_month, 0.00), COALESCE(t.of_debt, 0.00), COALESCE(t.of_fee, 0.00),
  u.effective_from, u.basis
FROM writ w
LEFT JOIN taken t ON t.writ_id = w.id
LEFT JOIN inmates_writsuspension u ON u.writ_id = w.id AND u.effective_from <= %(last_day)s
  AND (u.effective_to IS NULL OR u.effective_to > %(last_day)s)
ORDER BY w.inmate_id, w.queue, w.id
"""


def writs_in_force(
    run: PayrollRun,
    ids: Collection[int],
    passed_over: Collection[int],
    after: Collection[int] = (),
) -> dict[int, list[WritInForce]]:
    """Writs in force on the last day of the month, by queue; what is paid off is left out,
    unless it is suspended: that is said until it is lifted. One query.

    A debt and a fee are less by what all other payslips withheld for them, a fixed sum a month by
    those of the month; none is ever less than nothing. Of the runs `passed_over` nothing counts,
    nor do the payslips `after`.
    """
    month = Month.of(run.month)
    scope: dict[str, Any] = {
        "passed_over": list(passed_over),
        "after": list(after),
        "month": month.first_day,
        "last_day": month.last_day,
        "people": list(ids),
    }
    found: dict[int, list[WritInForce]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(WRITS, scope)
        for inmate_id, *row in cursor.fetchall():
            left = _left_of(row)
            if left.is_open or left.fee is not None or left.suspended is not None:
                found[inmate_id].append(left)
    return found


def _left_of(row: list[Any]) -> WritInForce:
    (
        key, queue, kind, numerator, denominator, amount, debt, fee,
        of_month, of_debt, of_fee, since, basis,
    ) = row  # fmt: skip
    return WritInForce(
        key,
        queue,
        kind,
        (numerator, denominator) if numerator is not None else None,
        _left(amount, of_month),
        _left(debt, of_debt),
        fee=_left(fee, of_fee),
        suspended=(since, basis) if since is not None else None,
    )


def _left(whole: Decimal | None, taken: Decimal) -> Decimal | None:
    """What is left to ask for; None where nothing is."""
    return whole - taken if whole is not None and whole > taken else None
