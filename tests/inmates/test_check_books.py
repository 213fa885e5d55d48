"""Faults planted in the books past every guard: check_books names run, slip and account."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from inmates.models import PayrollRun
from tests.inmates.books import check_books, first_signature, paid, posted
from tests.inmates.months import a_worker, a_writ
from tests.people import Cast


@pytest.fixture
def books(pay: Cast) -> PayrollRun:
    """October of two people, one with alimony, posted and paid."""
    first_signature(pay)
    a_writ(a_worker(pay), "A-1", share_numerator=1, share_denominator=4)
    a_worker(pay, "1649", days=10)
    return paid(pay, posted(pay))


@pytest.fixture(autouse=True)
def rolled_back(db: None) -> Iterator[None]:
    """What was planted is not looked at by the database when the test is over."""
    yield
    transaction.set_rollback(True)


@contextmanager
def without_guards() -> Iterator[None]:
    """As who owns the database could: no trigger fires, no constraint is looked at."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def plant(sql: str) -> None:
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(sql)


SLIP = "(SELECT id FROM inmates_payslip WHERE number LIKE '%/0002')"
ENTRY = """(SELECT e.id FROM inmates_journalentry e JOIN inmates_payslip s ON s.id = e.payslip_id
  WHERE s.number LIKE '%/0002' AND e.purpose = 'wages')"""


def test_books_without_a_fault_agree(books: PayrollRun) -> None:
    said = StringIO()
    call_command("check_books", stdout=said)
    assert said.getvalue() == "1 runs and 4 entries: everything agrees\n"


def test_a_database_without_tables_is_told_in_a_sentence(db: None) -> None:
    """As in a checkout that never ran: nothing is there, and no traceback says so."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA never_migrated; SET LOCAL search_path = never_migrated")
    with pytest.raises(CommandError, match=r"make run.*PORTAL_DATA"):
        call_command("check_books")


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        pytest.param(
            "UPDATE inmates_payslipline SET amount = amount + 0.01 WHERE payslip_id = {slip}"
            " AND kind = 'earning'",
            ["/0002 (№ 1649)", "gross"],
            id="a line by one tiyn",
        ),
        pytest.param(
            "UPDATE inmates_payslipline SET code = 'vosms' WHERE payslip_id = {slip}"
            " AND code = 'opv'",
            ["/0002 (№ 1649)", "opv"],
            id="a line under another code",
        ),
        pytest.param(
            "UPDATE inmates_payslip SET so = so + 1 WHERE id = {slip}",
            ["/0002 (№ 1649)", "social_fund so, credit"],
            id="a slip",
        ),
        pytest.param(
            "UPDATE inmates_posting SET credit = credit - 0.01 WHERE entry_id = {entry}"
            " AND credit > 0 AND code = 'opv'",
            ["/0002 (№ 1649)", "entry out of balance"],
            id="one side of an entry",
        ),
        pytest.param(
            "DELETE FROM inmates_posting WHERE entry_id = {entry}",
            ["/0002 (№ 1649)", "wages: wages_payable, credit"],
            id="the postings of a slip",
        ),
        pytest.param(
            "DELETE FROM inmates_posting WHERE entry_id = {entry};"
            " DELETE FROM inmates_journalentry WHERE id = {entry}",
            ["/0002 (№ 1649)", "wages: wages_expense, debit"],
            id="an entry",
        ),
        pytest.param(
            """UPDATE inmates_posting p SET account_id = b.id
               FROM inmates_ledgeraccount a, inmates_ledgeraccount b
               WHERE a.id = p.account_id AND a.kind = 'cash_control' AND b.kind = 'cash_control'
               AND a.id < b.id""",
            ["account of somebody else", "cash_control", "balance"],
            id="the money of one on the account of another",
        ),
        pytest.param(
            """UPDATE inmates_posting p SET account_id = b.id
               FROM inmates_ledgeraccount a, inmates_ledgeraccount b
               WHERE a.id = p.account_id AND a.code = 'opv' AND b.code = 'opvr'""",
            ["pension_fund opv, credit", "balance"],
            id="one fund for another",
        ),
        pytest.param(
            "UPDATE inmates_payrollrun SET status = 'approved'",
            ["payment: cash_control, credit"],
            id="a payment of a run that is not paid",
        ),
        pytest.param(
            "UPDATE inmates_payrollrun SET status = 'calculated'",
            ["entry of a run that is not posted"],
            id="books of a run that is not posted",
        ),
        pytest.param(
            "UPDATE inmates_payslip SET number = '' WHERE id = {slip}",
            ["(№ 1649)", "payslip without its number"],
            id="a number",
        ),
        pytest.param(
            "UPDATE inmates_journalentry SET \"on\" = '2026-09-30' WHERE purpose = 'wages'",
            ["entry on another day than its run"],
            id="a day",
        ),
        pytest.param(
            "UPDATE inmates_journalentry SET document = '7' WHERE purpose = 'payment'",
            ["entry by another document than its run"],
            id="a document",
        ),
        pytest.param(
            "UPDATE inmates_posting SET code = 'ipn' WHERE entry_id = {entry} AND code = 'opv'"
            " AND debit > 0",
            ["/0002 (№ 1649)", "postings under the code ipn", "wages_payable"],
            id="a code on one side",
        ),
        pytest.param(
            "UPDATE inmates_posting SET code = 'opvr' WHERE entry_id = {entry} AND code = 'opv'",
            ["/0002 (№ 1649)", "postings under the code opvr"],
            id="a code on both sides",
        ),
        pytest.param(
            "UPDATE inmates_posting SET code = 'bailiff_fee' WHERE code = 'alimony'",
            ["/0001 (№ 1648)", "postings under the code bailiff_fee"],
            id="alimony that calls itself a fee",
        ),
        pytest.param(
            "DELETE FROM inmates_cashcontrolaccount",
            ["/0002 (№ 1649)", "no cash control account"],
            id="the account at the treasury",
        ),
        pytest.param(
            """UPDATE inmates_journalentry SET payer_id =
               (SELECT max(id) FROM accounts_organisation)""",
            ["entry in the books of another payer"],
            id="a payer",
        ),
        pytest.param(
            "DELETE FROM inmates_payslipline WHERE kind = 'writ'",
            ["(№ 1648)", "withheld_by_writs", "creditor"],
            id="what a writ withheld",
        ),
    ],
)
def test_a_planted_fault_is_named(books: PayrollRun, sql: str, words: list[str]) -> None:
    plant(sql.format(slip=SLIP, entry=ENTRY))
    found = "\n".join(check_books())
    for word in words:
        assert word in found, found
    assert "account" in found or "payslip" in found


def test_differences_end_the_command_with_a_one(books: PayrollRun) -> None:
    plant("UPDATE inmates_payslip SET so = so + 1 WHERE number LIKE '%/0001'")
    with pytest.raises(CommandError) as ended:
        call_command("check_books", stdout=StringIO(), stderr=StringIO())
    assert ended.value.returncode == 1
    assert "differences in 1 runs and 4 entries" in str(ended.value)


def test_a_missing_account_of_a_posted_slip_is_named(books: PayrollRun) -> None:
    plant(
        """DELETE FROM inmates_posting WHERE account_id IN
           (SELECT id FROM inmates_ledgeraccount WHERE kind = 'creditor')"""
    )
    plant("DELETE FROM inmates_ledgeraccount WHERE kind = 'creditor'")
    assert any("no account creditor" in line for line in check_books())
