"""Stories of real money: debts that were recovered before their difference was taken back, months
paid anew, reversals that wait while other wages are posted, runs taken back that others counted.
"""

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from inmates.approval_refusals import (
    BooksDiffer,
    CalculationsDiffer,
    ReversedDebtChanged,
    ReversedWagesPaid,
)
from inmates.enums import FINAL_RUNS, AccountKind, RunKind, RunStatus
from inmates.models import (
    Attendance,
    Inmate,
    PayrollRun,
    Payslip,
    PayslipLine,
    Posting,
)
from inmates.off_cycle_refusals import LaterRunStands, ReversalWaits, RunReversed
from inmates.presenters.run_kinds import is_payable, to_pay_of
from inmates.selectors.mirrors import why_outdated
from inmates.selectors.payroll import runs_with_totals
from inmates.services.approval import approve_payroll_run
from inmates.services.off_cycle import drop_run, restart_run
from portal.kernel import clock
from portal.kernel.errors import PortalError
from portal.kernel.periods import Month
from portal.kernel.states import history_of
from tests.inmates.books import check_books, first_signature, paid, posted
from tests.inmates.months import (
    OCTOBER,
    a_worker,
    an_application,
    attended,
    calculated,
    days_of,
    lock_sheets,
)
from tests.inmates.off_cycle import (
    Scope,
    a_leaver,
    an_extra,
    confirmed,
    made_run,
    november,
    owed,
    posted_run,
    reversal_of,
    reversed_and_posted,
    shortened,
)
from tests.inmates.second_place import second_place
from tests.people import Cast, a_placement, an_hourly_rate, an_inmate

ZERO = Decimal("0.00")
SEPTEMBER = Month(2026, 9)
# Beside other work of the same days.
HALF = {"is_full_time": False, "daily_minutes": 240}


def money(text: str) -> Decimal:
    return Decimal(text)


@pytest.fixture
def signed(pay: Cast) -> Cast:
    first_signature(pay)
    return pay


def september(cast: Cast) -> Scope:
    return Scope(cast.enterprise.pk, cast.institution.pk, SEPTEMBER)


def a_worker_of_two_months(cast: Cast, number: str = "1648", days: int = 15) -> Inmate:
    """So many days of eight hours in September and in October: 4 800 a day."""
    inmate = an_inmate(cast, number)
    an_application(cast, inmate)
    placement = a_placement(cast, inmate)
    for month in (SEPTEMBER, OCTOBER):
        attended(placement, days_of(month, days))
    return inmate


def cut(inmate: Inmate, days: int, minutes: int = 60, month: Month = SEPTEMBER) -> None:
    """The first days of the month were much shorter, it turns out."""
    rows = Attendance.objects.filter(
        placement__inmate=inmate, worked_on__in=days_of(month, 15)[:days]
    )
    assert rows.update(minutes=minutes) == days


def credited(inmate: Inmate) -> Decimal:
    """What came to the person's account by all payments, as the ledger has it."""
    found = Posting.objects.filter(account__inmate=inmate, account__kind=AccountKind.CASH_CONTROL)
    return found.aggregate(sum=Sum("credit") - Sum("debit"))["sum"] or ZERO


def earned(inmate: Inmate) -> Decimal:
    """What all approved payslips bring to the account."""
    slips = inmate.payslips.filter(run__status__in=FINAL_RUNS)
    return slips.aggregate(sum=Sum("to_account"))["sum"] or ZERO


def withheld(inmate: Inmate) -> Decimal:
    """What writs have taken by all approved payslips."""
    slips = inmate.payslips.filter(run__status__in=FINAL_RUNS)
    return slips.aggregate(sum=Sum("withheld_by_writs"))["sum"] or ZERO


def with_totals(run: PayrollRun) -> Any:
    return runs_with_totals(PayrollRun.objects.select_related("reverses")).get(pk=run.pk)


def an_error(cast: Cast, scope: Scope | None = None) -> PayrollRun:
    return posted_run(cast, made_run(cast, RunKind.ERROR, scope=scope, reason="табель исправлен"))


# --- a debt that was recovered before its difference is taken back -----------------------------
def recovered(cast: Cast) -> tuple[Inmate, PayrollRun, Decimal]:
    """September is paid and then found too high; October has withheld all of that. The run of the
    difference was never entered as paid: there was nothing to pay."""
    inmate = a_worker_of_two_months(cast)
    paid(cast, posted(cast, SEPTEMBER))
    cut(inmate, 5)
    error = an_error(cast, september(cast))
    debt = owed("1648")
    assert debt == -error.payslips.get().to_account == money("18900.00")
    paid(cast, posted(cast))
    assert owed("1648") == ZERO
    return inmate, error, debt


def test_what_was_recovered_is_paid_when_its_difference_is_reversed(signed: Cast) -> None:
    inmate, error, debt = recovered(signed)
    mirror = reversed_and_posted(signed, error)
    slip = mirror.payslips.get()
    assert (slip.to_account, slip.settlement) == (debt, ZERO)
    assert owed("1648") == ZERO
    assert is_payable(with_totals(mirror))
    assert to_pay_of(with_totals(mirror)) == debt
    assert check_books() == []
    paid(signed, mirror)
    assert credited(inmate) == earned(inmate)
    assert check_books() == []


def test_of_a_debt_recovered_in_part_the_part_is_paid(signed: Cast) -> None:
    inmate = a_worker_of_two_months(signed)
    paid(signed, posted(signed, SEPTEMBER))
    cut(inmate, 15)
    error = an_error(signed, september(signed))
    debt = owed("1648")
    october = paid(signed, posted(signed))
    left = owed("1648")
    took = -october.payslips.get().settlement
    assert ZERO < left == debt - took
    mirror = reversed_and_posted(signed, error)
    slip = mirror.payslips.get()
    assert (slip.to_account, slip.settlement) == (debt, -left)
    assert owed("1648") == ZERO
    paid(signed, mirror)
    assert credited(inmate) == earned(inmate)
    assert check_books() == []


def test_the_month_after_goes_on_without_a_jam(signed: Cast) -> None:
    """Both calculations agree about differences that come after such a reversal."""
    inmate, error, _debt = recovered(signed)
    reversed_and_posted(signed, error)
    again = made_run(signed, RunKind.ERROR, scope=september(signed), reason="всё-таки исправлен")
    assert again.difference_count == 0
    posted_run(signed, again)
    assert owed("1648") == money("18900.00")
    assert check_books() == []
    assert inmate.payslips.count() == 5


def unpaid_family(cast: Cast) -> tuple[Inmate, PayrollRun]:
    """October carries a difference of September, is approved, and nobody has paid it."""
    inmate = a_worker_of_two_months(cast)
    paid(cast, posted(cast, SEPTEMBER))
    cut(inmate, 15)
    run = posted(cast)
    assert run.corrections.count() == 1
    return inmate, run


def test_a_family_whose_debt_was_recovered_elsewhere_gives_back_the_rest(signed: Cast) -> None:
    """What October has withheld itself comes back with it; what another place has is paid."""
    institution, post = second_place(signed)
    inmate, run = unpaid_family(signed)
    debt = owed("1648")
    attended(a_placement(signed, inmate, post=post, **HALF), days_of(OCTOBER, 10))
    an_hourly_rate(signed, post=post)
    lock_sheets(signed, post__workshop__institution=institution.pk)
    there = paid(signed, posted_run(signed, calculated(signed, institution_id=institution.pk)))
    elsewhere = -there.payslips.get().settlement
    assert ZERO < elsewhere < debt
    mirror = reversed_and_posted(signed, run)
    assert owed("1648") == ZERO
    beside = with_totals(mirror.corrections.get())
    assert to_pay_of(beside) == elsewhere
    assert is_payable(with_totals(mirror))
    assert check_books() == []
    paid(signed, mirror)
    assert credited(inmate) == earned(inmate)
    assert check_books() == []


def test_a_reversal_that_has_nothing_to_pay_is_not_paid(signed: Cast) -> None:
    _inmate, run = unpaid_family(signed)
    mirror = reversed_and_posted(signed, run)
    assert not is_payable(with_totals(mirror))
    with pytest.raises(RunReversed):
        paid(signed, mirror)


def test_what_is_recovered_while_the_mirror_waits_stops_it(signed: Cast) -> None:
    inmate = a_worker_of_two_months(signed)
    paid(signed, posted(signed, SEPTEMBER))
    cut(inmate, 5)
    error = an_error(signed, september(signed))
    mirror = reversal_of(signed, error)
    paid(signed, posted(signed))
    mirror = posted_run(signed, mirror)
    assert (mirror.status, mirror.difference_count) == (RunStatus.CALCULATED, 1)
    assert told_why(signed, mirror) == str(ReversedDebtChanged())
    drop_run(actor=signed.accountant, run_id=mirror.pk, at=clock.now())
    mirror = reversed_and_posted(signed, error)
    assert mirror.payslips.get().settlement == ZERO
    assert owed("1648") == ZERO
    assert check_books() == []


def test_nothing_is_posted_that_settles_more_than_is_owed(
    signed: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the two calculations say: the books are looked at once more."""
    _inmate, error, debt = recovered(signed)
    mirror = reversal_of(signed, error)
    Payslip.objects.filter(run=mirror).update(settlement=-debt)
    monkeypatch.setattr("inmates.services.posting.check_payroll_run", lambda **_run: 0)
    mirror = posted_run(signed, mirror)
    assert mirror.status == RunStatus.CALCULATED
    assert str(BooksDiffer(count=1)) in history_of(mirror).last().reason


def told_why(cast: Cast, mirror: PayrollRun) -> str:
    """What the history, a second approval and the pages say of a mirror that holds no longer."""
    why = history_of(mirror).last().reason
    with pytest.raises(PortalError) as refused:
        approve_payroll_run(actor=cast.head, run_id=mirror.pk, at=clock.now())
    client = Client()
    client.force_login(cast.accountant)
    for name in ("inmates:payroll_run", "inmates:payroll_differences"):
        page = client.get(reverse(name, args=[mirror.pk])).content.decode()
        assert why in page
        assert "рассчитайте" not in page.lower()
    assert str(refused.value) == why
    return why


def test_a_mirror_of_other_lines_is_told_like_any_difference(signed: Cast) -> None:
    """No payment does that: whoever sees it tells the administrator."""
    a_worker(signed)
    mirror = reversal_of(signed, posted(signed))
    PayslipLine.objects.filter(payslip__run=mirror, code="time").update(amount=money("-1.00"))
    mirror = posted_run(signed, mirror)
    assert mirror.difference_count
    assert why_outdated(mirror) is None
    with pytest.raises(CalculationsDiffer):
        approve_payroll_run(actor=signed.head, run_id=mirror.pk, at=clock.now())


# --- a payment while a reversal is posted -----------------------------------------------------
def test_reversed_wages_are_paid_by_no_statement(signed: Cast) -> None:
    a_worker(signed)
    run = posted(signed)
    reversed_and_posted(signed, run)
    with pytest.raises(IntegrityError, match="closed_run_stays"), transaction.atomic():
        PayrollRun.objects.filter(pk=run.pk).update(
            status=RunStatus.PAID, paid_on=clock.today(), paid_document="ПП № 1"
        )


def test_wages_paid_while_their_mirror_waits_are_mirrored_anew(signed: Cast) -> None:
    a_worker(signed)
    run = posted(signed)
    mirror = reversal_of(signed, run)
    paid(signed, run)
    mirror = posted_run(signed, mirror)
    assert mirror.status == RunStatus.CALCULATED
    assert told_why(signed, mirror) == str(ReversedWagesPaid())
    run.refresh_from_db()
    assert not run.is_reversed
    drop_run(actor=signed.accountant, run_id=mirror.pk, at=clock.now())
    reversed_and_posted(signed, run)
    assert owed("1648") == run.payslips.get().to_account
    assert check_books() == []


# --- later wages while a reversal waits -------------------------------------------------------
def test_a_mirror_is_looked_at_again_when_it_is_posted(signed: Cast) -> None:
    """An error of the month was calculated before the mirror was made, and posted after it."""
    a_worker(signed)
    run = posted(signed)
    shortened("1648")
    error = made_run(signed, RunKind.ERROR, reason="табель исправлен")
    mirror = reversal_of(signed, run)
    error = posted_run(signed, error)
    assert error.status == RunStatus.APPROVED
    mirror = posted_run(signed, mirror)
    assert mirror.status == RunStatus.CALCULATED
    assert error.number in history_of(mirror).last().reason
    run.refresh_from_db()
    assert not run.is_reversed
    assert check_books() == []


@pytest.mark.parametrize("kind", [RunKind.ERROR, RunKind.BONUS])
def test_nothing_is_built_on_wages_whose_mirror_waits(signed: Cast, kind: str) -> None:
    a_worker(signed)
    a_worker(signed, "1649", days=10)
    run = posted(signed)
    for number in ("1648", "1649"):
        shortened(number)
        an_extra(signed, number)
    mirror = reversal_of(signed, run)
    with pytest.raises(ReversalWaits, match="1648, 1649"):
        made_run(signed, kind, ["1648", "1649"], reason="после проверки")
    drop_run(actor=signed.accountant, run_id=mirror.pk, at=clock.now())
    assert made_run(signed, kind, ["1648"], reason="после проверки").payslips.exists()


def test_a_run_that_waits_is_not_calculated_again_upon_a_waiting_mirror(signed: Cast) -> None:
    a_worker(signed)
    run = posted(signed)
    shortened("1648")
    error = made_run(signed, RunKind.ERROR, reason="табель исправлен")
    reversal_of(signed, run)
    with pytest.raises(ReversalWaits):
        restart_run(actor=signed.accountant, run_id=error.pk, at=clock.now())


def test_a_mirror_stops_only_its_own_people(signed: Cast) -> None:
    a_worker(signed)
    a_worker(signed, "1649", days=10)
    posted(signed)
    shortened("1648")
    error = an_error(signed)
    reversal_of(signed, error)
    shortened("1649")
    other = made_run(signed, RunKind.ERROR, ["1649"], reason="другой человек")
    assert posted_run(signed, other).status == RunStatus.APPROVED
    with pytest.raises(LaterRunStands):
        reversal_of(signed, PayrollRun.objects.get(kind=RunKind.REGULAR))


# --- a month paid, reversed and made anew -----------------------------------------------------
def test_what_was_paid_for_the_month_is_not_paid_again(signed: Cast) -> None:
    """96 000 earned, 86 400 in cash; reversed and made anew the same: nothing more is paid."""
    inmate = a_worker(signed)
    run = paid(signed, posted(signed))
    cash = run.payslips.get().to_account
    reversed_and_posted(signed, run)
    again = posted_run(signed, calculated(signed))
    slip = again.payslips.get()
    assert (again.difference_count, slip.to_account, slip.settlement) == (0, cash, -cash)
    line = slip.lines.get(kind="settlement")
    assert (line.amount, line.explanation) == (cash, "settlement.same_month")
    assert owed("1648") == ZERO
    paid(signed, again)
    assert credited(inmate) == earned(inmate) == cash
    assert check_books() == []


def test_made_anew_for_more_the_person_is_paid_the_more(signed: Cast) -> None:
    inmate = a_worker(signed)
    run = paid(signed, posted(signed))
    reversed_and_posted(signed, run)
    shortened("1648", minutes=600)
    again = paid(signed, posted_run(signed, calculated(signed)))
    slip = again.payslips.get()
    more = slip.to_account - run.payslips.get().to_account
    assert slip.to_account + slip.settlement == more > 0
    assert credited(inmate) == earned(inmate)
    assert check_books() == []


def test_made_anew_for_less_the_rest_is_owed(signed: Cast) -> None:
    inmate = a_worker(signed)
    run = paid(signed, posted(signed))
    reversed_and_posted(signed, run)
    for day in days_of(OCTOBER, 10):
        shortened("1648", day, 60)
    again = paid(signed, posted_run(signed, calculated(signed)))
    slip = again.payslips.get()
    assert slip.to_account == -slip.settlement
    assert owed("1648") == run.payslips.get().to_account - slip.to_account > 0
    assert credited(inmate) == run.payslips.get().to_account
    assert check_books() == []


def test_an_older_debt_is_withheld_within_the_share_as_before(signed: Cast) -> None:
    """September owes 51 030; October withholds half of net, is reversed and made anew: the same."""
    inmate = a_worker_of_two_months(signed)
    paid(signed, posted(signed, SEPTEMBER))
    cut(inmate, 15)
    paid(signed, an_error(signed, september(signed)))
    first = paid(signed, posted(signed))
    was, left = first.payslips.get(), owed("1648")
    assert ZERO < -was.settlement < was.to_account
    reversed_and_posted(signed, first)
    again = paid(signed, posted_run(signed, calculated(signed)))
    slip = again.payslips.get()
    assert again.difference_count == 0
    # All of it: a part was paid in cash for this month, a part withheld for September.
    assert slip.settlement == -slip.to_account == -was.to_account
    assert owed("1648") == left
    line = slip.lines.get(kind="settlement")
    assert money(line.arguments["same"]) == was.to_account + was.settlement
    assert check_books() == []


def test_a_paid_release_reversed_and_made_anew_is_not_paid_twice(signed: Cast) -> None:
    """Who has left has no later wages that could withhold it."""
    inmate = a_leaver(signed)
    confirmed(signed)
    scope = november(signed)
    run = paid(signed, posted_run(signed, made_run(signed, RunKind.RELEASE, scope=scope)))
    cash = run.payslips.get().to_account
    reversed_and_posted(signed, run)
    again = posted_run(signed, made_run(signed, RunKind.RELEASE, scope=scope))
    slip = again.payslips.get()
    assert (again.difference_count, slip.settlement) == (0, -cash)
    paid(signed, again)
    assert owed("1648") == ZERO
    assert credited(inmate) == cash
    assert check_books() == []
