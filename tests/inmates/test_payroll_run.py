"""A payroll run from start to payslips: what becomes true, what is refused, what happens twice."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction

from inmates.enums import LineKind, RunStatus
from inmates.explanations import explain
from inmates.models import (
    PayParameter,
    PayRate,
    PayrollProblem,
    PayrollRun,
    Payslip,
    PayslipLine,
)
from inmates.parameters import parameters_in_force
from inmates.pay_values import PayCase, Worker, Writ
from inmates.payroll import calculate
from inmates.refusals import (
    AlreadyCalculating,
    NobodyPlaced,
    ParameterMissing,
    TaxStatusMissing,
)
from inmates.run_refusals import MonthUnfinished
from inmates.selectors.payroll_inputs import parameter_rows_on
from inmates.services.calculation import calculate_payroll_run as calculate_run
from inmates.tasks import calculate_payroll_run
from portal.accounts.models import OrganisationTaxStatus
from portal.kernel.errors import Forbidden
from portal.kernel.models import TaskRun, TaskStatus
from portal.kernel.periods import Month
from portal.kernel.queue import Progress, TaskSuperseded, claim_run
from portal.kernel.states import history_of
from tests.inmates.months import (
    FIRST,
    OCTOBER,
    a_piece_rate,
    a_worker,
    a_writ,
    an_application,
    attended,
    calculated,
    days_of,
    made,
    started,
)
from tests.people import NOW, Cast, a_placement, a_user, a_work_order, an_hourly_rate, an_inmate


def money(amount: str) -> Decimal:
    return Decimal(amount)


def test_start_opens_the_run_and_puts_the_task_into_the_outbox(pay: Cast) -> None:
    a_worker(pay)
    run = started(pay)
    task = TaskRun.objects.get(name="inmates.calculate_payroll_run", key=str(run.pk))
    assert run.status == RunStatus.CALCULATING
    assert run.task_run == task
    assert task.arguments == {"run_id": run.pk}
    assert [change.action for change in history_of(run)] == ["create", "start"]


def test_start_sends_the_task_after_the_commit(
    pay: Cast, no_broker: list, django_capture_on_commit_callbacks
) -> None:
    a_worker(pay)
    with django_capture_on_commit_callbacks(execute=True):
        run = started(pay)
        assert no_broker == []
    assert no_broker == [run.task_run_id]


def test_start_twice_is_refused_while_the_first_goes_on(pay: Cast) -> None:
    a_worker(pay)
    started(pay)
    with pytest.raises(AlreadyCalculating):
        started(pay)
    assert PayrollRun.objects.count() == TaskRun.objects.count() == 1


@pytest.mark.parametrize("month", [Month(2026, 11), Month(2026, 12)])
def test_start_refuses_a_month_that_is_not_over(pay: Cast, month: Month) -> None:
    """Wages of a part of a month would be a guess: there are no previews."""
    a_worker(pay)
    with pytest.raises(MonthUnfinished):
        started(pay, month)
    assert not PayrollRun.objects.exists()


def test_a_month_is_calculated_from_the_first_day_after_it(pay: Cast) -> None:
    a_worker(pay)
    evening, morning = (datetime(2026, 10, 31, 18, 59, tzinfo=UTC) + timedelta(minutes=minutes)
                        for minutes in (0, 1))  # fmt: skip
    with pytest.raises(MonthUnfinished, match=r"01\.11\.2026"):
        started(pay, at=evening)
    assert started(pay, at=morning).status == RunStatus.CALCULATING


def test_start_refuses_a_month_in_which_nobody_was_placed(pay: Cast) -> None:
    a_worker(pay)
    with pytest.raises(NobodyPlaced):
        started(pay, Month(2025, 10))
    assert not PayrollRun.objects.exists()


def test_start_refuses_a_month_without_parameters(pay: Cast) -> None:
    a_worker(pay)
    PayParameter.objects.filter(code="mrp").delete()
    with pytest.raises(ParameterMissing, match="mrp"):
        started(pay)
    assert not PayrollRun.objects.exists()


def test_start_refuses_a_payer_without_a_tax_regime(pay: Cast) -> None:
    a_worker(pay)
    OrganisationTaxStatus.objects.all().delete()
    with pytest.raises(TaxStatusMissing):
        started(pay)


@pytest.mark.parametrize("who", ["head", "analyst", "buyer", "stranger", "master"])
def test_start_refuses_whoever_is_not_the_payers_accountant(pay: Cast, who: str) -> None:
    a_worker(pay)
    with pytest.raises(Forbidden):
        started(pay, actor=pay.users[who])
    assert not PayrollRun.objects.exists()


def test_start_refuses_the_accountant_of_another_payer(pay: Cast) -> None:
    a_worker(pay)
    other = a_user("other@example.kz", pay.entrepreneur, "accountant")
    with pytest.raises(Forbidden):
        started(pay, actor=other)


def test_a_grant_limited_to_one_institution_starts_nothing_elsewhere(pay: Cast) -> None:
    a_worker(pay)
    limited = a_user("limited@example.kz", pay.enterprise)
    limited.memberships.get().grants.create(
        role="accountant", scope=pay.department, effective_from=date(2024, 1, 1)
    )
    with pytest.raises(Forbidden):
        started(pay, actor=limited)


def test_a_month_by_time_is_paid_by_hours_and_rate(pay: Cast) -> None:
    inmate = a_worker(pay, days=20)
    run = calculated(pay)
    slip = Payslip.objects.get(run=run)
    assert run.status == RunStatus.CALCULATED
    assert run.calculated_at is not None
    assert (slip.inmate, slip.days_worked, slip.minutes_worked) == (inmate, 20, 9600)
    assert slip.gross == money("96000.00")
    assert (slip.opv, slip.vosms, slip.ipn) == (money("9600"), money("0"), money("0"))
    assert slip.to_account == money("86400.00")
    assert run.task_run is not None
    assert (run.task_run.done, run.task_run.total, run.task_run.failed) == (1, 1, 0)


def test_golden_slip_of_time_pieces_alimony_and_a_claim(pay: Cast) -> None:
    """Half a month by time, half by piece, two writs: every sum as the engine alone gives it."""
    inmate = an_inmate(pay)
    an_application(pay, inmate)
    by_time = a_placement(pay, inmate, effective_to=date(2026, 10, 16))
    by_piece = a_placement(pay, inmate, pay_form="piece", effective_from=date(2026, 10, 16))
    attended(by_time, days_of(OCTOBER, 10), minutes=475)
    a_piece_rate(pay, "2500.00", per_pieces=7)
    cutting = a_work_order(pay, 300).operations.get(operation=pay.cutting)
    for day in range(16, 26):
        made(by_piece, cutting, date(2026, 10, day), 29)
    alimony = a_writ(inmate, "АЛ-1", share_numerator=1, share_denominator=4)
    claim = a_writ(inmate, "ИСК-1", queue=2, kind="claim", debt=money("214300.00"))
    run = calculated(pay)
    slip = Payslip.objects.get(run=run)

    hours = money("47500.00")  # 4 750 minutes × 600,00 ÷ 60
    pieces = money("103571.43")  # 290 × 2 500,00 ÷ 7 = 103 571,428…
    case = PayCase(
        period=FIRST,
        worker=Worker("convict", date(1990, 5, 17)),
        regime="general",
        gross=hours + pieces,
        writs=(
            Writ(str(alimony.pk), 1, "alimony", share=Fraction(1, 4)),
            Writ(str(claim.pk), 2, "claim", remaining=money("214300.00")),
        ),
    )
    law = parameters_in_force(parameter_rows_on(date(2026, 10, 31)), date(2026, 10, 31))
    expected = calculate(case, law)
    for name in ("gross", "opv", "vosms", "ipn", "net", "so", "oosms", "opvr", "social_tax",
                 "taxable", "withheld_by_writs", "to_account"):  # fmt: skip
        assert getattr(slip, name) == getattr(expected, name), name
    # And by hand: a quarter of net, and what the half of net leaves, cut to whole tenge.
    assert slip.gross == money("151071.43")
    assert slip.opv == money("15107.00")
    assert slip.ipn == money("621.00")
    assert slip.net == money("135343.43")
    lines = {(line.kind, line.code): line for line in slip.lines.all()}
    assert lines[(LineKind.WRIT, "alimony")].amount == money("33836.00")
    assert lines[(LineKind.WRIT, "claim")].amount == money("33835.00")
    assert lines[(LineKind.WRIT, "claim")].base == money("214300.00")
    assert slip.to_account == money("67672.43")
    assert lines[(LineKind.EARNING, "time")].quantity == 4750
    assert lines[(LineKind.EARNING, "piece")].quantity == 290
    assert lines[(LineKind.EARNING, "piece")].title["ru"] == "Игровой уголок «Юрта»: раскрой"
    assert lines[(LineKind.WITHHELD, "opv")].rate == money("0.1000")
    assert lines[(LineKind.WITHHELD, "opv")].parameter.code == "opv_rate"


def test_a_zero_line_stands_on_the_slip_with_its_reason(pay: Cast) -> None:
    a_worker(pay)
    calculated(pay)
    line = PayslipLine.objects.get(code="vosms")
    assert line.amount == 0
    assert line.explanation == "not_due.state_pays"


def test_minimum_security_pays_the_health_contribution(pay: Cast) -> None:
    pay.institution.security = "minimum"
    pay.institution.save()
    a_worker(pay)
    calculated(pay)
    assert Payslip.objects.get().vosms == money("1920.00")


def test_a_rate_that_changes_in_the_month_makes_two_lines(pay: Cast) -> None:
    PayRate.objects.update(effective_to=date(2026, 10, 11))
    an_hourly_rate(pay, "700.00", effective_from=date(2026, 10, 11))
    a_worker(pay, days=20)
    calculated(pay)
    earned = PayslipLine.objects.filter(kind=LineKind.EARNING).order_by("sequence")
    assert [line.amount for line in earned] == [money("33600.00"), money("72800.00")]


def test_an_absence_is_not_paid_as_hours(pay: Cast) -> None:
    from tests.people import a_reason

    inmate = a_worker(pay, days=10)
    sick = a_reason()
    attended(inmate.placements.get(), [date(2026, 10, 20)])
    inmate.placements.get().attendance.filter(worked_on=date(2026, 10, 20)).update(reason=sick)
    calculated(pay)
    assert Payslip.objects.get().gross == money("48000.00")


def test_a_missing_rate_is_a_problem_of_one_person_and_never_zero(pay: Cast) -> None:
    a_worker(pay, "1001")
    by_piece = an_inmate(pay, "1002")
    placement = a_placement(pay, by_piece, pay_form="piece")
    cutting = a_work_order(pay).operations.get(operation=pay.cutting)
    made(placement, cutting, FIRST, 2)
    rate = a_piece_rate(pay)
    run = calculated(pay, meanwhile=rate.delete)
    problem = PayrollProblem.objects.get(run=run)
    assert run.status == RunStatus.INCOMPLETE
    assert (problem.inmate, problem.code) == (by_piece, "rate_missing_operation")
    assert problem.arguments["day"] == "2026-10-01"
    assert [slip.inmate.personnel_number for slip in run.payslips.all()] == ["1001"]
    assert run.task_run is not None
    assert run.task_run.failed == 1


def test_a_rate_entered_later_completes_the_run(pay: Cast) -> None:
    placement = a_placement(pay, an_inmate(pay), pay_form="piece")
    made(placement, a_work_order(pay).operations.get(operation=pay.cutting), FIRST, 2)
    assert calculated(pay, meanwhile=a_piece_rate(pay).delete).status == RunStatus.INCOMPLETE
    a_piece_rate(pay)
    run = calculated(pay)
    assert run.status == RunStatus.CALCULATED
    assert not PayrollProblem.objects.exists()
    assert Payslip.objects.get().gross == money("1300.00")


def test_somebody_without_work_has_no_slip_and_is_counted(pay: Cast) -> None:
    a_worker(pay, "1001")
    a_placement(pay, an_inmate(pay, "1002"))
    run = calculated(pay)
    assert run.without_earnings == 1
    assert run.payslips.count() == 1
    assert run.status == RunStatus.CALCULATED


def test_a_fault_in_one_slip_does_not_stop_the_others(
    pay: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inmates.services import calculation

    a_worker(pay, "1001")
    bad = a_worker(pay, "1002")
    real = calculation.make_slip

    def make(person, inputs, rules):
        if person.id == bad.pk:
            raise ArithmeticError
        return real(person, inputs, rules)

    monkeypatch.setattr(calculation, "make_slip", make)
    run = calculated(pay)
    assert run.problems.get().code == "not_calculable"
    assert run.payslips.count() == 1


def test_calculating_again_replaces_the_slips(pay: Cast) -> None:
    inmate = a_worker(pay)
    first = Payslip.objects.get(run=calculated(pay))
    attended(inmate.placements.get(), [date(2026, 10, 30)])
    run = calculated(pay)
    slip = Payslip.objects.get(run=run)
    assert slip.pk != first.pk
    assert slip.gross == money("100800.00")
    assert PayslipLine.objects.count() == slip.lines.count()


def test_taxable_income_of_the_year_is_carried_to_the_next_month(pay: Cast) -> None:
    inmate = a_worker(pay, days=0)
    attended(inmate.placements.get(), [date(2026, 9, day) for day in range(1, 29)], 1400)
    for rate in inmate.placements.get().post.rates.all():
        rate.amount = money("60000.00")
        rate.save()
    calculated(pay, Month(2026, 9))
    attended(inmate.placements.get(), days_of(OCTOBER, 2))
    calculated(pay)
    september, october = Payslip.objects.order_by("run__month")
    assert september.taxable > money("36762500")
    line = october.lines.get(code="ipn")
    # All of October lies above the threshold of 8 500 MRP: 15 %.
    assert line.rate == money("0.1500")


def test_a_claim_ends_when_its_debt_is_paid(pay: Cast) -> None:
    inmate = a_worker(pay, days=20)
    attended(inmate.placements.get(), days_of(Month(2026, 9), 20))
    a_writ(inmate, "ИСК-1", queue=2, kind="claim", debt=money("40000.00"))
    calculated(pay, Month(2026, 9))
    calculated(pay)
    amounts = PayslipLine.objects.filter(kind=LineKind.WRIT).order_by("payslip__run__month")
    september, october = (line.amount for line in amounts)
    assert september == money("35549.00")  # 86 400 less the living minimum
    assert october == money("4451.00")
    calculated(pay)
    assert PayslipLine.objects.get(payslip__run__month=FIRST, kind="writ").amount == october


def test_the_deduction_is_given_once_a_month(pay: Cast) -> None:
    """A person of two institutions of one payer has one deduction: the second run has the rest."""
    from tests.inmates.second_place import second_place

    inmate = a_worker(pay, days=10)
    institution, post = second_place(pay)
    an_hourly_rate(pay, "600.00", post=post)
    placement = inmate.placements.get()
    placement.effective_to = date(2026, 10, 16)
    placement.save()
    attended(a_placement(pay, inmate, post=post, effective_from=date(2026, 10, 16)),
             [date(2026, 10, 20)])  # fmt: skip
    calculated(pay)
    other = started(pay, institution_id=institution.pk)
    calculate_payroll_run(task_run=str(other.task_run_id))
    second = Payslip.objects.get(run=other)
    assert (second.taxable, second.ipn, second.has_basic_deduction) == (0, 0, True)
    # 129 750 less the 43 200 of the first run.
    line = second.lines.get(code="ipn")
    told = explain(line.explanation, line.arguments)
    assert "86\xa0550,00" in told
    assert told.endswith("облагать нечего")
    # Neither was it a month of hire or dismissal: the payer is the same.
    assert Payslip.objects.get(run=other).lines.get(code="social_tax").explanation == (
        "rate_of_lowest_base"
    )


def test_the_month_of_hire_has_no_lowest_base_of_social_tax(pay: Cast) -> None:
    inmate = an_inmate(pay)
    attended(
        a_placement(pay, inmate, effective_from=FIRST + timedelta(days=4)), [date(2026, 10, 6)]
    )
    calculated(pay)
    line = PayslipLine.objects.get(code="social_tax")
    assert line.explanation == "social_tax.rate"
    assert line.base == money("4320.00")


def test_a_run_that_failed_as_a_whole_may_start_again(pay: Cast) -> None:
    a_worker(pay)
    run = started(pay)
    TaskRun.objects.update(status=TaskStatus.FAILED, error="the worker was lost")
    assert started(pay).pk == run.pk
    assert run.task_run_id == PayrollRun.objects.get().task_run_id


def test_delivered_again_a_finished_run_is_left_alone(pay: Cast) -> None:
    a_worker(pay)
    run = calculated(pay)
    slip = Payslip.objects.get(run=run)
    calculate_payroll_run(task_run=str(run.task_run_id))
    calculate_run(run_id=run.pk, progress=None, at=NOW)  # type: ignore[arg-type]
    assert Payslip.objects.get().pk == slip.pk


def test_a_worker_that_takes_over_goes_on_with_whoever_is_not_done(
    pay: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inmates.services.calculation.BATCH", 1)
    for number in ("1001", "1002", "1003"):
        a_worker(pay, number)
    run = started(pay)
    first = claim_run(str(run.task_run_id))
    assert first is not None
    _let_it_die_after(first, batches=1, run=run)
    stored = Payslip.objects.get(run=run).pk
    TaskRun.objects.update(heartbeat_at=NOW - timedelta(days=1))
    calculate_payroll_run(task_run=str(run.task_run_id))
    run.refresh_from_db()
    assert run.status == RunStatus.CALCULATED
    assert run.payslips.count() == 3
    assert run.payslips.filter(pk=stored).exists()


def _let_it_die_after(progress: Progress, *, batches: int, run: PayrollRun) -> None:
    class Killed(BaseException):
        pass

    class Mortal:
        def report(self, *, done: int, total: int, failed: int = 0) -> None:
            progress.report(done=done, total=total, failed=failed)
            if done == batches:
                raise Killed

        hold = progress.hold

    with pytest.raises(Killed):
        calculate_run(run_id=run.pk, progress=Mortal(), at=NOW)


def test_a_worker_that_was_taken_over_stops_without_writing(pay: Cast) -> None:
    a_worker(pay)
    run = started(pay)
    old = claim_run(str(run.task_run_id))
    assert old is not None
    TaskRun.objects.update(heartbeat_at=NOW - timedelta(days=1))
    assert claim_run(str(run.task_run_id)) is not None
    with pytest.raises(TaskSuperseded):
        calculate_run(run_id=run.pk, progress=old, at=NOW)
    with pytest.raises(TaskSuperseded), transaction.atomic():
        old.hold()
    assert not Payslip.objects.exists()
