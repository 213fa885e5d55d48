"""What the database refuses of the books, whoever asks: attempts in raw SQL."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, InternalError, connection, transaction

from inmates.models import JournalEntry, LedgerAccount, PayrollRun, Posting
from portal.kernel import clock
from portal.kernel.errors import ConstraintRefused, readable_refusals
from tests.inmates.books import first_signature, paid, posted
from tests.inmates.months import a_worker, calculated
from tests.people import Cast


@pytest.fixture
def books(pay: Cast) -> PayrollRun:
    """One person's October, posted."""
    first_signature(pay)
    a_worker(pay)
    return posted(pay)


@pytest.fixture(autouse=True)
def rolled_back(db: None) -> Iterator[None]:
    """What waits for the commit is not looked at once more when the test is over."""
    yield
    transaction.set_rollback(True)


def execute(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)


def now_checked() -> None:
    """What waits for the commit is checked at once."""
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute("SET CONSTRAINTS ALL DEFERRED")


TABLES = (
    "inmates_posting", "inmates_journalentry", "inmates_ledgeraccount",
)  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_deleted(books: PayrollRun, table: str) -> None:
    with pytest.raises(InternalError, match="append_only"), transaction.atomic():
        execute(f"DELETE FROM {table}")  # noqa: S608 - names of this file


@pytest.mark.parametrize(
    "change",
    [
        "inmates_posting SET debit = debit + 1 WHERE debit > 0",
        "inmates_posting SET account_id = (SELECT max(id) FROM inmates_ledgeraccount)",
        "inmates_journalentry SET document = 'other'",
        "inmates_journalentry SET transaction_id = pg_current_xact_id()::text::bigint",
        "inmates_ledgeraccount SET code = 'ipn' WHERE code = 'opv'",
    ],
)
def test_nothing_is_changed(books: PayrollRun, change: str) -> None:
    with pytest.raises(InternalError, match="append_only"), transaction.atomic():
        execute(f"UPDATE {change}")


def an_entry(run: PayrollRun, **fields: Any) -> JournalEntry:
    """Another entry of the run's only slip."""
    values = {
        "payer_id": run.payer_id,
        "run": run,
        "payslip": run.payslips.get(),
        "purpose": "payment",
        "on": clock.today(),
        "posted_at": clock.now(),
        "document": "1",
    }
    return JournalEntry.objects.create(**(values | fields))


def sides(entry: JournalEntry, debit: str, credit: str) -> list[Posting]:
    accounts = LedgerAccount.objects.order_by("id")
    return [
        Posting(entry=entry, account=accounts[0], code="x", debit=debit, credit=0),
        Posting(entry=entry, account=accounts[1], code="x", debit=0, credit=credit),
    ]


def refused(name: str) -> Any:
    return pytest.raises(ConstraintRefused, check=lambda error: error.constraint == name)


def test_an_entry_that_does_not_balance_is_refused_in_words(books: PayrollRun) -> None:
    with refused("entry_balances"), readable_refusals(), transaction.atomic():
        Posting.objects.bulk_create(sides(an_entry(books), "10.00", "9.99"))


def test_an_entry_without_postings_is_refused_at_the_end(books: PayrollRun) -> None:
    with refused("entry_balances"), readable_refusals(), transaction.atomic():
        an_entry(books)
        now_checked()


def test_half_an_entry_now_and_half_later_is_refused(books: PayrollRun) -> None:
    """So a balance that was looked at early cannot be upset afterwards."""
    with refused("entry_balances"), readable_refusals(), transaction.atomic():
        entry = an_entry(books)
        Posting.objects.bulk_create(sides(entry, "10.00", "10.00"))
        now_checked()
        sides(entry, "5.00", "5.00")[0].save()


def test_a_balanced_entry_of_its_own_transaction_stands(books: PayrollRun) -> None:
    with transaction.atomic():
        Posting.objects.bulk_create(sides(an_entry(books), "10.00", "10.00"))
        now_checked()
    assert Posting.objects.filter(code="x").count() == 2


def test_the_transaction_of_an_entry_is_not_for_the_caller_to_say(books: PayrollRun) -> None:
    given = an_entry(books, transaction_id=7)
    given.refresh_from_db()
    assert given.transaction_id != 7


@pytest.mark.parametrize(
    ("debit", "credit"), [("0", "0"), ("1", "1"), ("-1", "0"), ("0", "-1"), ("1", "-1")]
)
def test_a_posting_has_one_side(books: PayrollRun, debit: str, credit: str) -> None:
    entry = an_entry(books)
    with pytest.raises(IntegrityError, match="posting_one_side"), transaction.atomic():
        Posting.objects.create(
            entry=entry, account=LedgerAccount.objects.first(), code="x", debit=debit, credit=credit
        )


def test_a_slip_is_posted_once_for_a_purpose(pay: Cast, books: PayrollRun) -> None:
    paid(pay, books)
    for purpose in ("wages", "payment"):
        with refused("journalentry_once"), readable_refusals(), transaction.atomic():
            an_entry(books, purpose=purpose)


def test_an_entry_is_reversed_at_most_once(books: PayrollRun) -> None:
    """Room for a later correction: it points at what it reverses, and one only does."""
    first = JournalEntry.objects.get(run=books)
    an_entry(books, purpose="wages", reverses=first)
    with pytest.raises(IntegrityError, match="reverses"), transaction.atomic():
        an_entry(books, purpose="wages", reverses=first)


def test_accounts_of_another_payer_are_refused(pay: Cast, books: PayrollRun) -> None:
    person = LedgerAccount.objects.filter(inmate__isnull=False).first()
    assert person is not None
    for kind in ("wages_payable", "cash_control"):
        LedgerAccount.objects.create(payer=pay.entrepreneur, kind=kind, inmate=person.inmate)
    one, other = LedgerAccount.objects.filter(payer=pay.entrepreneur)
    entry = an_entry(books)
    with refused("posting_of_one_payer"), readable_refusals(), transaction.atomic():
        Posting.objects.bulk_create(
            [
                Posting(entry=entry, account=one, code="x", debit="1.00", credit=0),
                Posting(entry=entry, account=other, code="x", debit=0, credit="1.00"),
            ]
        )


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "wages_payable"},
        {"kind": "pension_fund"},
        {"kind": "pension_fund", "code": "opv", "inmate": True},
        {"kind": "cash_control", "inmate": True, "code": "x"},
        {"kind": "creditor", "inmate": True},
        {"kind": "unknown", "inmate": True},
    ],
)
def test_an_account_has_the_subject_of_its_kind(pay: Cast, fields: dict[str, Any]) -> None:
    values = dict(fields)
    if "inmate" in values:
        values["inmate"] = a_worker(pay)
    with pytest.raises(IntegrityError, match="ledgeraccount_one_subject"), transaction.atomic():
        LedgerAccount.objects.create(payer=pay.enterprise, **values)


def test_one_account_for_one_subject(pay: Cast) -> None:
    LedgerAccount.objects.create(payer=pay.enterprise, kind="tax", code="ipn")
    with pytest.raises(IntegrityError, match="ledgeraccount_once"), transaction.atomic():
        LedgerAccount.objects.create(payer=pay.enterprise, kind="tax", code="ipn")


def test_a_posted_slip_is_never_deleted(books: PayrollRun) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        execute("DELETE FROM inmates_payslip")


def test_an_unposted_run_has_no_books(pay: Cast) -> None:
    a_worker(pay)
    calculated(pay)
    assert not JournalEntry.objects.exists()
    assert not LedgerAccount.objects.exists()
