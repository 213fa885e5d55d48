"""Starting a payroll run of a payer, an institution and a month, and one person of it anew.

Called by the accountant's pages; the calculation itself is `services.calculation`.
"""

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from inmates.enums import OFF_CYCLE_RUNS, RunKind, RunStatus
from inmates.models import PayrollProblem, PayrollRun, Payslip
from inmates.parameters import parameters_in_force
from inmates.refusals import AlreadyCalculating, NobodyPlaced, TaxStatusMissing
from inmates.rules import can_start_payroll_run
from inmates.run_refusals import (
    CalculatedBySomebodyElse,
    InputsMissing,
    MonthUnfinished,
    PersonNotInRun,
    RunHeld,
)
from inmates.selectors.last_edit import last_editor
from inmates.selectors.off_cycle import run_blockers
from inmates.selectors.pay_blockers import pay_blockers
from inmates.selectors.payroll_inputs import parameter_rows_on, placed_in_month
from inmates.services.corrections import (
    corrections_of,
    next_sequence,
    restart_corrections,
    restart_person,
)
from inmates.services.counted import hold_counted, mark_counted
from inmates.services.papers import supersede_payslips
from inmates.services.payslip_prints import drop_print
from inmates.services.slip_store import remove_slips
from inmates.states import PAYROLL_RUN
from portal.accounts.selectors import tax_status_on
from portal.kernel.clock import day_of
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import Month
from portal.kernel.queue import AlreadyRunning, enqueue
from portal.kernel.states import begin, move
from portal.kernel.text import date_short, month_name
from workshops.models import Institution

CALCULATE = "inmates.calculate_payroll_run"


def start_payroll_run(
    *, actor: Any, payer_id: int, institution_id: int, month: Month, at: datetime
) -> PayrollRun:
    """The regular run of the month exists, is being calculated, and its old slips are gone;
    those printed no longer hold. The run knows who edited an input of the month last; approved
    wages that have counted the old slips are marked (`services.counted`).

    Refused: for whoever is not the payer's accountant there, a month that is not over, a month
    in which nobody was placed, a month without parameters of the law or without the payer's tax
    regime, a month in which an input is missing (`InputsMissing` lists them all), a run that is
    being calculated, posted, approved or paid. After commit the calculation is sent to the
    workers. Twice: the second call is refused while the first calculation goes on
    (`AlreadyCalculating`).
    """
    institution = Institution.objects.get(pk=institution_id)
    today = day_of(at)
    can_start_payroll_run(actor, payer_id, institution.organisation_id, today).require()
    _require_month(payer_id, institution_id, month, Month.of(today))
    scope = (payer_id, institution_id, month.first_day, RunKind.REGULAR)
    with transaction.atomic():
        run, is_new = PayrollRun.objects.get_or_create(
            payer_id=payer_id,
            institution_id=institution_id,
            month=month.first_day,
            kind=RunKind.REGULAR,
            is_reversed=False,
            # A month whose wages were reversed has had a run already.
            defaults={
                "started_by": actor,
                "created_at": at,
                "sequence": partial(next_sequence, *scope),
            },
        )
        if is_new:
            begin(run, "create", machine=PAYROLL_RUN, actor=actor, at=at)
        run = lock_run(run, actor=actor, at=at)
        mark_counted(run, by=actor)
        begin_run(run, actor=actor, at=at)
        restart_corrections(run, actor=actor, at=at)
        remove_slips(run.pk)
        run.problems.all().delete()
        run.without_earnings, run.ordered_at = 0, None
        run.save(update_fields=["without_earnings", "ordered_at"])
    return run


def recalculate_person(*, actor: Any, run_id: int, inmate_id: int, at: datetime) -> PayrollRun:
    """One person's payslip or problem is gone and made anew, and with it the differences of earlier
    months that are settled with the run; the slips of the others stay.

    Refused like `start_payroll_run`, for somebody with neither a payslip nor a problem in the run,
    and for whoever did not calculate the others: who did might approve them then. After commit the
    calculation is sent to the workers: it goes on with whoever is not done, and the run is checked
    again as a whole. It keeps its place among the runs that share people: those calculated after it
    have counted it, and are not counted by it. Twice: refused while the first goes on.
    """
    run = PayrollRun.objects.select_related("institution").get(pk=run_id)
    place_id = run.institution.organisation_id
    can_start_payroll_run(actor, run.payer_id, place_id, day_of(at)).require()
    with transaction.atomic():
        run = lock_run(run, actor=actor, at=at)
        if run.started_by_id != actor.pk:
            raise CalculatedBySomebodyElse
        mark_counted(run, by=actor, people=[inmate_id])
        gone, _of_model = PayrollProblem.objects.filter(run=run, inmate=inmate_id).delete()
        slip = Payslip.objects.filter(run=run, inmate=inmate_id)
        differs = restart_person(run, inmate_id, actor=actor, at=at)
        if not gone and not differs and not slip.exists():
            raise PersonNotInRun
        run.ordered_at = run.ordered_at or run.calculated_at
        run.save(update_fields=["ordered_at"])
        begin_run(run, actor=actor, at=at)
        slip.delete()
    return run


def _require_month(payer_id: int, institution_id: int, month: Month, present: Month) -> None:
    """What would fail for everybody is refused before anything begins."""
    if month >= present:
        after = date_short(month.next().first_day)
        raise MonthUnfinished(month=month_name(month).capitalize(), day=after)
    if not placed_in_month(payer_id, institution_id, month).exists():
        raise NobodyPlaced
    parameters_in_force(parameter_rows_on(month.last_day), month.last_day)
    if tax_status_on(payer_id, month.last_day) is None:
        raise TaxStatusMissing


def lock_run(run: PayrollRun, *, actor: Any, at: datetime) -> PayrollRun:
    """The people and the run, in the order of all writers; refused while the run is not free.

    Who is saving a day of these people, or opening their timesheet again, is waited for; so is who
    posts wages that count what is calculated anew. Of a run outside the month's order only its own
    people stop it.
    """
    month = Month.of(run.month)
    hold_counted(run.pk)
    lock_rows(placed_in_month(run.payer_id, run.institution_id, month).values_list("pk"))
    run = lock_row(PayrollRun, run.pk)
    _release_if_lost(run, actor=actor, at=at)
    if run.status == RunStatus.CALCULATING:
        raise AlreadyCalculating
    if PAYROLL_RUN.target(run.status, "start") is None:
        raise RunHeld(month=month_name(month))
    if run.kind in OFF_CYCLE_RUNS:
        blockers = run_blockers(run)
    else:
        blockers = pay_blockers(run.payer_id, run.institution_id, month)
    if blockers:
        raise InputsMissing(blockers)
    return run


def begin_run(run: PayrollRun, *, actor: Any, at: datetime) -> None:
    """The locked run is being calculated, and its printed slips no longer hold."""
    move(run, "start", machine=PAYROLL_RUN, actor=actor, at=at)
    supersede_payslips(actor=actor, run=run, at=at)
    drop_print(run)
    try:
        run.task_run = enqueue(
            CALCULATE, key=str(run.pk), actor=actor, at=at, arguments={"run_id": run.pk}
        )
    except AlreadyRunning as running:
        raise AlreadyCalculating from running
    run.started_by = actor
    run.last_edited_by_id = last_editor(run)
    run.calculated_at = None
    run.save(update_fields=["task_run", "started_by", "last_edited_by", "calculated_at"])


def _release_if_lost(run: PayrollRun, *, actor: Any, at: datetime) -> None:
    """A calculation that failed as a whole left the run being calculated: it may start again."""
    is_lost = run.task_run is None or run.task_run.is_finished
    if run.status == RunStatus.CALCULATING and is_lost:
        move(run, "stop_incomplete", machine=PAYROLL_RUN, actor=actor, at=at)
        for one in corrections_of(run):
            if one.status == RunStatus.CALCULATING:
                move(one, "stop_incomplete", machine=PAYROLL_RUN, actor=actor, at=at)
