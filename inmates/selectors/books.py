"""Proving the books: lines = payslips = totals = postings = balances, and where not, what differs.

Called by the posting, for its run, and by `manage.py check_books`, for all.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from inmates.enums import RunStatus
from inmates.models import LedgerAccount, PayrollRun, Payslip
from inmates.selectors import book_scopes, book_sql
from inmates.selectors.ledger import account_sums
from inmates.selectors.payroll import runs_with_totals
from inmates.selectors.transfers import transfer_balances, transfer_differences

# Of a run that is being calculated or was left incomplete, the slips that are there add up too.
OF_SLIPS = (book_sql.LINES_ARE_SLIPS,)
OF_BOOKS = (
    book_sql.POSTINGS_ARE_SLIPS,
    book_sql.ACCOUNTS_ARE_OF_THE_SLIP,
    book_sql.ENTRIES_ARE_OF_THE_RUN,
    book_sql.ENTRIES_BALANCE,
    book_sql.CODES_BALANCE,
    book_sql.ACCOUNTS_ARE_OPEN,
    book_sql.NUMBERS_ARE_GIVEN,
    book_scopes.DIFFERENCES_POINT,
    book_scopes.LINES_POINT,
    book_scopes.REVERSALS_MIRROR,
    book_scopes.REVERSALS_SETTLE,
    book_scopes.ENTRIES_MIRROR,
)
# What several runs come to together: of all months of a payer.
OF_PAYER = (
    book_scopes.ONE_FIRST_SLIP,
    book_scopes.MONTHS_ADD_UP,
    book_scopes.DEBTS_ARE_SETTLED,
    book_scopes.RUNS_GO_TOGETHER,
)
TOTALS = ("gross", "taxes", "withheld_by_writs", "to_account", "employer_pays")
POSTED = (RunStatus.APPROVED, RunStatus.PAID)
# Runs proved by one round of statements.
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the books do not agree: of which run, payslip and account, and the two sums."""

    what: str
    run_id: int | None = None
    payslip_id: int | None = None
    account_id: int | None = None
    expected: Decimal | None = None
    found: Decimal | None = None


def differences_of_run(run: PayrollRun) -> list[Difference]:
    """What differs in the slips and the postings of one run; fifteen statements."""
    return list(_of_runs([run.pk]))


def settled_too_much(payer_id: int, runs: Iterable[int]) -> int:
    """How many people of these runs have settled more with the payer than was paid too much."""
    found = _rows(book_scopes.SETTLED_TOO_MUCH, payer=payer_id, runs=list(runs))
    return len(found)


def book_differences() -> Iterator[Difference]:
    """Everything that differs anywhere: run by run, then account by account of each payer."""
    runs = list(PayrollRun.objects.order_by("id").values_list("pk", flat=True))
    for start in range(0, len(runs), AT_ONCE):
        yield from _of_runs(runs[start : start + AT_ONCE])
    payers = LedgerAccount.objects.order_by("payer_id").values_list("payer_id", flat=True)
    posted = PayrollRun.objects.filter(status__in=POSTED).values_list("payer_id", flat=True)
    for payer_id in sorted({*payers.distinct(), *posted.distinct()}):
        for statement in OF_PAYER:
            yield from (_difference(row) for row in _rows(statement, payer=payer_id))
        yield from _of_accounts(payer_id)


def _of_runs(ids: list[int]) -> Iterator[Difference]:
    for statement in (*OF_SLIPS, *OF_BOOKS):
        yield from (_difference(row) for row in _rows(statement, runs=ids))
    yield from _of_totals(ids)


def _of_totals(ids: list[int]) -> Iterator[Difference]:
    """The totals that pages and sheets print, against the sums of the postings."""
    booked = {row[0]: row[1:] for row in _rows(book_sql.TOTALS_OF_POSTINGS, runs=ids)}
    runs = runs_with_totals(PayrollRun.objects.filter(pk__in=ids, status__in=POSTED))
    for run in runs.order_by("id"):
        sums = booked.get(run.pk, (Decimal(0),) * len(TOTALS))
        for name, found in zip(TOTALS, sums, strict=True):
            if getattr(run, name) != found:
                yield Difference(f"total {name}", run.pk, None, None, getattr(run, name), found)


def _of_accounts(payer_id: int) -> Iterator[Difference]:
    """The balance of each account, as its statement shows it, against the payslips."""
    expected = {
        (kind, fund, subject): amount
        for kind, fund, subject, amount in _rows(book_sql.BALANCES_OF_SLIPS, payer=payer_id)
        if amount
    }
    for place, moved in transfer_balances(payer_id).items():
        expected[place] = expected.get(place, Decimal(0)) + moved
    for account in account_sums(LedgerAccount.objects.filter(payer=payer_id)).order_by("id"):
        subject = account.institution_id or account.inmate_id or account.writ_id or 0
        should = expected.pop((account.kind, account.code, subject), Decimal(0))
        if account.credits - account.debits != should:
            balance = account.credits - account.debits
            yield Difference("balance", None, None, account.pk, should, balance)
    for what, should, found in transfer_differences(payer_id):
        yield Difference(what, None, None, None, should, found)
    for (kind, fund, subject), amount in expected.items():
        if not amount:
            continue
        what = " ".join(filter(None, ("no account", kind, fund, str(subject or ""))))
        yield Difference(what, None, None, None, amount, Decimal(0))


def _difference(row: tuple[Any, ...]) -> Difference:
    run_id, payslip_id, account_id, what, expected, found = row
    return Difference(what, run_id, payslip_id, account_id, expected, found)


def _rows(statement: str, **values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids of differences are called on paper; no name of a person."""

    runs: dict[int, str]
    slips: dict[int, str]
    accounts: dict[int, str]


def names_of(differences: Iterable[Difference]) -> Names:
    """Three queries for whatever is named."""
    found = list(differences)
    runs = PayrollRun.objects.filter(pk__in={one.run_id for one in found if one.run_id})
    slips = Payslip.objects.filter(pk__in={one.payslip_id for one in found if one.payslip_id})
    accounts = LedgerAccount.objects.filter(pk__in={one.account_id for one in found})
    return Names(
        {
            run.pk: f"run {run.number or run.pk} ({run.payer.name_ru}, "
            f"№ {run.institution.number}, {run.month:%Y-%m})"
            for run in runs.select_related("payer", "institution")
        },
        {
            slip.pk: f"payslip {slip.number or slip.pk} (№ {slip.inmate.personnel_number})"
            for slip in slips.select_related("inmate")
        },
        {
            account.pk: _account_name(account)
            for account in accounts.select_related("payer", "institution", "inmate", "writ__inmate")
        },
    )


def _account_name(account: LedgerAccount) -> str:
    subject = ""
    if account.institution:
        subject = f"№ {account.institution.number}"
    elif account.inmate:
        subject = f"№ {account.inmate.personnel_number}"
    elif account.writ:
        subject = f"writ {account.writ_id} of № {account.writ.inmate.personnel_number}"
    words = (account.kind, account.code, subject, f"of {account.payer.name_ru}")
    return f"account {account.pk} ({' '.join(filter(None, words))})"
