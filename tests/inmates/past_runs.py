"""The wages of a changing world (`changing_worlds`): each month calculated, approved, posted, paid.

The runs are made past the services that start them, for a world has neither timesheets nor
contracts; everything else is done by the services, and where they refuse, what they say is done.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pytest

from inmates.approval_refusals import OnlyDifferences
from inmates.enums import FINAL_RUNS, RunKind, RunStatus
from inmates.models import (
    BackdatedChange,
    PayrollProblem,
    PayrollRun,
    Payslip,
    Placement,
    RunPerson,
)
from inmates.off_cycle_refusals import LaterRunStands
from inmates.selectors.off_cycle import (
    Scope,
    candidates,
    in_unfinished_runs,
    people_by_number,
)
from inmates.selectors.payroll import pays_anybody
from inmates.selectors.payroll_inputs import placed_in_month
from inmates.services.approval import approve_payroll_run
from inmates.services.calculation import calculate_payroll_run
from inmates.services.corrections import family_of, next_sequence, restart_corrections
from inmates.services.counted import mark_counted
from inmates.services.off_cycle import drop_run
from inmates.services.paying import pay_payroll_run
from inmates.services.posting import post_payroll_run
from inmates.services.reversing import reverse_payroll_run
from inmates.services.slip_store import remove_slips
from portal.kernel import clock
from portal.kernel.periods import Month
from tests.inmates.changing_worlds import Past, work_on
from tests.inmates.second_worlds import Quiet


def live(past: Past, busy: float = 1.0) -> None:
    """A month of work, and its wages at every payer and place, with what they settle.

    Where nobody is placed any more no wages are calculated: what waits there is mended month by
    month.
    """
    work_on(past, busy)
    month = past.months[-1]
    placements = past.world.placements
    pairs = sorted({(one.payer_id, one.post.workshop.institution_id) for one in placements})
    past.dice.shuffle(pairs)
    for pair in pairs:
        if placed_in_month(*pair, month).exists():
            close(past, a_run(past, *pair, month))
        else:
            mend(past, *pair)


def a_run(past: Past, payer_id: int, place_id: int, month: Month, **fields: Any) -> PayrollRun:
    """A run of the scope, calculated as a worker does it; regular unless it is told otherwise."""
    people: Iterable[int] = fields.pop("people", ())
    kind = fields.setdefault("kind", RunKind.REGULAR)
    run = PayrollRun.objects.create(
        payer_id=payer_id,
        institution_id=place_id,
        month=month.first_day,
        status=RunStatus.CALCULATING,
        started_by=past.accountants[payer_id],
        created_at=clock.now(),
        sequence=next_sequence(payer_id, place_id, month.first_day, kind),
        **fields,
    )
    RunPerson.objects.bulk_create(RunPerson(run=run, inmate_id=one) for one in sorted(people))
    calculate_payroll_run(run_id=run.pk, progress=Quiet(), at=clock.now())
    run.refresh_from_db()
    return run


def again(past: Past, run: PayrollRun) -> PayrollRun:
    """A run of the month's order that is not approved, calculated anew with what it settles."""
    actor, at = past.accountants[run.payer_id], clock.now()
    mark_counted(run, by=actor)
    restart_corrections(run, actor=actor, at=at)
    remove_slips(run.pk)
    PayrollRun.objects.filter(pk=run.pk).update(status=RunStatus.CALCULATING, ordered_at=None)
    calculate_payroll_run(run_id=run.pk, progress=Quiet(), at=clock.now())
    run.refresh_from_db()
    return run


def close(past: Past, run: PayrollRun) -> None:
    """Approved by the head, posted, paid. Differences of a month in which nobody earned go by runs
    of their own, as the refusal says; then nothing is left of them, nor of what was marked."""
    require_clean(family := family_of(run))
    if run.payslips.exists():
        pay_out(past, sign(past, run))
        return
    if family != [run]:
        with pytest.raises(OnlyDifferences):
            approve_payroll_run(actor=past.heads[run.payer_id], run_id=run.pk, at=clock.now())
        mend(past, run.payer_id, run.institution_id)
        run = again(past, run)
        require_clean(family := family_of(run))
        if waits_elsewhere(run):
            return
        assert family == [run], slips_of(family)
    assert waits_elsewhere(run) or not open_marks(run), open_marks(run)


def close_the_rest(past: Past) -> None:
    """Months that waited for a run beside them, which is approved or gone by now."""
    waiting = PayrollRun.objects.filter(kind=RunKind.CORRECTION, status=RunStatus.CALCULATED)
    for run in PayrollRun.objects.filter(pk__in=waiting.values("settled_with")).order_by("month"):
        close(past, again(past, run))


def require_clean(family: Sequence[PayrollRun]) -> None:
    """Everybody is calculated, and the two calculations agree."""
    assert not PayrollProblem.objects.filter(run__in=family).exists()
    assert [one.difference_count for one in family] == [0] * len(family), told(family)


def mend(past: Past, payer_id: int, place_id: int) -> None:
    """Month by month what was changed, in runs of their own; one that finds nothing answers it."""
    for of_payer, of_place, first in scopes(past):
        if (of_payer, of_place) == (payer_id, place_id):
            run = error_of(past, Scope(payer_id, place_id, Month.of(first)))
            if run is not None and run.payslips.exists():
                pay_out(past, sign(past, run))


def error_of(past: Past, scope: Scope) -> PayrollRun | None:
    """A run outside the order for everybody whom the page offers and the service accepts."""
    offered = [one.number for one in candidates(RunKind.ERROR, scope, clock.today())]
    people = set(people_by_number(scope, offered).values())
    waiting = in_unfinished_runs(scope, people, None)
    people -= set(people_by_number(scope, waiting).values())
    if not people:
        return None
    run = a_run(
        past, scope.payer_id, scope.institution_id, scope.month, kind=RunKind.ERROR,
        reason="табель исправлен", people=people,
    )  # fmt: skip
    require_clean([run])
    return run


def an_error(past: Past) -> PayrollRun | None:
    """A run outside the order for a closed month in which something waits, calculated; none where
    nothing does, or where it has nothing to tell: that one stays, or is taken back."""
    for payer_id, place_id, first in past.dice.sample(found := scopes(past), len(found)):
        run = error_of(past, Scope(payer_id, place_id, Month.of(first)))
        if run is not None and run.payslips.exists():
            return run
        if run is not None and past.dice.random() < 0.5:
            give_up(past, run)
    return None


def give_up(past: Past, run: PayrollRun) -> None:
    """The run is taken back, whoever has counted it meanwhile."""
    drop_run(actor=past.accountants[run.payer_id], run_id=run.pk, at=clock.now())
    past.watch()


def sign(past: Past, run: PayrollRun) -> PayrollRun:
    """Approved and posted; nobody pays it yet."""
    approve_payroll_run(actor=past.heads[run.payer_id], run_id=run.pk, at=clock.now())
    post_payroll_run(run_id=run.pk, progress=Quiet(), at=clock.now())
    run.refresh_from_db()
    assert run.status == RunStatus.APPROVED, told(family_of(run))
    past.watch()
    return run


def reverse(past: Past, run: PayrollRun) -> bool:
    """The unpaid run is taken back, and the rest paid; not where later differences stand on it."""
    actor = past.accountants[run.payer_id]
    try:
        mirror = reverse_payroll_run(actor=actor, run_id=run.pk, reason="ошибка", at=clock.now())
    except LaterRunStands:
        return False
    sign(past, mirror)
    if pays_anybody(mirror):
        pay_out(past, mirror)
    return True


def pay_out(past: Past, run: PayrollRun) -> None:
    """What was signed, long before perhaps, is paid."""
    pay_payroll_run(
        actor=past.accountants[run.payer_id], run_id=run.pk, paid_on=clock.today(),
        document="ПП", at=clock.now(),
    )  # fmt: skip
    past.watch()


def told(family: Sequence[PayrollRun]) -> list[Any]:
    """What the two calculations disagree about."""
    names = ("inmate", "kind", "code", "subject", "rate", "first", "second")
    return [
        (one.kind, str(one.month), *row)
        for one in family
        for row in one.differences.values_list(*names)
    ]


# --- what has to hold --------------------------------------------------------------------------
def scopes(past: Past) -> list[tuple[int, int, date]]:
    """Every payer, place and month with approved wages, in the order of the months."""
    rows = PayrollRun.objects.filter(status=RunStatus.PAID).values_list(
        "payer_id", "institution_id", "month"
    )
    return sorted(set(rows), key=lambda row: (row[2], row[0], row[1]))


def everybody_of(scope: tuple[int, int, date]) -> set[int]:
    """Who was placed there in the month, or has a payslip of it."""
    payer_id, place_id, first = scope
    month = Month.of(first)
    placed = Placement.objects.filter(
        payer=payer_id, post__workshop__institution=place_id,
        effective_from__lte=month.last_day,
    ).exclude(effective_to__lte=first)  # fmt: skip
    paid = Payslip.objects.filter(run__payer=payer_id, run__institution=place_id, run__month=first)
    return {
        *placed.values_list("inmate_id", flat=True),
        *paid.values_list("inmate_id", flat=True),
    }


def recomputed(past: Past, scope: tuple[int, int, date]) -> PayrollRun:
    """The whole month of everybody anew, less all its payslips: a run that should be empty."""
    payer_id, place_id, first = scope
    return a_run(
        past, payer_id, place_id, Month.of(first), kind=RunKind.ERROR, reason="сверка",
        people=everybody_of(scope),
    )  # fmt: skip


def open_marks(run: PayrollRun | None = None) -> list[Any]:
    """What no run has answered: at all, or of what the run has read."""
    rows = BackdatedChange.objects.filter(settled_by=None)
    if run is not None:
        rows = rows.filter(
            payer=run.payer, institution=run.institution, pk__lte=run.changes_read,
            first_day__lt=Month.of(run.month).next().first_day,
        )  # fmt: skip
    return list(rows.values_list("inmate", "cause", "first_day", "subject"))


def waits_elsewhere(run: PayrollRun) -> bool:
    """Somebody whose past was changed has a payslip that nobody has approved yet."""
    unfinished = Payslip.objects.exclude(run__status__in=FINAL_RUNS).exclude(run__in=family_of(run))
    changed = BackdatedChange.objects.filter(
        settled_by=None, payer=run.payer, institution=run.institution
    )
    return unfinished.filter(inmate__in=changed.values("inmate")).exists()


def slips_of(family: Sequence[PayrollRun]) -> list[Any]:
    """What the runs of a family would post."""
    rows = Payslip.objects.filter(run__in=family)
    return list(rows.values_list("run__kind", "run__month", "inmate", "gross", "to_account"))
