"""Transfers: a payment order was carried out by the bank, and the books say so.

Called by the import of a bank's statement and by the page of a register.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum

from inmates.enums import AccountKind, EntryPurpose, RegisterCode
from inmates.models import (
    BankStatement,
    JournalEntry,
    LedgerAccount,
    PaymentOrder,
    PaymentRegister,
    Posting,
    Transfer,
    TransferReversal,
)
from inmates.papers.refusals import ReasonNeeded
from inmates.register_refusals import (
    AlreadyTransferred,
    TransferDayWrong,
    TransferDocumentMissing,
    TransferTakenBack,
)
from inmates.rules import can_issue_register
from inmates.shifts import is_explanation
from portal.kernel import audit
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row
from portal.kernel.text import date_short

TRANSFERRED = "transferred"
LONGEST_REASON = 200
OF_WRITS = {
    RegisterCode.WRITS: AccountKind.CREDITOR,
    RegisterCode.BAILIFF_FEE: AccountKind.BAILIFF_FEE,
}


def record_transfer(
    *,
    actor: Any,
    order_id: int,
    transferred_on: date,
    document: str,
    at: datetime,
    statement: BankStatement | None = None,
) -> Transfer:
    """The payment order is carried out on that day by that document, and stands in the books.

    Debit of what was owed (a fund, creditors, bailiffs), credit of the bank; wages alone are
    posted with their payment already. Refused: for whoever is not the payer's accountant there, a
    day before the wages were posted or one that has not come, no document. Nothing happens after
    commit. Twice: the second is refused, until the first is taken back.
    """
    on = day_of(at)
    with readable_refusals(), transaction.atomic():
        order = lock_row(PaymentOrder, order_id)
        register = order.register
        place_id = register.institution.organisation_id
        can_issue_register(actor, register.payer_id, place_id, on).require()
        earlier = order.transfers.select_related("reversal").order_by("sequence").last()
        if earlier is not None and not hasattr(earlier, "reversal"):
            raise AlreadyTransferred
        if not document.strip():
            raise TransferDocumentMissing
        earliest = earliest_day(register)
        if not earliest <= transferred_on <= on:
            raise TransferDayWrong(earliest=date_short(earliest))
        text = document.strip()[:40]
        return Transfer.objects.create(
            order=order,
            sequence=earlier.sequence + 1 if earlier else 1,
            transferred_on=transferred_on,
            document=text,
            statement=statement,
            entry=_posted(order, register, transferred_on, text, at),
            recorded_by=actor,
            recorded_at=at,
        )


def reverse_transfer(
    *, actor: Any, transfer_id: int, reason: str, at: datetime
) -> TransferReversal:
    """The transfer was entered wrongly: its entry is mirrored today, and its order is open again.

    Nothing is erased: both entries stand. Refused: for whoever is not the payer's accountant
    there, without a reason, a transfer that is taken back already. Twice: the second is refused.
    """
    on = day_of(at)
    with readable_refusals(), transaction.atomic():
        order = lock_row(PaymentOrder, Transfer.objects.get(pk=transfer_id).order_id)
        transfer = order.transfers.select_related("reversal", "entry").get(pk=transfer_id)
        register = order.register
        place_id = register.institution.organisation_id
        can_issue_register(actor, register.payer_id, place_id, on).require()
        if hasattr(transfer, "reversal"):
            raise TransferTakenBack
        if not is_explanation(reason):
            raise ReasonNeeded
        made = TransferReversal.objects.create(
            transfer=transfer,
            reason=reason.strip()[:LONGEST_REASON],
            entry=_mirrored(transfer.entry, on, at) if transfer.entry else None,
            recorded_by=actor,
            recorded_at=at,
        )
        audit.record(actor=actor, action="transfer_taken_back", at=at, subject=transfer)
    return made


def _mirrored(entry: JournalEntry, on: date, at: datetime) -> JournalEntry:
    """The same accounts and sums, debit and credit exchanged."""
    mirror = JournalEntry.objects.create(
        payer_id=entry.payer_id,
        purpose=EntryPurpose.TRANSFER,
        on=on,
        posted_at=at,
        document=entry.document,
        reverses=entry,
    )
    Posting.objects.bulk_create(
        Posting(
            entry=mirror, account_id=one.account_id, code=one.code,
            debit=one.credit, credit=one.debit,
        )
        for one in entry.postings.order_by("pk")
    )  # fmt: skip
    return mirror


def earliest_day(register: PaymentRegister) -> date:
    """When the first of its wages was posted; of what was only carried over, its own day."""
    posted = [row.run.posted_at for row in register.runs.select_related("run")]
    return min((day_of(moment) for moment in posted if moment), default=day_of(register.made_at))


def _posted(
    order: PaymentOrder, register: PaymentRegister, on: date, document: str, at: datetime
) -> JournalEntry | None:
    if register.code == RegisterCode.ACCOUNTS:
        return None
    bank, _made = LedgerAccount.objects.get_or_create(
        payer_id=register.payer_id, kind=AccountKind.BANK
    )
    entry = JournalEntry.objects.create(
        payer_id=register.payer_id,
        purpose=EntryPurpose.TRANSFER,
        on=on,
        posted_at=at,
        document=document,
    )
    sides = [Posting(account=bank, credit=order.amount)]
    sides += [Posting(account_id=pk, debit=amount) for pk, amount in _debits(order, register)]
    for side in sides:
        side.entry, side.code = entry, TRANSFERRED
    # One statement: the database looks at the balance of an entry with each.
    Posting.objects.bulk_create(sides)
    return entry


def _debits(order: PaymentOrder, register: PaymentRegister) -> list[tuple[int, Decimal]]:
    """Which accounts are paid off, and by how much."""
    accounts = LedgerAccount.objects.filter(payer=register.payer_id)
    kind = OF_WRITS.get(RegisterCode(register.code))
    if kind is None:
        return [(accounts.get(code=register.code).pk, order.amount)]
    rows = dict(order.rows.order_by().values_list("writ_id").annotate(sum=Sum("payable")))
    of_writs = accounts.filter(kind=kind, writ__in=rows).values_list("pk", "writ_id")
    return [(pk, rows[writ_id]) for pk, writ_id in of_writs]
