"""Starting a payroll run of a payer, an institution and a month.

Called by the accountant's pages; the calculation itself is `services.calculation`.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from inmates.enums import RunKind, RunStatus
from inmates.models import PayrollRun
from inmates.parameters import parameters_in_force
from inmates.refusals import AlreadyCalculating, MonthInFuture, NobodyPlaced, TaxStatusMissing
from inmates.rules import can_start_payroll_run
from inmates.selectors.payroll_inputs import parameter_rows_on, placed_in_month
from inmates.services.papers import supersede_payslips
from inmates.services.slip_store import remove_slips
from inmates.states import PAYROLL_RUN
from portal.accounts.selectors import tax_status_on
from portal.kernel.clock import day_of
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import Month
from portal.kernel.queue import AlreadyRunning, enqueue
from portal.kernel.states import begin, move
from workshops.models import Institution

CALCULATE = "inmates.calculate_payroll_run"


def start_payroll_run(
    *, actor: Any, payer_id: int, institution_id: int, month: Month, at: datetime
) -> PayrollRun:
    """The regular run of the month exists, is being calculated, and its old slips are gone;
    those printed no longer hold.

    Refused: for whoever is not the payer's accountant there, a month that has not begun, a month
    in which nobody was placed, a month without parameters of the law or without the payer's tax
    regime, a run that is being calculated. After commit the calculation is sent to the workers.
    Twice: the second call is refused while the first calculation goes on (`AlreadyCalculating`).
    """
    institution = Institution.objects.get(pk=institution_id)
    today = day_of(at)
    can_start_payroll_run(actor, payer_id, institution.organisation_id, today).require()
    _require_inputs(payer_id, institution_id, month, Month.of(today))
    with transaction.atomic():
        run, is_new = PayrollRun.objects.get_or_create(
            payer_id=payer_id,
            institution_id=institution_id,
            month=month.first_day,
            kind=RunKind.REGULAR,
            defaults={"started_by": actor, "created_at": at},
        )
        if is_new:
            begin(run, "create", machine=PAYROLL_RUN, actor=actor, at=at)
            # Who is saving a day saw no run to wait for; this one waits until that is committed.
            lock_rows(placed_in_month(payer_id, institution_id, month).values_list("pk"))
        run = lock_row(PayrollRun, run.pk)
        _release_if_lost(run, actor=actor, at=at)
        if run.status == RunStatus.CALCULATING:
            raise AlreadyCalculating
        move(run, "start", machine=PAYROLL_RUN, actor=actor, at=at)
        _clear_results(run)
        supersede_payslips(actor=actor, run=run, at=at)
        try:
            run.task_run = enqueue(
                CALCULATE, key=str(run.pk), actor=actor, at=at, arguments={"run_id": run.pk}
            )
        except AlreadyRunning as running:
            raise AlreadyCalculating from running
        run.started_by = actor
        run.calculated_at = None
        run.without_earnings = 0
        run.save(
            update_fields=["task_run", "started_by", "calculated_at", "without_earnings"],
        )
    return run


def _require_inputs(payer_id: int, institution_id: int, month: Month, present: Month) -> None:
    """What would fail for everybody is refused before anything begins."""
    if month > present:
        raise MonthInFuture
    if not placed_in_month(payer_id, institution_id, month).exists():
        raise NobodyPlaced
    parameters_in_force(parameter_rows_on(month.last_day), month.last_day)
    if tax_status_on(payer_id, month.last_day) is None:
        raise TaxStatusMissing


def _release_if_lost(run: PayrollRun, *, actor: Any, at: datetime) -> None:
    """A calculation that failed as a whole left the run being calculated: it may start again."""
    is_lost = run.task_run is None or run.task_run.is_finished
    if run.status == RunStatus.CALCULATING and is_lost:
        move(run, "stop_incomplete", machine=PAYROLL_RUN, actor=actor, at=at)


def _clear_results(run: PayrollRun) -> None:
    """A calculation begins with nothing, so that one taken over can tell who is done."""
    remove_slips(run.pk)
    run.problems.all().delete()
