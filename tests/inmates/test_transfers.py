"""Transfers in the books: so much from what was owed, all of it from the bank, once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import translation

from inmates.enums import EntryPurpose
from inmates.models import (
    JournalEntry,
    LedgerAccount,
    PaymentRegister,
    PayrollRun,
    Posting,
    Transfer,
)
from inmates.presenters.payslip import slip_document, slip_notes
from inmates.presenters.transfer_notes import transfer_note, transfer_words
from inmates.register_refusals import (
    AlreadyTransferred,
    TransferDayWrong,
    TransferDocumentMissing,
)
from inmates.selectors.payroll import slip_lines, year_to_date
from inmates.selectors.transfers import Transferred, transfers_before, transfers_of_people
from inmates.services.payment_codes import load_payment_codes
from inmates.services.transfers import earliest_day, record_transfer
from portal.kernel import clock
from portal.kernel.errors import ConstraintRefused, Forbidden, readable_refusals
from tests.inmates.books import check_books, first_signature, posted
from tests.inmates.months import OCTOBER, attended, calculated, days_of
from tests.inmates.registers import a_named_worker, issued, paid_october, transferred
from tests.people import Cast, a_user

SEPTEMBER = OCTOBER.previous()


@pytest.fixture
def october(pay: Cast) -> PayrollRun:
    return paid_october(pay)


@pytest.fixture(autouse=True)
def rolled_back(db: None) -> Iterator[None]:
    """What was planted past the guards is not looked at when the test is over."""
    yield
    transaction.set_rollback(True)


def order_of(register: PaymentRegister) -> Any:
    return register.orders.get()


def balance(**fields: Any) -> Decimal:
    rows = Posting.objects.filter(**{f"account__{name}": value for name, value in fields.items()})
    sums = rows.aggregate(c=Sum("credit"), d=Sum("debit"))
    return (sums["c"] or Decimal(0)) - (sums["d"] or Decimal(0))


def test_a_transfer_stands_in_the_books(pay: Cast, october: PayrollRun) -> None:
    order = order_of(issued(pay))
    transfer = transferred(pay, order, document=" 17 ")
    entry = transfer.entry
    assert entry is not None
    assert (entry.purpose, entry.payslip, entry.run) == (EntryPurpose.TRANSFER, None, None)
    assert (entry.payer, entry.on, entry.document) == (pay.enterprise, clock.today(), "17")
    sides = {one.account.kind: (one.debit, one.credit) for one in entry.postings.all()}
    assert sides == {"pension_fund": (order.amount, 0), "bank": (0, order.amount)}
    assert check_books() == []


def test_what_waits_for_an_iin_is_still_owed_to_the_fund(pay: Cast, october: PayrollRun) -> None:
    register = issued(pay)
    transferred(pay, order_of(register))
    assert balance(code="opv") == register.rows.get(has_iin=False).posted


def test_each_writ_is_paid_off_from_its_own_account(pay: Cast, october: PayrollRun) -> None:
    register = issued(pay, "writs")
    transferred(pay, order_of(register))
    row = register.rows.get()
    assert balance(kind="creditor", writ=row.writ) == 0
    assert balance(kind="bank") == register.payable
    assert check_books() == []


def test_wages_were_posted_with_their_payment(pay: Cast, october: PayrollRun) -> None:
    before = JournalEntry.objects.count()
    transfer = transferred(pay, order_of(issued(pay, "accounts")))
    assert transfer.entry is None
    assert JournalEntry.objects.count() == before
    assert check_books() == []


def test_an_order_is_transferred_once(pay: Cast, october: PayrollRun) -> None:
    order = order_of(issued(pay))
    transferred(pay, order)
    with pytest.raises(AlreadyTransferred):
        transferred(pay, order, document="18")
    assert Transfer.objects.count() == 1


def test_the_day_lies_between_the_posting_and_today(pay: Cast, october: PayrollRun) -> None:
    register = issued(pay)
    order = order_of(register)
    assert earliest_day(register) == clock.today()
    for days in (1, -1):
        with pytest.raises(TransferDayWrong):
            transferred(pay, order, on=clock.today() + timedelta(days=days))
    with pytest.raises(TransferDocumentMissing):
        transferred(pay, order, document="  ")
    assert not Transfer.objects.exists()


@pytest.mark.parametrize("person", ["head", "master", "labour_officer", "analyst", "administrator"])
def test_only_the_accountant_of_the_payer_enters_it(
    pay: Cast, october: PayrollRun, person: str
) -> None:
    order = order_of(issued(pay))
    private = a_user("pa@example.kz", pay.entrepreneur, "accountant")
    for actor in (getattr(pay, person), private):
        with pytest.raises(Forbidden):
            record_transfer(
                actor=actor, order_id=order.pk, transferred_on=clock.today(), document="1",
                at=clock.now(),
            )  # fmt: skip


def looked_at() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("fault", ["no entry", "another sum", "another day"])
def test_the_database_refuses_a_transfer_that_is_not_posted(
    pay: Cast, october: PayrollRun, fault: str
) -> None:
    order = order_of(issued(pay))
    with pytest.raises(ConstraintRefused) as refused, readable_refusals(), transaction.atomic():
        entry = None
        if fault != "no entry":
            entry = an_entry(pay, order.amount - (fault == "another sum"))
        day = clock.today() - timedelta(days=fault == "another day")
        Transfer.objects.create(
            order=order, transferred_on=day, document="1", entry=entry,
            recorded_by=pay.accountant, recorded_at=clock.now(),
        )  # fmt: skip
        looked_at()
    assert refused.value.constraint == "transfer_is_posted"


def an_entry(pay: Cast, amount: Decimal) -> JournalEntry:
    entry = JournalEntry.objects.create(
        payer=pay.enterprise, purpose=EntryPurpose.TRANSFER, on=clock.today(),
        posted_at=clock.now(), document="1",
    )  # fmt: skip
    bank = LedgerAccount.objects.create(payer=pay.enterprise, kind="bank")
    fund = LedgerAccount.objects.get(payer=pay.enterprise, code="opv")
    Posting.objects.bulk_create(
        [
            Posting(entry=entry, account=fund, code="transferred", debit=amount),
            Posting(entry=entry, account=bank, code="transferred", credit=amount),
        ]
    )
    return entry


@pytest.mark.parametrize("fields", [{"purpose": "transfer"}, {"purpose": "wages", "run": None}])
def test_an_entry_is_of_a_payslip_or_of_a_transfer(
    pay: Cast, october: PayrollRun, fields: dict[str, Any]
) -> None:
    slip = october.payslips.order_by("pk")[0]
    values = {"payer": pay.enterprise, "run": october, "payslip": slip, "on": clock.today(),
              "posted_at": clock.now(), "document": "x"}  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        JournalEntry.objects.create(**(values | fields))


def test_a_transfer_stays_as_it_is(pay: Cast, october: PayrollRun) -> None:
    transferred(pay, order_of(issued(pay)))
    with pytest.raises(DatabaseError), transaction.atomic():
        Transfer.objects.update(document="18")
    with pytest.raises(DatabaseError), transaction.atomic():
        Transfer.objects.all().delete()


# --- proved ---
@contextmanager
def without_guards() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        (
            ("UPDATE inmates_posting p SET debit = debit + 1 FROM inmates_journalentry e"
            " WHERE e.id = p.entry_id AND e.purpose = 'transfer' AND p.debit > 0"),
            ["transfer", "pension_fund opv", "balance"],
        ),
        (
            ("DELETE FROM inmates_posting p USING inmates_journalentry e, inmates_ledgeraccount a"
            " WHERE e.id = p.entry_id AND e.purpose = 'transfer' AND a.id = p.account_id"
            " AND a.kind = 'bank'"),
            ["transfer", "bank", "balance"],
        ),
        (
            "UPDATE inmates_transfer SET entry_id = NULL",
            ["transfer"],
        ),
        (
            "DELETE FROM inmates_transfer",
            ["transfer", "balance"],
        ),
    ],
)  # fmt: skip
def test_check_books_names_a_planted_fault(
    pay: Cast, october: PayrollRun, sql: str, words: list[str]
) -> None:
    transferred(pay, order_of(issued(pay)))
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(sql)
    found = "\n".join(check_books())
    for word in words:
        assert word in found


# --- statements of accounts ---
def test_the_statement_of_a_fund_tells_the_transfer(
    client: Client, pay: Cast, october: PayrollRun
) -> None:
    register = issued(pay)
    transferred(pay, order_of(register), document="417")
    client.cookies["django_language"] = "ru"
    for person in (pay.accountant, pay.head):
        client.force_login(person)
        for fields in ({"code": "opv"}, {"kind": "bank"}):
            account = LedgerAccount.objects.get(**fields)
            text = client.get(reverse("inmates:account_statement", args=[account.pk])).content
            words = f"платёжное поручение № 417, реестр № {register.number}"
            assert words in text.decode().replace("\N{NO-BREAK SPACE}", " ")
    books = client.get(reverse("inmates:accounts")).content.decode()
    assert "Расчётный счёт плательщика" in books


# --- payslips ---
@pytest.fixture
def two_months(pay: Cast) -> Any:
    """September posted and transferred, October calculated, of one person."""
    load_payment_codes()
    first_signature(pay)
    inmate = a_named_worker(pay, "1649")
    attended(inmate.placements.get(), days_of(SEPTEMBER, 10))
    posted(pay, SEPTEMBER)
    return calculated(pay).payslips.get()


def test_the_next_payslip_tells_of_the_transfer(pay: Cast, two_months: Any) -> None:
    assert transfers_before(two_months) == []
    for number, code in enumerate(("opv", "so"), start=17):
        transferred(pay, order_of(issued(pay, code, SEPTEMBER)), document=str(number))
    found = transfers_before(two_months)
    assert found is not None
    assert [(one.code, one.document) for one in found] == [("opv", "17"), ("so", "18")]
    slip = pay.enterprise and two_months
    with translation.override("ru"):
        note = slip_notes(slip, year_to_date(slip), found)[-1]
        paper = slip_document(
            slip, slip_lines(slip), full_name="", places=[], year=year_to_date(slip),
            transfers=found,
        )  # fmt: skip
    assert note["text"] == "Перечислены взносы за сентябрь 2026"
    value = note["value"].replace("\N{NO-BREAK SPACE}", " ")
    assert f"платёжное поручение № 17 от {clock.today():%d.%m.%Y}" in value
    assert "ОПВ 4 800,00 ₸" in value
    assert note in paper["notes"]


@pytest.mark.parametrize(
    ("language", "words"), [("ru", "появится, когда"), ("kk", "аударым енгізілгенде")]
)
def test_before_the_transfer_the_payslip_says_so(
    pay: Cast, two_months: Any, language: str, words: str
) -> None:
    with translation.override(language):
        assert words in transfer_note(two_months, [])["value"]


def test_without_wages_in_the_month_before_nothing_is_said(pay: Cast, october: PayrollRun) -> None:
    slip = october.payslips.order_by("pk")[0]
    assert transfers_before(slip) is None
    with translation.override("ru"):
        notes = slip_notes(slip, year_to_date(slip))
    assert not any("Перечислены" in one["text"] for one in notes)


def test_the_page_and_the_paper_tell_it(client: Client, pay: Cast, two_months: Any) -> None:
    transferred(pay, order_of(issued(pay, "opv", SEPTEMBER)), document="417")
    client.cookies["django_language"] = "ru"
    client.force_login(pay.accountant)
    text = client.get(reverse("inmates:payslip", args=[two_months.pk])).content.decode()
    assert "Перечислены взносы за сентябрь 2026" in text
    assert "платёжное поручение № 417" in text
    paper = client.get(reverse("inmates:payslip_pdf", args=[two_months.pk]))
    assert paper.content.startswith(b"%PDF")


def test_a_transfer_of_another_payer_or_month_is_not_told(pay: Cast, two_months: Any) -> None:
    transferred(pay, order_of(issued(pay, "opv", SEPTEMBER)))
    inmate = two_months.inmate_id
    assert transfers_of_people(pay.entrepreneur.pk, [inmate], SEPTEMBER) == {}
    assert transfers_of_people(pay.enterprise.pk, [inmate], OCTOBER) == {}
    assert transfers_of_people(pay.enterprise.pk, [], SEPTEMBER) == {}


def test_payments_by_one_document_stand_together() -> None:
    day = clock.today()
    told = [
        Transferred("opv", Decimal("9600.00"), day, "17"),
        Transferred("opvr", Decimal("3360.00"), day, "17"),
        Transferred("so", Decimal("4320.00"), day, "18"),
    ]
    with translation.override("ru"):
        words = transfer_words(told).replace("\N{NO-BREAK SPACE}", " ")
    assert words == (
        f"ОПВ 9 600,00 ₸, ОПВР 3 360,00 ₸: платёжное поручение № 17 от {day:%d.%m.%Y}; "
        f"СО 4 320,00 ₸: платёжное поручение № 18 от {day:%d.%m.%Y}"
    )
    assert transfer_words([]) == ""
