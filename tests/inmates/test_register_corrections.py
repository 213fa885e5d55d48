"""Registers beside differences, runs outside the month and reversals: always the ledger's sum."""

from decimal import Decimal

import pytest
from django.db.models import Sum

from inmates.models import PaymentRegister, Posting
from inmates.register_refusals import NothingToRegister
from inmates.services.payment_codes import load_payment_codes
from tests.inmates.books import check_books, first_signature, paid, posted
from tests.inmates.corrected import OCTOBER, SEPTEMBER, changed, october, paid_september, pay_today
from tests.inmates.months import an_identity
from tests.inmates.off_cycle import reversed_and_posted
from tests.inmates.registers import a_named_worker, an_iin, issued, transferred
from tests.people import Cast

ZERO = Decimal("0.00")


@pytest.fixture
def cast(pay: Cast) -> Cast:
    load_payment_codes()
    return pay


def balance(code: str) -> Decimal:
    """What is still owed to a fund."""
    sums = Posting.objects.filter(account__code=code).aggregate(c=Sum("credit"), d=Sum("debit"))
    return (sums["c"] or ZERO) - (sums["d"] or ZERO)


def pay_register(cast: Cast, register: PaymentRegister) -> None:
    for order in register.orders.all():
        transferred(cast, order)


def test_the_differences_of_september_stand_in_the_register_of_october(cast: Cast) -> None:
    story = paid_september(cast)
    for inmate in (story.over, story.under, story.other):
        an_identity(inmate, iin=an_iin(int(inmate.personnel_number)))
    first = issued(cast, "opv", SEPTEMBER)
    pay_register(cast, first)
    assert balance("opv") == 0
    changed(story)
    october(story)
    second = issued(cast, "opv", OCTOBER)
    assert second.previous == first
    over = second.rows.get(inmate=story.over, period=SEPTEMBER.first_day)
    own = second.rows.get(inmate=story.over, period=OCTOBER.first_day)
    assert over.posted < 0
    assert (over.set_off, own.set_off) == (-over.posted, over.posted)
    assert (over.payable, own.payable) == (0, own.posted + over.posted)
    under = second.rows.get(inmate=story.under, period=SEPTEMBER.first_day)
    assert under.payable == under.posted > 0
    assert not second.rows.filter(inmate=story.other, period=SEPTEMBER.first_day).exists()
    assert second.total == second.payable == balance("opv")
    pay_register(cast, second)
    assert balance("opv") == 0
    assert check_books() == []


def test_wages_paid_with_differences_are_what_the_accounts_got(cast: Cast) -> None:
    story = paid_september(cast)
    first = issued(cast, "accounts", SEPTEMBER)
    changed(story)
    run = pay_today(story, october(story))
    second = issued(cast, "accounts", OCTOBER)
    credited = Posting.objects.filter(account__kind="cash_control").aggregate(s=Sum("credit"))["s"]
    assert first.payable + second.payable == credited
    assert {row.run.month for row in second.runs.all()} == {SEPTEMBER.first_day, run.month}


def test_a_reversal_that_was_never_transferred_comes_to_nothing(cast: Cast) -> None:
    first_signature(cast)
    a_named_worker(cast, "1648")
    run = posted(cast)
    reversed_and_posted(cast, run)
    with pytest.raises(NothingToRegister):
        issued(cast)
    assert balance("opv") == 0


def test_a_reversal_after_the_transfer_is_carried_over(cast: Cast) -> None:
    first_signature(cast)
    inmate = a_named_worker(cast, "1648")
    run = posted(cast)
    first = issued(cast)
    pay_register(cast, first)
    reversed_and_posted(cast, run)
    second = issued(cast)
    row = second.rows.get()
    assert (row.inmate, row.posted, row.payable) == (inmate, -first.total, 0)
    assert (row.carried, second.payable) == (-first.total, 0)
    assert not second.orders.exists()
    # The fund owes it back: the account stands below nought by the carried sum.
    assert balance("opv") == -first.total
    assert check_books() == []
    again = posted(cast)
    assert again.pk != run.pk
    third = issued(cast)
    assert third.payable == 0
    assert third.rows.get().carried == 0
    assert balance("opv") == 0


def test_what_was_brought_and_nothing_else_makes_no_register(cast: Cast) -> None:
    first_signature(cast)
    a_named_worker(cast, "1648")
    run = posted(cast)
    pay_register(cast, issued(cast))
    reversed_and_posted(cast, run)
    issued(cast)
    with pytest.raises(NothingToRegister):
        issued(cast)


def test_registers_of_all_payments_leave_nothing_owed(cast: Cast) -> None:
    first_signature(cast)
    a_named_worker(cast, "1648")
    a_named_worker(cast, "1649", days=10)
    paid(cast, posted(cast))
    for code in ("opv", "opvr", "so", "oosms", "social_tax", "accounts"):
        pay_register(cast, issued(cast, code))
    for code in ("opv", "opvr", "so", "oosms", "social_tax"):
        assert balance(code) == 0
    assert check_books() == []
