"""Approval, edit, recalculation and payment at the same moment, over two real connections."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from inmates.enums import RunStatus
from inmates.models import Attendance, JournalEntry, LedgerAccount, PayrollRun, Posting
from inmates.off_cycle_refusals import RunReversed
from inmates.services.approval import approve_payroll_run
from inmates.services.attendance import MarkEdit, save_attendance
from inmates.services.books import wages_of_run
from inmates.services.paying import pay_payroll_run
from inmates.services.payroll import start_payroll_run
from inmates.services.writs import add_writ
from inmates.shifts import Mark
from inmates.tasks import calculate_payroll_run, post_payroll_run
from inmates.writ_terms import WritTerms
from portal.kernel import clock
from portal.kernel.errors import ConstraintRefused, PortalError, readable_refusals
from portal.kernel.models import TaskRun, TaskStatus
from tests.inmates.books import approved, check_books, first_signature, paid, posted, worked_off
from tests.inmates.months import OCTOBER, a_worker, calculated, make_pay
from tests.inmates.off_cycle import reversal_of
from tests.inmates.test_shift_races import at_once
from tests.people import Cast

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3


@pytest.fixture
def ready(no_broker: list[Any]) -> Cast:
    call_command("load_reasons")
    cast = make_pay()
    first_signature(cast)
    a_worker(cast)
    return cast


def approve(cast: Cast, run: PayrollRun) -> PayrollRun:
    return approve_payroll_run(actor=cast.head, run_id=run.pk, at=clock.now())


def restart(cast: Cast) -> PayrollRun:
    return start_payroll_run(
        actor=cast.accountant, payer_id=cast.enterprise.pk,
        institution_id=cast.institution.pk, month=OCTOBER, at=clock.now(),
    )  # fmt: skip


def refusals(results: list[Any]) -> list[PortalError]:
    return [one for one in results if isinstance(one, PortalError)]


def test_a_payment_waits_for_the_posting_of_a_reversal(
    ready: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It came after the last check of a mirror that says "never paid", and before its end."""
    run = posted(ready)
    mirror = approved(ready, reversal_of(ready, run))
    results: list[Any] = []

    def late(*_run: Any) -> None:
        thread.start()
        thread.join(0.7)
        assert thread.is_alive(), "the payment did not wait for the posting"

    thread = threading.Thread(target=in_thread, args=(results, lambda: paid(ready, run)))
    with monkeypatch.context() as patched:
        patched.setattr("inmates.services.posting.wages_of_run", doing(late, wages_of_run))
        worked_off(mirror)
    thread.join(20)
    assert [type(one) for one in results] == [RunReversed]
    run.refresh_from_db()
    assert (run.status, run.is_reversed) == (RunStatus.APPROVED, True)
    assert check_books() == []


def in_thread(results: list[Any], act: Callable[[], Any]) -> None:
    try:
        results.append(act())
    except PortalError as refused:
        results.append(refused)
    finally:
        connection.close()


def doing(first: Callable[..., Any], then: Callable[..., Any]) -> Callable[..., Any]:
    def both(*given: Any) -> Any:
        first(*given)
        return then(*given)

    return both


def test_of_two_approvals_one_wins(ready: Cast) -> None:
    run = calculated(ready)
    results = at_once(lambda: approve(ready, run), lambda: approve(ready, run))
    refused = refusals(results)
    assert len(refused) == 1
    assert str(refused[0])
    run.refresh_from_db()
    assert worked_off(run).status == RunStatus.APPROVED
    assert JournalEntry.objects.count() == 1
    assert check_books() == []


def test_an_approval_and_a_recalculation_do_not_meet(ready: Cast) -> None:
    for _round in range(ROUNDS):
        run = calculated(ready)
        results = at_once(lambda run=run: approve(ready, run), lambda: restart(ready))
        assert len(refusals(results)) == 1
        run.refresh_from_db()
        assert run.status in (RunStatus.POSTING, RunStatus.CALCULATING)
        if run.status == RunStatus.POSTING:
            assert worked_off(run).status == RunStatus.APPROVED
            break
        calculate_payroll_run(task_run=str(run.task_run_id))
    assert check_books() == []


def test_an_approval_and_an_edit_end_with_books_that_agree(ready: Cast) -> None:
    """Whoever is first: the edit is refused, or the approval is, or the posting finds it."""
    run = calculated(ready)
    placement = run.payslips.get().inmate.placements.get()
    day = date(2026, 10, 5)
    edit = MarkEdit(placement.pk, Mark(480), was_entered=True, mine=Mark(420))

    def change() -> Any:
        return save_attendance(
            actor=ready.master, day=day, edits=[edit], at=clock.now(),
            correction="ошибка в табеле",
        )  # fmt: skip

    at_once(lambda: approve(ready, run), change)
    run.refresh_from_db()
    if run.status == RunStatus.POSTING:
        run = worked_off(run)
    minutes = Attendance.objects.get(placement=placement, worked_on=day).minutes
    if run.status == RunStatus.APPROVED:
        assert minutes == 480
    else:
        assert (run.status, minutes) == (RunStatus.CALCULATED, 420)
    assert check_books() == []


def test_a_writ_that_is_being_entered_is_waited_for(ready: Cast) -> None:
    """Its days have no run to be held, only its person has: the approval waits for the person."""
    run = calculated(ready)
    begun, done = threading.Event(), threading.Event()
    terms = WritTerms(kind="alimony", queue=1, payee="взыскатель", share=(1, 4))

    def enter() -> None:
        with transaction.atomic():
            add_writ(
                actor=ready.accountant, personnel_number="1648", number="A-9", terms=terms,
                on=date(2026, 10, 1), at=clock.now(),
            )  # fmt: skip
            begun.set()
            # Long enough for an approval that does not wait to be posted as well.
            done.wait(3)

    def post() -> PayrollRun:
        begun.wait(10)
        try:
            return worked_off(approve(ready, run))
        finally:
            done.set()

    assert not refusals(at_once(enter, post))
    run.refresh_from_db()
    assert run.status == RunStatus.CALCULATED
    assert run.difference_count
    assert not JournalEntry.objects.exists()


def test_of_two_payments_one_wins(ready: Cast) -> None:
    run = posted(ready)

    def pay(document: str) -> PayrollRun:
        return pay_payroll_run(
            actor=ready.accountant, run_id=run.pk, paid_on=clock.today(), document=document,
            at=clock.now(),
        )  # fmt: skip

    results = at_once(lambda: pay("1"), lambda: pay("2"))
    assert len(refusals(results)) == 1
    assert Counter(JournalEntry.objects.values_list("purpose", flat=True)) == {
        "wages": 1,
        "payment": 1,
    }
    assert check_books() == []


def test_the_posting_delivered_twice_at_once_posts_once(ready: Cast) -> None:
    run = approved(ready, calculated(ready))

    def deliver() -> None:
        post_payroll_run(task_run=str(run.task_run_id))

    at_once(deliver, deliver)
    run.refresh_from_db()
    assert run.status == RunStatus.APPROVED
    assert JournalEntry.objects.count() == 1
    assert TaskRun.objects.get(pk=run.task_run_id).status == TaskStatus.DONE
    assert check_books() == []


def test_an_entry_of_an_earlier_transaction_is_never_added_to(ready: Cast) -> None:
    entry = JournalEntry.objects.get(run=posted(ready))
    one, other = LedgerAccount.objects.order_by("id")[:2]
    with (
        pytest.raises(ConstraintRefused) as refused,
        readable_refusals(),
        transaction.atomic(),
    ):
        Posting.objects.bulk_create(
            [
                Posting(entry=entry, account=one, code="x", debit=10, credit=0),
                Posting(entry=entry, account=other, code="x", debit=0, credit=10),
            ]
        )
    assert refused.value.constraint == "posting_of_its_entry"


def test_a_payment_is_seen_whole_or_not_at_all(ready: Cast) -> None:
    run = posted(ready)
    results = at_once(lambda: paid(ready, run), check_books)
    assert not refusals(results)
    assert check_books() == []
