"""The books as somebody may see them: accounts, their sums and statements. Nothing is stored.

Called by the accountant's pages of accounts and, for all of them, by the proof of the books.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from inmates.enums import EntryPurpose
from inmates.models import LedgerAccount, Posting
from inmates.rules import PAYROLL_READERS
from inmates.selectors.payroll import NOTHING, granted_q
from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.accounts.selectors import grants_of
from portal.kernel.periods import Period

ZERO = Decimal("0.00")
# A transfer is of no run: it stands behind those of its day.
MOST = 2**62
SLIP_ORDER = ("gross", "opv", "vosms", "ipn")


def account_sums(accounts: "QuerySet[LedgerAccount]") -> "QuerySet[LedgerAccount]":
    """Each account with the sums of all its postings."""
    return accounts.annotate(
        debits=Coalesce(Sum("postings__debit"), ZERO),
        credits=Coalesce(Sum("postings__credit"), ZERO),
    )


def postings_visible_to(user: Any, on: date) -> "QuerySet[Posting]":
    """Postings of payers in which the user is accountant or head, at their places.

    Of wages and of their transfers; only where a grant is for one place it is asked which place.
    """
    of_wages = granted_q(
        user, on, PAYROLL_READERS, payer="entry__payer", institution="entry__run__institution"
    )
    of_transfers = granted_q(
        user,
        on,
        PAYROLL_READERS,
        payer="entry__payer",
        institution="entry__transfer__order__register__institution",
    )
    # What takes a transfer back points at the entry of the transfer.
    of_mirrors = granted_q(
        user,
        on,
        PAYROLL_READERS,
        payer="entry__payer",
        institution="entry__reverses__transfer__order__register__institution",
    )
    return Posting.objects.filter(of_wages | of_transfers | of_mirrors)


def accounts_visible_to(user: Any, on: date, *roles: str) -> "QuerySet[LedgerAccount]":
    """The accounts of those payers; where a grant is for one place, those with postings of it."""
    allowed = NOTHING
    for grant in grants_of(user, on):
        if grant.role in (roles or PAYROLL_READERS):
            rows = Q(payer=grant.organisation_id)
            if grant.scope_id is not None:
                of_account = Posting.objects.filter(account=OuterRef("pk"))
                here = of_account.filter(entry__run__institution__organisation=grant.scope_id)
                sent = of_account.filter(
                    entry__transfer__order__register__institution__organisation=grant.scope_id
                )
                rows &= Q(Exists(here)) | Q(Exists(sent))
            allowed |= rows
    return LedgerAccount.objects.filter(allowed)


def payers_with_books(user: Any, on: date) -> list[Organisation]:
    """Whose books the user may read, by name; two queries."""
    ids = accounts_visible_to(user, on).values("payer").distinct()
    key = "sort_kk" if get_language() == "kk" else "sort_ru"
    return list(Organisation.objects.filter(pk__in=ids).order_by(key, "pk"))


@dataclass(frozen=True, slots=True)
class Sums:
    """An account, or several, over a period: before it, and within it both sides."""

    opening: Decimal
    debit: Decimal
    credit: Decimal

    @property
    def closing(self) -> Decimal:
        """Credits less debits, as the opening is."""
        return self.opening + self.credit - self.debit


NO_SUMS = Sums(ZERO, ZERO, ZERO)


def _over(period: Period) -> dict[str, Any]:
    """Aggregates of postings up to the end of the period; openings are credits less debits."""
    before = Q(entry__on__lt=period.effective_from)
    within = Q(entry__on__gte=period.effective_from)
    return {
        "before_debit": Coalesce(Sum("debit", filter=before), ZERO),
        "before_credit": Coalesce(Sum("credit", filter=before), ZERO),
        "in_debit": Coalesce(Sum("debit", filter=within), ZERO),
        "in_credit": Coalesce(Sum("credit", filter=within), ZERO),
    }


def _until(postings: "QuerySet[Posting]", period: Period) -> "QuerySet[Posting]":
    return postings.filter(entry__on__lt=period.effective_to)


def _sums(row: dict[str, Any]) -> Sums:
    return Sums(row["before_credit"] - row["before_debit"], row["in_debit"], row["in_credit"])


@dataclass(frozen=True, slots=True)
class BookRow:
    """Accounts of one kind of a payer: one account of a place or a fund, or all of a kind."""

    kind: str
    code: str
    institution_id: int | None
    accounts: int
    account_id: int
    sums: Sums


def books_of(user: Any, on: date, payer_id: int, period: Period) -> list[BookRow]:
    """The sums of a payer's books over a period by kind of account; one query."""
    postings = postings_visible_to(user, on).filter(account__payer=payer_id)
    rows = (
        _until(postings, period)
        .values("account__kind", "account__code", "account__institution")
        .annotate(accounts=Count("account", distinct=True), first=Min("account"), **_over(period))
        .order_by("account__kind", "account__code", "account__institution")
    )
    return [
        BookRow(
            row["account__kind"], row["account__code"], row["account__institution"],
            row["accounts"], row["first"], _sums(row),
        )
        for row in rows
    ]  # fmt: skip


def sums_of(
    user: Any, on: date, accounts: Iterable[LedgerAccount], period: Period
) -> dict[int, Sums]:
    """The sums of some accounts over a period; one query."""
    postings = postings_visible_to(user, on).filter(account__in=[one.pk for one in accounts])
    rows = _until(postings, period).values("account").annotate(**_over(period)).order_by("account")
    return {row["account"]: _sums(row) for row in rows}


def accounts_of_kind(
    user: Any, on: date, payer_id: int, kind: str, number: str = ""
) -> "QuerySet[LedgerAccount]":
    """The accounts of one kind, of all people and writs or of one person by number."""
    rows = accounts_visible_to(user, on).filter(payer=payer_id, kind=kind)
    if number:
        rows = rows.filter(
            Q(inmate__personnel_number=number) | Q(writ__inmate__personnel_number=number)
        )
    return rows.select_related("institution__organisation", "inmate", "writ__inmate").order_by(
        Coalesce("inmate__personnel_number", "writ__inmate__personnel_number"), "id"
    )


@dataclass(frozen=True, slots=True)
class StatementLine:
    """What one run did to an account on one day, of one kind; of how many people."""

    on: date
    document: str
    purpose: str
    # Of a transfer both stand in its register.
    month: date | None
    institution: str
    code: str
    people: int
    debit: Decimal
    credit: Decimal
    # Of a transfer: the register it pays.
    register: str = ""
    # What kind of run it was; of a transfer none.
    kind: str = ""
    # A transfer that is taken back.
    is_taken_back: bool = False


def statement_lines(
    user: Any, on: date, account: LedgerAccount, period: Period
) -> list[StatementLine]:
    """The postings of a period, those of one run and code in one line; one query."""
    rows = (
        postings_visible_to(user, on)
        .filter(
            account=account,
            entry__on__gte=period.effective_from,
            entry__on__lt=period.effective_to,
        )
        .values(
            "entry__on", "entry__document", "entry__purpose", "entry__run",
            "entry__run__month", "entry__run__institution__number", "entry__run__kind", "code",
            "entry__transfer__order__register__number",
            "entry__reverses__transfer__order__register__number",
        )
        .annotate(
            people=Count("entry", distinct=True), debits=Sum("debit"), credits=Sum("credit")
        )
    )  # fmt: skip
    in_order = sorted(
        rows,
        key=lambda row: (
            row["entry__on"], row["entry__run"] or MOST,
            row["entry__purpose"] == EntryPurpose.PAYMENT,
            _place(row["code"]), row["code"],
        ),
    )  # fmt: skip
    return [
        StatementLine(
            row["entry__on"], row["entry__document"], row["entry__purpose"],
            row["entry__run__month"], row["entry__run__institution__number"] or "", row["code"],
            row["people"], row["debits"], row["credits"],
            row["entry__transfer__order__register__number"]
            or row["entry__reverses__transfer__order__register__number"] or "",
            row["entry__run__kind"] or "",
            bool(row["entry__reverses__transfer__order__register__number"]),
        )
        for row in in_order
    ]  # fmt: skip


def _place(code: str) -> int:
    """As on a payslip: what was earned, what the law takes, then the rest."""
    return SLIP_ORDER.index(code) if code in SLIP_ORDER else len(SLIP_ORDER)


def may_read_names(user: Any, on: date, account: LedgerAccount) -> bool:
    """Whose account it is, is shown to the payer's accountant alone, as on a payslip."""
    return accounts_visible_to(user, on, Role.ACCOUNTANT).filter(pk=account.pk).exists()
