"""Posting and payment of a run as stories: what stands on which account, once, or not at all."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inmates.approval_refusals import PaymentDayWrong, PaymentDocumentMissing
from inmates.enums import AccountKind as Kind
from inmates.enums import RunStatus
from inmates.models import (
    Attendance,
    CashControlAccount,
    JournalEntry,
    LedgerAccount,
    PayrollDifference,
    Posting,
)
from inmates.selectors.ledger import account_sums
from inmates.services import posting
from inmates.services.paying import pay_payroll_run
from inmates.tasks import post_payroll_run
from portal.kernel import clock
from portal.kernel.errors import Forbidden
from portal.kernel.models import NumberSeries, TaskRun, TaskStatus
from portal.kernel.states import MoveRefused, history_of
from tests.inmates.books import approved, check_books, first_signature, paid, posted, worked_off
from tests.inmates.months import a_worker, a_writ, calculated
from tests.people import Cast


@pytest.fixture
def ready(pay: Cast) -> Cast:
    """20 days at 600,00 an hour with alimony of a quarter; ten days of another person."""
    first_signature(pay)
    a_writ(a_worker(pay), "A-1", share_numerator=1, share_denominator=4)
    a_worker(pay, "1649", days=10)
    return pay


def balances() -> dict[tuple[str, str], Decimal]:
    """Credits less debits by kind and code of account."""
    found: Counter[tuple[str, str]] = Counter()
    for one in account_sums(LedgerAccount.objects.all()):
        found[one.kind, one.code] += one.credits - one.debits  # type: ignore[assignment]  # a sum
    return {key: Decimal(value) for key, value in found.items()}


def test_every_tenge_of_a_run_stands_on_two_accounts(ready: Cast) -> None:
    run = posted(ready)
    slips = {slip.inmate.personnel_number: slip for slip in run.payslips.all()}
    one, other = slips["1648"], slips["1649"]
    assert one.gross == Decimal("96000.00")
    assert one.withheld_by_writs > 0

    def both(name: str) -> Decimal:
        return getattr(one, name) + getattr(other, name)

    assert balances() == {
        (Kind.WAGES_EXPENSE, ""): -both("gross"),
        (Kind.CONTRIBUTIONS_EXPENSE, ""): -sum(
            both(name) for name in ("so", "oosms", "opvr", "social_tax")
        ),
        (Kind.WAGES_PAYABLE, ""): both("to_account"),
        (Kind.CREDITOR, ""): one.withheld_by_writs,
        (Kind.PENSION_FUND, "opv"): both("opv"),
        (Kind.PENSION_FUND, "opvr"): both("opvr"),
        (Kind.HEALTH_FUND, "oosms"): both("oosms"),
        (Kind.SOCIAL_FUND, "so"): both("so"),
        **({(Kind.TAX, "ipn"): both("ipn")} if both("ipn") else {}),
        (Kind.TAX, "social_tax"): both("social_tax"),
    }
    assert check_books() == []


def test_a_posted_run_and_its_slips_have_numbers(ready: Cast) -> None:
    run = posted(ready)
    year = clock.today().year
    assert (run.status, run.number) == (RunStatus.APPROVED, f"{year}-00001")
    slips = run.payslips.order_by("inmate__personnel_number")
    assert [slip.number for slip in slips] == [f"{run.number}/0001", f"{run.number}/0002"]
    entries = JournalEntry.objects.order_by("id")
    assert {entry.document for entry in entries} == {run.number}
    assert {f"{entry.on}" for entry in entries} == {"2026-10-31"}


def test_delivered_again_nothing_is_posted_twice(ready: Cast) -> None:
    run = posted(ready)
    before = (JournalEntry.objects.count(), Posting.objects.count())
    TaskRun.objects.filter(pk=run.task_run_id).update(status=TaskStatus.SENT)
    post_payroll_run(task_run=str(run.task_run_id))
    assert (JournalEntry.objects.count(), Posting.objects.count()) == before


def test_an_edit_after_the_approval_sends_the_run_back(
    ready: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = approved(ready, calculated(ready))
    monkeypatch.setattr(posting, "check_payroll_run", lambda run_id, at: 2)
    run = worked_off(run)
    assert (run.status, run.approved_by, run.number) == (RunStatus.CALCULATED, None, "")
    assert run.difference_count == 2
    last = list(history_of(run))[-1]
    assert (last.action, "— 2." in last.reason) == ("refuse", True)
    assert not JournalEntry.objects.exists()


def test_a_minute_changed_before_the_posting_is_found(ready: Cast) -> None:
    """What no service saw, the second calculation sees: it reads the inputs as they are now."""
    run = calculated(ready)
    Attendance.objects.filter(placement__inmate__personnel_number="1649").update(minutes=470)
    run = worked_off(approved(ready, run))
    assert run.status == RunStatus.CALCULATED
    people = PayrollDifference.objects.filter(run=run).values_list("inmate__personnel_number")
    assert set(people) == {("1649",)}
    assert run.difference_count == PayrollDifference.objects.filter(run=run).count() > 0
    people = PayrollDifference.objects.filter(run=run).values_list("inmate", flat=True)
    told = [change.reason for change in history_of(run) if change.action == "refuse"]
    assert len(told) == 1
    assert f"это касается людей — {len(set(people))}" in told[0]
    assert f"расходится строк — {run.difference_count}" in told[0]
    run = posted(ready)
    assert run.status == RunStatus.APPROVED
    assert check_books() == []


def test_a_worker_that_dies_leaves_nothing_and_the_next_one_posts(
    ready: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """As SIGKILL: nobody catches it."""

    def die(*args: Any, **values: Any) -> None:
        raise Killed

    run = approved(ready, calculated(ready))
    with monkeypatch.context() as patched:
        patched.setattr(posting, "differences_of_run", die)
        with pytest.raises(Killed):
            worked_off(run)
    run.refresh_from_db()
    assert (run.status, run.number) == (RunStatus.POSTING, "")
    assert not JournalEntry.objects.exists()
    assert not NumberSeries.objects.filter(series="payroll_run").exists()
    TaskRun.objects.filter(pk=run.task_run_id).update(status=TaskStatus.SENT)
    assert worked_off(run).status == RunStatus.APPROVED
    assert check_books() == []


def test_books_that_would_not_agree_are_not_written(
    ready: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = approved(ready, calculated(ready))
    monkeypatch.setattr(posting, "differences_of_run", lambda run: ["one"])
    run = worked_off(run)
    assert (run.status, run.number) == (RunStatus.CALCULATED, "")
    assert "администратору" in list(history_of(run))[-1].reason
    assert not Posting.objects.exists()


def test_the_payment_credits_each_cash_control_account(ready: Cast) -> None:
    run = paid(ready, posted(ready))
    assert (run.status, run.paid_document) == (RunStatus.PAID, "ПП № 17")
    owed = {slip.inmate_id: slip.to_account for slip in run.payslips.all()}
    credited = account_sums(LedgerAccount.objects.filter(kind=Kind.CASH_CONTROL))
    assert {one.inmate_id: one.credits - one.debits for one in credited} == owed
    assert balances()[Kind.WAGES_PAYABLE, ""] == 0
    assert set(CashControlAccount.objects.values_list("inmate_id", flat=True)) == set(owed)
    assert check_books() == []


def test_a_second_payment_is_refused(ready: Cast) -> None:
    run = paid(ready, posted(ready))
    entries = JournalEntry.objects.count()
    with pytest.raises(MoveRefused):
        paid(ready, run)
    assert JournalEntry.objects.count() == entries


def test_what_a_payment_refuses(ready: Cast) -> None:
    run = calculated(ready)
    with pytest.raises(MoveRefused):
        paid(ready, run)
    run = worked_off(approved(ready, run))
    today = clock.today()
    for day in (today - timedelta(days=1), today + timedelta(days=1)):
        with pytest.raises(PaymentDayWrong):
            paid(ready, run, on=day)
    with pytest.raises(PaymentDocumentMissing):
        paid(ready, run, document="  ")
    with pytest.raises(Forbidden, match="бухгалтер"):
        pay_payroll_run(
            actor=ready.head, run_id=run.pk, paid_on=today, document="1", at=clock.now()
        )
    run.refresh_from_db()
    assert (run.status, run.paid_on) == (RunStatus.APPROVED, None)


def test_the_bailiffs_fee_stands_on_an_account_of_its_own(pay: Cast) -> None:
    first_signature(pay)
    inmate = a_worker(pay)
    a_writ(inmate, "C-1", queue=5, kind="claim", debt=Decimal("1000.00"), fee=Decimal("100.00"))
    run = posted(pay)
    assert run.payslips.get().withheld_by_writs == Decimal("1100.00")
    found = balances()
    assert found[Kind.CREDITOR, ""] == Decimal("1000.00")
    assert found[Kind.BAILIFF_FEE, ""] == Decimal("100.00")
    assert check_books() == []


def test_the_statements_do_not_grow_with_the_people(
    ready: Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(1700, 1706):
        a_worker(ready, str(number), days=3)
    run = approved(ready, calculated(ready))
    with django_assert_max_num_queries(150) as counted:
        worked_off(run)
    own = [one for one in counted.captured_queries if "book_move" in one["sql"]]
    assert len(own) == 10


def test_no_plan_hangs_on_what_is_known_of_the_books(ready: Cast) -> None:
    """Just written, the books have no statistics: read for the postings, they would be a row long,
    and five thousand people took two minutes. No switch of the planner is needed for that."""
    run = approved(ready, calculated(ready))
    with CaptureQueriesContext(connection) as asked:
        paid(ready, worked_off(run))
    statements = [one["sql"] for one in asked.captured_queries]
    written = [one for one in statements if "INSERT INTO inmates_posting" in one]
    assert len(written) == 2
    for sql in written:
        assert "inmates_journalentry" not in sql
        assert "inmates_ledgeraccount" not in sql
    for table in ("book_move", "book_entry", "book_account"):
        known = statements.index(f"ANALYZE {table}")
        assert known < statements.index(written[0]), table
    assert not [one for one in statements if "enable_" in one]
