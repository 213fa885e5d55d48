"""Reversing approved wages: a mirror of each payslip, approved and posted like any run.

Called by the page of a run; the posting calls `mark_reversed` for a reversal that stands in the
books. Nothing is erased: the run that was reversed and its mirror add up to nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from inmates.enums import FINAL_RUNS, LineKind, RunKind, RunStatus
from inmates.models import PayrollRun
from inmates.off_cycle_refusals import (
    AlreadyReversed,
    LaterRunStands,
    NotReversible,
    ReasonOfRunMissing,
    ReversedWithItsRun,
)
from inmates.rules import can_start_payroll_run
from inmates.selectors.off_cycle import later_runs
from inmates.services.approval import lock_family
from inmates.services.backdated_answers import reopen_changes
from inmates.services.corrections import next_sequence
from inmates.services.papers import withdraw_payslips
from inmates.services.second_check import check_payroll_run
from inmates.shifts import is_explanation
from inmates.states import PAYROLL_RUN
from portal.kernel.clock import day_of
from portal.kernel.copying import forget_plans
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.states import begin, move
from portal.kernel.text import month_name

LONGEST_REASON = 300
# Every sum of a payslip, and what was counted on it.
MIRRORED = (
    "days_worked",
    "minutes_worked",
    "gross",
    "opv",
    "vosms",
    "ipn",
    "net",
    "attachable",
    "withheld_by_writs",
    "to_account",
    "so",
    "oosms",
    "opvr",
    "social_tax",
    "taxable",
    "deduction_used",
)
# Of wages that were never paid neither side is: the two settlements add up to nothing too. What
# was paid is owed from now on. Of a mirror above nought, paid or not, `LESS_OF_DEBT` says how much.
SLIPS = """
INSERT INTO inmates_payslip (run_id, inmate_id, number, is_difference, corrects_id,
  has_basic_deduction, settlement, {columns})
SELECT %(mirror)s, s.inmate_id, '', true, s.id, s.has_basic_deduction,
  CASE WHEN %(is_paid)s OR s.to_account < 0 THEN s.to_account ELSE -s.settlement END, {mirrored}
FROM inmates_payslip s WHERE s.run_id = %(run)s ORDER BY s.id
""".format(columns=", ".join(MIRRORED), mirrored=", ".join(f"-s.{name}" for name in MIRRORED))
LINES = """
INSERT INTO inmates_payslipline (payslip_id, sequence, kind, code, subject, title, quantity, rate,
  base, amount, demanded, writ_id, parameter_id, corrects_id, explanation, arguments)
SELECT m.id, l.sequence, l.kind, l.code, l.subject, l.title, -l.quantity, l.rate, l.base,
  -l.amount, -l.demanded, l.writ_id, l.parameter_id, l.id, l.explanation,
  l.arguments || jsonb_build_object('was', l.amount::text, 'now', '0.00', 'why', '[]'::jsonb)
FROM inmates_payslip m JOIN inmates_payslipline l ON l.payslip_id = m.corrects_id
WHERE m.run_id = %(mirror)s AND l.kind <> %(settlement)s
ORDER BY l.id
"""
# A mirror above nought takes back a difference below it: what is still owed of that is owed no
# more, and what wages have withheld of it by now is paid. Owed is what all slips of the payer
# settle, those of the reversed wages and their mirrors that are not above nought included.
LESS_OF_DEBT = """
WITH family AS (
  SELECT s.id, s.inmate_id, s.to_account, r.month
  FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
  WHERE s.run_id = ANY(%(runs)s)
), owed AS (
  SELECT s.inmate_id,
    greatest(0, coalesce(sum(s.settlement) FILTER (WHERE r.status IN ('approved', 'paid')), 0))
      + coalesce(sum(s.settlement) FILTER (WHERE r.id = ANY(%(runs)s)), 0) AS debt
  FROM inmates_payslip s JOIN inmates_payrollrun r ON r.id = s.run_id
  WHERE r.payer_id = %(payer)s AND s.inmate_id IN (SELECT inmate_id FROM family)
    AND (r.status IN ('approved', 'paid') OR s.id IN (SELECT id FROM family WHERE to_account <= 0))
  GROUP BY s.inmate_id
), room AS (
  SELECT f.id, greatest(coalesce(o.debt, 0)
    - coalesce(sum(f.to_account) OVER (PARTITION BY f.inmate_id ORDER BY f.month, f.id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0), 0) AS debt
  FROM family f LEFT JOIN owed o ON o.inmate_id = f.inmate_id WHERE f.to_account > 0
)
UPDATE inmates_payslip s SET settlement = -least(s.to_account, room.debt)
FROM room WHERE room.id = s.id
"""


@transaction.atomic
def reverse_payroll_run(*, actor: Any, run_id: int, reason: str, at: datetime) -> PayrollRun:
    """A mirror of the run waits for its approval; of what was paid with it too.

    Refused: for whoever is not the payer's accountant there, without a reason in words, a run that
    is not approved, a reversal, differences of an earlier month by themselves, a run that is
    reversed already, or on whose payslips later ones of the same month were built. Nothing happens
    after commit: the mirror is small work and is checked at once. Twice: the second is refused.
    """
    run = PayrollRun.objects.select_related("institution", "settled_with").get(pk=run_id)
    can_start_payroll_run(
        actor, run.payer_id, run.institution.organisation_id, day_of(at)
    ).require()
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not is_explanation(words):
        raise ReasonOfRunMissing
    if run.settled_with is not None and run.kind == RunKind.CORRECTION:
        raise ReversedWithItsRun(number=run.settled_with.number)
    family = lock_family(run_id)
    _require_reversible(run, family)
    root: PayrollRun | None = None
    mirrors = []
    for one in reversed(family):
        mirror = _opened(one, root, actor=actor, reason=words, at=at)
        root = root or mirror
        mirrors.append(mirror)
    _fill(mirrors, family[-1].status == RunStatus.PAID)
    for mirror in reversed(mirrors):
        _close(mirror, actor=actor, at=at)
    return mirrors[0]


def hold_reversed(family: Sequence[PayrollRun]) -> None:
    """Nobody pays, until the transaction ends, the wages that the runs mirror: whether they were
    paid decides of what is owed."""
    lock_rows(PayrollRun.objects.filter(reversal__in=[one.pk for one in family]))


def mark_reversed(run: PayrollRun) -> None:
    """What the posted reversal mirrors is paid no more, and its month may be calculated anew.

    What that run had answered is open again, and its printed payslips no longer hold. Any other
    kind of run is left as it is. Refused: where later wages of the month stand on those it mirrors.
    """
    if run.reverses is None:
        return
    _require_nothing_later(run.reverses, later_runs(run.reverses))
    PayrollRun.objects.filter(pk=run.reverses_id).update(is_reversed=True)
    if run.posted_at is not None:
        withdraw_payslips(
            actor=run.approved_by, run=run.reverses, reason=run.reason, at=run.posted_at
        )
    reopen_changes(run.reverses)


def _require_reversible(run: PayrollRun, family: Sequence[PayrollRun]) -> None:
    if run.kind == RunKind.REVERSAL:
        raise NotReversible(status=run.get_kind_display())
    for one in family:
        if one.status not in FINAL_RUNS:
            raise NotReversible(status=one.get_status_display())
    keys = [one.pk for one in family]
    if PayrollRun.objects.filter(reverses__in=keys).exists():
        raise AlreadyReversed
    for one in family:
        _require_nothing_later(one, later_runs(one).exclude(pk__in=keys))


def _require_nothing_later(run: PayrollRun, standing: Iterable[PayrollRun]) -> None:
    numbers = [f"№ {later.number}" for later in standing]
    if numbers:
        raise LaterRunStands(month=month_name(run.month), numbers=", ".join(numbers))


def _opened(
    run: PayrollRun, root: PayrollRun | None, *, actor: Any, reason: str, at: datetime
) -> PayrollRun:
    mirror = PayrollRun.objects.create(
        payer_id=run.payer_id,
        institution_id=run.institution_id,
        month=run.month,
        kind=RunKind.REVERSAL,
        sequence=next_sequence(run.payer_id, run.institution_id, run.month, RunKind.REVERSAL),
        reverses=run,
        settled_with=root,
        reason=reason,
        started_by=actor,
        created_at=at,
    )
    begin(mirror, "create", machine=PAYROLL_RUN, actor=actor, at=at)
    move(mirror, "start", machine=PAYROLL_RUN, actor=actor, at=at)
    return mirror


def _fill(mirrors: Sequence[PayrollRun], is_paid: bool) -> None:
    """The slips and lines of the mirrors; so many statements whatever the number of people."""
    forget_plans()
    with connection.cursor() as cursor:
        for mirror in mirrors:
            values = {
                "mirror": mirror.pk,
                "run": mirror.reverses_id,
                "is_paid": is_paid,
                "settlement": LineKind.SETTLEMENT.value,
            }
            cursor.execute(SLIPS, values)
            cursor.execute(LINES, values)
        runs = [mirror.pk for mirror in mirrors]
        cursor.execute(LESS_OF_DEBT, {"runs": runs, "payer": mirrors[0].payer_id})


def _close(mirror: PayrollRun, *, actor: Any, at: datetime) -> None:
    """Calculated, in its place among the runs that share people, and checked."""
    move(mirror, "complete", machine=PAYROLL_RUN, actor=actor, at=at)
    run = lock_row(PayrollRun, mirror.pk)
    run.calculated_at = run.ordered_at = at
    run.save(update_fields=["calculated_at", "ordered_at"])
    check_payroll_run(run_id=mirror.pk, at=at)
    mirror.refresh_from_db()
