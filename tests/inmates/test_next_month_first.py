"""A month is reversed and changed, and then the next one is calculated before it is made anew: the
whole of it goes as differences with the next one. Nobody loses by that, and nobody is paid twice.
"""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from inmates.approval_refusals import NobodyEarned, OnlyDifferences
from inmates.enums import FINAL_RUNS, RunKind
from inmates.models import Attendance, Inmate, PayrollRun, Payslip
from inmates.off_cycle_refusals import NothingApprovedYet
from inmates.services.approval import approve_payroll_run
from portal.kernel import clock
from portal.kernel.periods import Month
from tests.inmates.books import check_books, first_signature, paid
from tests.inmates.corrected import worked
from tests.inmates.months import OCTOBER, attended, calculated, days_of
from tests.inmates.off_cycle import (
    Scope,
    made_run,
    month_sums,
    owed,
    posted_run,
    reversed_and_posted,
)
from tests.people import Cast, a_placement, an_inmate

SEPTEMBER = Month(2026, 9)
PEOPLE = ("1648", "1649")


@dataclass
class Story:
    """Two people with a September that is made, taken back and changed, and an October."""

    cast: Cast
    people: list[Inmate]

    def month(self, month: Month) -> PayrollRun:
        return calculated(self.cast, month, at=clock.now())

    def pay(self, run: PayrollRun) -> PayrollRun:
        return paid(self.cast, posted_run(self.cast, run), document=f"ПП № {run.pk}")

    def scope(self, month: Month = SEPTEMBER) -> Scope:
        return Scope(self.cast.enterprise.pk, self.cast.institution.pk, month)


@pytest.fixture
def story(pay: Cast) -> Story:
    first_signature(pay)
    people = [an_inmate(pay, number) for number in PEOPLE]
    for inmate in people:
        placement = a_placement(pay, inmate)
        attended(placement, days_of(SEPTEMBER, 15))
        attended(placement, days_of(OCTOBER, 15))
    return Story(pay, people)


def taken_back(story: Story, *, is_paid: bool) -> None:
    """September was entered wrongly: it is reversed, and the first days were half as long."""
    run = posted_run(story.cast, story.month(SEPTEMBER))
    if is_paid:
        paid(story.cast, run)
    reversed_and_posted(story.cast, run)
    for inmate in story.people:
        worked(inmate, SEPTEMBER, 5, 240)


def credited(number: str) -> Decimal:
    """What was really paid to the account."""
    slips = Payslip.objects.filter(inmate__personnel_number=number, run__status="paid")
    return sum((slip.to_account + slip.settlement for slip in slips), Decimal("0.00"))


def due(number: str) -> Decimal:
    """What all approved payslips say is to go to the account."""
    slips = Payslip.objects.filter(inmate__personnel_number=number, run__status__in=FINAL_RUNS)
    return sum((slip.to_account for slip in slips), Decimal("0.00"))


@pytest.mark.parametrize("is_paid", [True, False])
def test_nobody_loses_and_nobody_is_paid_twice(story: Story, is_paid: bool) -> None:
    taken_back(story, is_paid=is_paid)
    october = story.month(OCTOBER)
    correction = october.corrections.get()
    assert {slip.inmate.personnel_number for slip in correction.payslips.all()} == {*PEOPLE}
    assert all(slip.is_difference and slip.gross > 0 for slip in correction.payslips.all())
    story.pay(october)
    september = story.month(SEPTEMBER)
    assert (september.payslips.count(), september.corrections.count()) == (0, 0)
    with pytest.raises(NobodyEarned):
        approve_payroll_run(actor=story.cast.head, run_id=september.pk, at=clock.now())
    for number in PEOPLE:
        assert month_sums(number, SEPTEMBER)["minutes_worked"] == 10 * 480 + 5 * 240
        # What was paid of the September that was taken back is owed, or set off already.
        assert credited(number) - owed(number) == due(number)
        assert owed(number) >= 0
    assert check_books() == []


def test_whoever_was_not_changed_is_paid_by_the_month_itself(story: Story) -> None:
    """One has changed and goes with October; the other one comes with the new September."""
    posted = posted_run(story.cast, story.month(SEPTEMBER))
    reversed_and_posted(story.cast, posted)
    worked(story.people[0], SEPTEMBER, 5, 240)
    october = story.month(OCTOBER)
    assert [slip.inmate for slip in october.corrections.get().payslips.all()] == story.people[:1]
    story.pay(october)
    september = story.month(SEPTEMBER)
    assert [slip.inmate for slip in september.payslips.all()] == story.people[1:]
    story.pay(september)
    for number in PEOPLE:
        assert credited(number) == due(number)
        assert owed(number) == 0
    assert check_books() == []


def test_what_comes_later_goes_by_the_run_of_the_month(story: Story) -> None:
    """Its own run was empty, and nobody approved it: a mending is refused with the way there is,
    for that run takes up what was changed meanwhile."""
    taken_back(story, is_paid=True)
    story.pay(story.month(OCTOBER))
    story.month(SEPTEMBER)
    worked(story.people[0], SEPTEMBER, 5, 480)
    with pytest.raises(NothingApprovedYet):
        made_run(story.cast, RunKind.ERROR, ["1648"], story.scope(), reason="табель исправлен")
    run = story.month(SEPTEMBER)
    assert run.payslips.get().minutes_worked == 5 * 240
    story.pay(run)
    assert month_sums("1648", SEPTEMBER)["minutes_worked"] == 15 * 480
    assert credited("1648") - owed("1648") == due("1648")
    assert check_books() == []


def test_a_month_of_which_nothing_stands_is_calculated_by_its_own_run(story: Story) -> None:
    """Nobody has earned in October: it cannot carry September, and a mending is refused with the
    way that there is."""
    taken_back(story, is_paid=False)
    Attendance.objects.filter(worked_on__month=OCTOBER.month).delete()
    october = story.month(OCTOBER)
    with pytest.raises(OnlyDifferences):
        approve_payroll_run(actor=story.cast.head, run_id=october.pk, at=clock.now())
    with pytest.raises(NothingApprovedYet):
        made_run(story.cast, RunKind.ERROR, PEOPLE, story.scope(), reason="табель исправлен")
    story.pay(story.month(SEPTEMBER))
    again = story.month(OCTOBER)
    assert (again.payslips.count(), again.corrections.count()) == (0, 0)
    for number in PEOPLE:
        assert credited(number) == due(number) > 0
    assert check_books() == []
