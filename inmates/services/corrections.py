"""Differences of earlier months, which a regular run calculates, and is approved and paid with.

Called by the calculation of a run and by the acts that move a run on: a family acts as one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Max

from inmates.differences.settle import carried, set_off
from inmates.enums import RunKind, RunStatus
from inmates.models import PayrollProblem, PayrollRun, Payslip, RunPerson
from inmates.selectors.last_edit import last_editor
from inmates.selectors.payroll_changes import marked_months, settling_slips
from inmates.selectors.payroll_inputs import placed_in_span
from inmates.services.papers import supersede_payslips
from inmates.services.payslip_prints import drop_print
from inmates.services.slip_store import remove_slips
from inmates.states import PAYROLL_RUN
from portal.kernel.copying import copy_rows, update_rows
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.periods import Month
from portal.kernel.states import begin, move


class Watch(Protocol):
    """What the queue hands to a task (portal.kernel.queue.Progress)."""

    def hold(self) -> None: ...


def family_of(run: PayrollRun) -> list[PayrollRun]:
    """The runs that are approved, posted and paid as one: those settled with it by month, then it.

    Of a member the family of the run it goes with; of a run that stands alone that run.
    """
    head = run if run.settled_with is None else run.settled_with
    return [*corrections_of(head), head]


def corrections_of(run: PayrollRun) -> list[PayrollRun]:
    """The runs that are settled with this one, by month."""
    together = PayrollRun.objects.filter(settled_with=run).select_related(
        "institution", "started_by"
    )
    return list(together.order_by("month", "pk"))


def next_sequence(payer_id: int, institution_id: int, month: Any, kind: str) -> int:
    """The number of the next run of its kind in a month."""
    same = PayrollRun.objects.filter(
        payer=payer_id, institution=institution_id, month=month, kind=kind
    )
    return (same.aggregate(last=Max("sequence"))["last"] or 0) + 1


def restart_corrections(run: PayrollRun, *, actor: Any, at: datetime) -> None:
    """The corrections of a run that is being calculated anew are being calculated with it, empty.

    Called with the run locked; those that turn out to be needed no more are gone at its end.
    """
    for one in corrections_of(run):
        _restart(one, actor=actor, at=at)
        remove_slips(one.pk)
        one.problems.all().delete()
        one.chosen.all().delete()
        PayrollRun.objects.filter(pk=one.pk).update(ordered_at=None)


def restart_person(run: PayrollRun, inmate_id: int, *, actor: Any, at: datetime) -> bool:
    """One person's differences are gone and made anew; whether there was something of theirs."""
    found = False
    for one in corrections_of(run):
        gone, _models = PayrollProblem.objects.filter(run=one, inmate=inmate_id).delete()
        slips, _models = Payslip.objects.filter(run=one, inmate=inmate_id).delete()
        found = found or bool(gone or slips)
        _restart(one, actor=actor, at=at)
    return found


def _restart(run: PayrollRun, *, actor: Any, at: datetime) -> None:
    if run.status != RunStatus.CALCULATING:
        move(run, "start", machine=PAYROLL_RUN, actor=actor, at=at)
    supersede_payslips(actor=actor, run=run, at=at)
    drop_print(run)
    run.started_by = actor
    run.last_edited_by_id = last_editor(run)
    run.calculated_at = None
    run.save(update_fields=["started_by", "last_edited_by", "calculated_at"])


def open_corrections(run: Any, *, progress: Watch, at: datetime) -> list[PayrollRun]:
    """For each closed month with an open change a run of its differences, waiting for its slips.

    Of a regular run that is being calculated, read with its surroundings
    (`selectors.payroll_earlier`); any other kind has none. Whoever is saving a day of
    these months is waited for; from here on their days are not changed until the calculation is
    over. People who are named already stay, so a worker that takes over goes on where the last one
    was.
    """
    if run.kind != RunKind.REGULAR or not (run.has_changes or run.has_corrections):
        return []
    with transaction.atomic():
        months = marked_months(run)
        if months:
            span = Month.of(min(months)), Month.of(run.month)
            placed = placed_in_span(run.payer_id, run.institution_id, *span)
            lock_rows(placed.values_list("pk"))
        lock_row(PayrollRun, run.pk)
        progress.hold()
        known = {one.month: one for one in corrections_of(run)}
        for month, people in sorted(marked_months(run).items()):
            one = known.get(month) or _opened(run, month, at=at)
            known[month] = one
            if one.status == RunStatus.CALCULATING:
                _name_people(one, people)
    run.has_corrections = bool(known)
    return sorted(known.values(), key=attrgetter("month"))


def people_ahead(run: PayrollRun, corrections: Sequence[PayrollRun]) -> int:
    """How many calculations are ahead where there is more than the run itself; a guess of its own
    people, who are known when the differences are there."""
    if not corrections:
        return 0
    named = RunPerson.objects.filter(run__in=[one.pk for one in corrections]).count()
    month = Month.of(run.month)
    placed = placed_in_span(run.payer_id, run.institution_id, month, month)
    return named + placed.values("inmate").distinct().count()


def _opened(run: PayrollRun, month: Any, *, at: datetime) -> PayrollRun:
    scope = (run.payer_id, run.institution_id, month, RunKind.CORRECTION)
    one = PayrollRun.objects.create(
        payer_id=run.payer_id,
        institution_id=run.institution_id,
        month=month,
        kind=RunKind.CORRECTION,
        sequence=next_sequence(*scope),
        settled_with=run,
        started_by=run.started_by,
        created_at=at,
        task_run=run.task_run,
    )
    begin(one, "create", machine=PAYROLL_RUN, actor=run.started_by, at=at)
    move(one, "start", machine=PAYROLL_RUN, actor=run.started_by, at=at)
    one.last_edited_by_id = last_editor(one)
    one.save(update_fields=["last_edited_by"])
    return one


def _name_people(run: PayrollRun, people: Iterable[int]) -> None:
    named = set(RunPerson.objects.filter(run=run).values_list("inmate_id", flat=True))
    rows = [(run.pk, inmate_id) for inmate_id in sorted(set(people) - named)]
    copy_rows(RunPerson, ("run_id", "inmate_id"), rows)


def set_off_corrections(run: PayrollRun) -> None:
    """Of the differences settled with the run: what is in a person's favour pays what they owe.

    Two statements, whatever the number of people; under the lock of the run. Twice is harmless.
    """
    changed: list[tuple[Any, ...]] = []
    for _inmate_id, slips in groupby(settling_slips(run), key=attrgetter("inmate_id")):
        changed += _set_off(list(slips))
    update_rows(Payslip, ("settlement",), changed)


def _set_off(slips: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The slips of one person whose settlement changes."""
    owed = max(slips[0].owed, 0) + sum(carried(slip.to_account) for slip in slips)
    due = [slip for slip in slips if slip.to_account > 0]
    parts = set_off(owed, [slip.to_account for slip in due])
    return [
        (slip.id, part) for slip, part in zip(due, parts, strict=True) if slip.settlement != part
    ]


def drop_empty(runs: Sequence[PayrollRun]) -> list[PayrollRun]:
    """Of corrections those that have something to say; the others are gone."""
    keys = [one.pk for one in runs]
    kept = {
        *Payslip.objects.filter(run__in=keys).values_list("run_id", flat=True).distinct(),
        *PayrollProblem.objects.filter(run__in=keys).values_list("run_id", flat=True).distinct(),
    }
    PayrollRun.objects.filter(pk__in=set(keys) - kept).delete()
    return [one for one in runs if one.pk in kept]
