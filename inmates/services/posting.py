"""Posting an approved run to the books: one transaction, whole or not at all.

Called by the task `inmates.post_payroll_run`.
"""

import logging
from datetime import datetime
from typing import Protocol

from django.db import connection, transaction
from django.utils.translation import gettext as _

from inmates.approval_refusals import BooksDiffer
from inmates.enums import EntryPurpose, RunStatus
from inmates.models import PayrollDifference, PayrollRun, Payslip
from inmates.selectors.books import differences_of_run, settled_too_much
from inmates.selectors.mirrors import why_outdated
from inmates.services.approval import lock_family, send_back
from inmates.services.backdated_answers import answer_changes
from inmates.services.books import wages_day, wages_of_run, write_entries
from inmates.services.corrections import family_of
from inmates.services.reversing import hold_reversed, mark_reversed
from inmates.services.second_check import check_payroll_run
from inmates.states import PAYROLL_RUN
from portal.kernel.clock import day_of
from portal.kernel.errors import PortalError
from portal.kernel.numbering import document_number
from portal.kernel.states import move

log = logging.getLogger(__name__)

NUMBER_SLIPS = """
UPDATE inmates_payslip s SET number = %(number)s || '/' || lpad(n.place::text, 4, '0')
FROM (
  SELECT p.id, row_number() OVER (ORDER BY i.personnel_number, p.id) AS place
  FROM inmates_payslip p JOIN inmates_inmate i ON i.id = p.inmate_id
  WHERE p.run_id = %(run)s
) AS n
WHERE s.id = n.id
"""


class Watch(Protocol):
    """What the queue hands to a task (portal.kernel.queue.Progress)."""

    def report(self, *, done: int, total: int, failed: int = 0) -> None: ...

    def hold(self) -> None: ...


def post_payroll_run(*, run_id: int, progress: Watch, at: datetime) -> None:
    """The run and its slips have their numbers and stand in the books; the run is approved. So are
    the differences of earlier months that go with it, and the changes they answer are settled.

    The second calculation is made once more, over the inputs as they are now: where it differs,
    or nothing can be posted, the runs are calculated again and approved by nobody, and their
    history says why. So is a reversal upon whose wages others were built meanwhile, and whatever
    would settle more with somebody than they owe. A worker that dies leaves nothing behind;
    delivered again it begins anew. On a run that is not being posted nothing happens.
    """
    run = PayrollRun.objects.select_related("settled_with").get(pk=run_id)
    if run.status != RunStatus.POSTING:
        return
    total = Payslip.objects.filter(run__in=family_of(run)).count()
    progress.report(done=0, total=total)
    try:
        with transaction.atomic():
            is_posted = _check_and_post(run_id, progress, at)
    except PortalError as refusal:
        with transaction.atomic():
            family = _held(run_id, progress)
            if family[-1].status == RunStatus.POSTING:
                send_back(family, actor=family[-1].approved_by, at=at, reason=str(refusal))
        log.info("run %s is not posted: %s", run_id, type(refusal).__name__)
        return
    if is_posted:
        progress.report(done=total, total=total)


def _held(run_id: int, progress: Watch) -> list[PayrollRun]:
    family = lock_family(run_id)
    progress.hold()
    return family


def _check_and_post(run_id: int, progress: Watch, at: datetime) -> bool:
    """Whether it was posted; runs that differ are sent back with their list of differences."""
    family = _held(run_id, progress)
    if family[-1].status != RunStatus.POSTING:
        return False
    hold_reversed(family)
    found = {one.pk: check_payroll_run(run_id=one.pk, at=at) for one in family}
    if any(found.values()):
        reason = _why_not([one for one in family if found[one.pk]], sum(found.values()))
        send_back(family, actor=family[-1].approved_by, at=at, reason=reason)
        for one in family:
            one.checked_at, one.difference_count = at, found[one.pk]
            one.save(update_fields=["checked_at", "difference_count"])
        return False
    for one in family:
        _post(one, at)
    overdrawn = settled_too_much(family[-1].payer_id, [one.pk for one in family])
    if overdrawn:
        raise BooksDiffer(count=overdrawn)
    answer_changes(family)
    return True


def _why_not(differing: list[PayrollRun], count: int) -> str:
    """What happened since the calculation, and what to do; a reversal is never calculated again."""
    outdated = why_outdated(differing[-1])
    if outdated is not None:
        return str(outdated)
    differences = PayrollDifference.objects.filter(run__in=differing)
    people = differences.order_by().values("inmate").distinct().count()
    return _(
        "What the wages are made from was changed after the calculation: people concerned "
        "%(people)s, lines that differ %(count)s. Calculate again."
    ) % {"people": people, "count": count}


def _post(run: PayrollRun, at: datetime) -> None:
    run.number = document_number(
        series="payroll_run", scope=str(run.payer_id), year=day_of(at).year
    )
    run.posted_at, run.checked_at, run.difference_count = at, at, 0
    run.save(update_fields=["number", "posted_at", "checked_at", "difference_count"])
    with connection.cursor() as cursor:
        cursor.execute(NUMBER_SLIPS, {"number": run.number, "run": run.pk})
    wages_of_run(run)
    write_entries(run, EntryPurpose.WAGES, on=wages_day(run, at), document=run.number, at=at)
    move(run, "post", machine=PAYROLL_RUN, actor=run.approved_by, at=at)
    mark_reversed(run)
    differences = differences_of_run(run)
    if differences:
        raise BooksDiffer(count=len(differences))
