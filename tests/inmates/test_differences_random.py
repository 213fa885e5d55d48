"""Random histories: whatever is changed in the past, all payslips of a month are what it is now.

A world of many people, each with a history of its own. Both calculations agree on each of its
runs, the books after each of its months. A run of differences is signed and later taken back, after
wages have withheld of it; another is dropped when others have counted it. In the end every month is
calculated anew for everybody, and nothing comes of it. PORTAL_HISTORIES=1000 makes it as many
people.
"""

import os

from inmates.models import PayrollRun, Payslip
from portal.kernel.periods import Month
from tests.inmates.books import check_books
from tests.inmates.changing_worlds import (
    Past,
    a_past,
    an_error,
    change,
    give_up,
    live,
    open_marks,
    pay_late,
    recomputed,
    reverse,
    scopes,
    sign,
    told,
)
from tests.people import Cast

FIRST = Month(2026, 1)
QUIET_BY = 8
PEOPLE = int(os.environ.get("PORTAL_HISTORIES", "50"))
SEED = int(os.environ.get("PORTAL_SEED", "0"))


def books_agree() -> None:
    assert check_books() == []


def a_story(past: Past, share: float) -> tuple[bool, bool]:
    """The past changes; a run of differences is signed, and taken back after the next wages.

    Whether another one was dropped after that month had counted it, and the first one reversed.
    """
    change(past, share)
    signed, stray = an_error(past), None
    if signed is not None:
        sign(past, signed)
        stray = an_error(past)
    live(past)
    if stray is not None:
        give_up(past, stray)
    books_agree()
    is_reversed = signed is not None and reverse(past, signed)
    if signed is not None and not is_reversed:
        pay_late(past, signed)
    books_agree()
    return stray is not None, is_reversed


def test_payslips_add_up_to_what_the_month_is_now(pay: Cast) -> None:
    past = a_past(pay, SEED, FIRST, PEOPLE)
    live(past)
    stories = [a_story(past, share) for share in (0.5, 0.4)]
    # Months without changes answer what those of other payers have changed.
    while open_marks() and len(past.months) < QUIET_BY:
        live(past, busy=0.4)
    books_agree()
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
    assert all(is_dropped for is_dropped, _reversed in stories)
    assert any(is_reversed for _dropped, is_reversed in stories)
