"""Payslips taken away before anybody approved them: approved wages that have counted them are
marked, for what they left or took is not so.

Called by the services that calculate a run again or take it back, before the payslips are gone.
"""

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import Q

from inmates.enums import BackdatedCause, RunKind
from inmates.models import Inmate, PayrollRun, Payslip
from inmates.services.change_reading import hold_changes
from portal.kernel.locks import lock_rows

# Wages of other months, places and payers that were posted while the run was there. Those that are
# being posted are checked once more then, without what is gone; a reversal counts for nobody
# before it is posted. And wages that a calculation has found to be right while the run was there:
# it leaves no payslip of them to be seen, and answers their changes (`backdated_answers`). So may
# one of the same month have done, while the run was approved and not posted yet.
_COUNTED = """
FROM inmates_payslip n
JOIN inmates_payrollrun p ON p.id = n.run_id AND p.kind <> %(reversal)s
JOIN inmates_payslip s ON s.inmate_id = n.inmate_id
JOIN inmates_payrollrun x ON x.id = s.run_id AND x.status IN ('approved', 'paid')
  AND ((x.payer_id, x.institution_id, x.month) <> (p.payer_id, p.institution_id, p.month)
      AND x.posted_at > p.created_at
    OR EXISTS (
      SELECT FROM inmates_backdatedchange b
      JOIN inmates_payrollrun g ON g.payer_id = b.payer_id AND g.institution_id = b.institution_id
        AND g.id <> %(run)s AND g.settled_with_id IS NULL
      WHERE b.inmate_id = s.inmate_id AND b.payer_id = x.payer_id
        AND b.institution_id = x.institution_id AND x.month + interval '1 month' > b.first_day
        AND CASE WHEN b.settled_by_id IS NULL
          THEN g.status = 'calculating'
            OR g.status <> 'draft' AND g.changes_read >= b.id AND g.calculated_at > p.created_at
          ELSE g.id = b.settled_by_id AND COALESCE(g.posted_at, g.calculated_at) > p.created_at
          END))
WHERE (p.id = %(run)s OR p.settled_with_id = %(run)s)
  AND (%(people)s::bigint[] IS NULL OR n.inmate_id = ANY(%(people)s::bigint[]))
"""
COUNTED_BY = f"SELECT DISTINCT x.payer_id {_COUNTED}"
MARK_COUNTED = f"""
INSERT INTO inmates_backdatedchange
  (inmate_id, payer_id, institution_id, first_day, cause, subject, changed_at, changed_by_id)
SELECT s.inmate_id, x.payer_id, x.institution_id, MIN(x.month), %(cause)s, %(subject)s,
  clock_timestamp(), %(by)s
{_COUNTED}
GROUP BY s.inmate_id, x.payer_id, x.institution_id
ORDER BY s.inmate_id, x.payer_id, x.institution_id
"""


def hold_counted(run_id: int) -> None:
    """Nobody posts wages of the people who have payslips in the run, or in differences settled with
    it, until the transaction ends. Taken before places and runs: the order of all writers."""
    slips = Payslip.objects.filter(Q(run=run_id) | Q(run__settled_with=run_id))
    lock_rows(Inmate.objects.filter(pk__in=slips.values("inmate")).values_list("pk"))


def mark_counted(run: PayrollRun, *, by: Any, people: Collection[int] | None = None) -> None:
    """Approved wages that have counted the payslips of the run, and of differences settled with it,
    are to be calculated again; `people`: of these alone.

    Two statements, whatever the number of people; one where nobody has counted them.
    """
    values = {
        "run": run.pk,
        "people": None if people is None else list(people),
        "reversal": RunKind.REVERSAL,
        "cause": BackdatedCause.OTHER_PAY,
        "subject": f"run:{run.pk}",
        "by": by.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNTED_BY, values)
        payers = [payer_id for (payer_id,) in cursor.fetchall()]
        if payers:
            hold_changes(payers)
            cursor.execute(MARK_COUNTED, values)
