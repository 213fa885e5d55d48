"""The pages of registers and of the bank: who sees what, files with control totals, no 500."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from inmates.models import (
    BankStatement,
    InmateIdentity,
    PaymentCode,
    PaymentOrder,
    PaymentRegister,
    PayrollRun,
    Transfer,
)
from inmates.presenters.register_files import safe_text
from inmates.presenters.register_sheets import name_parts
from inmates.selectors.people import Identity
from inmates.services.payment_codes import load_payment_codes
from portal.kernel import clock
from portal.kernel.models import AuditEvent
from tests.inmates.books import first_signature, paid, posted
from tests.inmates.months import OCTOBER
from tests.inmates.printed import pages_of
from tests.inmates.registers import (
    a_line,
    a_named_worker,
    an_iin,
    csv_file,
    issued,
    onec_file,
    paid_october,
)
from tests.people import Cast, a_user

LIST = reverse("inmates:payment_registers")
BANK = reverse("inmates:bank_statements")


@pytest.fixture
def october(pay: Cast) -> PayrollRun:
    return paid_october(pay)


@pytest.fixture
def reader(client: Client, pay: Cast, october: PayrollRun) -> Client:
    client.cookies["django_language"] = "ru"
    client.force_login(pay.accountant)
    return client


def plain(response: Any) -> str:
    text: str = response.content.decode()
    return text.replace("\N{NO-BREAK SPACE}", " ")


def page_of(register: PaymentRegister) -> str:
    return reverse("inmates:payment_register", args=[register.pk])


def file_of(client: Client, register: PaymentRegister, kind: str, **query: str) -> Any:
    return client.get(reverse("inmates:register_file", args=[register.pk, kind]), query)


def issue_address(pay: Cast, month: str = "2026-10") -> str:
    return reverse("inmates:register_issue", args=[pay.enterprise.pk, pay.institution.pk, month])


# --- the list ---
def test_what_waits_is_shown_by_payment(reader: Client, pay: Cast) -> None:
    text = plain(reader.get(LIST, {"month": "2026-10"}))
    assert "Зарплата появится здесь" not in text
    for words in ("Реестры платежей", "Обязательные пенсионные взносы", "КНП 010", "октябрь 2026",
                  "Составить все реестры", "КБК 101201"):  # fmt: skip
        assert words in text


def test_until_wages_are_paid_the_list_says_what_their_accounts_wait_for(
    client: Client, pay: Cast
) -> None:
    load_payment_codes()
    first_signature(pay)
    a_named_worker(pay, "1648")
    run = posted(pay)
    client.cookies["django_language"] = "ru"
    client.force_login(pay.accountant)
    why = "Зарплата появится здесь, когда на странице месяца будет внесена её выплата."
    assert plain(client.get(LIST, {"month": "2026-10"})).count(why) == 1
    assert why not in plain(client.get(LIST, {"month": "2026-09"}))
    paid(pay, run)
    assert why not in plain(client.get(LIST, {"month": "2026-10"}))


def test_a_month_with_nothing_offers_nothing(reader: Client, pay: Cast) -> None:
    text = plain(reader.get(LIST, {"month": "2026-09"}))
    assert 'name="code"' not in text
    assert "Здесь реестров ещё нет" in text


@pytest.mark.parametrize(
    "query", [{"month": "2026-13"}, {"month": "x"}, {"place": "1-x"}, {"page": "99"}, {"place": ""}]
)
def test_odd_addresses_show_the_page(reader: Client, query: dict[str, str]) -> None:
    assert reader.get(LIST, query).status_code == 200


def test_one_register_is_issued_and_opened(reader: Client, pay: Cast) -> None:
    response = reader.post(issue_address(pay), {"code": "opv"}, follow=True)
    register = PaymentRegister.objects.get()
    assert response.request["PATH_INFO"] == page_of(register)
    text = plain(response)
    for words in ("Реестр составлен", "Контрольные итоги", "Нет ИИН", "1 человек",
                  "нет ИИН:", "KZ12009NPS0413609816", "Ещё не перечислено"):  # fmt: skip
        assert words in text


def test_all_registers_are_issued_at_once(reader: Client, pay: Cast) -> None:
    text = plain(reader.post(issue_address(pay), follow=True))
    codes = set(PaymentRegister.objects.values_list("code", flat=True))
    assert {"opv", "opvr", "so", "writs", "accounts"} <= codes
    assert f"Составлено реестров: {len(codes)}" in text
    again = plain(reader.post(issue_address(pay), follow=True))
    assert "Перечислять нечего" in again
    assert PaymentRegister.objects.count() == len(codes)


def test_a_refusal_is_told_on_the_list(reader: Client, pay: Cast) -> None:
    PaymentCode.objects.filter(code="opv").delete()
    text = plain(reader.post(issue_address(pay), {"code": "opv"}, follow=True))
    assert "Не внесено, как перечисляется" in text
    text = plain(reader.post(issue_address(pay), {"code": "ipn"}, follow=True))
    assert "Перечислять нечего" in text


@pytest.mark.parametrize("month", ["2026-13", "x", "2099-01"])
def test_a_month_that_is_none_is_not_found(reader: Client, pay: Cast, month: str) -> None:
    assert reader.post(issue_address(pay, month)).status_code == 404


def test_the_number_of_queries_does_not_grow(reader: Client, pay: Cast) -> None:
    issued(pay, "so")
    one = queries(reader, LIST)
    for code in ("opv", "opvr", "writs"):
        issued(pay, code)
    assert queries(reader, LIST) == one


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


# --- one register ---
def test_no_name_stands_on_the_page_and_the_head_sees_no_creditor(
    reader: Client, pay: Cast
) -> None:
    register = issued(pay, "writs")
    own = plain(reader.get(page_of(register)))
    assert "Тестова А." in own
    assert "AL-77" in own
    for hidden in ("Тестов Ерлан", an_iin(1648)):
        assert hidden not in own
    reader.force_login(pay.head)
    text = plain(reader.get(page_of(register)))
    assert "1648" in text
    for hidden in ("Тестова А.", "AL-77", "KZ949990000000000001", "/file/"):
        assert hidden not in text


def test_registers_of_another_payer_are_not_found(client: Client, pay: Cast, october: Any) -> None:
    register = issued(pay)
    order = register.orders.get()
    client.force_login(a_user("pa@example.kz", pay.entrepreneur, "accountant"))
    for address in (
        page_of(register),
        reverse("inmates:register_file", args=[register.pk, "xlsx"]),
        reverse("inmates:register_transfer", args=[register.pk, order.pk]),
    ):
        assert client.get(address).status_code == 404
    assert client.post(issue_address(pay), {"code": "so"}).status_code == 404
    assert "№ 2026-00001" not in client.get(LIST).content.decode()


@pytest.mark.parametrize("kind", ["xlsx", "csv", "pdf"])
def test_a_file_is_for_the_accountant_and_on_record(reader: Client, pay: Cast, kind: str) -> None:
    register = issued(pay)
    response = file_of(reader, register, kind)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert register.number in response["Content-Disposition"]
    exported = AuditEvent.objects.get(action="payment_register_exported")
    assert exported.details == {"kind": kind, "rows": 3}
    read = AuditEvent.objects.get(action="identities_read")
    assert read.details["purpose"] == "payment_register"
    assert len(read.details["inmates"]) == 3
    reader.force_login(pay.head)
    assert file_of(reader, register, kind).status_code == 403


def test_an_unknown_kind_of_file_is_not_found(reader: Client, pay: Cast) -> None:
    assert file_of(reader, issued(pay), "exe").status_code == 404


# --- files ---
def cells_of(content: bytes, at: int = 0) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(at).to_python()


def test_the_workbook_holds_typed_rows_and_the_control_total(reader: Client, pay: Cast) -> None:
    register = issued(pay)
    content = file_of(reader, register, "xlsx").content
    rows = cells_of(content)
    head = next(at for at, row in enumerate(rows) if row[0] == "№")
    people = rows[head + 1 : head + 3]
    assert [row[2] for row in people] == [an_iin(1648), an_iin(1649)]
    assert people[0][3:6] == ["Тестов", "Ерлан", "Пробович"]
    assert people[1][5] == ""
    assert people[0][6].isoformat()[:10] == "1990-05-17"
    assert people[0][7] == "10.2026"
    assert sum(Decimal(str(row[-1])) for row in people) == register.payable
    assert rows[head + 3][0] == "Всего"
    assert Decimal(str(rows[head + 3][-1])) == register.payable
    told = {row[0]: row[3] for row in rows[1:head] if row[0]}
    assert told["Плательщик"].endswith(pay.enterprise.bin)
    assert told["Контрольная сумма строк"] == register.sha256
    assert told["Строки"] == 3 - 1
    assert Decimal(str(told["К перечислению, ₸"])) == register.payable
    apart = cells_of(content, 1)
    assert any(row[0] == "1650" and row[1] == "Безиинов Али" for row in apart)


def test_the_csv_opens_in_a_spreadsheet_here(reader: Client, pay: Cast) -> None:
    register = issued(pay)
    content = file_of(reader, register, "csv").content
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][2] == an_iin(1648)
    sums = [Decimal(row[-1].replace(",", ".")) for row in rows[1:3]]
    assert sum(sums) == register.payable
    assert rows[3][0] == "Всего"
    assert Decimal(rows[3][-1].replace(",", ".")) == register.payable
    assert any("Нет ИИН" in row[0] and "1 человек" in row[0] for row in rows if row)


def test_who_needs_no_iin_is_never_shown_as_if_to_be_paid_twice(reader: Client, pay: Cast) -> None:
    register = issued(pay, "accounts")
    held = register.rows.get(has_iin=False)
    assert (held.payable, held.order) == (held.posted, register.orders.get())
    title, why = "Нет ИИН: уже включены выше", "включено в платёжное поручение"
    text = file_of(reader, register, "csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    people = rows[: next(at for at, row in enumerate(rows) if row[0] == "Всего")]
    assert [row[1] for row in people].count("1650") == 1
    (apart,) = [row for row in rows if row and row[0] == "1650"]
    assert why in apart[-1]
    assert title in text
    book = file_of(reader, register, "xlsx").content
    assert any(title in str(row[0]) for row in cells_of(book, 1))
    assert any(row[0] == "1650" and why in row[-1] for row in cells_of(book, 1))
    paper = " ".join(" ".join(pages_of(file_of(reader, register, "pdf").content)).split())
    assert title in paper
    page = plain(reader.get(reverse("inmates:payment_register", args=[register.pk])))
    assert why in page
    assert "уже включено, ИИН не нужен" in page


def test_a_name_is_never_a_formula(reader: Client, pay: Cast) -> None:
    register = issued(pay)
    identity = InmateIdentity.objects.get(inmate__personnel_number="1648")
    identity.full_name = "=HYPERLINK(1) @cmd +7"
    identity.save()
    text = file_of(reader, register, "csv").content.decode()
    assert ";'=HYPERLINK(1);'@cmd;'+7;" in text
    rows = cells_of(file_of(reader, register, "xlsx").content)
    assert any("'=HYPERLINK(1)" in row for row in rows)


@pytest.mark.parametrize(
    ("text", "safe"), [("=1", "'=1"), ("-", "'-"), ("\tx", "'\tx"), ("Ли", "Ли"), ("", "")]
)
def test_safe_text(text: str, safe: str) -> None:
    assert safe_text(text) == safe


@pytest.mark.parametrize(
    ("name", "parts"),
    [("Тестов", ("Тестов", "", "")), ("Ли Ким", ("Ли", "Ким", "")), ("", ("", "", "")),
     ("Сеитова Әсел Тест қызы", ("Сеитова", "Әсел", "Тест қызы"))],
)  # fmt: skip
def test_a_name_is_split_as_lists_want_it(name: str, parts: tuple[str, ...]) -> None:
    assert name_parts(Identity(name, None)) == parts
    assert name_parts(None) == ("", "", "")


@pytest.mark.parametrize(
    ("language", "words"),
    [("ru", ("Реестр №", "К перечислению прописью")), ("kk", ("тізілім", "Аударуға"))],
)
def test_the_paper_in_two_languages(
    reader: Client, pay: Cast, language: str, words: tuple[str, ...]
) -> None:
    pages = pages_of(file_of(reader, issued(pay), "pdf", language=language).content)
    text = " ".join(pages)
    for one in (*words, an_iin(1649), "Сеитова", "Безиинов"):
        assert one in text


def test_creditors_stand_with_their_writs_in_the_files(reader: Client, pay: Cast) -> None:
    register = issued(pay, "writs")
    rows = cells_of(file_of(reader, register, "xlsx").content)
    assert any("AL-77" in row for row in rows)
    text = " ".join(pages_of(file_of(reader, register, "pdf").content))
    assert "AL-77" in text
    assert "Тестов" in text


# --- a transfer by hand ---
def test_a_transfer_is_entered_from_paper(reader: Client, pay: Cast) -> None:
    register = issued(pay)
    order = register.orders.get()
    address = reverse("inmates:register_transfer", args=[register.pk, order.pk])
    assert order.purpose in plain(reader.get(address))
    told = {"transferred_on": f"{clock.today():%d.%m.%Y}", "document": "417"}
    text = plain(reader.post(address, told, follow=True))
    assert "платёжное поручение № 417" in text
    assert "Перечислено" in text
    assert Transfer.objects.get().order == order
    assert "уже внесено" in plain(reader.get(address, follow=True))


@pytest.mark.parametrize(
    "typed",
    [
        {"transferred_on": "31.02.2026", "document": "17"},
        {"transferred_on": "01.01.2024", "document": "17"},
        {"transferred_on": "", "document": "17"},
        {"transferred_on": "23.11.2026", "document": ""},
        {"transferred_on": "23.11.2026", "document": "9" * 50},
        {"transferred_on": "01.01.2027", "document": "17"},
    ],
)
def test_a_wrong_transfer_keeps_what_was_typed(
    reader: Client, pay: Cast, typed: dict[str, str]
) -> None:
    register = issued(pay)
    address = reverse("inmates:register_transfer", args=[register.pk, register.orders.get().pk])
    response = reader.post(address, typed)
    assert response.status_code == 422
    for value in filter(None, typed.values()):
        assert f'value="{value}"' in plain(response)
    assert not Transfer.objects.exists()


# --- the bank ---
def sent(client: Client, pay: Cast, content: bytes, name: str = "выписка.txt") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(BANK, {"payer": pay.enterprise.pk, "file": file}, follow=True)


def test_a_statement_is_shown_and_then_entered(reader: Client, pay: Cast) -> None:
    order = issued(pay).orders.get()
    other = a_line(order, document="20", knp="710", payee_account="KZ1", purpose="Дерево Пиломат")
    page = sent(reader, pay, onec_file(a_line(order), other))
    text = plain(page)
    for words in ("Оплачивает реестр", order.register.number, "Не о зарплате"):
        assert words in text
    assert "Пиломат" not in text
    assert page["Cache-Control"] == "no-store"
    row = BankStatement.objects.get()
    done = plain(reader.post(reverse("inmates:bank_statement_apply", args=[row.pk]), follow=True))
    assert "Внесено перечислений: 1" in done
    assert order.register.number in done


def test_lines_that_cannot_be_read_are_shown(reader: Client, pay: Cast) -> None:
    order = issued(pay).orders.get()
    text = plain(sent(reader, pay, onec_file(a_line(order), a_line(order, document=""))))
    assert "1 строка не прочитана" in text
    assert "нет номера платёжного поручения" in text


def test_money_that_came_back_is_shown_and_never_entered(reader: Client, pay: Cast) -> None:
    order = issued(pay).orders.get()
    returned = a_line(order, amount=-order.amount)
    text = plain(sent(reader, pay, csv_file(returned), "выписка.csv"))
    assert "Деньги, которые вернулись" in text
    assert f"-{str(order.amount).replace('.', ',')}" in text
    assert "не прочитан" not in text
    row = BankStatement.objects.get()
    apply = reverse("inmates:bank_statement_apply", args=[row.pk])
    assert reader.post(apply).status_code == 422
    assert not Transfer.objects.exists()


def test_a_line_that_names_another_register_is_asked_about(reader: Client, pay: Cast) -> None:
    order = issued(pay).orders.get()
    other = a_line(order, purpose="ОПВ, реестр № 2026-99999")
    text = plain(sent(reader, pay, onec_file(other)))
    assert "В назначении назван другой реестр" in text
    row = BankStatement.objects.get()
    apply = reverse("inmates:bank_statement_apply", args=[row.pk])
    assert reader.post(apply, {"line-7": ""}).status_code == 422
    assert not Transfer.objects.exists()
    reader.post(apply, {"line-7": str(order.pk)})
    assert Transfer.objects.get().order == order


def test_of_two_like_orders_the_accountant_chooses_on_the_page(reader: Client, pay: Cast) -> None:
    first = issued(pay).orders.get()
    second = PaymentOrder.objects.create(
        register=first.register, sequence=2, payee="x", purpose="x", amount=first.amount,
        people=1, knp=first.knp,
    )  # fmt: skip
    text = plain(sent(reader, pay, onec_file(a_line(first, purpose="взносы"))))
    assert "Подходит к нескольким поручениям" in text
    row = BankStatement.objects.get()
    apply = reverse("inmates:bank_statement_apply", args=[row.pk])
    refused = reader.post(apply, {})
    assert refused.status_code == 422
    assert "вносить нечего" in plain(refused)
    crafted = reader.post(apply, {"line-7": "x' OR 1"})
    assert crafted.status_code == 422
    reader.post(apply, {"line-7": str(second.pk)})
    assert Transfer.objects.get().order == second
    # The second order was planted past the guards; the database is not asked about it.
    transaction.set_rollback(True)


def test_a_statement_is_dropped(reader: Client, pay: Cast) -> None:
    sent(reader, pay, onec_file(a_line(issued(pay).orders.get())))
    row = BankStatement.objects.get()
    drop = reverse("inmates:bank_statement_drop", args=[row.pk])
    assert "Выписка отклонена" in plain(reader.post(drop, follow=True))
    page = plain(reader.get(reverse("inmates:bank_statement", args=[row.pk])))
    assert "забыто" in page or "Ничего не записано" in page
    twice = plain(reader.post(drop, follow=True))
    assert "решение уже принято" in twice
    apply = reverse("inmates:bank_statement_apply", args=[row.pk])
    assert "решение уже принято" in plain(reader.post(apply, follow=True))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "не читается"),
        (b"\x00\xff\xfe", "не читается"),
        (onec_file(end=False), "обрывается"),
        (onec_file(), "без единого платежа"),
    ],
)
def test_a_bad_file_is_refused_on_the_page(
    reader: Client, pay: Cast, content: bytes, words: str
) -> None:
    response = sent(reader, pay, content)
    assert response.status_code == 422
    assert words in plain(response)


def test_without_a_file_the_form_says_so(reader: Client, pay: Cast) -> None:
    response = reader.post(BANK, {"payer": pay.enterprise.pk})
    assert response.status_code == 422
    assert "Сначала выберите файл" in plain(response)
    odd = reader.post(BANK, {"payer": "x"})
    assert odd.status_code == 422


def test_the_bank_is_for_the_accountant_of_the_payer(
    client: Client, pay: Cast, october: PayrollRun
) -> None:
    client.force_login(pay.head)
    assert client.get(BANK).status_code == 403
    client.force_login(pay.accountant)
    sent(client, pay, onec_file(a_line(issued(pay).orders.get())))
    row = BankStatement.objects.get()
    client.force_login(a_user("pa@example.kz", pay.entrepreneur, "accountant"))
    assert client.get(reverse("inmates:bank_statement", args=[row.pk])).status_code == 404
    assert row.file_name not in client.get(BANK).content.decode()


def test_the_month_of_the_list_follows_the_place(reader: Client, pay: Cast) -> None:
    key = f"{pay.enterprise.pk}-{pay.institution.pk}"
    response = reader.get(LIST, {"place": key, "month": str(OCTOBER)})
    assert response.context["chosen"] == key
    assert response.context["month"] == OCTOBER
