"""Entering that the wages of a run were paid: each person's cash control account is credited.

Called by the page of a run.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from inmates.approval_refusals import PaymentDayWrong, PaymentDocumentMissing
from inmates.enums import EntryPurpose, RunStatus
from inmates.models import Inmate, PayrollRun, Payslip
from inmates.off_cycle_refusals import RunReversed
from inmates.rules import can_pay_payroll_run
from inmates.selectors.payroll import pays_anybody
from inmates.services.approval import require_head
from inmates.services.books import payment_of_run, write_entries
from inmates.services.corrections import family_of
from inmates.states import PAYROLL_RUN
from portal.kernel.clock import day_of
from portal.kernel.locks import Gone, lock_rows
from portal.kernel.states import move
from portal.kernel.text import date_short


def pay_payroll_run(
    *, actor: Any, run_id: int, paid_on: date, document: str, at: datetime
) -> PayrollRun:
    """The run is paid by the document of that day, with the differences of earlier months that go
    with it; what was owed to each person, less what is settled with it, is credited to their cash
    control account.

    Refused: for whoever is not the payer's accountant there, a run that is not approved and
    posted, a day before the approval or one that has not come, no document; differences by
    themselves, wages that were reversed, and the reversal of what was never paid, unless later
    wages have withheld of what it takes back. Nothing happens after commit. Twice: the second one
    is refused.
    """
    with transaction.atomic():
        family = _locked(run_id)
        run = require_head(family, run_id)
        on = day_of(at)
        place_id = run.institution.organisation_id
        can_pay_payroll_run(actor, run.payer_id, place_id, on).require()
        _require_payable(family)
        for one in family:
            if one.status == RunStatus.APPROVED:
                _require_payment(one, paid_on, document, on)
                one.paid_on, one.paid_document = paid_on, document.strip()
                one.save(update_fields=["paid_on", "paid_document"])
            move(one, "pay", machine=PAYROLL_RUN, actor=actor, at=at)
            payment_of_run(one)
            write_entries(one, EntryPurpose.PAYMENT, on=paid_on, document=one.paid_document, at=at)
    return run


def _locked(run_id: int) -> list[PayrollRun]:
    """The people and the runs, in the order of all writers: an entry of the books holds whom it is
    about, and a new start of the run holds them before it."""
    run = PayrollRun.objects.select_related("settled_with").filter(pk=run_id).first()
    if run is None:
        raise Gone
    keys = [one.pk for one in family_of(run)]
    slips = Payslip.objects.filter(run__in=keys)
    lock_rows(Inmate.objects.filter(pk__in=slips.values("inmate")).values_list("pk"))
    locked = {one.pk: one for one in lock_rows(PayrollRun.objects.filter(pk__in=keys))}
    return [locked[key] for key in keys]


def _require_payable(family: Sequence[PayrollRun]) -> None:
    """What was taken back before it was paid moves no money; nor does its mirror, but for what was
    withheld too much meanwhile."""
    head = family[-1]
    is_of_unpaid = head.reverses is not None and head.reverses.status != RunStatus.PAID
    if any(one.is_reversed for one in family) or (is_of_unpaid and not pays_anybody(head)):
        raise RunReversed


def _require_payment(run: PayrollRun, paid_on: date, document: str, on: date) -> None:
    if not document.strip():
        raise PaymentDocumentMissing
    approved_on = day_of(run.approved_at) if run.approved_at else on
    if not approved_on <= paid_on <= on:
        raise PaymentDayWrong(approved=date_short(approved_on))
