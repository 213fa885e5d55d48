"""Approving the wages of a month by the first signature: the second pair of eyes.

Called by the page of a run; what follows the approval is `services.posting`.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from inmates.approval_refusals import (
    BeingPosted,
    CalculationsDiffer,
    CalculationStale,
    NobodyEarned,
    NotChecked,
)
from inmates.enums import RunStatus
from inmates.models import Inmate, PayrollRun
from inmates.rules import can_approve_payroll_run
from inmates.selectors.late_changes import changes_after
from inmates.selectors.payroll_inputs import placed_in_month
from inmates.states import PAYROLL_RUN
from portal.accounts.deputies import hold_signatures
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import Month
from portal.kernel.queue import AlreadyRunning, enqueue
from portal.kernel.states import move

POST = "inmates.post_payroll_run"


def approve_payroll_run(*, actor: Any, run_id: int, at: datetime) -> PayrollRun:
    """The run is approved by the actor and waits to be posted; from here on nothing of it changes.

    Refused: for whoever does not hold the payer's first signature on the day, for who calculated
    it or edited an input of the month last; a run that is not calculated, not checked a second
    time, found different, without payslips, or with days changed since. After commit the posting
    is sent to the workers. Twice: the second one is refused. A posting that failed as a whole may
    be approved anew.
    """
    with transaction.atomic(), readable_refusals():
        run = lock_month(run_id)
        # Whoever is handing the signature over is waited for; whoever does it later sees this.
        hold_signatures(run.payer_id)
        can_approve_payroll_run(actor, run, day_of(at)).require()
        release_if_lost(run, actor=actor, at=at)
        if run.status == RunStatus.CALCULATED:
            _require_clean(run)
        run.approved_by, run.approved_at = actor, at
        if PAYROLL_RUN.target(run.status, "approve"):
            run.save(update_fields=["approved_by", "approved_at"])
        move(run, "approve", machine=PAYROLL_RUN, actor=actor, at=at)
        try:
            run.task_run = enqueue(
                POST, key=str(run.pk), actor=actor, at=at, arguments={"run_id": run.pk}
            )
        except AlreadyRunning as running:
            raise BeingPosted from running
        run.save(update_fields=["task_run"])
    return run


def lock_month(run_id: int) -> PayrollRun:
    """The people, their places and the run, in the order of all writers.

    Who is saving a day, a writ or an application of these people is waited for; whoever comes
    later sees the new state.
    """
    run = PayrollRun.objects.get(pk=run_id)
    placed = placed_in_month(run.payer_id, run.institution_id, Month.of(run.month))
    lock_rows(Inmate.objects.filter(pk__in=placed.values("inmate")).values_list("pk"))
    lock_rows(placed.values_list("pk"))
    return lock_row(PayrollRun, run_id)


def release_if_lost(run: PayrollRun, *, actor: Any, at: datetime) -> None:
    """A posting that failed as a whole left the run approved and not posted."""
    if run.status != RunStatus.POSTING:
        return
    if run.task_run is not None and not run.task_run.is_finished:
        raise BeingPosted
    send_back(run, actor=actor, at=at, reason=_("The posting broke off."))


def send_back(run: PayrollRun, *, actor: Any, at: datetime, reason: str) -> None:
    """The locked run is calculated and approved by nobody, with the reason in its history."""
    move(run, "refuse", machine=PAYROLL_RUN, actor=actor, at=at, reason=reason)
    run.approved_by = run.approved_at = None
    run.save(update_fields=["approved_by", "approved_at"])


def _require_clean(run: PayrollRun) -> None:
    if not run.payslips.exists():
        raise NobodyEarned
    if run.checked_at is None or run.difference_count is None:
        raise NotChecked
    if run.difference_count:
        raise CalculationsDiffer(count=run.difference_count)
    changed, _numbers = changes_after(run)
    if changed:
        raise CalculationStale(count=changed)
