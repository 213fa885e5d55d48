"""Random histories: whatever is changed in the past, all payslips of a month are what it is now.

A world of many people, each with a history of its own; both calculations, the books and a fresh
calculation of every month agree after each of its runs.
"""

import os

import pytest

from inmates.models import PayrollRun, Payslip
from portal.kernel.periods import Month
from tests.inmates.books import check_books
from tests.inmates.changing_worlds import (
    a_past,
    change,
    live,
    open_marks,
    recomputed,
    scopes,
    told,
)
from tests.people import Cast

FIRST = Month(2026, 1)
PEOPLE = int(os.environ.get("PORTAL_HISTORIES", "60"))


@pytest.mark.parametrize("seed", range(1))
def test_payslips_add_up_to_what_the_month_is_now(pay: Cast, seed: int) -> None:
    past = a_past(pay, seed, FIRST, PEOPLE)
    live(past)
    for share in (0.5, 0.4):
        change(past, share)
        live(past)
        assert check_books() == []
    # Months without changes answer what those of other payers have changed.
    for _quiet in range(2):
        live(past)
    assert check_books() == []
    assert open_marks() == []
    for scope in scopes(past):
        run = recomputed(past, scope)
        assert run.difference_count == 0, told([run])
        assert not run.payslips.exists(), scope
        assert not run.problems.exists()
    assert PayrollRun.objects.filter(kind="correction").count() > 4
    assert Payslip.objects.filter(settlement__gt=0).exists()
    assert Payslip.objects.filter(settlement__lt=0).exists()
    assert len(past.changes) > 8, past.changes
