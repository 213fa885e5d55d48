"""Runs outside the month's order: for whom, what stops them, and what they come to."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from inmates.enums import RunKind, RunStatus
from inmates.models import (
    Attendance,
    ExtraPay,
    Inmate,
    PayRate,
    PayrollRun,
    Payslip,
    Placement,
    RunPerson,
)
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
    RunNotDropped,
)
from inmates.refusals import AlreadyCalculating, TaxStatusMissing
from inmates.run_refusals import InputsMissing, MonthUnfinished
from inmates.selectors.off_cycle import candidates
from inmates.services.off_cycle import drop_run, restart_run
from inmates.services.payroll import start_payroll_run
from inmates.tasks import calculate_payroll_run
from portal.accounts.models import OrganisationTaxStatus
from portal.kernel import clock
from portal.kernel.errors import Forbidden
from portal.kernel.locks import Gone
from portal.kernel.models import AuditEvent
from tests.inmates.books import check_books, first_signature, paid, posted
from tests.inmates.months import a_worker, attended, lock_sheets
from tests.inmates.off_cycle import (
    LAST_DAY,
    NOVEMBER,
    a_leaver,
    an_extra,
    begun,
    confirmed,
    made_run,
    month_sums,
    november,
    october,
    posted_run,
    shortened,
    two_workers,
)
from tests.people import TODAY, Cast, a_placement, an_inmate

RELEASE, BONUS, ERROR = RunKind.RELEASE, RunKind.BONUS, RunKind.ERROR
DECEMBER = datetime(2026, 12, 2, 6, 0, tzinfo=UTC)


@pytest.fixture
def signed(pay: Cast) -> Cast:
    first_signature(pay)
    return pay


@pytest.fixture
def approved_october(signed: Cast) -> Cast:
    """October of two people is posted."""
    two_workers(signed)
    posted(signed)
    return signed


# --- at release -------------------------------------------------------------------------------
def test_who_is_released_is_paid_before_the_month_is_over(signed: Cast) -> None:
    a_leaver(signed)
    a_worker(signed, "1649")  # stays, and is not paid yet
    confirmed(signed)
    run = made_run(signed, RELEASE, scope=november(signed))
    assert (run.kind, run.status, run.difference_count) == (RELEASE, RunStatus.CALCULATED, 0)
    slip = run.payslips.get()
    days = slip.days_worked
    assert (slip.inmate.personnel_number, slip.is_difference) == ("1648", False)
    assert days == 10
    assert slip.lines.get(code="time").amount == Decimal("4800.00") * days
    run = paid(signed, posted_run(signed, run))
    assert run.status == RunStatus.PAID
    assert check_books() == []


def test_the_run_of_the_month_then_pays_nothing_twice(signed: Cast) -> None:
    a_leaver(signed)
    stays = a_placement(signed, an_inmate(signed, "1649"))
    attended(stays, [date(2026, 11, 2)])
    confirmed(signed)
    first = posted_run(signed, made_run(signed, RELEASE, scope=november(signed)))
    lock_sheets(signed, NOVEMBER)
    month = start_payroll_run(
        actor=signed.accountant,
        payer_id=signed.enterprise.pk,
        institution_id=signed.institution.pk,
        month=NOVEMBER,
        at=DECEMBER,
    )
    calculate_payroll_run(task_run=str(month.task_run_id))
    month.refresh_from_db()
    assert (month.status, month.difference_count) == (RunStatus.CALCULATED, 0)
    assert [slip.inmate.personnel_number for slip in month.payslips.all()] == ["1649"]
    assert month_sums("1648", NOVEMBER)["gross"] == first.payslips.get().gross


def test_a_locked_sheet_needs_no_confirmation(signed: Cast) -> None:
    a_leaver(signed)
    lock_sheets(signed, NOVEMBER)
    assert made_run(signed, RELEASE, scope=november(signed)).payslips.count() == 1


def test_unconfirmed_days_stop_exactly_this_person(signed: Cast) -> None:
    a_leaver(signed)
    a_leaver(signed, "1650")
    confirmed(signed)
    with pytest.raises(InputsMissing) as refused:
        begun(signed, RELEASE, ["1648", "1650"], november(signed))
    assert [(one.code, one.key) for one in refused.value.blockers] == [("days_unconfirmed", "1650")]
    assert not PayrollRun.objects.exists()
    assert begun(signed, RELEASE, ["1648"], november(signed)).status == RunStatus.CALCULATING


def test_days_changed_after_they_were_confirmed_stop_it_again(signed: Cast) -> None:
    a_leaver(signed)
    confirmed(signed)
    Attendance.objects.filter(worked_on=LAST_DAY).update(minutes=240, recorded_at=clock.now())
    with pytest.raises(InputsMissing) as refused:
        begun(signed, RELEASE, scope=november(signed))
    assert [one.code for one in refused.value.blockers] == ["days_changed"]
    confirmed(signed, at=clock.now())
    assert made_run(signed, RELEASE, scope=november(signed)).difference_count == 0


def test_a_missing_rate_of_somebody_else_does_not_stop_it(signed: Cast) -> None:
    """Only what these people need is asked for."""
    a_leaver(signed)
    confirmed(signed)
    PayRate.objects.update(effective_to=date(2026, 11, 14))
    other = a_placement(signed, an_inmate(signed, "1650"), basis="")
    attended(other, [date(2026, 11, 16)])
    assert begun(signed, RELEASE, scope=november(signed)).status == RunStatus.CALCULATING


def test_a_missing_rate_and_contract_of_the_person_stop_it(signed: Cast) -> None:
    a_leaver(signed)
    Placement.objects.update(basis=" ")
    confirmed(signed)
    PayRate.objects.update(effective_to=date(2026, 11, 5))
    with pytest.raises(InputsMissing) as refused:
        begun(signed, RELEASE, scope=november(signed))
    assert [one.code for one in refused.value.blockers] == ["rate_post", "contract"]


def test_who_has_not_left_waits_for_the_month(signed: Cast) -> None:
    a_placement(signed, an_inmate(signed, "1651"))
    a_leaver(signed, "1652", clock.today() + timedelta(days=3))
    moved = a_leaver(signed, "1653")
    a_placement(signed, moved, effective_from=LAST_DAY + timedelta(days=1))
    for number in ("1651", "1652", "1653"):
        with pytest.raises(NotReleased) as refused:
            begun(signed, RELEASE, [number], november(signed))
        assert number in str(refused.value)


def test_who_was_paid_at_release_is_no_candidate_any_more(signed: Cast) -> None:
    a_leaver(signed)
    confirmed(signed)
    scope = november(signed)
    assert [one.number for one in candidates(RELEASE, scope, TODAY)] == ["1648"]
    assert candidates(RELEASE, scope, TODAY)[0].day == LAST_DAY
    posted_run(signed, made_run(signed, RELEASE, scope=scope))
    assert candidates(RELEASE, scope, TODAY) == []


# --- bonus and error --------------------------------------------------------------------------
def test_a_bonus_entered_late_is_paid_as_a_difference_of_its_month(approved_october: Cast) -> None:
    pay = approved_october
    an_extra(pay, "1649")
    assert [one.number for one in candidates(BONUS, october(pay), TODAY)] == ["1649"]
    run = made_run(pay, BONUS, ["1649"], reason="премия к празднику")
    slip = run.payslips.get()
    assert (slip.is_difference, slip.gross) == (True, Decimal("5000.00"))
    assert slip.corrects == Payslip.objects.get(run__kind="regular", inmate=slip.inmate)
    line = slip.lines.get(kind="earning")
    assert (line.code, line.amount) == ("bonus", Decimal("5000.00"))
    run = paid(pay, posted_run(pay, run))
    assert check_books() == []
    assert candidates(BONUS, october(pay), TODAY) == []
    assert month_sums("1649")["gross"] == Decimal("53000.00")


def test_an_error_is_mended_without_waiting_for_the_next_month(approved_october: Cast) -> None:
    pay = approved_october
    shortened("1648", minutes=600)
    found = candidates(ERROR, october(pay), TODAY)
    assert [(one.number, one.day) for one in found] == [("1648", date(2026, 10, 1))]
    run = made_run(pay, ERROR, ["1648"], reason="табель исправлен")
    slip = run.payslips.get()
    assert (slip.gross, slip.minutes_worked) == (Decimal("1200.00"), 120)
    posted_run(pay, run)
    assert check_books() == []
    assert month_sums("1648")["gross"] == Decimal("97200.00")
    assert candidates(ERROR, october(pay), TODAY) == []


def test_an_error_in_the_payers_favour_is_carried_over_and_not_paid(
    approved_october: Cast,
) -> None:
    pay = approved_october
    shortened("1648")
    run = made_run(pay, ERROR, ["1648"], reason="табель исправлен")
    slip = run.payslips.get()
    assert slip.gross == Decimal("-2400.00")
    assert slip.to_account < 0
    assert slip.settlement == -slip.to_account
    posted_run(pay, run)
    assert check_books() == []


@pytest.mark.parametrize(
    ("kind", "refusal"), [(BONUS, NoExtraPayWaiting), (ERROR, NoChangeWaiting)]
)
def test_where_nothing_waits_no_run_is_made(
    approved_october: Cast, kind: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal, match="1648"):
        begun(approved_october, kind)


@pytest.mark.parametrize("kind", [BONUS, ERROR])
def test_before_the_month_is_approved_its_own_run_takes_everything_up(
    signed: Cast, kind: str
) -> None:
    a_worker(signed)
    with pytest.raises(NothingApprovedYet):
        begun(signed, kind)
    with pytest.raises(MonthUnfinished):
        begun(signed, kind, scope=november(signed))


# --- who, whom and why ------------------------------------------------------------------------
def test_only_the_accountant_of_the_payer_makes_one(signed: Cast) -> None:
    a_leaver(signed)
    confirmed(signed)
    for who in (signed.head, signed.master, signed.labour_officer, signed.administrator):
        with pytest.raises(Forbidden):
            begun(signed, RELEASE, scope=november(signed), actor=who)


@pytest.mark.parametrize("reason", ["", "  ", "--- !!", "да"])
def test_a_run_says_why_it_is_made(signed: Cast, reason: str) -> None:
    a_leaver(signed)
    with pytest.raises(ReasonOfRunMissing):
        begun(signed, RELEASE, scope=november(signed), reason=reason)


@pytest.mark.parametrize("kind", ["regular", "correction", "reversal", "nonsense"])
def test_no_other_kind_is_made_by_hand(signed: Cast, kind: str) -> None:
    with pytest.raises(KindNotOffCycle):
        begun(signed, kind)


def test_the_people_are_named_and_of_this_payer(signed: Cast) -> None:
    a_leaver(signed)
    an_inmate(signed, "1700")  # held here, placed nowhere
    with pytest.raises(NobodyChosen):
        begun(signed, RELEASE, ["", " "], november(signed))
    with pytest.raises(NotOfThisMonth, match="1700, 9999"):
        begun(signed, RELEASE, ["1700", "1648", "9999"], november(signed))


def test_nobody_waits_in_two_such_runs(signed: Cast) -> None:
    a_leaver(signed)
    confirmed(signed)
    made_run(signed, RELEASE, scope=november(signed))
    with pytest.raises(InAnotherRun, match="1648"):
        begun(signed, RELEASE, scope=november(signed))


def test_a_payer_without_a_regime_is_refused_before_anything_begins(signed: Cast) -> None:
    a_leaver(signed)
    confirmed(signed)
    OrganisationTaxStatus.objects.all().delete()
    with pytest.raises(TaxStatusMissing):
        begun(signed, RELEASE, scope=november(signed))


def test_several_runs_of_a_kind_stand_side_by_side(signed: Cast) -> None:
    for number in ("1648", "1650", "1650"):
        if not Inmate.objects.filter(personnel_number=number).exists():
            a_leaver(signed, number)
            confirmed(signed, number)
            made_run(signed, RELEASE, [number], november(signed))
    assert list(PayrollRun.objects.order_by("id").values_list("sequence", flat=True)) == [1, 2]
    assert RunPerson.objects.count() == 2


# --- again, and taken back --------------------------------------------------------------------
def test_it_is_calculated_again_for_the_same_people(signed: Cast) -> None:
    a_leaver(signed)
    confirmed(signed)
    run = made_run(signed, RELEASE, scope=november(signed))
    before = run.payslips.get().gross
    Attendance.objects.filter(worked_on=LAST_DAY).update(minutes=240)
    again = restart_run(actor=signed.accountant, run_id=run.pk, at=clock.now())
    assert not again.payslips.exists()
    with pytest.raises(AlreadyCalculating):
        restart_run(actor=signed.accountant, run_id=run.pk, at=clock.now())
    calculate_payroll_run(task_run=str(again.task_run_id))
    assert run.payslips.get().gross < before
    assert run.chosen.count() == 1


def test_one_that_nobody_approved_is_taken_back(signed: Cast) -> None:
    a_leaver(signed)
    confirmed(signed)
    run = made_run(signed, RELEASE, scope=november(signed))
    with pytest.raises(Forbidden):
        drop_run(actor=signed.head, run_id=run.pk, at=clock.now())
    drop_run(actor=signed.accountant, run_id=run.pk, at=clock.now())
    assert not PayrollRun.objects.exists()
    assert not Payslip.objects.exists()
    event = AuditEvent.objects.get(action="payroll_run_dropped")
    assert (event.details["kind"], event.details["month"]) == ("release", "2026-11")
    with pytest.raises(Gone):
        drop_run(actor=signed.accountant, run_id=run.pk, at=clock.now())


def test_neither_the_month_nor_what_is_approved_is_taken_back(approved_october: Cast) -> None:
    pay = approved_october
    an_extra(pay, "1649")
    bonus = posted_run(pay, made_run(pay, BONUS, ["1649"], reason="премия"))
    for run in (PayrollRun.objects.get(kind="regular"), bonus):
        with pytest.raises(RunNotDropped):
            drop_run(actor=pay.accountant, run_id=run.pk, at=clock.now())
    assert ExtraPay.objects.count() == 1
