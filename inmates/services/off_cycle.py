"""Runs outside the month's order: last pay at release, a bonus, the mending of an error.

Called by the page of such runs and by that of a run. The calculation is the one of every run
(`services.calculation`), for the people named alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from inmates.enums import OFF_CYCLE_RUNS, RunKind, RunStatus
from inmates.models import Inmate, PayrollRun, RunPerson
from inmates.off_cycle_refusals import (
    InAnotherRun,
    KindNotOffCycle,
    NobodyChosen,
    NoChangeWaiting,
    NoExtraPayWaiting,
    NothingApprovedYet,
    NotOfThisMonth,
    NotReleased,
    ReasonOfRunMissing,
    ReversalNotCalculated,
    ReversalWaits,
    RunNotDropped,
)
from inmates.parameters import parameters_in_force
from inmates.refusals import TaxStatusMissing
from inmates.rules import can_start_payroll_run
from inmates.run_refusals import MonthUnfinished
from inmates.selectors.off_cycle import (
    Scope,
    candidates,
    in_unfinished_runs,
    in_waiting_reversals,
    is_approved,
    people_by_number,
    scope_of,
)
from inmates.selectors.payroll_inputs import parameter_rows_on
from inmates.services.backdated_answers import forget_answers
from inmates.services.corrections import next_sequence
from inmates.services.counted import hold_counted, mark_counted
from inmates.services.payroll import begin_run, lock_run, start_payroll_run
from inmates.services.slip_store import remove_slips
from inmates.shifts import is_explanation
from inmates.states import PAYROLL_RUN
from portal.accounts.selectors import tax_status_on
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import Month
from portal.kernel.states import begin
from portal.kernel.text import date_short, month_name
from workshops.models import Institution

LONGEST_REASON = 300
# What each kind is for: whoever has nothing of it is refused by this sentence.
NOT_A_CANDIDATE = {
    RunKind.RELEASE: NotReleased,
    RunKind.BONUS: NoExtraPayWaiting,
    RunKind.ERROR: NoChangeWaiting,
}


@dataclass(frozen=True, slots=True)
class NewRun:
    """What the accountant says of an off-cycle run; `numbers` are personnel numbers."""

    kind: str
    numbers: Sequence[str]
    reason: str


def start_off_cycle_run(*, actor: Any, scope: Scope, new: NewRun, at: datetime) -> PayrollRun:
    """A run of the kind for these people exists, and is being calculated.

    Refused: for whoever is not the payer's accountant there; without a reason in words or without
    people; people who did not work for the payer there in the month; before the month is over,
    and before its regular wages are approved, but for a release; people who have not left, have no
    payment or no change that waits; people in another such run that is not approved yet, or whose
    wages of the month a reversal is about to take back; anything that is missing for exactly these
    people (`InputsMissing`). After commit the calculation is sent to the workers. Twice: the
    second is refused, the people are in the first.
    """
    on = day_of(at)
    place = Institution.objects.get(pk=scope.institution_id)
    can_start_payroll_run(actor, scope.payer_id, place.organisation_id, on).require()
    words = " ".join(new.reason.split())[:LONGEST_REASON]
    if new.kind not in OFF_CYCLE_RUNS:
        raise KindNotOffCycle
    if not is_explanation(words):
        raise ReasonOfRunMissing
    people = _people(scope, new.numbers)
    _require_month(new.kind, scope, Month.of(on))
    with transaction.atomic():
        # Whoever is making such a run for the same people is waited for, and then seen.
        lock_rows(Inmate.objects.filter(pk__in=people.values()).values_list("pk"))
        lock_rows(scope.placed.values_list("pk"))
        _require_candidates(new.kind, scope, people, at)
        run = PayrollRun.objects.create(
            payer_id=scope.payer_id,
            institution_id=scope.institution_id,
            month=scope.month.first_day,
            kind=new.kind,
            sequence=next_sequence(
                scope.payer_id, scope.institution_id, scope.month.first_day, new.kind
            ),
            reason=words,
            started_by=actor,
            created_at=at,
        )
        RunPerson.objects.bulk_create(
            RunPerson(run=run, inmate_id=inmate_id) for inmate_id in sorted(people.values())
        )
        begin(run, "create", machine=PAYROLL_RUN, actor=actor, at=at)
        run = lock_run(run, actor=actor, at=at)
        begin_run(run, actor=actor, at=at)
    return run


def restart_run(*, actor: Any, run_id: int, at: datetime) -> PayrollRun:
    """The run is being calculated again: with its people, or where it is the month's, the month.

    Refused like its start; a reversal, which is the mirror of something approved; a run upon whose
    people's wages of the month a reversal waits. Differences of an earlier month are calculated
    with the run that they are paid with. After commit the calculation is sent to the workers.
    Twice: refused while the first goes on.
    """
    run = PayrollRun.objects.select_related("institution", "settled_with").get(pk=run_id)
    if run.kind == RunKind.REVERSAL:
        raise ReversalNotCalculated
    whole = run.settled_with or run
    if whole.kind == RunKind.REGULAR:
        return start_payroll_run(
            actor=actor,
            payer_id=whole.payer_id,
            institution_id=whole.institution_id,
            month=Month.of(whole.month),
            at=at,
        )
    place_id = run.institution.organisation_id
    can_start_payroll_run(actor, run.payer_id, place_id, day_of(at)).require()
    with transaction.atomic():
        run = lock_run(run, actor=actor, at=at)
        _require_standing(scope_of(run), run.chosen.values_list("inmate_id", flat=True))
        mark_counted(run, by=actor)
        begin_run(run, actor=actor, at=at)
        remove_slips(run.pk)
        run.problems.all().delete()
        run.without_earnings, run.ordered_at = 0, None
        run.save(update_fields=["without_earnings", "ordered_at"])
    return run


@transaction.atomic
def drop_run(*, actor: Any, run_id: int, at: datetime) -> None:
    """The off-cycle run or reversal is gone with its payslips; audited. Approved wages that have
    counted them are marked (`services.counted`); changes that it had answered, by differing in
    nothing, are open once more.

    Refused: for whoever is not the payer's accountant there, a run of the month's order, one that
    is being calculated, posted, approved or paid. Nothing happens after commit. Twice: the second
    is told that it is gone. A reversal goes with those made beside it.
    """
    hold_counted(run_id)
    run = lock_row(PayrollRun, run_id)
    place_id = Institution.objects.get(pk=run.institution_id).organisation_id
    can_start_payroll_run(actor, run.payer_id, place_id, day_of(at)).require()
    if run.kind not in (*OFF_CYCLE_RUNS, RunKind.REVERSAL) or run.settled_with_id is not None:
        raise RunNotDropped
    runs = [*lock_rows(PayrollRun.objects.filter(settled_with=run)), run]
    for one in runs:
        if PAYROLL_RUN.target(one.status, "start") is None and one.status != RunStatus.DRAFT:
            raise RunNotDropped
    mark_counted(run, by=actor)
    for one in runs:
        audit.record(
            actor=actor, action="payroll_run_dropped", at=at, subject=one, kind=one.kind,
            month=f"{one.month:%Y-%m}", reason=one.reason,
        )  # fmt: skip
        remove_slips(one.pk)
        one.problems.all().delete()
        forget_answers(one)
        one.delete()


def _people(scope: Scope, numbers: Sequence[str]) -> dict[str, int]:
    """The people by number; every number has to be known."""
    wanted = list(dict.fromkeys(filter(None, (one.strip() for one in numbers))))
    if not wanted:
        raise NobodyChosen
    people = people_by_number(scope, wanted)
    unknown = [number for number in wanted if number not in people]
    if unknown:
        raise NotOfThisMonth(month=month_name(scope.month), numbers=_listed(unknown))
    return people


def _require_month(kind: str, scope: Scope, present: Month) -> None:
    """What would fail for everybody is refused before anything begins."""
    month = scope.month
    if month > present or (month == present and kind != RunKind.RELEASE):
        after = date_short(month.next().first_day)
        raise MonthUnfinished(month=month_name(month).capitalize(), day=after)
    if kind != RunKind.RELEASE and not is_approved(scope):
        raise NothingApprovedYet(month=month_name(month))
    parameters_in_force(parameter_rows_on(month.last_day), month.last_day)
    if tax_status_on(scope.payer_id, month.last_day) is None:
        raise TaxStatusMissing


def _require_candidates(kind: str, scope: Scope, people: dict[str, int], at: datetime) -> None:
    words = {"month": month_name(scope.month)}
    waiting = in_unfinished_runs(scope, people.values(), None)
    if waiting:
        raise InAnotherRun(numbers=_listed(waiting), **words)
    _require_standing(scope, people.values())
    known = {one.number for one in candidates(kind, scope, day_of(at))}
    wrong = [number for number in people if number not in known]
    if wrong:
        raise NOT_A_CANDIDATE[RunKind(kind)](numbers=_listed(sorted(wrong)), **words)


def _require_standing(scope: Scope, people: Iterable[int]) -> None:
    """Nothing is built on wages that are about to be taken back: it would stop the reversal."""
    about_to_go = in_waiting_reversals(scope, list(people))
    if about_to_go:
        raise ReversalWaits(numbers=_listed(about_to_go), month=month_name(scope.month))


def _listed(numbers: Sequence[str]) -> str:
    return ", ".join(numbers)
