"""Calculating a payroll run: set-based reads, pure arithmetic, batches committed one by one.

Called by the task `inmates.calculate_payroll_run`. A month that has approved payslips gets what it
is now less what they say; a regular run first calculates the differences of the months before it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Value

from inmates.enums import RunStatus
from inmates.models import Inmate, PayrollProblem, PayrollRun, Payslip
from inmates.selectors.payroll_inputs import Person, RunInputs, run_inputs
from inmates.selectors.payroll_law import law_of_month
from inmates.selectors.payroll_shared import read_shared
from inmates.services.backdated_answers import answer_with_nothing
from inmates.services.change_reading import read_for_calculation
from inmates.services.corrections import (
    drop_empty,
    family_of,
    open_corrections,
    people_ahead,
    set_off_corrections,
)
from inmates.services.second_check import check_payroll_run
from inmates.services.slip_desk import SlipDesk
from inmates.services.slip_store import SlipTexts
from inmates.slip_lines import Rules
from inmates.slips import make_slip
from inmates.states import PAYROLL_RUN
from portal.kernel.copying import forget_plans, next_ids
from portal.kernel.errors import PortalError
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import Month
from portal.kernel.states import move

# People to one commit. A batch costs a dozen statements and holds its people for a second or two.
BATCH = 5_000


class Watch(Protocol):
    """What the queue hands to a task (portal.kernel.queue.Progress)."""

    def report(self, *, done: int, total: int, failed: int = 0) -> None: ...

    def hold(self) -> None: ...


def calculate_payroll_run(*, run_id: int, progress: Watch, at: datetime) -> None:
    """Everybody of the run has one payslip, or a problem, or is counted as not earning; of a month
    that has approved payslips, whoever differs from them.

    The run ends calculated, or incomplete with the list of problems. One person's failure does
    not stop the others. A regular run calculates with it the differences of earlier months that
    were changed: they end with it, and are gone where nothing differs. Delivered again or taken
    over from a dead worker it goes on with whoever is not done; a worker that was taken over stops
    without writing. Changes of the past that come after the beginning wait for the next run; those
    before it are answered where nobody differs in anything. Where the law of a month went missing
    since the start, the run ends incomplete and says so. On a run that is not being calculated
    nothing happens.
    """
    run = read_for_calculation(run_id)
    if run.status != RunStatus.CALCULATING:
        return
    work = _Work(run, progress, at)
    corrections = open_corrections(run, progress=progress, at=at)
    work.total = people_ahead(run, corrections)
    for one in corrections:
        if one.status == RunStatus.CALCULATING:
            _calculate_run(one, work)
    _finish_corrections(corrections, work)
    idle = _calculate_run(run, work)
    with transaction.atomic():
        _complete(run, work, has_problems=work.failed > 0, without_earnings=idle)
        answer_with_nothing(run)


@dataclass(slots=True)
class _Work:
    """How far the calculation of a run and its corrections is; `total` is known as it goes on."""

    run: Any
    progress: Watch
    at: datetime
    done: int = 0
    total: int = 0
    failed: int = 0

    def add(self, *, done: int, failed: int) -> None:
        self.done += done
        self.failed += failed
        self.progress.report(done=self.done, total=max(self.total, self.done), failed=self.failed)


def _calculate_run(run: PayrollRun, work: _Work) -> int:
    """The payslips and problems of one run; how many of its people earned nothing."""
    try:
        rules = law_of_month(Month.of(run.month))
        inputs = run_inputs(run)
    except PortalError as refusal:
        _stop(work, str(refusal))
        raise
    stored, failed = _stored_before(run.pk)
    waiting = [person for person in inputs.people if person.id not in stored]
    ids = next_ids(Payslip, len(waiting))
    forget_plans()
    idle, done = 0, len(inputs.people) - len(waiting)
    if run.pk == work.run.pk:
        work.total = work.done + len(inputs.people)
    if done or len(waiting) > BATCH:
        # A single batch tells of itself when it is done.
        work.add(done=done, failed=failed)
    for start in range(0, len(waiting), BATCH):
        batch, end = waiting[start : start + BATCH], start + BATCH
        failed_here, idle_here = _work_off(run, batch, ids[start:end], inputs, rules, work.progress)
        idle += idle_here
        work.add(done=len(batch), failed=failed_here)
    return idle


def _finish_corrections(corrections: Sequence[PayrollRun], work: _Work) -> None:
    """Those with something to say are settled, ended and checked; the others are gone."""
    if not corrections:
        return
    with transaction.atomic():
        lock_row(PayrollRun, work.run.pk)
        work.progress.hold()
        kept = drop_empty(corrections)
        set_off_corrections(work.run)
        for one in kept:
            if one.status == RunStatus.CALCULATING:
                problems = one.problems.exists()
                _complete(one, work, has_problems=problems, without_earnings=0)
            elif one.status == RunStatus.INCOMPLETE:
                work.failed += one.problems.count()


def _stop(work: _Work, reason: str) -> None:
    """Something that everybody needs went missing since the start: nobody could be calculated.

    The run does not hold its month any longer, and its history says what is missing.
    """
    with transaction.atomic():
        run = lock_row(PayrollRun, work.run.pk)
        work.progress.hold()
        for one in family_of(run):
            if one.status == RunStatus.CALCULATING:
                actor = one.started_by
                move(
                    one, "stop_incomplete", machine=PAYROLL_RUN, actor=actor, at=work.at,
                    reason=reason,
                )  # fmt: skip


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
        desk = SlipDesk(run, inputs, rules, SlipTexts(run.pk, slip_ids))
        desk.work_off(batch, make_slip)
        desk.slips.write()
        PayrollProblem.objects.bulk_create(
            PayrollProblem(run_id=run.pk, inmate_id=inmate_id, code=code, arguments=arguments)
            for inmate_id, (code, arguments) in desk.problems.items()
        )
    return len(desk.problems), desk.idle


def _complete(run: PayrollRun, work: _Work, *, has_problems: bool, without_earnings: int) -> None:
    """The run is ended in its place, which it shares with its corrections, and checked."""
    action = "stop_incomplete" if has_problems else "complete"
    fresh = lock_row(PayrollRun, run.pk)
    work.progress.hold()
    move(fresh, action, machine=PAYROLL_RUN, actor=run.started_by, at=work.at, is_held=True)
    fresh.calculated_at = work.at
    fresh.changes_read = work.run.last_change
    fresh.ordered_at = fresh.ordered_at or work.run.ordered_at or work.at
    fresh.without_earnings = without_earnings
    fresh.save(update_fields=["calculated_at", "changes_read", "ordered_at", "without_earnings"])
    check_payroll_run(run_id=run.pk, at=work.at)
