"""Runs that share people keep their order when one person of the earlier is calculated anew."""

from decimal import Decimal

import pytest

from inmates.models import Attendance, Inmate, PayrollRun, Payslip, PayslipLine
from inmates.services.payroll import recalculate_person
from inmates.services.second_check import check_payroll_run
from inmates.tasks import calculate_payroll_run
from portal.accounts.models import User
from portal.kernel import clock
from tests.inmates.books import approved, first_signature
from tests.inmates.books import worked_off as posted_off
from tests.inmates.months import a_worker, a_writ, calculated
from tests.inmates.test_two_payers import at_two_institutions, for_a_second_payer
from tests.people import Cast


def money(amount: str) -> Decimal:
    return Decimal(amount)


@pytest.fixture
def shared(pay: Cast) -> Inmate:
    """Works for the state enterprise and for the entrepreneur, and owes more than both can take."""
    inmate = a_worker(pay, days=10)
    for_a_second_payer(pay, inmate)
    a_writ(inmate, "ИСК-1", queue=1, kind="claim", debt=money("900000.00"))
    a_worker(pay, "1649")
    return inmate


def of_the_second(cast: Cast) -> PayrollRun:
    return calculated(cast, actor=cast.private_accountant, payer_id=cast.entrepreneur.pk)


def anew(actor: User, run: PayrollRun, inmate: Inmate) -> PayrollRun:
    """The person alone, and the check of the whole run behind it."""
    at = clock.now()
    again = recalculate_person(actor=actor, run_id=run.pk, inmate_id=inmate.pk, at=at)
    calculate_payroll_run(task_run=str(again.task_run_id))
    return PayrollRun.objects.get(pk=run.pk)


def differences(run: PayrollRun) -> int:
    """What a check of the run finds now."""
    return check_payroll_run(run_id=run.pk, at=clock.now())


def sums(run: PayrollRun) -> dict[str, Decimal]:
    lines = PayslipLine.objects.filter(payslip__run=run).order_by("payslip__inmate", "sequence")
    return {
        f"{line.payslip.inmate_id} {line.code} {line.subject}": line.amount
        for line in lines.select_related("payslip")
    }


def test_one_person_of_the_first_payer_anew_leaves_both_clean(pay: Cast, shared: Inmate) -> None:
    first, second = calculated(pay), of_the_second(pay)
    before = sums(first), sums(second)
    assert first.ordered_at < second.ordered_at
    again = anew(pay.accountant, first, shared)
    assert again.difference_count == 0
    assert again.ordered_at == first.ordered_at
    assert again.calculated_at > first.calculated_at
    assert (differences(first), differences(second)) == (0, 0)
    assert (sums(first), sums(second)) == before


def test_one_person_of_the_second_payer_anew_leaves_both_clean(pay: Cast, shared: Inmate) -> None:
    first, second = calculated(pay), of_the_second(pay)
    before = sums(second)
    assert anew(pay.private_accountant, second, shared).difference_count == 0
    assert (differences(first), differences(second)) == (0, 0)
    assert sums(second) == before


def test_what_changed_is_told_by_the_check_of_the_later_and_mended_there(
    pay: Cast, shared: Inmate
) -> None:
    """A day less at the first: its cap is smaller, and the second's check names the person."""
    first, second = calculated(pay), of_the_second(pay)
    taken = Payslip.objects.get(run=first, inmate=shared).withheld_by_writs
    days = Attendance.objects.filter(
        placement__inmate=shared, placement__payer=pay.enterprise
    ).order_by("worked_on")
    Attendance.objects.filter(pk=days.first().pk).delete()
    assert anew(pay.accountant, first, shared).difference_count == 0
    assert Payslip.objects.get(run=first, inmate=shared).withheld_by_writs < taken
    assert differences(second) > 0
    assert {row.inmate_id for row in second.differences.all()} == {shared.pk}
    assert anew(pay.private_accountant, second, shared).difference_count == 0
    assert (differences(first), differences(second)) == (0, 0)
    slips = Payslip.objects.filter(inmate=shared)
    net, withheld = sum(one.net for one in slips), sum(one.withheld_by_writs for one in slips)
    assert withheld <= net / 2


def test_one_payer_in_two_institutions_keeps_the_order_too(pay: Cast) -> None:
    inmate, institution = at_two_institutions(pay)
    a_writ(inmate, "АЛ-1", amount=money("30000.00"))
    first = calculated(pay)
    second = calculated(pay, institution_id=institution.pk)
    before = sums(first), sums(second)
    assert anew(pay.accountant, first, inmate).difference_count == 0
    assert (differences(first), differences(second)) == (0, 0)
    assert (sums(first), sums(second)) == before


def test_what_is_approved_is_counted_whatever_the_order(pay: Cast) -> None:
    """The second is approved: the person of the first anew gets what it has left."""
    inmate, institution = at_two_institutions(pay)
    a_writ(inmate, "АЛ-1", amount=money("30000.00"))
    first_signature(pay)
    first = calculated(pay)
    second = calculated(pay, institution_id=institution.pk)
    assert posted_off(approved(pay, second)).status == "approved"
    assert anew(pay.accountant, first, inmate).difference_count == 0
    slips = Payslip.objects.filter(inmate=inmate)
    assert sum(slip.withheld_by_writs for slip in slips) <= money("30000.00")


def test_a_run_calculated_as_a_whole_takes_its_place_anew(pay: Cast, shared: Inmate) -> None:
    first, second = calculated(pay), of_the_second(pay)
    whole = calculated(pay)
    assert whole.pk == first.pk
    assert whole.ordered_at == whole.calculated_at
    assert whole.ordered_at > second.ordered_at
    assert whole.difference_count == 0


def test_a_run_of_before_the_column_takes_the_time_of_its_calculation(
    pay: Cast, shared: Inmate
) -> None:
    first, second = calculated(pay), of_the_second(pay)
    PayrollRun.objects.update(ordered_at=None)
    assert (differences(first), differences(second)) == (0, 0)
    again = anew(pay.accountant, first, shared)
    assert again.ordered_at == first.calculated_at
    assert (differences(first), differences(second)) == (0, 0)
