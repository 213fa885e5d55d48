"""What must be the same whatever befell the workers: payslips, lines and books, without their ids.

And the steps of the tests that kill: a crowd with a month behind it, silence, the next attempt.
"""

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from django.db import transaction

from inmates.enums import RunStatus
from inmates.models import JournalEntry, PayrollRun, PayslipLine, Posting
from inmates.services.approval import approve_payroll_run
from inmates.services.posting import post_payroll_run
from inmates.services.slip_store import RESULT_COLUMNS
from portal.kernel import clock
from portal.kernel.models import TaskRun, TaskStatus
from tests.inmates.books import check_books, first_signature
from tests.inmates.crowd import a_crowd
from tests.inmates.months import lock_sheets, make_pay
from tests.people import Cast
from tests.worker import resend, wait_until
from tests.worker_faults import Faults

CALCULATE = "inmates.calculate_payroll_run"
POST = "inmates.post_payroll_run"
PEOPLE = 24
BATCH = 6
# The fifth attempt must live: after it a run counts as lost.
DEATHS = 4
LINE = (
    "sequence", "kind", "code", "subject", "quantity", "rate", "base", "amount", "demanded",
    "writ", "parameter", "explanation", "arguments",
)  # fmt: skip

Moment = tuple[int, float]
Rows = list[tuple[Any, ...]]


def a_payer() -> Cast:
    """A month of a small crowd by time and by piece, some with writs, ready to be calculated."""
    cast = make_pay()
    first_signature(cast)
    a_crowd(cast, PEOPLE)
    lock_sheets(cast)
    return cast


def slips_of(run: PayrollRun) -> tuple[Rows, Rows]:
    """The payslips of the run with their sums, and all lines, by personnel number."""
    number = "inmate__personnel_number"
    slips = run.payslips.order_by(number).values_list(number, "minutes_worked", *RESULT_COLUMNS)
    lines = PayslipLine.objects.filter(payslip__run=run).order_by(f"payslip__{number}", "sequence")
    return list(slips), list(lines.values_list(f"payslip__{number}", *LINE))


def books_of(run: PayrollRun) -> Rows:
    """Every posting of the run with its account."""
    account = ("kind", "code", "institution", "inmate", "writ")
    columns = [f"account__{name}" for name in account]
    rows = Posting.objects.filter(entry__run=run).values_list(
        "entry__payslip__inmate__personnel_number", "entry__purpose", *columns, "code", "debit",
        "credit",
    )  # fmt: skip
    return sorted(rows, key=str)


class Onlooker:
    """The progress of a worker that nobody watches."""

    def report(self, **_counts: int) -> None: ...

    def hold(self) -> None: ...


def undisturbed_books(cast: Cast, run: PayrollRun) -> Rows:
    """What a posting without any fault would write; nothing of it stays."""
    with transaction.atomic():
        approve_payroll_run(actor=cast.head, run_id=run.pk, at=clock.now())
        post_payroll_run(run_id=run.pk, progress=Onlooker(), at=clock.now())
        rows = books_of(run)
        transaction.set_rollback(True)
    return rows


def task_of(run: PayrollRun) -> TaskRun:
    """The calculation or the posting that the run waits for, as it is now."""
    return PayrollRun.objects.select_related("task_run").get(pk=run.pk).task_run


def is_done(run: PayrollRun) -> bool:
    return task_of(run).status == TaskStatus.DONE


def falls_silent(run: PayrollRun) -> None:
    """Two minutes pass without a word of the worker, and beat strikes."""
    earlier = clock.now() - timedelta(minutes=2)
    TaskRun.objects.filter(
        pk=task_of(run).pk, status__in=[TaskStatus.WAITING, TaskStatus.SENT, TaskStatus.RUNNING]
    ).update(created_at=earlier, sent_at=earlier, heartbeat_at=earlier)
    resend()


def moments(seed: int, statements: int) -> Iterator[Moment]:
    """Random moments to die at: a statement of the attempt, and some milliseconds after it."""
    die = Random(seed)  # noqa: S311 - the same moments every time
    for _death in range(DEATHS):
        yield die.randint(1, statements), die.choice((0.0, die.uniform(0.1, 4.0)))


def survive(faults: Faults, run: PayrollRun, task: str, deaths: Iterator[Moment]) -> int:
    """Attempt after attempt meets its moment, the first of which is laid; how many died."""
    died = 0
    while True:
        wait_until(lambda: faults.happened(task) or is_done(run))
        if not faults.happened(task):
            return died
        died += 1
        assert_nothing_half_done(run)
        moment = next(deaths, None)
        faults.forget(task)
        if moment is not None:
            faults.order(task, "die", *moment)
        falls_silent(run)


def assert_nothing_half_done(run: PayrollRun) -> None:
    """Whoever has a slip has one with its lines; the books hold all of a run or nothing."""
    with transaction.atomic():
        status = PayrollRun.objects.select_for_update().values_list("status", flat=True)
        is_posted = status.get(pk=run.pk) in (RunStatus.APPROVED, RunStatus.PAID)
        slips = run.payslips.count()
        assert run.payslips.values("inmate").distinct().count() == slips
        assert (
            PayslipLine.objects.filter(payslip__run=run).values("payslip").distinct().count()
            == slips
        )
        entries = JournalEntry.objects.filter(run=run).count()
        assert entries == (slips if is_posted else 0)


def assert_calculated_as(run: PayrollRun, expected: tuple[Rows, Rows]) -> None:
    run.refresh_from_db()
    assert (run.status, run.difference_count) == (RunStatus.CALCULATED, 0)
    assert slips_of(run) == expected
    assert not run.problems.exists()
    assert check_books() == []


def assert_posted_as(run: PayrollRun, expected: Rows) -> None:
    run.refresh_from_db()
    assert (run.status, run.difference_count) == (RunStatus.APPROVED, 0)
    assert books_of(run) == expected
    assert JournalEntry.objects.filter(run=run).count() == run.payslips.count()
    assert run.payslips.exclude(number="").count() == run.payslips.count()
    assert check_books() == []
