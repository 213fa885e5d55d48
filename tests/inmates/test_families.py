"""A run and the differences of earlier months settled with it: made, approved and paid as one."""

from datetime import timedelta
from typing import Any

import pytest

from inmates.approval_refusals import GoesWithItsRun
from inmates.enums import BackdatedCause, RunKind, RunStatus
from inmates.models import (
    Attendance,
    BackdatedChange,
    Inmate,
    PayParameter,
    PayrollProblem,
    PayrollRun,
    Payslip,
    Placement,
    RunPerson,
)
from inmates.refusals import RateMissing
from inmates.services import calculation
from inmates.services.approval import approve_payroll_run
from inmates.services.calculation import calculate_payroll_run as calculate_run
from inmates.services.corrections import corrections_of, family_of
from inmates.services.paying import pay_payroll_run
from inmates.services.payroll import recalculate_person
from inmates.services.returning import return_payroll_run
from inmates.tasks import calculate_payroll_run
from portal.kernel import clock
from portal.kernel.errors import Forbidden
from tests.inmates.books import approved, check_books, first_signature, worked_off
from tests.inmates.months import a_writ, calculated, started
from tests.inmates.past_months import (
    AUGUST,
    OCTOBER,
    SEPTEMBER,
    another_day,
    closed,
    correction,
    kinds_of,
    less,
    lines_of,
    money,
    open_changes,
    paid,
    posted,
    settlements,
    slip_of,
    sums,
    worked,
)
from tests.inmates.second_worlds import Quiet
from tests.inmates.test_two_payers import for_a_second_payer
from tests.people import Cast, a_placement, an_inmate


@pytest.fixture
def months(pay: Cast) -> Cast:
    first_signature(pay)
    return pay


@pytest.fixture
def worker(months: Cast) -> Inmate:
    inmate = an_inmate(months, "1648")
    a_placement(months, inmate)
    return inmate


@pytest.fixture
def job(worker: Inmate) -> Placement:
    return worker.placements.get()


def anew(cast: Cast) -> PayrollRun:
    """October, calculated just now: the order of runs goes by it."""
    return calculated(cast, at=clock.now())


@pytest.fixture
def changed(months: Cast, worker: Inmate, job: Placement) -> PayrollRun:
    """September is paid, a day of it came later, October is calculated with the difference."""
    worked(job, SEPTEMBER, 9)
    worked(job, OCTOBER, 10)
    closed(months, SEPTEMBER)
    another_day(job, SEPTEMBER)
    return anew(months)


def test_differences_are_made_with_the_run_and_by_who_makes_it(
    months: Cast, worker: Inmate, changed: PayrollRun
) -> None:
    (one,) = corrections_of(changed)
    assert family_of(changed) == [one, changed]
    assert family_of(one) == [one, changed]
    assert (one.kind, one.status, one.started_by) == (
        RunKind.CORRECTION, RunStatus.CALCULATED, months.accountant,
    )  # fmt: skip
    assert one.ordered_at == changed.ordered_at
    assert (one.difference_count, changed.difference_count) == (0, 0)
    assert list(RunPerson.objects.filter(run=one).values_list("inmate", flat=True)) == [worker.pk]


def test_differences_are_nobodys_to_act_on_alone(months: Cast, changed: PayrollRun) -> None:
    one = correction(changed, SEPTEMBER)
    at = clock.now()
    with pytest.raises(GoesWithItsRun, match="октябр"):
        approve_payroll_run(actor=months.head, run_id=one.pk, at=at)
    with pytest.raises(GoesWithItsRun):
        return_payroll_run(actor=months.head, run_id=one.pk, reason="не сходится", at=at)
    run = posted(months, changed)
    with pytest.raises(GoesWithItsRun):
        pay_payroll_run(
            actor=months.accountant, run_id=one.pk, paid_on=at.date(), document="ПП", at=at
        )
    assert paid(months, run).status == RunStatus.PAID
    one.refresh_from_db()
    assert (one.status, one.paid_document) == (RunStatus.PAID, run.paid_document or f"ПП {run.pk}")
    assert one.number != run.number
    assert check_books() == []


def test_a_returned_run_takes_its_differences_along_and_renews_them(
    months: Cast, worker: Inmate, job: Placement, changed: PayrollRun
) -> None:
    one = correction(changed, SEPTEMBER)
    return_payroll_run(actor=months.head, run_id=changed.pk, reason="не тот день", at=clock.now())
    one.refresh_from_db()
    assert one.status == RunStatus.INCOMPLETE
    another_day(job, SEPTEMBER)
    run = anew(months)
    again = correction(run, SEPTEMBER)
    assert again.pk == one.pk
    assert slip_of(again, worker).gross == money("9600.00")
    posted(months, run)
    assert sums(worker, SEPTEMBER, "gross", "days_worked") == [money("52800.00"), 11]


def test_what_differs_no_more_is_gone_with_its_run(
    months: Cast, job: Placement, changed: PayrollRun
) -> None:
    less(job, SEPTEMBER, 1)
    run = anew(months)
    assert corrections_of(run) == []
    assert run.status == RunStatus.CALCULATED
    posted(months, run)
    assert not open_changes()
    assert check_books() == []


def test_who_edited_the_past_does_not_approve_it(
    months: Cast, job: Placement, changed: PayrollRun
) -> None:
    Attendance.objects.filter(placement=job, worked_on__month=9).update(
        recorded_by=months.head, recorded_at=clock.now()
    )
    run = anew(months)
    assert correction(run, SEPTEMBER).last_edited_by == months.head
    with pytest.raises(Forbidden):
        approved(months, run)


def test_a_change_after_the_calculation_sends_all_of_them_back(
    months: Cast, worker: Inmate, job: Placement, changed: PayrollRun
) -> None:
    less(job, SEPTEMBER, 2)
    run = worked_off(approved(months, changed))
    one = correction(run, SEPTEMBER)
    assert (run.status, one.status) == (RunStatus.CALCULATED, RunStatus.CALCULATED)
    assert one.difference_count
    assert run.approved_by is one.approved_by is None
    assert posted(months, anew(months)).status == RunStatus.APPROVED
    assert sums(worker, SEPTEMBER, "gross") == [money("38400.00")]


def test_somebody_who_cannot_be_calculated_stops_the_family_and_nobody_else(
    months: Cast, worker: Inmate, job: Placement, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = a_placement(months, an_inmate(months, "1649"))
    for one in (job, other):
        worked(one, SEPTEMBER, 9)
        worked(one, OCTOBER, 10)
    closed(months, SEPTEMBER)
    for one in (job, other):
        another_day(one, SEPTEMBER)
    real = calculation.make_slip

    def make(person: Any, inputs: Any, rules: Any) -> Any:
        if person.id == worker.pk and inputs.month == SEPTEMBER:
            raise RateMissing("rate_missing_post", {"ru": "Столяр"}, "2026-09-01")
        return real(person, inputs, rules)

    with monkeypatch.context() as broken:
        broken.setattr(calculation, "make_slip", make)
        run = anew(months)
    past = correction(run, SEPTEMBER)
    assert (run.status, past.status) == (RunStatus.INCOMPLETE, RunStatus.INCOMPLETE)
    assert PayrollProblem.objects.get(run=past).inmate == worker
    assert Payslip.objects.get(run=past).inmate == other.inmate
    assert run.payslips.count() == 2

    again = recalculate_person(
        actor=months.accountant, run_id=run.pk, inmate_id=worker.pk, at=clock.now()
    )
    calculate_payroll_run(task_run=str(again.task_run_id))
    assert past.payslips.count() == 2
    run.refresh_from_db()
    assert (run.status, run.difference_count) == (RunStatus.CALCULATED, 0)
    assert posted(months, run).status == RunStatus.APPROVED


def test_one_person_anew_has_their_differences_anew(
    months: Cast, worker: Inmate, job: Placement, changed: PayrollRun
) -> None:
    before = slip_of(correction(changed, SEPTEMBER), worker)
    another_day(job, SEPTEMBER)
    again = recalculate_person(
        actor=months.accountant, run_id=changed.pk, inmate_id=worker.pk, at=clock.now()
    )
    calculate_payroll_run(task_run=str(again.task_run_id))
    after = slip_of(correction(changed, SEPTEMBER), worker)
    assert (before.gross, after.gross) == (money("4800.00"), money("9600.00"))
    assert after.pk != before.pk
    changed.refresh_from_db()
    assert changed.difference_count == 0


def test_a_worker_that_takes_over_goes_on_behind_the_differences(
    months: Cast, worker: Inmate, job: Placement, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked(job, SEPTEMBER, 9)
    worked(job, OCTOBER, 10)
    closed(months, SEPTEMBER)
    another_day(job, SEPTEMBER)
    run = started(months, at=clock.now())
    real = calculation.make_slip

    def dies(person: Any, inputs: Any, rules: Any) -> Any:
        if inputs.month == OCTOBER:
            raise KeyboardInterrupt
        return real(person, inputs, rules)

    with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
        broken.setattr(calculation, "make_slip", dies)
        calculate_run(run_id=run.pk, progress=Quiet(), at=clock.now())
    first = slip_of(correction(run, SEPTEMBER), worker)
    calculate_run(run_id=run.pk, progress=Quiet(), at=clock.now())
    run.refresh_from_db()
    assert (run.status, run.difference_count) == (RunStatus.CALCULATED, 0)
    assert slip_of(correction(run, SEPTEMBER), worker).pk == first.pk
    assert posted(months, run).status == RunStatus.APPROVED


def test_a_figure_of_the_law_that_came_late_differs_for_everybody_in_every_month(
    months: Cast, job: Placement
) -> None:
    jobs = [job, *(a_placement(months, an_inmate(months, f"17{n:02d}")) for n in range(3))]
    for one in jobs:
        for month in (AUGUST, SEPTEMBER, OCTOBER):
            worked(one, month, 10)
    closed(months, AUGUST)
    closed(months, SEPTEMBER)
    PayParameter.objects.filter(code="opv_rate").update(value="0.12")
    run = closed(months, OCTOBER)
    for month in (AUGUST, SEPTEMBER):
        slips = Payslip.objects.filter(run=correction(run, month))
        assert slips.count() == len(jobs)
        for slip in slips:
            assert slip.opv == money("960.00")
            line = slip.lines.get(code="opv")
            assert (line.arguments["was"], line.arguments["now"]) == ("4800.00", "5760.00")
            assert line.arguments["why"] == [BackdatedCause.PARAMETER]
    first = jobs[0].inmate
    october = lines_of(first, OCTOBER)
    assert {key: lines_of(first, AUGUST)[key] for key in october} == october
    # 960,00 less contribution is taxed less by 96,00: twice 864,00 is withheld from October.
    assert settlements(first) == 0
    assert slip_of(run, first).settlement == money("-1728.00")
    assert check_books() == []


def of_the_second(cast: Cast) -> PayrollRun:
    first_signature(cast, cast.entrepreneur, cast.head)
    run = calculated(cast, actor=cast.private_accountant, payer_id=cast.entrepreneur.pk)
    return worked_off(approved(cast, run))


def test_what_another_payer_counted_is_calculated_again_there(
    months: Cast, worker: Inmate, job: Placement
) -> None:
    """The cap of writs is shared: the first pays less after all, so the second may take less."""
    worked(job, SEPTEMBER, 1)
    worked(job, OCTOBER, 10)
    for_a_second_payer(months, worker)
    a_writ(worker, "ИСК-1", queue=1, kind="claim", debt=money("900000.00"))
    first = closed(months, OCTOBER)
    second = of_the_second(months)
    taken = Payslip.objects.get(run=second, inmate=worker).withheld_by_writs
    less(job, OCTOBER, 3)
    run = calculated_error(months, first, worker)
    assert [one.cause for one in open_changes()] == ["other_pay"]
    mark = BackdatedChange.objects.get(settled_by=None)
    assert (mark.payer, mark.first_day) == (months.entrepreneur, OCTOBER.first_day)
    assert mark.subject == f"run:{run.pk}"
    assert taken > 0


def calculated_error(cast: Cast, first: PayrollRun, *people: Inmate) -> PayrollRun:
    """The differences of a month at once, outside the order."""
    run = PayrollRun.objects.create(
        payer=first.payer, institution=first.institution, month=first.month, kind=RunKind.ERROR,
        reason="пересчёт", status=RunStatus.CALCULATING, started_by=cast.accountant,
        created_at=clock.now(),
    )  # fmt: skip
    RunPerson.objects.bulk_create(RunPerson(run=run, inmate=one) for one in people)
    calculate_run(run_id=run.pk, progress=Quiet(), at=clock.now())
    run.refresh_from_db()
    assert run.difference_count == 0
    return posted(cast, run)


def test_a_run_for_named_people_leaves_the_others_alone(
    months: Cast, worker: Inmate, job: Placement
) -> None:
    other = a_placement(months, an_inmate(months, "1649"))
    for one in (job, other):
        worked(one, OCTOBER, 10)
    first = closed(months, OCTOBER)
    for one in (job, other):
        another_day(one, OCTOBER)
    run = calculated_error(months, first, worker)
    assert [slip.inmate for slip in run.payslips.all()] == [worker]
    assert kinds_of(worker) == [("regular", "2026-10"), ("error", "2026-10")]
    # No later month is closed: the change is answered; that of the other one waits.
    assert [one.inmate for one in open_changes()] == [other.inmate]
    slip = run.payslips.get()
    assert (slip.gross, slip.settlement) == (money("4800.00"), 0)


def test_below_nought_outside_the_order_is_owed_and_the_next_month_withholds_it(
    months: Cast, worker: Inmate, job: Placement
) -> None:
    worked(job, SEPTEMBER, 10)
    worked(job, OCTOBER, 10)
    first = closed(months, SEPTEMBER)
    less(job, SEPTEMBER, 2)
    run = calculated_error(months, first, worker)
    slip = run.payslips.get()
    # 9 600,00 less 960,00 of pension contribution, less a tenth of the rest.
    assert (slip.to_account, slip.settlement) == (money("-7776.00"), money("7776.00"))
    assert settlements(worker) == money("7776.00")
    october = closed(months, OCTOBER)
    own = slip_of(october, worker)
    assert own.settlement == money("-7776.00")
    line = own.lines.get(kind="settlement")
    assert (line.amount, line.base) == (money("7776.00"), money("7776.00"))
    assert settlements(worker) == 0
    assert not corrections_of(october)


def test_an_early_change_stays_open_while_a_later_month_is_closed(
    months: Cast, worker: Inmate, job: Placement
) -> None:
    """A run of August alone does not answer what September may owe to it."""
    for month in (AUGUST, SEPTEMBER, OCTOBER):
        worked(job, month, 10)
    august = closed(months, AUGUST)
    closed(months, SEPTEMBER)
    another_day(job, AUGUST)
    calculated_error(months, august, worker)
    waiting = set(open_changes().values_list("cause", flat=True))
    assert waiting == {"attendance", "other_pay"}
    run = closed(months, OCTOBER)
    assert not open_changes()
    assert not corrections_of(run)


def test_final_pay_before_the_month_is_subtracted_from_it(
    months: Cast, worker: Inmate, job: Placement
) -> None:
    """Who was paid at release has the rest with the run of the month; all others are as ever."""
    other = a_placement(months, an_inmate(months, "1649"))
    worked(job, OCTOBER, 5)
    worked(other, OCTOBER, 10)
    run = PayrollRun.objects.create(
        payer=months.enterprise, institution=months.institution, month=OCTOBER.first_day,
        kind=RunKind.RELEASE, reason="освобождён", status=RunStatus.CALCULATING,
        started_by=months.accountant, created_at=clock.now() - timedelta(minutes=1),
    )  # fmt: skip
    RunPerson.objects.create(run=run, inmate=worker)
    calculate_run(run_id=run.pk, progress=Quiet(), at=clock.now())
    run.refresh_from_db()
    final = posted(months, run).payslips.get()
    assert (final.gross, final.is_difference) == (money("24000.00"), False)
    another_day(job, OCTOBER)
    whole = closed(months, OCTOBER)
    assert slip_of(whole, worker).gross == money("4800.00")
    assert slip_of(whole, worker).corrects == final
    assert slip_of(whole, other.inmate).is_difference is False
    assert sums(worker, OCTOBER, "gross") == [money("28800.00")]
