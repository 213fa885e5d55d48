"""Random histories: whatever is changed in the past, all payslips of a month are what it is now.

A world of many people, each with a history of its own. Both calculations agree on each of its
runs, the books after each act upon one. A run of differences is signed and later taken back, after
wages have withheld of it; another is dropped when others have counted it. Then nobody works for a
month: what waits goes by runs of its own. In the end every month is calculated anew for
everybody, and nothing comes of it. PORTAL_HISTORIES=1000 makes it as many people, thirty to a world
(PORTAL_WORLD); PORTAL_SEED is the seed of the first.
"""

import os

import pytest
from django.db import connection

from inmates.models import PayrollRun, Payslip
from portal.kernel.periods import Month
from tests.inmates.books import check_books
from tests.inmates.changing_worlds import Past, a_past
from tests.inmates.late_news import change
from tests.inmates.past_runs import (
    an_error,
    close_the_rest,
    give_up,
    live,
    open_marks,
    pay_out,
    recomputed,
    reverse,
    scopes,
    sign,
    told,
)
from tests.people import Cast

FIRST = Month(2026, 1)
QUIET_BY = 10
PEOPLE = int(os.environ.get("PORTAL_HISTORIES", "30"))
WORLD = int(os.environ.get("PORTAL_WORLD", "30"))
# Of one world of the suite the past changes once before the idle month; of a search twice.
SHARES = (0.5, 0.4) if PEOPLE > WORLD else (0.5,)
SEED = int(os.environ.get("PORTAL_SEED", "0"))
WORLDS = [(SEED + number, WORLD) for number in range(-(-PEOPLE // WORLD))]


BOOKS = (
    "inmates_payrollrun, inmates_payslip, inmates_payslipline, inmates_journalentry, "
    "inmates_posting, inmates_ledgeraccount"
)


def books_agree() -> None:
    """All of them; a world is one transaction, in which nobody else counts the rows."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {BOOKS}")
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
    is_reversed = signed is not None and reverse(past, signed)
    if signed is not None and not is_reversed:
        pay_out(past, signed)
    close_the_rest(past)
    return stray is not None, is_reversed


@pytest.mark.parametrize(("seed", "people"), WORLDS)
def test_payslips_add_up_to_what_the_month_is_now(pay: Cast, seed: int, people: int) -> None:
    past = a_past(pay, seed, FIRST, people)
    past.watch = books_agree
    live(past)
    stories = [a_story(past, share) for share in SHARES]
    change(past, 0.2)
    live(past, busy=0.0)
    # Months without changes answer what those of other payers have changed.
    while open_marks() and len(past.months) < QUIET_BY:
        live(past, busy=0.4)
    assert open_marks() == []
    for scope in scopes(past):
        run = recomputed(past, scope)
        assert run.difference_count == 0, told([run])
        assert not run.payslips.exists(), scope
        assert not run.problems.exists()
    if (seed, people) == (0, 30):
        every_kind_of_thing_has_happened(past, stories)


def every_kind_of_thing_has_happened(past: Past, stories: list[tuple[bool, bool]]) -> None:
    """So that the seed of the suite is no idle one."""
    assert PayrollRun.objects.filter(kind="correction").count() > 2
    assert Payslip.objects.filter(settlement__gt=0).exists()
    assert Payslip.objects.filter(settlement__lt=0).exists()
    assert len(past.changes) > 8, past.changes
    assert all(is_dropped for is_dropped, _reversed in stories)
    assert any(is_reversed for _dropped, is_reversed in stories)
    assert PayrollRun.objects.filter(kind="error", status="paid").count() > 2
    assert PayrollRun.objects.filter(settled_changes__isnull=False, payslips=None).exists()
