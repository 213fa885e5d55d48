"""Calculating a payroll run: set-based reads, pure arithmetic, batches committed one by one.

Called by the task `inmates.calculate_payroll_run`.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import Value

from inmates.enums import RunStatus
from inmates.models import Inmate, PayrollProblem, PayrollRun, Payslip
from inmates.refusals import PersonNotCalculable
from inmates.selectors.payroll_inputs import Person, RunInputs, run_inputs
from inmates.selectors.payroll_law import law_of_month
from inmates.selectors.payroll_shared import read_shared
from inmates.services.second_check import check_payroll_run
from inmates.services.slip_store import SlipTexts
from inmates.slip_lines import Rules
from inmates.slips import make_slip
from inmates.states import PAYROLL_RUN
from portal.kernel.copying import forget_plans, next_ids
from portal.kernel.errors import PortalError
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import Month
from portal.kernel.states import move

log = logging.getLogger(__name__)

# People to one commit. A batch costs a dozen statements and holds its people for a second or two.
BATCH = 5_000


class Watch(Protocol):
    """What the queue hands to a task (portal.kernel.queue.Progress)."""

    def report(self, *, done: int, total: int, failed: int = 0) -> None: ...

    def hold(self) -> None: ...


def calculate_payroll_run(*, run_id: int, progress: Watch, at: datetime) -> None:
    """Everybody placed in the month has one payslip, or a problem, or is counted as not earning.

    The run ends calculated, or incomplete with the list of problems. One person's failure does
    not stop the others. Delivered again or taken over from a dead worker it goes on with whoever
    is not done; a worker that was taken over stops without writing. Where the law of the month
    went missing since the start, the run ends incomplete and says so. On a run that is not being
    calculated nothing happens.
    """
    run = PayrollRun.objects.select_related("institution", "started_by").get(pk=run_id)
    if run.status != RunStatus.CALCULATING:
        return
    try:
        rules = law_of_month(Month.of(run.month))
        inputs = run_inputs(run)
    except PortalError as refusal:
        _stop(run, str(refusal), progress=progress, at=at)
        raise
    stored, failed = _stored_before(run_id)
    waiting = [person for person in inputs.people if person.id not in stored]
    ids = next_ids(Payslip, len(waiting))
    forget_plans()
    total, idle = len(inputs.people), 0
    done = total - len(waiting)
    progress.report(done=done, total=total, failed=failed)
    for start in range(0, len(waiting), BATCH):
        batch, end = waiting[start : start + BATCH], start + BATCH
        failed_here, idle_here = _work_off(run, batch, ids[start:end], inputs, rules, progress)
        done, failed, idle = done + len(batch), failed + failed_here, idle + idle_here
        progress.report(done=done, total=total, failed=failed)
    action = "stop_incomplete" if failed else "complete"
    _complete(run, action, without_earnings=idle, progress=progress, at=at)


def _stop(begun: PayrollRun, reason: str, *, progress: Watch, at: datetime) -> None:
    """Something that everybody needs went missing since the start: nobody could be calculated.

    The run does not hold its month any longer, and its history says what is missing.
    """
    with transaction.atomic():
        run = lock_row(PayrollRun, begun.pk)
        progress.hold()
        actor = begun.started_by
        move(run, "stop_incomplete", machine=PAYROLL_RUN, actor=actor, at=at, reason=reason)


def _stored_before(run_id: int) -> tuple[set[int], int]:
    """Whom an earlier worker has stored, and how many of them with a problem.

    Read once: from here on nobody writes to the run but who has this worker's claim.
    """
    slips = Payslip.objects.filter(run_id=run_id).values_list("inmate_id", Value(0))
    problems = PayrollProblem.objects.filter(run_id=run_id).values_list("inmate_id", Value(1))
    rows = list(slips.union(problems))
    return {inmate_id for inmate_id, _failed in rows}, sum(failed for _id, failed in rows)


def _work_off(
    run: PayrollRun,
    batch: Sequence[Person],
    slip_ids: Sequence[int],
    inputs: RunInputs,
    rules: Rules,
    progress: Watch,
) -> tuple[int, int]:
    """One commit for a batch; how many have a problem, and how many earned nothing.

    The people are locked while their pay is computed: another payer's run of the same month waits
    and then sees the debts and deductions that this one has left.
    """
    people = [person.id for person in batch]
    with transaction.atomic():
        lock_rows(Inmate.objects.filter(pk__in=people).values_list("pk"))
        lock_row(PayrollRun, run.pk)
        progress.hold()
        read_shared(inputs, run, people)
        slips = SlipTexts(run.pk, slip_ids)
        problems, idle = _calculate(batch, inputs, rules, slips)
        _store(run.pk, slips, problems)
    return len(problems), idle


def _calculate(
    batch: Sequence[Person], inputs: RunInputs, rules: Rules, slips: SlipTexts
) -> tuple[dict[int, tuple[str, dict[str, Any]]], int]:
    """Put the slips into text; problems by person, and how many earned nothing."""
    problems: dict[int, tuple[str, dict[str, Any]]] = {}
    idle = 0
    for person in batch:
        try:
            slip = make_slip(person, inputs, rules)
            if slip is None:
                idle += 1
            else:
                slips.add(slip)
        except PersonNotCalculable as refusal:
            problems[person.id] = (refusal.code, refusal.arguments)
        except SoftTimeLimitExceeded:
            raise  # the worker's time is up: that is nobody's payslip
        except Exception:
            # The batch goes on; the log has the cause, the page names the person.
            log.exception("payslip of person %s", person.id)
            problems[person.id] = (PersonNotCalculable.code, {})
    return problems, idle


def _store(run_id: int, slips: SlipTexts, problems: dict[int, tuple[str, dict[str, Any]]]) -> None:
    slips.write()
    PayrollProblem.objects.bulk_create(
        PayrollProblem(run_id=run_id, inmate_id=inmate_id, code=code, arguments=arguments)
        for inmate_id, (code, arguments) in problems.items()
    )


def _complete(
    begun: PayrollRun, action: str, *, without_earnings: int, progress: Watch, at: datetime
) -> None:
    with transaction.atomic():
        run = lock_row(PayrollRun, begun.pk)
        progress.hold()
        move(run, action, machine=PAYROLL_RUN, actor=begun.started_by, at=at)
        run.calculated_at = at
        run.ordered_at = run.ordered_at or at
        run.without_earnings = without_earnings
        run.save(update_fields=["calculated_at", "ordered_at", "without_earnings"])
        check_payroll_run(run_id=run.pk, at=at)
