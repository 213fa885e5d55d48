"""Two people act on the same wages at the same moment: one wins, the other reads a sentence.

What races an approval or a payment alone stands in test_ledger_races and test_month_guards; here is
what they leave out: rates, extra pay, one person's slip, a return, a start, a timesheet.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from inmates.enums import RunStatus
from inmates.extra_refusals import ExtraGone
from inmates.models import (
    CalendarDay,
    EarningKind,
    ExtraPay,
    JournalEntry,
    PayParameter,
    PayRate,
    PayrollRun,
    Timesheet,
)
from inmates.run_refusals import InputsMissing
from inmates.services.approval import approve_payroll_run
from inmates.services.attendance import AttendedDay, record_attendance
from inmates.services.extra_pay import NewExtraPay, add_extra_pay, remove_extra_pay
from inmates.services.pay_rates import NewRate, enter_pay_rate
from inmates.services.paying import pay_payroll_run
from inmates.services.payroll import recalculate_person, start_payroll_run
from inmates.services.returning import return_payroll_run
from inmates.services.timesheets import reopen_timesheet
from inmates.tasks import calculate_payroll_run, post_payroll_run
from portal.kernel import clock
from portal.kernel.errors import PortalError
from portal.kernel.models import TaskRun, TaskStatus
from portal.kernel.states import history_of
from tests.inmates.books import check_books, first_signature, posted, worked_off
from tests.inmates.months import OCTOBER, a_worker, calculated, make_pay, started
from tests.inmates.test_shift_races import at_once
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)
# Whoever wins the first time need not win the next.
ROUNDS = 3
Act = Callable[[], Any]


@pytest.fixture
def cast(transactional_db: None, no_broker: list[Any]) -> Cast:
    cast = make_pay()
    first_signature(cast)
    a_worker(cast, "1648")
    a_worker(cast, "1649")
    return cast


def approve(cast: Cast, run: PayrollRun) -> Act:
    return lambda: approve_payroll_run(actor=cast.head, run_id=run.pk, at=clock.now())


def start(cast: Cast) -> Act:
    return lambda: start_payroll_run(
        actor=cast.accountant, payer_id=cast.enterprise.pk,
        institution_id=cast.institution.pk, month=OCTOBER, at=clock.now(),
    )  # fmt: skip


def person_anew(cast: Cast, run: PayrollRun, number: str = "1648") -> Act:
    inmate_id = run.payslips.get(inmate__personnel_number=number).inmate_id
    return lambda: recalculate_person(
        actor=cast.accountant, run_id=run.pk, inmate_id=inmate_id, at=clock.now()
    )


def a_rate(cast: Cast, amount: str = "700.00") -> Act:
    """The hours after the middle of October are worth more."""
    rate = NewRate(
        payer_id=cast.enterprise.pk, amount=Decimal(amount), unit="hour",
        on=date(2026, 10, 15), post_id=cast.joiners.pk,
    )  # fmt: skip
    return lambda: enter_pay_rate(actor=cast.accountant, rate=rate, at=clock.now())


def a_bonus(cast: Cast, amount: str = "5000.00") -> Act:
    extra = NewExtraPay(
        cast.enterprise.pk, cast.institution.pk, OCTOBER, "1648", "bonus", Decimal(amount),
        "приказ № 7",
    )  # fmt: skip
    return lambda: add_extra_pay(actor=cast.accountant, extra=extra, at=clock.now())


def a_day(cast: Cast, run: PayrollRun) -> Act:
    placement = run.payslips.order_by("id")[0].inmate.placements.get()
    day = AttendedDay(placement.pk, date(2026, 10, 6), 60)
    return lambda: record_attendance(
        actor=cast.master, days=[day], at=clock.now() + timedelta(seconds=1),
        correction="ошибка в табеле",
    )  # fmt: skip


def refusals(results: list[Any]) -> list[PortalError]:
    return [one for one in results if isinstance(one, PortalError)]


def each_reads_a_sentence(results: list[Any]) -> None:
    """No refusal is an error of the database in disguise, or without a word."""
    for refusal in refusals(results):
        assert len(str(refusal)) > len("Нельзя."), refusal
        assert "constraint" not in str(refusal).lower()


def worked_through(run: PayrollRun) -> PayrollRun:
    """What waits for a worker is done by one."""
    run.refresh_from_db()
    if run.status == RunStatus.CALCULATING:
        calculate_payroll_run(task_run=str(run.task_run_id))
    if run.status == RunStatus.POSTING:
        post_payroll_run(task_run=str(run.task_run_id))
    run.refresh_from_db()
    return run


# --- an approval against an edit --------------------------------------------------------------
@pytest.mark.parametrize("edit", [a_rate, a_bonus])
def test_an_approval_and_an_edit_never_post_old_figures(
    cast: Cast, edit: Callable[[Cast], Act]
) -> None:
    """The edit is refused, or the posting finds it and the run comes back with its reason."""
    for _round in range(ROUNDS):
        run = calculated(cast)
        results = at_once(approve(cast, run), edit(cast))
        each_reads_a_sentence(results)
        assert len(refusals(results)) <= 1
        run = worked_through(run)
        if run.status == RunStatus.APPROVED:
            assert len(refusals(results)) == 1
            break
        assert run.status == RunStatus.CALCULATED
        if not isinstance(results[0], PortalError):
            assert run.difference_count
            reason = list(history_of(run))[-1].reason
            assert f"расходится строк — {run.difference_count}." in reason
            assert run.approved_by is None
        assert not JournalEntry.objects.exists()
        PayRate.objects.filter(amount=Decimal("700.00")).delete()
        PayRate.objects.update(effective_to=None)
        ExtraPay.objects.all().delete()
    assert check_books() == []


def test_an_approval_and_a_bonus_taken_back_never_post_it(cast: Cast) -> None:
    for _round in range(ROUNDS):
        a_bonus(cast)()
        run = calculated(cast)
        extra = ExtraPay.objects.get()

        def take_back(extra: ExtraPay = extra) -> Any:
            return remove_extra_pay(actor=cast.accountant, extra_id=extra.pk, at=clock.now())

        results = at_once(approve(cast, run), take_back)
        each_reads_a_sentence(results)
        run = worked_through(run)
        if run.status == RunStatus.APPROVED:
            assert ExtraPay.objects.exists()
            break
        assert not ExtraPay.objects.exists()
        assert not JournalEntry.objects.exists()
    assert check_books() == []


def test_a_bonus_taken_back_twice_at_once_is_gone_once(cast: Cast) -> None:
    a_bonus(cast)()
    extra = ExtraPay.objects.get()

    def take_back() -> Any:
        return remove_extra_pay(actor=cast.accountant, extra_id=extra.pk, at=clock.now())

    results = at_once(take_back, take_back)
    assert [type(one) for one in refusals(results)] == [ExtraGone]


def test_an_approval_and_a_timesheet_opened_again_do_not_meet(cast: Cast) -> None:
    """A calculated month keeps its sheet locked; the approval is not disturbed."""
    run = calculated(cast)
    sheet = Timesheet.objects.get()
    results = at_once(
        approve(cast, run),
        lambda: reopen_timesheet(
            actor=cast.labour_officer, timesheet_id=sheet.pk, reason="исправить день",
            at=clock.now(),
        ),
    )  # fmt: skip
    each_reads_a_sentence(results)
    assert len(refusals(results)) == 1
    assert worked_through(run).status == RunStatus.APPROVED
    sheet.refresh_from_db()
    assert sheet.status == "locked"


# --- an approval against another act on the run -----------------------------------------------
def test_an_approval_and_one_person_made_anew_do_not_meet(cast: Cast) -> None:
    for _round in range(ROUNDS):
        run = calculated(cast)
        results = at_once(approve(cast, run), person_anew(cast, run))
        each_reads_a_sentence(results)
        assert len(refusals(results)) == 1
        run = worked_through(run)
        assert run.payslips.count() == 2
        if run.status == RunStatus.APPROVED:
            break
        assert run.status == RunStatus.CALCULATED
    assert check_books() == []


def test_an_approval_and_a_return_do_not_meet(cast: Cast) -> None:
    for _round in range(ROUNDS):
        run = calculated(cast)
        results = at_once(
            approve(cast, run),
            lambda run=run: return_payroll_run(
                actor=cast.head, run_id=run.pk, reason="проверить часы", at=clock.now()
            ),
        )
        each_reads_a_sentence(results)
        assert len(refusals(results)) == 1
        run = worked_through(run)
        if run.status == RunStatus.APPROVED:
            break
        assert run.status == RunStatus.INCOMPLETE
    assert check_books() == []


def test_a_payment_and_a_new_start_do_not_meet(cast: Cast) -> None:
    """What is approved is paid, whoever would calculate it again."""
    run = posted(cast)
    results = at_once(
        start(cast),
        lambda: pay_payroll_run(
            actor=cast.accountant, run_id=run.pk, paid_on=clock.today(), document="ПП № 3",
            at=clock.now(),
        ),
    )  # fmt: skip
    each_reads_a_sentence(results)
    assert len(refusals(results)) == 1
    run.refresh_from_db()
    assert run.status == RunStatus.PAID
    assert check_books() == []


# --- starts -----------------------------------------------------------------------------------
def test_of_two_new_starts_one_wins(cast: Cast) -> None:
    """The month is calculated already; both want it again."""
    run = calculated(cast)
    results = at_once(start(cast), start(cast), start(cast))
    each_reads_a_sentence(results)
    assert len(refusals(results)) == 2
    assert PayrollRun.objects.count() == 1
    assert TaskRun.objects.filter(status=TaskStatus.WAITING).count() == 1
    run = worked_through(run)
    assert (run.status, run.payslips.count()) == (RunStatus.CALCULATED, 2)


def test_of_two_people_made_anew_at_once_one_is(cast: Cast) -> None:
    run = calculated(cast)
    results = at_once(person_anew(cast, run, "1648"), person_anew(cast, run, "1649"))
    each_reads_a_sentence(results)
    assert len(refusals(results)) == 1
    run.refresh_from_db()
    assert run.payslips.count() == 1
    assert worked_through(run).payslips.count() == 2
    assert check_books() == []


@pytest.mark.parametrize("edit", [a_rate, a_bonus])
def test_a_start_and_an_edit_leave_a_run_of_what_stands(
    cast: Cast, edit: Callable[[Cast], Act]
) -> None:
    """Before the reading the edit counts; while it goes on it is refused."""
    run = calculated(cast)
    gross = sum(run.payslips.values_list("gross", flat=True))
    results = at_once(start(cast), edit(cast))
    each_reads_a_sentence(results)
    assert not isinstance(results[0], PortalError)
    run = worked_through(run)
    assert (run.status, run.difference_count) == (RunStatus.CALCULATED, 0)
    was_edited = not isinstance(results[1], PortalError)
    assert (sum(run.payslips.values_list("gross", flat=True)) > gross) is was_edited


def test_a_start_and_a_correction_of_a_day_leave_a_run_of_what_stands(cast: Cast) -> None:
    run = calculated(cast)
    minutes = sum(run.payslips.values_list("minutes_worked", flat=True))
    results = at_once(start(cast), a_day(cast, run))
    each_reads_a_sentence(results)
    assert not isinstance(results[0], PortalError)
    run = worked_through(run)
    assert (run.status, run.difference_count) == (RunStatus.CALCULATED, 0)
    was_edited = not isinstance(results[1], PortalError)
    assert (sum(run.payslips.values_list("minutes_worked", flat=True)) < minutes) is was_edited


# --- what nobody can be calculated without ----------------------------------------------------
MISSING: dict[str, Act] = {
    "calendar": lambda: CalendarDay.objects.filter(day=OCTOBER.last_day).delete(),
    "kinds": lambda: EarningKind.objects.all().delete(),
    "parameter": lambda: PayParameter.objects.filter(code="mrp").delete(),
}


@pytest.mark.parametrize("what", MISSING)
def test_a_start_without_the_law_is_refused_and_leaves_no_run(cast: Cast, what: str) -> None:
    MISSING[what]()
    with pytest.raises(PortalError) as refused:
        started(cast)
    assert str(refused.value)
    assert not PayrollRun.objects.exists()
    assert not TaskRun.objects.exists()
    if what != "parameter":
        assert isinstance(refused.value, InputsMissing)
        assert [one.code for one in refused.value.blockers] == [what]


@pytest.mark.parametrize("what", MISSING)
def test_law_that_goes_missing_after_the_start_stops_the_run(cast: Cast, what: str) -> None:
    """It does not stay being calculated: its history says what is missing, its days are free."""
    run = calculated(cast, meanwhile=MISSING[what])
    assert run.status == RunStatus.INCOMPLETE
    assert not run.payslips.exists()
    task = TaskRun.objects.get()
    last = list(history_of(run))[-1]
    assert (task.status, task.error) == (TaskStatus.FAILED, last.reason)
    assert (last.action, bool(last.reason)) == ("stop_incomplete", True)
    a_bonus(cast) if what == "kinds" else a_rate(cast)()
    with pytest.raises(PortalError):
        approve(cast, run)()


def test_a_run_that_stopped_so_is_calculated_when_the_law_is_back(cast: Cast) -> None:
    day = CalendarDay.objects.get(day=OCTOBER.last_day)
    run = calculated(cast, meanwhile=MISSING["calendar"])
    day.save(force_insert=True)
    run = worked_through(started(cast))
    assert (run.status, run.payslips.count()) == (RunStatus.CALCULATED, 2)
    approve(cast, run)()
    run.refresh_from_db()
    assert worked_off(run).status == RunStatus.APPROVED
