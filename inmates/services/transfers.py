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
)
from inmates.register_refusals import (
    AlreadyTransferred,
    TransferDayWrong,
    TransferDocumentMissing,
)
from inmates.rules import can_issue_register
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row
from portal.kernel.text import date_short

TRANSFERRED = "transferred"
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
    commit. Twice: the second is refused.
    """
    on = day_of(at)
    with readable_refusals(), transaction.atomic():
        order = lock_row(PaymentOrder, order_id)
        register = order.register
        place_id = register.institution.organisation_id
        can_issue_register(actor, register.payer_id, place_id, on).require()
        if Transfer.objects.filter(order=order).exists():
            raise AlreadyTransferred
        if not document.strip():
            raise TransferDocumentMissing
        earliest = earliest_day(register)
        if not earliest <= transferred_on <= on:
            raise TransferDayWrong(earliest=date_short(earliest))
        text = document.strip()[:40]
        return Transfer.objects.create(
            order=order,
            transferred_on=transferred_on,
            document=text,
            statement=statement,
            entry=_posted(order, register, transferred_on, text, at),
            recorded_by=actor,
            recorded_at=at,
        )


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
