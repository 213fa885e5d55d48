"""Statements of the bank: read, looked at, then entered as transfers or dropped.

Called by the pages of the bank; the nightly task forgets what nobody decided about.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from inmates.enums import ImportStatus
from inmates.models import BankStatement, StatementDifference
from inmates.register_refusals import (
    NothingMatches,
    StatementCutOff,
    StatementDecided,
    StatementEmpty,
    StatementKnown,
    StatementProtected,
    StatementTooLarge,
    StatementTooLong,
    StatementUnreadable,
)
from inmates.rules import can_read_statement
from inmates.selectors.bank import books_for
from inmates.services.transfers import record_transfer
from inmates.states import BANK_STATEMENT
from inmates.transfers.lines import (
    CUT_OFF,
    NO_LINES,
    BankLine,
    Statement,
    StatementUnclear,
    Unread,
)
from inmates.transfers.matching import Matched, match_lines
from inmates.transfers.onec import is_onec, read_onec
from inmates.transfers.tables import read_statement_table
from portal.accounts.models import Organisation
from portal.kernel import audit, states
from portal.kernel.clock import day_of
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.spreadsheets import (
    MAX_MEGABYTES,
    PROTECTED,
    TOO_LONG,
    TableUnreadable,
    read_table,
)
from portal.kernel.uploads import MEGABYTE, clean_name

MOST_LINES = 5000
# How long the lines of a statement nobody decided about are kept.
KEPT_FOR = timedelta(days=14)
REFUSALS = {
    CUT_OFF: StatementCutOff,
    NO_LINES: StatementEmpty,
    TOO_LONG: StatementTooLong,
    PROTECTED: StatementProtected,
}


def receive_bank_statement(
    *, actor: Any, payer_id: int, file_name: str, content: bytes, at: datetime
) -> BankStatement:
    """The lines of the file are kept, encrypted, to be looked at; nothing else is written.

    Refused: for whoever is not the payer's accountant; what is no statement, too large, cut off,
    without payments, or received already. Twice: the second is refused.
    """
    payer = Organisation.objects.get(pk=payer_id)
    can_read_statement(actor, payer_id, day_of(at)).require()
    name = clean_name(file_name)
    if len(content) > MAX_MEGABYTES * MEGABYTE:
        raise StatementTooLarge(name=name, most=MAX_MEGABYTES)
    digest = hashlib.sha256(content).hexdigest()
    if (
        BankStatement.objects.filter(payer=payer, sha256=digest)
        .exclude(status=ImportStatus.DROPPED)
        .exists()
    ):
        raise StatementKnown
    statement = _read(content, name, payer)
    with readable_refusals(), transaction.atomic():
        row = BankStatement.objects.create(
            payer=payer,
            file_name=name,
            sha256=digest,
            content=_packed(statement),
            account=statement.account[:20],
            since=statement.since,
            until=statement.until,
            lines=len(statement.lines) + len(statement.unread) + statement.incoming,
            uploaded_by=actor,
            uploaded_at=at,
        )
        states.begin(row, "upload", machine=BANK_STATEMENT, actor=actor, at=at)
        audit.record(actor=actor, action="bank_statement_received", at=at, subject=row)
    return row


def _read(content: bytes, name: str, payer: Organisation) -> Statement:
    try:
        own = frozenset(filter(None, [payer.iban]))
        if is_onec(content):
            return read_onec(content, own, MOST_LINES)
        return read_statement_table(read_table(content, most_rows=MOST_LINES).rows, own)
    except (StatementUnclear, TableUnreadable) as error:
        refusal = REFUSALS.get(error.reason, StatementUnreadable)
        raise refusal(name=name, most=MOST_LINES) from error


def _packed(statement: Statement) -> str:
    lines = [
        asdict(line) | {"on": line.on.isoformat(), "amount": str(line.amount)}
        for line in statement.lines
    ]
    unread = [asdict(one) for one in statement.unread]
    told = {"lines": lines, "unread": unread, "incoming": statement.incoming}
    return json.dumps(told, ensure_ascii=False)


def statement_of(row: BankStatement) -> Statement:
    """The lines as they were read; empty once it is decided about."""
    if row.content is None:
        return Statement()
    told = json.loads(row.content)
    lines = [
        BankLine(**line | {"on": date.fromisoformat(line["on"]), "amount": Decimal(line["amount"])})
        for line in told["lines"]
    ]
    unread = [Unread(**one) for one in told["unread"]]
    return Statement(
        row.account, row.since, row.until, told["incoming"], lines=lines, unread=unread
    )


def plan_of_statement(
    row: BankStatement, *, actor: Any, on: date, chosen: Mapping[int, int | None] | None = None
) -> list[Matched]:
    """The lines that concern wages with their orders, as things stand today."""
    books = books_for(actor, on, row.payer_id)
    return match_lines(statement_of(row).lines, books, today=on, chosen=chosen)


def apply_bank_statement(
    *, actor: Any, statement_id: int, at: datetime, chosen: Mapping[int, int | None] | None = None
) -> BankStatement:
    """Every line that fits one payment order is its transfer; what differs is kept as figures.

    `chosen` says which order a line means that fits several, or that it means none of them. The
    lines are forgotten. Refused: for whoever is not the payer's accountant, with nothing that fits,
    when it is decided already. All or nothing. Twice: the second is refused.
    """
    on = day_of(at)
    with readable_refusals(), transaction.atomic():
        row = _held(actor, statement_id, at)
        plan = plan_of_statement(row, actor=actor, on=on, chosen=chosen)
        paid = [(one.order.order_id, one.line) for one in plan if one.order]
        if not paid:
            raise NothingMatches
        for order_id, line in sorted(paid, key=lambda pair: pair[0]):
            record_transfer(
                actor=actor, order_id=order_id, transferred_on=line.on, document=line.document,
                statement=row, at=at,
            )  # fmt: skip
        StatementDifference.objects.bulk_create(
            StatementDifference(
                statement=row, row=one.line.row, on=one.line.on, document=one.line.document,
                knp=one.line.knp, amount=one.line.amount, problem=one.problem,
                order_id=one.near[0].order_id if len(one.near) == 1 else None,
            )
            for one in plan
            if one.problem
        )  # fmt: skip
        _decide(row, "apply", actor, at, transferred=len(paid))
    return row


def drop_bank_statement(*, actor: Any, statement_id: int, at: datetime) -> BankStatement:
    """The statement is dropped and its lines are forgotten; refused when it is decided already."""
    with transaction.atomic():
        row = _held(actor, statement_id, at)
        _decide(row, "drop", actor, at)
    return row


def forget_bank_statements(*, at: datetime) -> int:
    """Statements nobody decided about in time are dropped. How many. Twice is harmless."""
    with transaction.atomic():
        late = BankStatement.objects.filter(
            status=ImportStatus.CHECKED, uploaded_at__lt=at - KEPT_FOR
        )
        rows = lock_rows(late)
        for row in rows:
            _decide(row, "drop", None, at)
    return len(rows)


def _held(actor: Any, statement_id: int, at: datetime) -> BankStatement:
    row = lock_row(BankStatement, statement_id)
    can_read_statement(actor, row.payer_id, day_of(at)).require()
    if row.status != ImportStatus.CHECKED:
        raise StatementDecided
    return row


def _decide(row: BankStatement, action: str, actor: Any, at: datetime, **counts: int) -> None:
    """Forget the lines, then move: a decided statement holds none, says the database."""
    row.content = None
    for name, count in counts.items():
        setattr(row, name, count)
    row.save(update_fields=["content", *counts])
    states.move(row, action, machine=BANK_STATEMENT, actor=actor, at=at)
