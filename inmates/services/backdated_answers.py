"""What a posted run answers of changes of the past, and whose other wages it changes in turn.

Called by the posting, inside its transaction, when the whole family of a run is approved.
"""

from collections.abc import Sequence

from django.db import connection

from inmates.enums import OFF_CYCLE_RUNS, BackdatedCause, RunKind
from inmates.models import PayrollRun, RunPerson
from inmates.selectors.payroll_earlier import CLOSED
from inmates.services.change_reading import hold_changes
from portal.kernel.periods import Month

# A change is answered where every closed month from it on was calculated with it: by the run of a
# month all months before; by a run outside the order its own alone, and only of its people.
SETTLE = """
UPDATE inmates_backdatedchange c SET settled_by_id = %(run)s
WHERE c.payer_id = %(payer)s AND c.institution_id = %(place)s AND c.settled_by_id IS NULL
  AND c.id <= %(read)s AND c.first_day <= %(last_day)s
  AND (%(is_regular)s OR c.inmate_id = ANY(%(people)s))
  AND NOT EXISTS (
    SELECT FROM inmates_payrollrun r
    WHERE r.payer_id = c.payer_id AND r.institution_id = c.institution_id
      AND r.status = ANY(%(closed)s) AND r.month + interval '1 month' > c.first_day
      AND (r.month > %(month)s OR NOT %(is_regular)s AND r.month < %(month)s))
"""
# Approved wages of the same people that depend on what was posted just now: of later months (income
# of the year, the average), or of a place among the runs after it (deductions, debts). Those whose
# last check has seen these payslips are left out, and so are months calculated with them.
_TOUCHED_RUNS = """
WITH posted AS (
  SELECT r.*, h.month AS until, h.kind = 'regular' AS goes_on,
    COALESCE(r.ordered_at, r.calculated_at) AS own_order,
    (SELECT MIN(COALESCE(f.ordered_at, f.calculated_at)) FROM inmates_payrollrun f
     WHERE f.payer_id = r.payer_id AND f.institution_id = r.institution_id AND f.month = r.month
       AND f.status = ANY(%(closed)s)) AS place
  FROM inmates_payrollrun r JOIN inmates_payrollrun h ON h.id = %(head)s
  WHERE r.id = ANY(%(runs)s)
), touched AS (
  SELECT p.id AS posted_id, x.id AS run_id, x.payer_id, x.institution_id, x.month
  FROM posted p
  JOIN inmates_payrollrun x ON x.status IN ('approved', 'paid') AND x.id <> ALL(%(runs)s)
    AND (x.payer_id, x.institution_id, x.month) <> (p.payer_id, p.institution_id, p.month)
  CROSS JOIN LATERAL (
    -- A reversal counts for nobody before it is posted: no check has seen it.
    SELECT p.kind = 'reversal' OR p.calculated_at > x.posted_at AS is_later,
      COALESCE(x.ordered_at, x.calculated_at) AS place
  ) o
  WHERE (o.is_later OR p.own_order > o.place OR x.payer_id = p.payer_id AND x.month > p.month)
    AND (x.month > p.month OR o.place > p.place OR o.is_later AND p.created_at < o.place)
    AND NOT (p.goes_on AND x.payer_id = p.payer_id AND x.institution_id = p.institution_id
      AND x.month > p.month AND x.month <= p.until)
)
"""
TOUCHED_PAYERS = f"{_TOUCHED_RUNS} SELECT DISTINCT payer_id FROM touched"  # noqa: S608 - as above
TOUCHED = (
    _TOUCHED_RUNS
    + """
INSERT INTO inmates_backdatedchange
  (inmate_id, payer_id, institution_id, first_day, cause, subject, changed_at, changed_by_id)
SELECT s.inmate_id, t.payer_id, t.institution_id, MIN(t.month), %(cause)s, %(subject)s,
  clock_timestamp(), %(by)s
FROM touched t
JOIN inmates_payslip s ON s.run_id = t.run_id
JOIN inmates_payslip n ON n.run_id = t.posted_id AND n.inmate_id = s.inmate_id
GROUP BY s.inmate_id, t.payer_id, t.institution_id
ORDER BY s.inmate_id, t.payer_id, t.institution_id
"""
)
# What a run had answered that is paid no more. They come after all that a calculation has read.
REOPENED = """
INSERT INTO inmates_backdatedchange
  (inmate_id, payer_id, institution_id, first_day, cause, subject, reason, changed_at,
   changed_by_id)
SELECT inmate_id, payer_id, institution_id, first_day, cause, subject, reason, changed_at,
  changed_by_id
FROM inmates_backdatedchange WHERE settled_by_id = %(run)s
ORDER BY id
"""


def answer_changes(family: Sequence[PayrollRun]) -> None:
    """The changes that the posted family was calculated with are answered by its run; approved
    wages of its people that depend on it are to be calculated again.

    Five statements at most, whatever the number of people. A reversal answers nothing.
    """
    head = family[-1]
    month = Month.of(head.month)
    values = {
        "run": head.pk,
        "head": head.pk,
        "runs": [one.pk for one in family],
        "payer": head.payer_id,
        "place": head.institution_id,
        "month": month.first_day,
        "last_day": month.last_day,
        "read": head.changes_read or 0,
        "is_regular": head.kind == RunKind.REGULAR,
        "people": [],
        "closed": CLOSED,
        "cause": BackdatedCause.OTHER_PAY,
        "subject": f"run:{head.pk}",
        "by": head.started_by_id,
    }
    if head.kind in OFF_CYCLE_RUNS:
        named = RunPerson.objects.filter(run=head)
        values["people"] = list(named.values_list("inmate_id", flat=True))
    with connection.cursor() as cursor:
        if head.kind != RunKind.REVERSAL:
            cursor.execute(SETTLE, values)
        cursor.execute(TOUCHED_PAYERS, values)
        payers = [payer_id for (payer_id,) in cursor.fetchall()]
        if payers:
            hold_changes(payers)
            cursor.execute(TOUCHED, values)


def reopen_changes(run: PayrollRun) -> None:
    """The changes that a reversed run had answered are open once more, as new marks: a later run
    that is calculated already has not seen that they are."""
    hold_changes([run.payer_id])
    with connection.cursor() as cursor:
        cursor.execute(REOPENED, {"run": run.pk})
