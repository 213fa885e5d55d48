"""Stories of real money: runs that others have counted and that are taken back, or that come out
otherwise, before anybody approved them; reversals that wait.
"""

from datetime import timedelta
from typing import Any

import pytest

from inmates.enums import RunKind, RunStatus
from inmates.models import Attendance, BackdatedChange, Inmate, PayrollRun
from inmates.services.corrections import family_of
from inmates.services.off_cycle import drop_run
from inmates.services.payroll import recalculate_person
from inmates.tasks import calculate_payroll_run
from portal.kernel import clock
from portal.kernel.periods import Month
from tests.inmates.books import check_books, first_signature, paid, posted
from tests.inmates.months import (
    OCTOBER,
    a_writ,
    attended,
    calculated,
    days_of,
    lock_sheets,
    started,
)
from tests.inmates.off_cycle import Scope, an_extra, made_run, posted_run, reversal_of, shortened
from tests.inmates.second_place import second_place
from tests.inmates.test_debts_and_reversals import (
    HALF,
    SEPTEMBER,
    ZERO,
    a_worker_of_two_months,
    cut,
    money,
    september,
    withheld,
)
from tests.inmates.test_reversal_stories import NOVEMBER, a_november
from tests.people import Cast, a_placement, an_hourly_rate, an_inmate


@pytest.fixture
def signed(pay: Cast) -> Cast:
    first_signature(pay)
    return pay


def with_a_claim(cast: Cast, debt: str = "50000.00") -> Inmate:
    inmate = a_worker_of_two_months(cast)
    a_writ(inmate, "И-1", kind="claim", queue=1, debt=money(debt))
    return inmate


def test_a_reversal_counts_for_others_when_it_is_posted_and_not_before(signed: Cast) -> None:
    """A claim of 50 000: September took 32 400, so October may take no more than 17 600."""
    inmate = with_a_claim(signed)
    run = posted(signed, SEPTEMBER)
    took = withheld(inmate)
    assert took == money("32400.00")
    mirror = reversal_of(signed, run)
    october = posted(signed)
    assert october.payslips.get().withheld_by_writs == money("50000.00") - took
    drop_run(actor=signed.accountant, run_id=mirror.pk, at=clock.now())
    assert withheld(inmate) == money("50000.00")
    assert check_books() == []


def test_a_posted_reversal_marks_whoever_had_counted_the_wages(signed: Cast) -> None:
    inmate = with_a_claim(signed)
    run = posted(signed, SEPTEMBER)
    mirror = reversal_of(signed, run)
    posted(signed)
    assert posted_run(signed, mirror).status == RunStatus.APPROVED
    changes = BackdatedChange.objects.filter(cause="other_pay", first_day=OCTOBER.first_day)
    assert [one.inmate for one in changes] == [inmate]


def test_so_it_does_at_another_payer(signed: Cast) -> None:
    """The other payer calculated while the mirror waited: nothing there has seen it."""
    inmate = with_a_claim(signed)
    run = posted(signed, SEPTEMBER)
    mirror = reversal_of(signed, run)
    institution, there = in_another_place(signed, inmate)
    assert posted_run(signed, mirror).status == RunStatus.APPROVED
    assert there.status == RunStatus.APPROVED
    changes = BackdatedChange.objects.filter(cause="other_pay", institution=institution)
    assert [one.inmate for one in changes] == [inmate]


def in_another_place(cast: Cast, inmate: Inmate, month: Month = OCTOBER) -> tuple[Any, PayrollRun]:
    """Wages of the person at another institution, posted."""
    institution, post = second_place(cast)
    attended(a_placement(cast, inmate, post=post, **HALF), days_of(month, 10))
    an_hourly_rate(cast, post=post)
    lock_sheets(cast, month, post__workshop__institution=institution.pk)
    run = calculated(cast, month, institution_id=institution.pk)
    return institution, posted_run(cast, run)


def marked(institution: Any) -> list[tuple[str, str]]:
    changes = BackdatedChange.objects.filter(institution=institution, settled_by=None)
    return list(changes.values_list("inmate__personnel_number", "cause"))


def test_a_dropped_run_marks_whoever_has_counted_it(signed: Cast) -> None:
    """A bonus had taken the rest of the claim; another place has found nothing left, and then the
    bonus was taken back."""
    inmate = with_a_claim(signed, "34000.00")
    posted(signed, SEPTEMBER)
    bonus = an_extra(signed, "1648", "40000.00")
    type(bonus).objects.filter(pk=bonus.pk).update(month=SEPTEMBER.first_day)
    scope = september(signed)
    run = made_run(signed, RunKind.BONUS, scope=scope, reason="премия за квартал")
    institution, there = in_another_place(signed, inmate)
    assert there.payslips.get().withheld_by_writs == ZERO
    assert withheld(inmate) == money("32400.00")
    drop_run(actor=signed.accountant, run_id=run.pk, at=clock.now())
    assert marked(institution) == [("1648", "other_pay")]
    error = made_run(
        signed, RunKind.ERROR, scope=Scope(signed.enterprise.pk, institution.pk, OCTOBER),
        reason="сверка",
    )  # fmt: skip
    assert error.payslips.get().withheld_by_writs == money("1600.00")
    posted_run(signed, error)
    assert withheld(inmate) == money("34000.00")
    assert check_books() == []


def test_a_dropped_run_marks_nobody_who_came_before_it(signed: Cast) -> None:
    inmate = with_a_claim(signed)
    institution, _there = in_another_place(signed, inmate)
    posted(signed, SEPTEMBER)
    shortened("1648", days_of(SEPTEMBER, 1)[0])
    BackdatedChange.objects.filter(institution=institution).delete()
    run = made_run(signed, RunKind.ERROR, scope=september(signed), reason="ошибка")
    drop_run(actor=signed.accountant, run_id=run.pk, at=clock.now())
    assert marked(institution) == []


def test_a_payslip_that_vanishes_when_it_is_calculated_anew_marks_too(signed: Cast) -> None:
    """September is calculated, another place counts it, and then the person has no days there."""
    inmate = with_a_claim(signed)
    calculated(signed, SEPTEMBER)
    institution, there = in_another_place(signed, inmate)
    assert there.payslips.get().withheld_by_writs == money("17600.00")
    Attendance.objects.filter(placement__inmate=inmate, worked_on__lt=OCTOBER.first_day).delete()
    assert calculated(signed, SEPTEMBER).payslips.count() == 0
    assert marked(institution) == [("1648", "other_pay")]


def test_so_does_that_of_one_person_calculated_anew(signed: Cast) -> None:
    inmate = with_a_claim(signed)
    other = a_worker_of_two_months(signed, "1649")
    run = calculated(signed, SEPTEMBER)
    institution, _there = in_another_place(signed, inmate)
    for one in (other, inmate):
        again = recalculate_person(
            actor=signed.accountant, run_id=run.pk, inmate_id=one.pk, at=clock.now()
        )
        calculate_payroll_run(task_run=str(again.task_run_id))
        assert marked(institution) == ([] if one == other else [("1648", "other_pay")])


def test_a_difference_that_vanishes_marks_who_counted_it(signed: Cast) -> None:
    """October carried a difference of September, another place counted both, and the change was
    taken back before the approval."""
    inmate = with_a_claim(signed, "60000.00")
    paid(signed, posted(signed, SEPTEMBER))
    cut(inmate, 10)
    run = calculated(signed)
    assert run.corrections.get().payslips.get().withheld_by_writs < 0
    institution, _there = in_another_place(signed, inmate)
    cut(inmate, 10, 480)
    BackdatedChange.objects.filter(institution=institution).delete()
    again = started(signed, OCTOBER, at=clock.now())
    calculate_payroll_run(task_run=str(again.task_run_id))
    assert not PayrollRun.objects.filter(kind=RunKind.CORRECTION).exists()
    assert marked(institution) == [("1648", "other_pay")]


def test_what_waits_twice_is_counted_once(signed: Cast) -> None:
    """An error of September waits, and November carries the same difference, and one of October:
    the year before October is September as it is now, and not less than nothing."""
    inmate = an_inmate(signed)
    placement = a_placement(signed, inmate)
    for month in (SEPTEMBER, OCTOBER):
        attended(placement, days_of(month, 15))
        paid(signed, posted(signed, month))
    cut(inmate, 14)
    error = made_run(signed, RunKind.ERROR, scope=september(signed), reason="табель исправлен")
    cut(inmate, 5, month=OCTOBER)
    november = a_november(signed)
    family = family_of(november)
    assert [one.kind for one in family] == ["correction", "correction", "regular"]
    assert [one.difference_count for one in family] == [0, 0, 0]
    taxes = [one.payslips.get().ipn for one in family]
    drop_run(actor=signed.accountant, run_id=error.pk, at=clock.now())
    again = started(signed, NOVEMBER, at=clock.now() + timedelta(days=30))
    calculate_payroll_run(task_run=str(again.task_run_id))
    assert [one.payslips.get().ipn for one in family_of(again)] == taxes


def test_differences_that_nobody_can_approve_count_for_nobody(signed: Cast) -> None:
    """They wait with a month in which nobody earned, and go by a mending, which counts once."""
    inmate = with_a_claim(signed)
    posted(signed, SEPTEMBER)
    took = withheld(inmate)
    Attendance.objects.filter(placement__inmate=inmate, worked_on__gte=OCTOBER.first_day).delete()
    shortened("1648", days_of(SEPTEMBER, 1)[0], minutes=60)
    waiting = calculated(signed, OCTOBER, at=clock.now())
    difference = waiting.corrections.get().payslips.get().withheld_by_writs
    assert (difference < 0, waiting.payslips.count()) == (True, 0)
    institution, there = in_another_place(signed, inmate)
    assert there.payslips.get().withheld_by_writs == money("50000.00") - took
    posted_run(signed, made_run(signed, RunKind.ERROR, scope=september(signed), reason="ошибка"))
    assert marked(institution) == [("1648", "other_pay")]
    error = made_run(
        signed, RunKind.ERROR, scope=Scope(signed.enterprise.pk, institution.pk, OCTOBER),
        reason="сверка",
    )  # fmt: skip
    assert error.payslips.get().withheld_by_writs == -difference
    posted_run(signed, error)
    assert withheld(inmate) == money("50000.00")
    assert check_books() == []
