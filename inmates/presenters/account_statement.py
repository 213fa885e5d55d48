"""The statement of an account in the reader's language: for the page, and as data for the paper."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inmates.enums import AccountKind, EntryPurpose, RunKind, WritKind
from inmates.models import LedgerAccount
from inmates.presenters.ledger import (
    LISTED,
    account_title,
    last_day,
    read_balance,
    subject_of,
    writ_words,
)
from inmates.presenters.payslip import payment_title
from inmates.selectors.ledger import StatementLine, Sums
from portal.kernel.periods import Period
from portal.kernel.text import date_short, money, month_name, number, sum_text

# What a run of each kind did: wages of a month, or what makes them more or less.
BY_KIND = {
    RunKind.REGULAR: gettext_lazy("wages for %(month)s, institution № %(place)s"),
    RunKind.CORRECTION: gettext_lazy("differences of wages for %(month)s, institution № %(place)s"),
    RunKind.RELEASE: gettext_lazy("final pay for %(month)s, institution № %(place)s"),
    RunKind.BONUS: gettext_lazy("one-off payment for %(month)s, institution № %(place)s"),
    RunKind.ERROR: gettext_lazy("mended wages for %(month)s, institution № %(place)s"),
    RunKind.REVERSAL: gettext_lazy("reversal of wages for %(month)s, institution № %(place)s"),
}
_PAID = gettext_lazy("payment for %(month)s, institution № %(place)s")
_PAID_APART = gettext_lazy("payment apart from wages for %(month)s, institution № %(place)s")
PAID_BY_KIND = {
    RunKind.REGULAR: _PAID,
    RunKind.CORRECTION: gettext_lazy(
        "payment of differences for %(month)s, institution № %(place)s"
    ),
    RunKind.RELEASE: gettext_lazy("payment at release for %(month)s, institution № %(place)s"),
    RunKind.BONUS: _PAID_APART,
    RunKind.ERROR: _PAID_APART,
    RunKind.REVERSAL: _PAID_APART,
}


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of a statement with the balance after it."""

    on: date
    document: str
    text: str
    note: str
    debit: Decimal
    credit: Decimal
    balance: Decimal


def shown_lines(
    account: LedgerAccount, opening: Decimal, lines: Iterable[StatementLine]
) -> list[ShownLine]:
    """The lines in their order; `opening` is credits less debits before them."""
    shown, balance = [], opening
    for line in lines:
        balance += line.credit - line.debit
        shown.append(
            ShownLine(
                line.on,
                line.document,
                posting_title(line.code),
                _note(line, is_of_one=account.kind in LISTED),
                line.debit,
                line.credit,
                read_balance(account.kind, balance),
            )
        )
    return shown


def balance_after(opening: Decimal, lines: Iterable[StatementLine]) -> Decimal:
    """Credits less debits when some lines have been posted."""
    return opening + sum((line.credit - line.debit for line in lines), Decimal(0))


def posting_title(code: str) -> str:
    """What was posted."""
    titles = {
        "gross": _("Earned"),
        "paid": _("Paid to the cash control account"),
        "transferred": _("Transferred by the bank"),
        WritKind.ALIMONY.value: _("Alimony by writ"),
        WritKind.CLAIM.value: _("Claim by writ"),
        "bailiff_fee": _("Fee of the bailiff"),
    }
    return titles.get(code) or payment_title(code)


def _note(line: StatementLine, *, is_of_one: bool) -> str:
    if line.month is None:
        words = (
            _("taken back: payment order № %(document)s, register № %(number)s")
            if line.is_taken_back
            else _("payment order № %(document)s, register № %(number)s")
        )
        return words % {"document": line.document, "number": line.register}
    is_paid = line.purpose == EntryPurpose.PAYMENT
    words = (PAID_BY_KIND if is_paid else BY_KIND)[line.kind]
    note = str(words) % {"month": month_name(line.month), "place": line.institution}
    if is_of_one:
        return note
    people = ngettext("%(count)s person", "%(count)s people", line.people)
    return f"{note}; {people % {'count': number(line.people)}}"


def account_facts(
    account: LedgerAccount, sums: Sums, *, full_name: str = "", is_named: bool = False
) -> list[dict[str, str]]:
    """Whose account it is and what its period came to; writ and payee where names are read."""
    kind = account.kind
    facts = [
        {"label": _("Account"), "value": str(AccountKind(kind).label)},
        {"label": _("Payer"), "value": account.payer.name},
        {"label": _("Of"), "value": subject_of(account), "note": writ_words(account)},
    ]
    if full_name:
        facts.append({"label": _("Name"), "value": full_name})
    if account.writ and is_named:
        facts += [
            {"label": _("Writ of execution"), "value": f"№ {account.writ.number}"},
            {"label": _("Payee"), "value": account.writ.payee},
        ]
    if kind == AccountKind.WAGES_PAYABLE and sums.closing < 0:
        facts.append(
            {
                "label": _("Paid too much"),
                "value": money(-sums.closing),
                "note": _("withheld from the next wages within the limit"),
            }
        )
    return [
        *facts,
        {"label": _("Opening balance"), "value": money(read_balance(kind, sums.opening))},
        {"label": _("Debit"), "value": money(sums.debit)},
        {"label": _("Credit"), "value": money(sums.credit)},
        {"label": _("Closing balance"), "value": money(read_balance(kind, sums.closing))},
    ]


def period_words(period: Period) -> str:
    """01.01.2026 – 23.11.2026."""
    return f"{date_short(period.effective_from)} – {date_short(last_day(period))}"


def statement_document(
    account: LedgerAccount,
    lines: Iterable[ShownLine],
    facts: Sequence[Mapping[str, str]],
    period: Period,
    *,
    language: str,
    printed_on: date,
) -> dict[str, Any]:
    """Plain data for templates/documents/account_statement.typ, in the present language."""
    return {
        "language": language,
        "title": _("Statement of an account"),
        "period": period_words(period),
        "account": account_title(account),
        "facts": [
            {"label": one["label"], "value": one["value"], "note": one.get("note", "")}
            for one in facts
        ],
        "lines": [
            {
                "on": date_short(line.on),
                "document": line.document,
                "text": line.text,
                "note": line.note,
                "debit": sum_text(line.debit) if line.debit else "",
                "credit": sum_text(line.credit) if line.credit else "",
                "balance": sum_text(line.balance),
            }
            for line in lines
        ],
        "printed": _("Printed on %(day)s") % {"day": date_short(printed_on)},
        "labels": {
            "on": _("Day"),
            "document": _("Document"),
            "text": _("For what"),
            "debit": _("Debit, ₸"),
            "credit": _("Credit, ₸"),
            "balance": _("Balance, ₸"),
            "empty": _("Nothing was posted in this period."),
            "accountant": _("Accountant"),
            "sheet": _("Sheet"),
        },
    }
