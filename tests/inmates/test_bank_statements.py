"""A statement of the bank: read, matched, entered as transfers or dropped, and then forgotten."""

import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter
from django.db import IntegrityError, transaction

from inmates.enums import ImportStatus
from inmates.forms.registers import MatchForm
from inmates.models import (
    BankStatement,
    PaymentOrder,
    PayrollRun,
    StatementDifference,
    Transfer,
)
from inmates.register_refusals import (
    NothingMatches,
    StatementCutOff,
    StatementDecided,
    StatementEmpty,
    StatementKnown,
    StatementTooLarge,
    StatementUnreadable,
)
from inmates.selectors.bank import books_for, statements_visible_to
from inmates.services.bank import (
    KEPT_FOR,
    apply_bank_statement,
    drop_bank_statement,
    forget_bank_statements,
    plan_of_statement,
    receive_bank_statement,
    statement_of,
)
from inmates.services.transfers import earliest_day
from portal.kernel import clock
from portal.kernel.errors import Forbidden
from portal.kernel.models import AuditEvent, StateChange
from tests.inmates.books import check_books
from tests.inmates.registers import a_line, csv_file, issued, onec_file, paid_october, transferred
from tests.people import Cast, a_user

CODES = ("opv", "so", "writs", "accounts")


@pytest.fixture
def orders(pay: Cast) -> dict[str, Any]:
    """The payment orders of October by payment."""
    paid_october(pay)
    return {code: issued(pay, code).orders.get() for code in CODES}


def received(pay: Cast, content: bytes, name: str = "выписка.txt", **fields: Any) -> BankStatement:
    values = {"actor": pay.accountant, "payer_id": pay.enterprise.pk, "at": clock.now()} | fields
    return receive_bank_statement(file_name=name, content=content, **values)


def applied(pay: Cast, row: BankStatement, **fields: Any) -> BankStatement:
    values = {"actor": pay.accountant, "statement_id": row.pk, "at": clock.now()} | fields
    return apply_bank_statement(**values)


def xlsx_file(*lines: dict[str, Any]) -> bytes:
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd.mm.yyyy"})
    heads = ("Дата", "№ документа", "Дебет", "КНП", "ИИК получателя", "Назначение платежа")
    sheet.write_row(0, 0, ("Выписка по счёту",))
    sheet.write_row(2, 0, heads)
    for row, line in enumerate(lines, start=3):
        sheet.write_datetime(row, 0, line["on"], day)
        sheet.write_row(row, 1, (line["document"], float(line["amount"]), line["knp"],
                                 line["payee_account"], line["purpose"]))  # fmt: skip
    book.close()
    return written.getvalue()


@pytest.mark.parametrize("made", [onec_file, csv_file, xlsx_file])
def test_every_kind_of_file_pays_the_registers(
    pay: Cast, orders: dict[str, Any], made: Any
) -> None:
    lines = [a_line(orders[code], document=str(at)) for at, code in enumerate(CODES, start=17)]
    row = received(pay, made(*lines))
    assert row.status == ImportStatus.CHECKED
    assert not Transfer.objects.exists()
    row = applied(pay, row)
    assert (row.status, row.content, row.transferred) == (ImportStatus.APPLIED, None, 4)
    found = {one.order.register.code: one for one in Transfer.objects.select_related("order")}
    assert {code: one.document for code, one in found.items()} == {
        "opv": "17", "so": "18", "writs": "19", "accounts": "20",
    }  # fmt: skip
    assert all(one.statement == row for one in found.values())
    assert not row.differences.exists()
    assert check_books() == []


def test_what_differs_is_kept_as_figures_alone(pay: Cast, orders: dict[str, Any]) -> None:
    so = orders["so"]
    lines = [
        a_line(orders["opv"]),
        a_line(so, document="18", amount=so.amount - 1),
        a_line(orders["opv"], document="19", amount=Decimal("5.00"), knp="089", payee_account=""),
        a_line(orders["opv"], document="20", knp="710", payee_account="KZ1", purpose="за дерево"),
    ]
    row = applied(pay, received(pay, onec_file(*lines)))
    told = [(one.document, one.problem, one.order) for one in row.differences.order_by("row")]
    assert told == [("18", "amount", so), ("19", "no_order", None)]
    assert row.lines == 4
    fields = {field.name for field in StatementDifference._meta.fields}
    assert not fields & {"payee", "purpose"}


def test_a_statement_of_days_that_were_entered_says_so(pay: Cast, orders: dict[str, Any]) -> None:
    transferred(pay, orders["opv"])
    lines = [a_line(orders["opv"]), a_line(orders["so"], document="18")]
    row = applied(pay, received(pay, onec_file(*lines)))
    assert [one.problem for one in row.differences.all()] == ["known"]
    assert Transfer.objects.count() == 2


def test_nothing_that_fits_is_entered_nowhere(pay: Cast, orders: dict[str, Any]) -> None:
    row = received(pay, onec_file(a_line(orders["opv"], amount=Decimal("1.00"))))
    with pytest.raises(NothingMatches):
        applied(pay, row)
    row.refresh_from_db()
    assert (row.status, row.content is not None) == (ImportStatus.CHECKED, True)
    assert not StatementDifference.objects.exists()


def test_a_line_of_an_early_day_does_not_stop_the_others(pay: Cast, orders: dict[str, Any]) -> None:
    early = clock.today() - timedelta(days=40)
    lines = [a_line(orders["opv"]), a_line(orders["so"], document="18", on=early)]
    row = applied(pay, received(pay, onec_file(*lines)))
    assert Transfer.objects.get().order == orders["opv"]
    told = [(one.document, one.problem, one.order) for one in row.differences.all()]
    assert told == [("18", "early", orders["so"])]


def test_the_books_know_since_when_an_order_can_be_paid(pay: Cast, orders: dict[str, Any]) -> None:
    books = books_for(pay.accountant, clock.today(), pay.enterprise.pk)
    since = {one.order_id: one.since for one in books.orders}
    assert since == {order.pk: earliest_day(order.register) for order in orders.values()}


@pytest.fixture
def twins(pay: Cast, orders: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Two orders of one sum and code, planted past the guards."""
    first = orders["opv"]
    yield first, PaymentOrder.objects.create(
        register=first.register, sequence=2, payee="x", purpose="x", amount=first.amount,
        people=1, knp=first.knp,
    )  # fmt: skip
    transaction.set_rollback(True)


@pytest.mark.parametrize("left", [0, 1])
def test_of_several_orders_the_chosen_one_is_paid(
    pay: Cast, twins: tuple[Any, Any], left: int
) -> None:
    """Two lines name no register; for one nothing is chosen, and it pays nothing."""
    lines = [a_line(twins[0], purpose="взносы", document=one) for one in ("17", "18")]
    row = received(pay, onec_file(*lines))
    plan = plan_of_statement(row, actor=pay.accountant, on=clock.today())
    assert [(one.order, one.problem, len(one.near)) for one in plan] == [
        (None, "several", 2), (None, "several", 2),
    ]  # fmt: skip
    chosen = {one.line.row: twins[1].pk for one in plan}
    chosen[plan[left].line.row] = None
    done = applied(pay, row, chosen=chosen)
    paid = Transfer.objects.get()
    assert (paid.order, paid.document) == (twins[1], plan[1 - left].line.document)
    told = [(one.document, one.problem) for one in done.differences.all()]
    assert told == [(plan[left].line.document, "several")]


@pytest.mark.parametrize(
    ("posted", "expected"),
    [
        ({"line-7": ""}, {7: None}),
        ({"line-9": "5"}, {9: None}),
        ({}, {}),
        ({"line-x": "1", "line-": "1", "other": "2"}, {}),
    ],
)
def test_rows_of_a_page_that_is_old_stay_asked_about(
    posted: dict[str, str], expected: dict[int, int | None]
) -> None:
    """The page asked about a row; now its order fits no more, and nothing else is meant."""
    form = MatchForm([], posted, action="/")
    assert form.is_valid()
    assert form.chosen() == expected


def test_a_decided_statement_is_decided_once(pay: Cast, orders: dict[str, Any]) -> None:
    row = received(pay, onec_file(a_line(orders["opv"])))
    applied(pay, row)
    for act in (
        lambda: applied(pay, row),
        lambda: drop_bank_statement(actor=pay.accountant, statement_id=row.pk, at=clock.now()),
    ):
        with pytest.raises(StatementDecided):
            act()
    assert statement_of(BankStatement.objects.get()).lines == []


def test_the_same_file_is_not_taken_twice_unless_it_was_dropped(
    pay: Cast, orders: dict[str, Any]
) -> None:
    content = onec_file(a_line(orders["opv"]))
    row = received(pay, content)
    with pytest.raises(StatementKnown):
        received(pay, content)
    drop_bank_statement(actor=pay.accountant, statement_id=row.pk, at=clock.now())
    assert received(pay, content).pk != row.pk


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", StatementUnreadable),
        (b"\x00\x01\x02", StatementUnreadable),
        ("Имя;ИИН\r\nТестов;900101300811\r\n".encode(), StatementUnreadable),
        (onec_file(), StatementEmpty),
        (onec_file(end=False), StatementCutOff),
        (b"PK\x03\x04broken", StatementUnreadable),
        (b"x" * (5 * 1024 * 1024 + 1), StatementTooLarge),
    ],
)
def test_what_is_no_statement_is_refused_with_a_sentence(
    pay: Cast, content: bytes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal) as refused:
        received(pay, content)
    assert "выписка.txt" in str(refused.value)
    assert not BankStatement.objects.exists()


@pytest.mark.parametrize("person", ["head", "master", "labour_officer", "analyst", "administrator"])
def test_a_statement_is_for_the_accountant_alone(
    pay: Cast, orders: dict[str, Any], person: str
) -> None:
    content = onec_file(a_line(orders["opv"]))
    with pytest.raises(Forbidden):
        received(pay, content, actor=getattr(pay, person))
    row = received(pay, content)
    with pytest.raises(Forbidden):
        applied(pay, row, actor=getattr(pay, person))
    assert not statements_visible_to(getattr(pay, person), clock.today()).exists()


def test_a_statement_of_another_payer_is_out_of_sight(pay: Cast, orders: dict[str, Any]) -> None:
    private = a_user("pa@example.kz", pay.entrepreneur, "accountant")
    row = received(pay, onec_file(a_line(orders["opv"])))
    assert not statements_visible_to(private, clock.today()).exists()
    with pytest.raises(Forbidden):
        applied(pay, row, actor=private)
    own = received(
        pay, onec_file(a_line(orders["opv"], document="9")), actor=private,
        payer_id=pay.entrepreneur.pk,
    )  # fmt: skip
    assert not any(one.order for one in plan_of_statement(own, actor=private, on=clock.today()))
    with pytest.raises(NothingMatches):
        applied(pay, own, actor=private)


def test_the_lines_are_encrypted_and_the_steps_are_on_record(
    pay: Cast, orders: dict[str, Any]
) -> None:
    row = received(pay, onec_file(a_line(orders["writs"])))
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM inmates_bankstatement WHERE id = %s", [row.pk])
        stored = str(cursor.fetchone()[0])
    assert "Тестова" not in stored
    assert orders["writs"].payee_account not in stored
    applied(pay, row)
    assert AuditEvent.objects.filter(action="bank_statement_received").count() == 1
    actions = StateChange.objects.filter(subject_type="inmates.bankstatement")
    assert [one.action for one in actions.order_by("id")] == ["upload", "apply"]


def test_a_decided_statement_holds_no_lines_says_the_database(
    pay: Cast, orders: dict[str, Any]
) -> None:
    row = received(pay, onec_file(a_line(orders["opv"])))
    with pytest.raises(IntegrityError), transaction.atomic():
        BankStatement.objects.filter(pk=row.pk).update(status=ImportStatus.APPLIED)


def test_what_nobody_decides_about_is_forgotten(pay: Cast, orders: dict[str, Any]) -> None:
    at = clock.now()
    row = received(pay, onec_file(a_line(orders["opv"])), at=at)
    assert forget_bank_statements(at=at + KEPT_FOR) == 0
    assert forget_bank_statements(at=at + KEPT_FOR + timedelta(seconds=1)) == 1
    assert forget_bank_statements(at=at + timedelta(days=60)) == 0
    row.refresh_from_db()
    assert (row.status, row.content) == (ImportStatus.DROPPED, None)


def test_the_nightly_task_forgets(pay: Cast, orders: dict[str, Any], monkeypatch: Any) -> None:
    from inmates import tasks
    from portal.kernel.queue import enqueue

    row = received(pay, onec_file(a_line(orders["opv"])), at=clock.now() - timedelta(days=15))
    run = enqueue("inmates.forget_bank_statements", key="2026-11-23", actor=None, at=clock.now(),
                  arguments={"on": "2026-11-23"})  # fmt: skip
    tasks.forget_bank_statements(task_run=str(run.pk))
    row.refresh_from_db()
    assert row.status == ImportStatus.DROPPED


def test_a_run_without_a_register_is_paid_by_no_line(pay: Cast) -> None:
    run: PayrollRun = paid_october(pay)
    line = {"on": clock.today(), "document": "17", "amount": run.payslips.all()[0].opv,
            "knp": "010", "payee": "ГК", "payee_account": "", "purpose": "ОПВ"}  # fmt: skip
    row = received(pay, onec_file(line))
    plan = plan_of_statement(row, actor=pay.accountant, on=clock.today())
    assert [one.problem for one in plan] == ["no_order"]
