"""One person, two payers or two institutions in one month: a debt is taken once, a cap is shared.

Two runs may be calculated at the same moment by two workers; the person's row makes them queue.
"""

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from inmates.enums import LineKind
from inmates.models import Inmate, PayRate, PayrollRun, Payslip, PayslipLine
from inmates.services import calculation
from inmates.tasks import calculate_payroll_run
from portal.accounts.models import OrganisationTaxStatus
from tests.inmates.months import (
    FIRST,
    OCTOBER,
    a_worker,
    a_writ,
    attended,
    calculated,
    days_of,
    make_pay,
    started,
)
from tests.inmates.second_place import second_place
from tests.people import LONG_AGO, Cast, a_placement, a_user, an_hourly_rate, an_inmate
from workshops.models import Institution


def money(amount: str) -> Decimal:
    return Decimal(amount)


def at_two_institutions(cast: Cast, days: int = 10) -> tuple[Inmate, Institution]:
    """The first days of October in № 16, others in № 22, for the same payer at 600,00 an hour."""
    inmate = a_worker(cast, days=days)
    institution, post = second_place(cast)
    an_hourly_rate(cast, "600.00", post=post)
    placement = inmate.placements.get()
    placement.effective_to = date(2026, 10, 16)
    placement.save()
    other = a_placement(cast, inmate, post=post, effective_from=date(2026, 10, 16))
    workdays = [day for day in days_of(OCTOBER, 21) if day >= other.effective_from]
    attended(other, workdays[:days])
    return inmate, institution


def worked_off(run: PayrollRun) -> Payslip:
    calculate_payroll_run(task_run=str(run.task_run_id))
    return Payslip.objects.get(run=run)


def for_a_second_payer(cast: Cast, inmate: Inmate) -> None:
    """Part-time work for the entrepreneur in the same institution, with an accountant of his."""
    from tests.people import a_consent

    a_consent(inmate, cast.entrepreneur)
    an_hourly_rate(cast, "600.00", payer=cast.entrepreneur)
    OrganisationTaxStatus.objects.create(
        organisation=cast.entrepreneur, is_vat_payer=False, effective_from=LONG_AGO
    )
    placement = a_placement(
        cast, inmate, employer=cast.entrepreneur, payer=cast.entrepreneur, is_full_time=False
    )
    attended(placement, days_of(OCTOBER, 10), minutes=240)
    cast.users["private_accountant"] = a_user("private@example.kz", cast.entrepreneur, "accountant")


def started_by_the_second(cast: Cast) -> PayrollRun:
    return started(cast, actor=cast.private_accountant, payer_id=cast.entrepreneur.pk)


def withheld(slip: Payslip) -> list[Decimal]:
    lines = slip.lines.filter(kind=LineKind.WRIT).order_by("sequence")
    return [line.amount for line in lines]


def test_a_fixed_alimony_is_taken_once_in_a_month(pay: Cast) -> None:
    inmate, institution = at_two_institutions(pay)
    a_writ(inmate, "АЛ-1", amount=money("15000.00"))
    first = Payslip.objects.get(run=calculated(pay))
    second = worked_off(started(pay, institution_id=institution.pk))
    assert withheld(first) == [money("15000.00")]
    assert withheld(second) == []


def test_what_the_first_slip_could_not_pay_of_a_fixed_alimony_the_second_does(pay: Cast) -> None:
    inmate, institution = at_two_institutions(pay)
    a_writ(inmate, "АЛ-1", amount=money("30000.00"))
    first = Payslip.objects.get(run=calculated(pay))
    second = worked_off(started(pay, institution_id=institution.pk))
    # 48 000 less 10 % is 43 200: its half is the cap of the first slip.
    assert withheld(first) == [money("21600.00")]
    assert withheld(second) == [money("8400.00")]


def test_a_share_of_alimony_is_taken_of_each_net(pay: Cast) -> None:
    inmate, institution = at_two_institutions(pay)
    a_writ(inmate, "АЛ-1", share_numerator=1, share_denominator=4)
    first = Payslip.objects.get(run=calculated(pay))
    second = worked_off(started(pay, institution_id=institution.pk))
    assert withheld(first) == [money("10800.00")]
    assert withheld(second) == [money(str(second.net / 4)).quantize(Decimal("1")) + money("0.00")]


def test_a_fixed_alimony_is_due_again_in_the_next_month(pay: Cast) -> None:
    inmate = a_worker(pay, days=10)
    attended(inmate.placements.get(), [date(2026, 9, day) for day in range(1, 11)])
    a_writ(inmate, "АЛ-1", amount=money("15000.00"))
    from portal.kernel.periods import Month

    calculated(pay, Month(2026, 9))
    assert withheld(Payslip.objects.get(run=calculated(pay))) == [money("15000.00")]


def test_the_living_minimum_is_left_once_to_a_person_with_two_slips(pay: Cast) -> None:
    inmate, institution = at_two_institutions(pay)
    a_writ(inmate, "ИСК-1", queue=5, kind="claim", debt=money("500000.00"))
    first = Payslip.objects.get(run=calculated(pay))
    second = worked_off(started(pay, institution_id=institution.pk))
    # 43 200 alone is under the living minimum of 50 851.
    assert withheld(first) == [money("0.00")]
    assert second.net < 50851
    together = first.net + second.net - money("50851.00")
    # Half of both is 43 200; the living minimum is left once.
    assert withheld(second) == [together]
    assert first.to_account + second.to_account >= money("50851.00")


def test_calculated_again_the_first_slip_counts_what_the_second_took(pay: Cast) -> None:
    inmate, institution = at_two_institutions(pay)
    writ = a_writ(inmate, "ИСК-1", queue=1, kind="claim", debt=money("30000.00"))
    calculated(pay)
    worked_off(started(pay, institution_id=institution.pk))
    calculated(pay)
    taken = PayslipLine.objects.filter(writ=writ)
    assert sum(line.amount for line in taken) == money("30000.00")


def test_two_payers_never_take_more_than_half_of_all(pay: Cast) -> None:
    inmate = a_worker(pay, days=10)
    for_a_second_payer(pay, inmate)
    a_writ(inmate, "ИСК-1", queue=1, kind="claim", debt=money("900000.00"))
    calculated(pay)
    worked_off(started_by_the_second(pay))
    slips = Payslip.objects.all()
    assert len(slips) == 2
    taken = sum(slip.withheld_by_writs for slip in slips)
    net = sum(slip.net for slip in slips)
    assert net / 2 - 2 < taken <= net / 2


def test_the_deduction_belongs_to_the_payer_of_the_application(pay: Cast) -> None:
    inmate = a_worker(pay, days=10)
    for_a_second_payer(pay, inmate)
    calculated(pay)
    second = worked_off(started_by_the_second(pay))
    assert second.has_basic_deduction is False
    assert second.ipn > 0
    assert Payslip.objects.exclude(pk=second.pk).get().has_basic_deduction is True


def test_a_person_who_earned_nothing_here_is_not_charged_with_the_others_run(pay: Cast) -> None:
    inmate = an_inmate(pay)
    a_placement(pay, inmate)
    for_a_second_payer(pay, inmate)
    a_writ(inmate, "ИСК-1", queue=1, kind="claim", debt=money("1000.00"))
    run = calculated(pay)
    assert run.without_earnings == 1
    assert withheld(worked_off(started_by_the_second(pay))) == [money("1000.00")]


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_take_a_debt_once(
    no_broker: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both workers have read their people before either has written a slip."""
    pay = make_pay()
    inmate = a_worker(pay, days=10)
    for_a_second_payer(pay, inmate)
    writ = a_writ(inmate, "ИСК-1", queue=1, kind="claim", debt=money("5000.00"))
    runs = [started(pay), started_by_the_second(pay)]
    both_have_read = threading.Barrier(2, timeout=20)
    read: Callable = calculation.run_inputs

    def read_and_wait(run: PayrollRun) -> object:
        inputs = read(run)
        both_have_read.wait()
        return inputs

    monkeypatch.setattr(calculation, "run_inputs", read_and_wait)
    _at_once([lambda run=run: worked_off(run) for run in runs])
    taken = list(PayslipLine.objects.filter(writ=writ).values_list("amount", flat=True))
    assert Payslip.objects.filter(run__month=FIRST).count() == 2
    assert sum(taken) == money("5000.00")


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_give_the_deduction_once(
    no_broker: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    """96 000 in each place, less ОПВ 172 800 in both: 43 050 are above the deduction of 129 750."""
    pay = make_pay()
    _inmate, institution = at_two_institutions(pay)
    PayRate.objects.update(amount=money("1200.00"))
    runs = [started(pay), started(pay, institution_id=institution.pk)]
    both_have_read = threading.Barrier(2, timeout=20)
    read: Callable = calculation.run_inputs

    def read_and_wait(run: PayrollRun) -> object:
        inputs = read(run)
        both_have_read.wait()
        return inputs

    monkeypatch.setattr(calculation, "run_inputs", read_and_wait)
    _at_once([lambda run=run: worked_off(run) for run in runs])
    taxed = sorted(Payslip.objects.values_list("taxable", "ipn"))
    assert taxed == [(money("0.00"), money("0.00")), (money("43050.00"), money("4305.00"))]


def _at_once(acts: list[Callable[[], object]]) -> None:
    """Each act in a thread with a connection of its own; an error of one is the test's."""
    errors: list[BaseException] = []

    def act_alone(act: Callable[[], object]) -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001 - told by the assertion below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=act_alone, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(40)
    assert errors == []
