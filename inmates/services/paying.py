"""Entering that the wages of a run were paid: each person's cash control account is credited.

Called by the page of a run.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from inmates.approval_refusals import PaymentDayWrong, PaymentDocumentMissing
from inmates.enums import EntryPurpose, RunStatus
from inmates.models import PayrollRun
from inmates.rules import can_pay_payroll_run
from inmates.services.books import payment_of_run, write_entries
from inmates.states import PAYROLL_RUN
from portal.kernel.clock import day_of
from portal.kernel.locks import lock_row
from portal.kernel.states import move
from portal.kernel.text import date_short


def pay_payroll_run(
    *, actor: Any, run_id: int, paid_on: date, document: str, at: datetime
) -> PayrollRun:
    """The run is paid by the document of that day; what was owed to each person is credited to
    their cash control account.

    Refused: for whoever is not the payer's accountant there, a run that is not approved and
    posted, a day before the approval or one that has not come, no document. Nothing happens after
    commit. Twice: the second one is refused.
    """
    with transaction.atomic():
        run = lock_row(PayrollRun, run_id)
        on = day_of(at)
        place_id = run.institution.organisation_id
        can_pay_payroll_run(actor, run.payer_id, place_id, on).require()
        if run.status == RunStatus.APPROVED:
            _require_payment(run, paid_on, document, on)
            run.paid_on, run.paid_document = paid_on, document.strip()
            run.save(update_fields=["paid_on", "paid_document"])
        move(run, "pay", machine=PAYROLL_RUN, actor=actor, at=at)
        payment_of_run(run)
        write_entries(run, EntryPurpose.PAYMENT, on=paid_on, document=run.paid_document, at=at)
    return run


def _require_payment(run: PayrollRun, paid_on: date, document: str, on: date) -> None:
    if not document.strip():
        raise PaymentDocumentMissing
    approved_on = day_of(run.approved_at) if run.approved_at else on
    if not approved_on <= paid_on <= on:
        raise PaymentDayWrong(approved=date_short(approved_on))
