"""A transfer that was entered wrongly: mirrored in the books with a reason, and open again."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from inmates.enums import EntryPurpose
from inmates.models import (
    JournalEntry,
    LedgerAccount,
    PayrollRun,
    Posting,
    Transfer,
    TransferReversal,
)
from inmates.papers.refusals import ReasonNeeded
from inmates.register_refusals import AlreadyTransferred, TransferTakenBack
from inmates.selectors.bank import books_for
from inmates.selectors.registers import open_orders
from inmates.selectors.transfers import transfers_before
from inmates.services.transfers import reverse_transfer
from portal.kernel import clock
from portal.kernel.errors import ConstraintRefused, Forbidden, readable_refusals
from portal.kernel.models import AuditEvent
from tests.inmates.books import check_books, first_signature, posted
from tests.inmates.months import OCTOBER, attended, calculated, days_of
from tests.inmates.registers import a_named_worker, issued, paid_october, transferred
from tests.inmates.test_transfers import balance, looked_at, order_of, without_guards
from tests.people import Cast, a_user

WHY = "перепутан номер поручения"


@pytest.fixture
def october(pay: Cast) -> PayrollRun:
    return paid_october(pay)


@pytest.fixture(autouse=True)
def rolled_back(db: None) -> Iterator[None]:
    """What was planted past the guards is not looked at when the test is over."""
    yield
    transaction.set_rollback(True)


def taken_back(pay: Cast, transfer: Transfer, **fields: Any) -> TransferReversal:
    values = {"actor": pay.accountant, "reason": WHY, "at": clock.now()} | fields
    return reverse_transfer(transfer_id=transfer.pk, **values)


def sides_of(entry: JournalEntry) -> dict[str, tuple[Decimal, Decimal]]:
    return {one.account.kind: (one.debit, one.credit) for one in entry.postings.all()}


def test_the_entry_is_mirrored_and_nothing_is_erased(pay: Cast, october: PayrollRun) -> None:
    register = issued(pay)
    order = order_of(register)
    owed = balance(code="opv")
    transfer = transferred(pay, order, document="17")
    made = taken_back(pay, transfer, reason=f"  {WHY} ")
    assert made.reason == WHY
    assert made.entry is not None
    assert made.entry.reverses == transfer.entry
    assert (made.entry.purpose, made.entry.on) == (EntryPurpose.TRANSFER, clock.today())
    assert sides_of(made.entry) == {"pension_fund": (0, order.amount), "bank": (order.amount, 0)}
    assert (balance(code="opv"), balance(kind="bank")) == (owed, 0)
    assert JournalEntry.objects.filter(purpose=EntryPurpose.TRANSFER).count() == 2
    assert AuditEvent.objects.filter(action="transfer_taken_back").count() == 1
    assert check_books() == []


def test_the_order_is_open_and_is_transferred_again(pay: Cast, october: PayrollRun) -> None:
    order = order_of(issued(pay))
    first = transferred(pay, order, document="17")
    on = clock.today()
    of_bank = (first.transferred_on, "17", order.amount)
    assert not open_orders(pay.accountant, on, pay.enterprise.pk)
    assert of_bank in books_for(pay.accountant, on, pay.enterprise.pk).known
    taken_back(pay, first)
    books = books_for(pay.accountant, on, pay.enterprise.pk)
    assert list(open_orders(pay.accountant, on, pay.enterprise.pk)) == [order]
    assert [one.order_id for one in books.orders] == [order.pk]
    assert of_bank not in books.known
    second = transferred(pay, order, document="18")
    assert (first.sequence, second.sequence) == (1, 2)
    assert balance(kind="bank") == order.amount
    with pytest.raises(AlreadyTransferred):
        transferred(pay, order, document="19")
    assert check_books() == []


def test_each_of_several_writs_is_owed_again(pay: Cast, october: PayrollRun) -> None:
    register = issued(pay, "writs")
    writ = register.rows.get().writ
    transfer = transferred(pay, order_of(register))
    assert balance(kind="creditor", writ=writ) == 0
    taken_back(pay, transfer)
    assert balance(kind="creditor", writ=writ) == register.payable
    assert check_books() == []


def test_wages_alone_have_no_entry_to_mirror(pay: Cast, october: PayrollRun) -> None:
    transfer = transferred(pay, order_of(issued(pay, "accounts")))
    before = JournalEntry.objects.count()
    assert taken_back(pay, transfer).entry is None
    assert JournalEntry.objects.count() == before
    assert check_books() == []


@pytest.mark.parametrize("reason", ["", "   ", ".....", "1234567", "нет"])
def test_without_a_reason_it_stands(pay: Cast, october: PayrollRun, reason: str) -> None:
    transfer = transferred(pay, order_of(issued(pay)))
    with pytest.raises(ReasonNeeded):
        taken_back(pay, transfer, reason=reason)
    assert not TransferReversal.objects.exists()


def test_it_is_taken_back_once(pay: Cast, october: PayrollRun) -> None:
    transfer = transferred(pay, order_of(issued(pay)))
    taken_back(pay, transfer)
    with pytest.raises(TransferTakenBack):
        taken_back(pay, transfer)
    assert TransferReversal.objects.count() == 1


@pytest.mark.parametrize("person", ["head", "master", "labour_officer", "analyst", "administrator"])
def test_only_the_accountant_of_the_payer_takes_it_back(
    pay: Cast, october: PayrollRun, person: str
) -> None:
    transfer = transferred(pay, order_of(issued(pay)))
    private = a_user("pa@example.kz", pay.entrepreneur, "accountant")
    for actor in (getattr(pay, person), private):
        with pytest.raises(Forbidden):
            taken_back(pay, transfer, actor=actor)
    assert not TransferReversal.objects.exists()


# --- the database ---
def test_no_second_transfer_stands_beside_the_first(pay: Cast, october: PayrollRun) -> None:
    order = order_of(issued(pay, "accounts"))
    transferred(pay, order)
    for sequence in (1, 2, 3):
        with (
            pytest.raises(ConstraintRefused) as refused,
            readable_refusals(),
            transaction.atomic(),
        ):
            Transfer.objects.create(
                order=order, sequence=sequence, transferred_on=clock.today(), document="1",
                recorded_by=pay.accountant, recorded_at=clock.now(),
            )  # fmt: skip
            looked_at()
        assert refused.value.constraint == "transfer_once"


@pytest.mark.parametrize("fault", ["no entry", "another sum", "not pointing", "another account"])
def test_the_database_refuses_what_is_no_mirror(pay: Cast, october: PayrollRun, fault: str) -> None:
    order = order_of(issued(pay))
    transfer = transferred(pay, order)
    with pytest.raises(ConstraintRefused) as refused, readable_refusals(), transaction.atomic():
        entry = None if fault == "no entry" else a_mirror(transfer, order.amount, fault)
        TransferReversal.objects.create(
            transfer=transfer, reason=WHY, entry=entry, recorded_by=pay.accountant,
            recorded_at=clock.now(),
        )  # fmt: skip
        looked_at()
    assert refused.value.constraint == "reversal_is_mirrored"


def a_mirror(transfer: Transfer, amount: Decimal, fault: str) -> JournalEntry:
    entry = JournalEntry.objects.create(
        payer=transfer.order.register.payer, purpose=EntryPurpose.TRANSFER, on=clock.today(),
        posted_at=clock.now(), document="17",
        reverses=None if fault == "not pointing" else transfer.entry,
    )  # fmt: skip
    code = "so" if fault == "another account" else "opv"
    sum_of = amount - 1 if fault == "another sum" else amount
    of_payer = LedgerAccount.objects.filter(payer=entry.payer)
    Posting.objects.bulk_create(
        [
            Posting(entry=entry, account=of_payer.get(code=code), code="x", credit=sum_of),
            Posting(entry=entry, account=of_payer.get(kind="bank"), code="x", debit=sum_of),
        ]
    )
    return entry


def test_what_was_taken_back_stays_so(pay: Cast, october: PayrollRun) -> None:
    taken_back(pay, transferred(pay, order_of(issued(pay))))
    with pytest.raises(DatabaseError), transaction.atomic():
        TransferReversal.objects.update(reason="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        TransferReversal.objects.all().delete()


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM inmates_transferreversal",
        "UPDATE inmates_transferreversal SET entry_id = NULL",
        (
            "DELETE FROM inmates_posting p USING inmates_journalentry e"
            " WHERE e.id = p.entry_id AND e.purpose = 'transfer' AND e.reverses_id IS NOT NULL"
        ),
        (
            "UPDATE inmates_posting p SET debit = p.credit, credit = p.debit"
            " FROM inmates_journalentry e WHERE e.id = p.entry_id AND e.reverses_id IS NOT NULL"
        ),
    ],
)
def test_check_books_names_a_planted_fault(pay: Cast, october: PayrollRun, sql: str) -> None:
    taken_back(pay, transferred(pay, order_of(issued(pay))))
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert "transfer" in "\n".join(check_books())


# --- payslips and pages ---
def test_the_payslip_tells_the_transfer_that_stands(pay: Cast, db: None) -> None:
    from inmates.services.payment_codes import load_payment_codes

    load_payment_codes()
    first_signature(pay)
    inmate = a_named_worker(pay, "1649")
    september = OCTOBER.previous()
    attended(inmate.placements.get(), days_of(september, 10))
    posted(pay, september)
    slip = calculated(pay).payslips.get()
    order = order_of(issued(pay, "opv", september))
    wrong = transferred(pay, order, document="17")
    taken_back(pay, wrong)
    assert transfers_before(slip) == []
    transferred(pay, order, document="18")
    found = transfers_before(slip) or []
    assert [(one.code, one.amount, one.document) for one in found] == [
        ("opv", Decimal("4800.00"), "18")
    ]


@pytest.fixture
def reader(client: Client, pay: Cast, october: PayrollRun) -> Client:
    client.cookies["django_language"] = "ru"
    client.force_login(pay.accountant)
    return client


def plain(response: Any) -> str:
    return " ".join(response.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_accountant_takes_it_back_on_the_page(reader: Client, pay: Cast) -> None:
    register = issued(pay)
    order = order_of(register)
    transfer = transferred(pay, order, document="417")
    page = reverse("inmates:payment_register", args=[register.pk])
    take = reverse("inmates:transfer_take_back", args=[register.pk, transfer.pk])
    assert take in plain(reader.get(page))
    assert "платёжное поручение № 417" in plain(reader.get(take))
    short = reader.post(take, {"reason": "ой"})
    assert short.status_code == 422
    assert "не меньше пяти букв" in plain(short)
    done = plain(reader.post(take, {"reason": WHY}, follow=True))
    assert "Перечисление отменено: поручение снова открыто" in done
    assert f"отменено: {clock.today():%d.%m.%Y}, платёжное поручение № 417: {WHY}" in done
    assert "Ещё не перечислено" in done
    again = reader.post(take, {"reason": WHY}, follow=True)
    assert "уже отменено" in plain(again)
    opened = reader.get(take, follow=True)
    assert opened.redirect_chain[-1][0] == page
    assert "уже отменено" in plain(opened)
    assert 'name="reason"' not in plain(opened)
    enter = reverse("inmates:register_transfer", args=[register.pk, order.pk])
    told = {"transferred_on": f"{clock.today():%d.%m.%Y}", "document": "418"}
    text = plain(reader.post(enter, told, follow=True))
    assert "платёжное поручение № 418" in text
    assert "Перечислено" in text


def test_a_transfer_entered_twice_is_told_in_a_sentence(reader: Client, pay: Cast) -> None:
    register = issued(pay)
    order = order_of(register)
    enter = reverse("inmates:register_transfer", args=[register.pk, order.pk])
    told = {"transferred_on": f"{clock.today():%d.%m.%Y}", "document": "418"}
    reader.post(enter, told)
    response = reader.post(enter, told, follow=True)
    assert response.redirect_chain[-1][0] == reverse("inmates:payment_register", args=[register.pk])
    assert "уже внесено" in plain(response)
    assert Transfer.objects.count() == 1


def test_a_reader_of_another_payer_finds_no_transfer(
    client: Client, pay: Cast, october: PayrollRun
) -> None:
    register = issued(pay)
    transfer = transferred(pay, order_of(register))
    client.force_login(a_user("pa@example.kz", pay.entrepreneur, "accountant"))
    take = reverse("inmates:transfer_take_back", args=[register.pk, transfer.pk])
    assert client.get(take).status_code == 404
    assert client.post(take, {"reason": WHY}).status_code == 404


def test_a_transfer_of_another_register_is_not_there(reader: Client, pay: Cast) -> None:
    transfer = transferred(pay, order_of(issued(pay)))
    other = issued(pay, "so")
    take = reverse("inmates:transfer_take_back", args=[other.pk, transfer.pk])
    assert reader.post(take, {"reason": WHY}).status_code == 404
    assert not TransferReversal.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_many_orders(
    reader: Client, pay: Cast, count: int, django_assert_max_num_queries: Any
) -> None:
    register = issued(pay)
    transfer = transferred(pay, order_of(register))
    for _again in range(count):
        taken_back(pay, transfer)
        transfer = transferred(pay, order_of(register))
    page = reverse("inmates:payment_register", args=[register.pk])
    with django_assert_max_num_queries(20):
        assert reader.get(page).status_code == 200
