"""Approved wages reversed: once, line by line, approved by another person, in the books."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from inmates.enums import RunKind, RunStatus
from inmates.models import (
    BackdatedChange,
    JournalEntry,
    PayrollRun,
    Payslip,
    PayslipLine,
    Placement,
)
from inmates.off_cycle_refusals import (
    AlreadyReversed,
    LaterRunStands,
    NotReversible,
    ReasonOfRunMissing,
    ReversalNotCalculated,
    ReversedWithItsRun,
    RunReversed,
)
from inmates.services.approval import approve_payroll_run
from inmates.services.off_cycle import drop_run, restart_run
from inmates.services.papers import issue_payslip
from inmates.services.paying import pay_payroll_run
from inmates.services.reversing import MIRRORED, reverse_payroll_run
from inmates.tasks import calculate_payroll_run
from portal.documents.models import IssuedDocument
from portal.kernel import clock
from portal.kernel.errors import Forbidden, PortalError
from portal.kernel.states import history_of
from tests.inmates.books import check_books, first_signature, paid, posted
from tests.inmates.months import (
    OCTOBER,
    a_worker,
    a_writ,
    attended,
    calculated,
    lock_sheets,
    started,
)
from tests.inmates.off_cycle import (
    SUMS,
    an_extra,
    made_run,
    month_sums,
    owed,
    posted_run,
    reversal_of,
    reversed_and_posted,
    shortened,
)
from tests.people import Cast

ZERO = Decimal("0.00")


@pytest.fixture
def run(pay: Cast) -> PayrollRun:
    """October of two people, one with alimony, posted."""
    first_signature(pay)
    a_writ(a_worker(pay), "A-1", share_numerator=1, share_denominator=4)
    a_worker(pay, "1649", days=10)
    return posted(pay)


# --- the mirror -------------------------------------------------------------------------------
def test_every_sum_and_line_stands_with_the_other_sign(pay: Cast, run: PayrollRun) -> None:
    mirror = reversal_of(pay, run)
    assert (mirror.kind, mirror.reverses, mirror.status) == ("reversal", run, RunStatus.CALCULATED)
    assert (mirror.difference_count, mirror.reason) == (0, "начислено дважды")
    for slip in mirror.payslips.select_related("corrects"):
        assert slip.is_difference
        assert slip.corrects is not None
        assert slip.corrects.run == run
        assert [getattr(slip, name) for name in MIRRORED] == [
            -getattr(slip.corrects, name) for name in MIRRORED
        ]
        lines = slip.lines.select_related("corrects").order_by("sequence")
        assert len(lines) == slip.corrects.lines.count()
        for line in lines:
            assert line.corrects is not None
            assert line.amount == -line.corrects.amount
            assert (line.kind, line.code, line.writ_id, line.parameter_id) == (
                line.corrects.kind, line.corrects.code, line.corrects.writ_id,
                line.corrects.parameter_id,
            )  # fmt: skip
            assert line.arguments["was"] == str(line.corrects.amount)
            assert line.arguments["now"] == "0.00"


def test_posted_the_month_comes_to_nothing_and_nothing_is_erased(
    pay: Cast, run: PayrollRun
) -> None:
    before = (Payslip.objects.count(), PayslipLine.objects.count(), JournalEntry.objects.count())
    mirror = reversed_and_posted(pay, run)
    assert (mirror.status, run.status, run.is_reversed) == ("approved", "approved", True)
    assert mirror.number not in ("", run.number)
    for number in ("1648", "1649"):
        assert set(month_sums(number).values()) == {0}
    after = (Payslip.objects.count(), PayslipLine.objects.count(), JournalEntry.objects.count())
    assert after == tuple(2 * count for count in before)
    mirrored = JournalEntry.objects.filter(run=mirror)
    assert {entry.reverses.run_id for entry in mirrored if entry.reverses} == {run.pk}
    assert all(entry.reverses_id for entry in mirrored)
    assert check_books() == []


def test_of_wages_never_paid_nothing_is_owed_and_nothing_paid(pay: Cast, run: PayrollRun) -> None:
    mirror = reversed_and_posted(pay, run)
    assert owed("1648") == owed("1649") == ZERO
    assert not mirror.payslips.exclude(settlement=ZERO).exists()
    for one in (run, mirror):
        with pytest.raises(PortalError):
            paid(pay, one)
    assert check_books() == []


def test_of_wages_paid_already_everything_is_owed(pay: Cast, run: PayrollRun) -> None:
    paid(pay, run)
    net = {slip.inmate.personnel_number: slip.to_account for slip in run.payslips.all()}
    mirror = reversed_and_posted(pay, run)
    assert run.status == RunStatus.PAID
    for slip in mirror.payslips.all():
        assert slip.to_account + slip.settlement == ZERO
    assert {number: owed(number) for number in net} == net
    assert check_books() == []


def test_the_month_may_be_calculated_anew(pay: Cast, run: PayrollRun) -> None:
    reversed_and_posted(pay, run)
    shortened("1649")
    again = calculated(pay)
    assert (again.pk != run.pk, again.kind, again.sequence) == (True, "regular", 2)
    assert (again.status, again.difference_count) == (RunStatus.CALCULATED, 0)
    assert again.payslips.count() == 2
    posted_run(pay, again)
    assert month_sums("1649")["gross"] == Decimal("45600.00")
    assert month_sums("1648")["gross"] == Decimal("96000.00")
    assert check_books() == []
    # And that one may be reversed again.
    reversed_and_posted(pay, again)
    assert month_sums("1648")["gross"] == ZERO
    assert check_books() == []


def test_a_printed_payslip_of_it_no_longer_holds(pay: Cast, run: PayrollRun) -> None:
    slip = run.payslips.get(inmate__personnel_number="1648")
    issue_payslip(actor=pay.accountant, slip_id=slip.pk, at=clock.now())
    mirror = reversed_and_posted(pay, run)
    document = IssuedDocument.objects.get()
    assert document.status == "withdrawn"
    with pytest.raises(RunReversed):
        issue_payslip(actor=pay.accountant, slip_id=slip.pk, at=clock.now())
    issue_payslip(actor=pay.accountant, slip_id=mirror.payslips.first().pk, at=clock.now())
    assert IssuedDocument.objects.count() == 2


# --- once, and by whom ------------------------------------------------------------------------
def test_a_run_is_reversed_once(pay: Cast, run: PayrollRun) -> None:
    mirror = reversal_of(pay, run)
    with pytest.raises(AlreadyReversed):
        reversal_of(pay, run)
    posted_run(pay, mirror)
    with pytest.raises(AlreadyReversed):
        reversal_of(pay, run)
    with pytest.raises(NotReversible):
        reversal_of(pay, mirror)
    row = {name: getattr(mirror, name) for name in ("payer", "institution", "month", "kind")}
    with pytest.raises(IntegrityError), transaction.atomic():
        PayrollRun.objects.create(
            **row, reverses=run, reason="ещё раз", sequence=9,
            started_by=pay.accountant, created_at=clock.now(),
        )  # fmt: skip


def test_two_eyes_are_not_enough(pay: Cast, run: PayrollRun) -> None:
    for who in (pay.head, pay.labour_officer, pay.stranger):
        with pytest.raises(Forbidden):
            reverse_payroll_run(actor=who, run_id=run.pk, reason="ошибка", at=clock.now())
    mirror = reversal_of(pay, run)
    with pytest.raises(Forbidden):
        approve_payroll_run(actor=pay.accountant, run_id=mirror.pk, at=clock.now())
    assert [change.action for change in history_of(mirror)] == ["create", "start", "complete"]


@pytest.mark.parametrize("reason", ["", "...", "ок"])
def test_a_reversal_says_why(pay: Cast, run: PayrollRun, reason: str) -> None:
    with pytest.raises(ReasonOfRunMissing):
        reversal_of(pay, run, reason)


def test_what_is_not_approved_is_calculated_and_not_reversed(pay: Cast) -> None:
    first_signature(pay)
    a_worker(pay)
    with pytest.raises(NotReversible):
        reversal_of(pay, calculated(pay))


def test_a_mirror_is_taken_back_and_never_calculated(pay: Cast, run: PayrollRun) -> None:
    mirror = reversal_of(pay, run)
    with pytest.raises(ReversalNotCalculated):
        restart_run(actor=pay.accountant, run_id=mirror.pk, at=clock.now())
    drop_run(actor=pay.accountant, run_id=mirror.pk, at=clock.now())
    run.refresh_from_db()
    assert not run.is_reversed
    assert not PayrollRun.objects.filter(kind=RunKind.REVERSAL).exists()
    paid(pay, run)
    assert check_books() == []


def test_later_differences_go_first(pay: Cast, run: PayrollRun) -> None:
    an_extra(pay, "1648")
    bonus = posted_run(pay, made_run(pay, RunKind.BONUS, reason="премия"))
    with pytest.raises(LaterRunStands, match=bonus.number):
        reversal_of(pay, run)
    reversed_and_posted(pay, bonus)
    assert month_sums("1648")["gross"] == Decimal("96000.00")
    reversed_and_posted(pay, run)
    assert {month_sums("1648")[name] for name in SUMS} == {0}
    assert check_books() == []


def test_what_the_reversed_run_had_answered_is_open_again(pay: Cast, run: PayrollRun) -> None:
    shortened("1648", minutes=600)
    error = posted_run(pay, made_run(pay, RunKind.ERROR, reason="табель исправлен"))
    change = BackdatedChange.objects.get(cause="attendance")
    assert change.settled_by == error
    reversed_and_posted(pay, error)
    # As a new mark: of the first it stands who had answered it.
    open_again = BackdatedChange.objects.get(settled_by=None)
    assert open_again.pk > change.pk
    assert open_again.first_day == change.first_day
    again = made_run(pay, RunKind.ERROR, reason="табель исправлен снова")
    assert again.payslips.get().gross == Decimal("1200.00")


# --- overpayments -----------------------------------------------------------------------------
def test_a_difference_that_was_carried_over_is_owed_no_more(pay: Cast, run: PayrollRun) -> None:
    paid(pay, run)
    shortened("1648")
    error = posted_run(pay, made_run(pay, RunKind.ERROR, reason="табель исправлен"))
    debt = owed("1648")
    assert debt == -error.payslips.get().to_account > 0
    pay_payroll_run(
        actor=pay.accountant, run_id=error.pk, paid_on=clock.today(), document="ПП № 18",
        at=clock.now(),
    )  # fmt: skip
    mirror = reversed_and_posted(pay, error)
    slip = mirror.payslips.get()
    assert (slip.to_account, slip.settlement) == (debt, -debt)
    assert owed("1648") == ZERO
    assert check_books() == []


def test_nobody_but_a_reversal_pays_less_than_nothing(pay: Cast, run: PayrollRun) -> None:
    """The database says so, whatever a service does."""
    shortened("1648")
    error = made_run(pay, RunKind.ERROR, reason="табель исправлен")
    error.payslips.update(settlement=ZERO)
    with pytest.raises((IntegrityError, PortalError)), transaction.atomic():
        PayrollRun.objects.filter(pk=error.pk).update(
            status=RunStatus.POSTING, approved_by=pay.head, approved_at=clock.now()
        )


# --- what was paid together -------------------------------------------------------------------
def test_differences_are_reversed_with_the_run_they_were_paid_with(
    pay: Cast, run: PayrollRun
) -> None:
    november = OCTOBER.next()
    for placement in Placement.objects.all():
        attended(placement, [november.first_day + timedelta(days=day) for day in (1, 2, 3)])
    shortened("1648")
    lock_sheets(pay, november)
    at = clock.now() + timedelta(days=30)
    root = started(pay, november, at=at)
    calculate_payroll_run(task_run=str(root.task_run_id))
    root.refresh_from_db()
    correction = PayrollRun.objects.get(kind=RunKind.CORRECTION)
    assert correction.settled_with == root
    posted_run(pay, root)
    correction.refresh_from_db()
    with pytest.raises(ReversedWithItsRun):
        reversal_of(pay, correction)
    mirror = reversal_of(pay, root)
    beside = PayrollRun.objects.get(settled_with=mirror)
    assert (beside.reverses, beside.kind) == (correction, RunKind.REVERSAL)
    posted_run(pay, mirror)
    for one in (correction, root):
        one.refresh_from_db()
        assert one.is_reversed
    assert month_sums("1648")["gross"] == Decimal("96000.00")
    assert month_sums("1648", november)["gross"] == ZERO
    assert owed("1648") == ZERO
    assert check_books() == []
