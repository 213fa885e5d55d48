"""What a run answers of changes of the past, and whose other wages it changes in turn.

Called by the posting, inside its transaction, when the whole family of a run is approved; by the
end of a calculation that has found nothing; and where a run is reversed or taken back.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Q

from inmates.enums import OFF_CYCLE_RUNS, BackdatedCause, RunKind, RunStatus
from inmates.models import BackdatedChange, PayrollRun, Payslip, RunPerson
from inmates.selectors.payroll_earlier import CLOSED
from inmates.services.change_reading import hold_changes
from portal.kernel.periods import Month

# A change is answered where every closed month from it on was calculated with it: by the run of a
# month all months before; by a run outside the order its own alone, and only of its people. Of the
# latter a change that reaches further goes on in the next closed month, as a new one. Where no
# payslip is posted somebody else may be settling it just now, and whoever has a payslip that is not
# approved may have counted that one: it may be taken back.
SETTLE = """
WITH answered AS (
  UPDATE inmates_backdatedchange SET settled_by_id = %(run)s
  WHERE id IN (
    SELECT c.id FROM inmates_backdatedchange c
    WHERE c.payer_id = %(payer)s AND c.institution_id = %(place)s AND c.settled_by_id IS NULL
      AND c.id <= %(read)s AND c.first_day <= %(last_day)s
      AND (%(is_regular)s OR c.inmate_id = ANY(%(people)s))
      AND NOT EXISTS (
        SELECT FROM inmates_payrollrun r
        WHERE r.payer_id = c.payer_id AND r.institution_id = c.institution_id
          AND r.status = ANY(%(closed)s) AND r.month + interval '1 month' > c.first_day
          AND CASE WHEN %(is_regular)s THEN r.month > %(month)s ELSE r.month < %(month)s END)
      {besides}
    ORDER BY c.id FOR UPDATE {waiting})
  RETURNING inmate_id, payer_id, institution_id, cause, subject, reason, changed_at, changed_by_id
)
INSERT INTO inmates_backdatedchange
  (inmate_id, payer_id, institution_id, first_day, cause, subject, reason, changed_at,
   changed_by_id)
SELECT a.inmate_id, a.payer_id, a.institution_id, n.month, a.cause, a.subject, a.reason,
  a.changed_at, a.changed_by_id
FROM answered a CROSS JOIN (
  SELECT MIN(r.month) AS month FROM inmates_payrollrun r
  WHERE r.payer_id = %(payer)s AND r.institution_id = %(place)s AND r.status = ANY(%(closed)s)
    AND r.month > %(month)s) n
WHERE n.month IS NOT NULL
ORDER BY a.inmate_id, a.changed_at
"""
SETTLE_POSTED = SETTLE.format(besides="", waiting="")
SETTLE_EMPTY = SETTLE.format(
    besides="""AND NOT EXISTS (
        SELECT FROM inmates_payslip s JOIN inmates_payrollrun x ON x.id = s.run_id
        WHERE s.inmate_id = c.inmate_id AND x.status NOT IN ('approved', 'paid'))""",
    waiting="SKIP LOCKED",
)
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

    Six statements at most, whatever the number of people. A reversal answers nothing.
    """
    head = family[-1]
    values = _values(head) | {"runs": [one.pk for one in family]}
    with connection.cursor() as cursor:
        if head.kind in OFF_CYCLE_RUNS:
            hold_changes([head.payer_id])
        if head.kind != RunKind.REVERSAL:
            cursor.execute(SETTLE_POSTED, values)
        cursor.execute(TOUCHED_PAYERS, values)
        payers = [payer_id for (payer_id,) in cursor.fetchall()]
        if payers:
            hold_changes(payers)
            cursor.execute(TOUCHED, values)


def answer_with_nothing(run: Any) -> None:
    """The changes that a run was calculated with are answered where nobody differs in anything:
    such a run is approved by nobody, and is never posted.

    Called in the transaction that ends the calculation, of a run read with its surroundings
    (`selectors.payroll_earlier`). Without payslips and problems, of earlier months too, all of its
    people were calculated after the changes that it has read. Where there is a payslip, a problem
    or a difference of the two calculations, nothing happens. Five statements at most, none where no
    change was open.
    """
    if not run.has_changes:
        return
    run.refresh_from_db()
    has_slips = Payslip.objects.filter(Q(run=run) | Q(run__settled_with=run)).exists()
    if run.status != RunStatus.CALCULATED or run.difference_count != 0 or has_slips:
        return
    hold_changes([run.payer_id])
    with connection.cursor() as cursor:
        cursor.execute(SETTLE_EMPTY, _values(run))


def _values(head: PayrollRun) -> dict[str, Any]:
    month = Month.of(head.month)
    people: list[int] = []
    if head.kind in OFF_CYCLE_RUNS:
        named = RunPerson.objects.filter(run=head)
        people = list(named.values_list("inmate_id", flat=True))
    return {
        "run": head.pk,
        "head": head.pk,
        "payer": head.payer_id,
        "place": head.institution_id,
        "month": month.first_day,
        "last_day": month.last_day,
        "read": head.changes_read or 0,
        "is_regular": head.kind == RunKind.REGULAR,
        "people": people,
        "closed": CLOSED,
        "cause": BackdatedCause.OTHER_PAY,
        "subject": f"run:{head.pk}",
        "by": head.started_by_id,
    }


def reopen_changes(run: PayrollRun) -> None:
    """The changes that a reversed run had answered are open once more, as new marks: a later run
    that is calculated already has not seen that they are."""
    hold_changes([run.payer_id])
    with connection.cursor() as cursor:
        cursor.execute(REOPENED, {"run": run.pk})


def forget_answers(run: PayrollRun) -> None:
    """What a run had answered that is about to be gone is open once more, and points nowhere."""
    answered = BackdatedChange.objects.filter(settled_by=run)
    if answered.exists():
        reopen_changes(run)
        answered.delete()
