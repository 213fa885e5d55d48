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
    GoesWithItsRun,
    NobodyEarned,
    NotChecked,
    OnlyDifferences,
)
from inmates.enums import RunStatus
from inmates.models import Inmate, PayrollRun, Placement
from inmates.rules import can_approve_payroll_run
from inmates.selectors.late_changes import changes_after
from inmates.selectors.mirrors import why_outdated
from inmates.selectors.payroll_inputs import placed_in_month
from inmates.services.corrections import corrections_of, family_of
from inmates.states import PAYROLL_RUN
from portal.accounts.deputies import hold_signatures
from portal.kernel.clock import day_of
from portal.kernel.errors import PortalError, readable_refusals
from portal.kernel.locks import Gone, lock_row, lock_rows
from portal.kernel.periods import Month
from portal.kernel.queue import AlreadyRunning, enqueue
from portal.kernel.states import move
from portal.kernel.text import month_name

POST = "inmates.post_payroll_run"


def approve_payroll_run(*, actor: Any, run_id: int, at: datetime) -> PayrollRun:
    """The run is approved by the actor and waits to be posted; from here on nothing of it changes.
    So are the differences of earlier months that were calculated with it.

    Refused: for whoever does not hold the payer's first signature on the day, for who calculated
    it or edited an input of its months last; a run that is not calculated, not checked a second
    time, found different, without payslips, or with days changed since; differences without the
    run they are paid with. After commit the posting is sent to the workers. Twice: the second one
    is refused. A posting that failed as a whole may be approved anew.
    """
    with transaction.atomic(), readable_refusals():
        family = lock_family(run_id)
        run = require_head(family, run_id)
        # Whoever is handing the signature over is waited for; whoever does it later sees this.
        hold_signatures(run.payer_id)
        for one in family:
            can_approve_payroll_run(actor, one, day_of(at)).require()
        release_if_lost(family, actor=actor, at=at)
        for one in family:
            if one.status == RunStatus.CALCULATED:
                _require_clean(one)
            one.approved_by, one.approved_at = actor, at
            if PAYROLL_RUN.target(one.status, "approve"):
                one.save(update_fields=["approved_by", "approved_at"])
            move(one, "approve", machine=PAYROLL_RUN, actor=actor, at=at)
        try:
            run.task_run = enqueue(
                POST, key=str(run.pk), actor=actor, at=at, arguments={"run_id": run.pk}
            )
        except AlreadyRunning as running:
            raise BeingPosted from running
        run.save(update_fields=["task_run"])
    return run


def lock_family(run_id: int) -> list[PayrollRun]:
    """The people, their places and the runs of a family, in the order of all writers; the runs by
    month, the one they are settled with last.

    Who is saving a day, a writ or an application of these people is waited for; whoever comes
    later sees the new state.
    """
    family = family_of(PayrollRun.objects.select_related("settled_with").get(pk=run_id))
    for_all = Placement.objects.none()
    for one in family:
        for_all |= placed_in_month(one.payer_id, one.institution_id, Month.of(one.month))
    lock_rows(Inmate.objects.filter(pk__in=for_all.values("inmate")).values_list("pk"))
    lock_rows(for_all.values_list("pk"))
    keys = [one.pk for one in family]
    locked = {one.pk: one for one in lock_rows(PayrollRun.objects.filter(pk__in=keys))}
    if run_id not in locked:
        raise Gone
    return [locked[key] for key in keys if key in locked]


def require_head(family: list[PayrollRun], run_id: int) -> PayrollRun:
    """The run the family is settled with, which is the one that is acted on."""
    head = family[-1]
    if head.pk != run_id:
        raise GoesWithItsRun(month=month_name(Month.of(head.month)))
    return head


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


def release_if_lost(family: list[PayrollRun], *, actor: Any, at: datetime) -> None:
    """A posting that failed as a whole left the runs approved and not posted."""
    head = family[-1]
    if head.status != RunStatus.POSTING:
        return
    if head.task_run is not None and not head.task_run.is_finished:
        raise BeingPosted
    send_back(family, actor=actor, at=at, reason=_("The posting broke off."))


def send_back(family: list[PayrollRun], *, actor: Any, at: datetime, reason: str) -> None:
    """The locked runs are calculated and approved by nobody, with the reason in their history."""
    for one in family:
        move(one, "refuse", machine=PAYROLL_RUN, actor=actor, at=at, reason=reason)
        one.approved_by = one.approved_at = None
        one.save(update_fields=["approved_by", "approved_at"])


def _why_nothing(run: PayrollRun) -> PortalError:
    months = [month_name(one.month) for one in corrections_of(run)]
    return OnlyDifferences(months=", ".join(months)) if months else NobodyEarned()


def _require_clean(run: PayrollRun) -> None:
    if not run.payslips.exists():
        raise _why_nothing(run)
    if run.checked_at is None or run.difference_count is None:
        raise NotChecked
    if run.difference_count:
        raise why_outdated(run) or CalculationsDiffer(count=run.difference_count)
    changed, _numbers = changes_after(run)
    if changed:
        raise CalculationStale(count=changed)
