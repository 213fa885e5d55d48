"""The books in the reader's language: accounts by kind, and one kind person by person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inmates.enums import AccountKind, WritKind
from inmates.models import LedgerAccount
from inmates.models.ledger import OF_PERSON, OF_PLACE, OF_WRIT
from inmates.presenters.payslip import payment_title
from inmates.selectors.ledger import NO_SUMS, BookRow, Sums
from portal.kernel.periods import Period
from portal.kernel.text import number
from workshops.models import Institution

ONE_DAY = timedelta(days=1)
# Kinds with an account for each person or writ.
LISTED = (*OF_PERSON, *OF_WRIT)


def read_balance(kind: str, amount: Decimal) -> Decimal:
    """Credits less debits as the account is read: an expense grows by its debits."""
    return -amount if kind in OF_PLACE else amount


@dataclass(frozen=True, slots=True)
class ShownSums:
    """A line of accounts: what it is, where it leads and its sums."""

    label: str
    note: str
    url: str
    opening: Decimal
    debit: Decimal
    credit: Decimal
    closing: Decimal


def _shown(kind: str, sums: Sums, *, label: str, note: str, url: str) -> ShownSums:
    opening, closing = read_balance(kind, sums.opening), read_balance(kind, sums.closing)
    return ShownSums(label, note, url, opening, sums.debit, sums.credit, closing)


def period_query(period: Period) -> str:
    """The period as the address of another page of accounts carries it."""
    until = last_day(period)
    return f"?since={period.effective_from:%d.%m.%Y}&until={until:%d.%m.%Y}"


def last_day(period: Period) -> date:
    if period.effective_to is None:
        raise ValueError("the period of a statement is closed")
    return period.effective_to - ONE_DAY


def book_rows(
    rows: Iterable[BookRow], payer_id: int, period: Period, places: Mapping[int, Institution]
) -> list[ShownSums]:
    """The books of a payer by kind; one account leads to its statement, many to their list."""
    kinds = list(AccountKind)
    query = period_query(period)
    shown = []
    for row in sorted(rows, key=lambda one: (kinds.index(AccountKind(one.kind)), one.code)):
        if row.kind in LISTED:
            url = reverse("inmates:accounts_of_kind", args=[payer_id, row.kind])
        else:
            url = reverse("inmates:account_statement", args=[row.account_id])
        label, note = _of_kind(row, places)
        shown.append(_shown(row.kind, row.sums, label=label, note=note, url=url + query))
    return shown


def _of_kind(row: BookRow, places: Mapping[int, Institution]) -> tuple[str, str]:
    kind = str(AccountKind(row.kind).label)
    if row.code:
        return payment_title(row.code), kind
    if row.institution_id:
        return kind, places[row.institution_id].organisation.name
    if row.kind in OF_WRIT:
        words = ngettext("%(count)s writ", "%(count)s writs", row.accounts)
    else:
        words = ngettext("%(count)s person", "%(count)s people", row.accounts)
    return kind, words % {"count": number(row.accounts)}


def totals_of(rows: Sequence[ShownSums]) -> dict[str, Decimal]:
    """Both sides of all accounts: they are equal."""
    return {
        "debit": sum((one.debit for one in rows), Decimal(0)),
        "credit": sum((one.credit for one in rows), Decimal(0)),
    }


def account_rows(
    accounts: Iterable[LedgerAccount], sums: Mapping[int, Sums], period: Period
) -> list[ShownSums]:
    """Accounts of one kind by personnel number, without names."""
    query = period_query(period)
    return [
        _shown(
            one.kind,
            sums.get(one.pk, NO_SUMS),
            label=subject_of(one),
            note=writ_words(one),
            url=reverse("inmates:account_statement", args=[one.pk]) + query,
        )
        for one in accounts
    ]


def subject_of(account: LedgerAccount) -> str:
    """Whose account it is: a personnel number, a place, or a payment of the law."""
    person = account.inmate or (account.writ.inmate if account.writ else None)
    if person:
        return f"№ {person.personnel_number}"
    if account.institution:
        return str(account.institution.organisation.name)
    return payment_title(account.code)


def writ_words(account: LedgerAccount) -> str:
    """What the writ claims and its queue; whose it is and to whom is for the accountant alone."""
    if account.writ is None:
        return ""
    return _("%(kind)s, queue %(queue)s") % {
        "kind": WritKind(account.writ.kind).label,
        "queue": account.writ.queue,
    }


def account_title(account: LedgerAccount) -> str:
    """Statement of the account and whose it is, without a name."""
    return f"{AccountKind(account.kind).label}, {subject_of(account)}"
