"""Differences that wait with a month in which nobody earned: they have a way to their owners."""

import pytest

from inmates.approval_refusals import OnlyDifferences
from inmates.enums import RunKind
from inmates.models import Attendance
from inmates.services.approval import approve_payroll_run
from portal.kernel import clock
from tests.inmates.books import check_books
from tests.inmates.corrected import OCTOBER, SEPTEMBER, changed, owed, paid_september
from tests.inmates.months import calculated
from tests.inmates.off_cycle import Scope, made_run, posted_run
from tests.people import Cast


def test_differences_of_whoever_earns_no_more_are_settled_by_a_run_of_their_own(pay: Cast) -> None:
    story = paid_september(pay)
    Attendance.objects.filter(worked_on__month=OCTOBER.month).delete()
    changed(story)
    run = calculated(pay, OCTOBER)
    assert not run.payslips.exists()
    assert [one.month for one in run.corrections.all()] == [SEPTEMBER.first_day]
    with pytest.raises(OnlyDifferences, match="2026"):
        approve_payroll_run(actor=pay.head, run_id=run.pk, at=clock.now())

    scope = Scope(pay.enterprise.pk, pay.institution.pk, SEPTEMBER)
    numbers = [story.over.personnel_number, story.under.personnel_number]
    mended = posted_run(
        pay, made_run(pay, RunKind.ERROR, numbers, scope, reason="табель исправлен")
    )
    assert mended.payslips.get(inmate=story.under).to_account > 0
    assert owed(story.over) == -mended.payslips.get(inmate=story.over).to_account > 0
    assert not calculated(pay, OCTOBER).corrections.exists()
    assert check_books() == []
