"""Runs approved, posted and paid, for the tests of the books."""

from datetime import date, datetime
from io import StringIO

from django.core.management import CommandError, call_command

from inmates.models import PayrollRun
from inmates.services.approval import approve_payroll_run
from inmates.services.paying import pay_payroll_run
from inmates.tasks import post_payroll_run
from portal.accounts.models import FirstSignature, Organisation, User
from portal.kernel import clock
from portal.kernel.periods import Month
from tests.inmates.months import OCTOBER, calculated
from tests.people import LONG_AGO, Cast


def first_signature(
    cast: Cast, payer: Organisation | None = None, holder: User | None = None
) -> None:
    """The head of the enterprise signs first, or another one for another payer."""
    FirstSignature.objects.create(
        organisation=payer or cast.enterprise,
        holder=holder or cast.head,
        effective_from=LONG_AGO,
        basis="приказ № 1",
    )


def approved(cast: Cast, run: PayrollRun, at: datetime | None = None) -> PayrollRun:
    """Approved by the head; the posting waits for a worker."""
    run = approve_payroll_run(actor=cast.head, run_id=run.pk, at=at or clock.now())
    run.refresh_from_db()
    return run


def worked_off(run: PayrollRun) -> PayrollRun:
    """What the worker does with an approved run."""
    post_payroll_run(task_run=str(run.task_run_id))
    run.refresh_from_db()
    return run


def posted(cast: Cast, month: Month = OCTOBER) -> PayrollRun:
    """The run of the month, calculated, approved and posted."""
    return worked_off(approved(cast, calculated(cast, month)))


def paid(
    cast: Cast, run: PayrollRun, on: date | None = None, document: str = "ПП № 17"
) -> PayrollRun:
    """Paid today by the accountant."""
    day = on or clock.today()
    return pay_payroll_run(
        actor=cast.accountant, run_id=run.pk, paid_on=day, document=document, at=clock.now()
    )


def check_books() -> list[str]:
    """The lines of `manage.py check_books` about what differs; none where everything agrees."""
    found = StringIO()
    try:
        call_command("check_books", stdout=StringIO(), stderr=found)
    except CommandError:
        lines = found.getvalue().splitlines()
        assert lines
        return lines
    return []
