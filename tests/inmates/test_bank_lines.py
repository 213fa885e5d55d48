"""Files of banks as values: the text of 1C as banks here write it, and tables of all kinds."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inmates.transfers.lines import (
    CUT_OFF,
    NO_DAY,
    NO_DOCUMENT,
    NO_HEADS,
    NO_LINES,
    NO_SUM,
    RETURNED,
    StatementUnclear,
    day_of_text,
    knp_of_text,
    sum_of_text,
)
from inmates.transfers.onec import is_onec, read_onec, text_of
from inmates.transfers.tables import read_statement_table

OWN = "KZ86125KZT5004100100"
HEAD = f"1CClientBankExchange\nДатаНачала=01.11.2026\nДатаКонца=20.11.2026\nРасчСчет={OWN}\n"
PAID = {
    "СекцияДокумент": "выписка",
    "НомерДокумента": "17",
    "ДатаОперации": "09.11.2026",
    "СуммаРасход": "28800.00",
    "ПлательщикИИК": OWN,
    "ПолучательИИК": "KZ12009NPS0413609816",
    "ПолучательНаименование": "ГК",
    "КодНазначенияПлатежа": "010",
    "НазначениеПлатежа": "ОПВ за 10.2026",
}


def document(**fields: str | None) -> str:
    """A document of the file; None leaves a field out."""
    told = {name: value for name, value in (PAID | fields).items() if value is not None}
    return "".join(f"{name}={value}\n" for name, value in told.items()) + "КонецДокумента\n"


def a_file(*documents: str, head: str = HEAD, end: str = "КонецФайла\n") -> bytes:
    return (head + "".join(documents) + end).encode()


def read(content: bytes, **fields: Any) -> Any:
    values = {"own_accounts": frozenset({OWN}), "most": 100} | fields
    return read_onec(content, **values)


# --- pieces ---
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("09.11.2026", date(2026, 11, 9)),
        (" 9.11.2026 14:05:00", date(2026, 11, 9)),
        ("2026-11-09T10:00", date(2026, 11, 9)),
        ("31.02.2026", None),
        ("9 ноября", None),
        ("", None),
    ],
)
def test_a_day_as_banks_write_it(text: str, day: date | None) -> None:
    assert day_of_text(text) == day


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("28 800,00", "28800.00"),
        ("28\N{NO-BREAK SPACE}800.5", "28800.50"),
        ("28800", "28800.00"),
        ("-1,00", "-1.00"),
        ("1.234", None),
        ("1e9", None),
        ("много", None),
        ("", None),
        ("9999999999999999", None),
        ("\N{ARABIC-INDIC DIGIT FIVE}", None),
    ],
)
def test_a_sum_as_banks_write_it(text: str, amount: str | None) -> None:
    assert sum_of_text(text) == (Decimal(amount) if amount else None)


@pytest.mark.parametrize(
    ("text", "code"),
    [("010", "010"), ("10", "010"), ("911", "911"), ("10.0", "010"), ("", ""), ("ОПВ", ""),
     ("1234", "")],
)  # fmt: skip
def test_a_code_keeps_its_noughts(text: str, code: str) -> None:
    assert knp_of_text(text) == code


# --- 1C ---
def test_a_document_becomes_a_line() -> None:
    statement = read(a_file(document()))
    (line,) = statement.lines
    assert (line.on, line.document, line.amount) == (date(2026, 11, 9), "17", Decimal("28800.00"))
    assert (line.knp, line.payee_account) == ("010", "KZ12009NPS0413609816")
    assert (line.payee, line.purpose) == ("ГК", "ОПВ за 10.2026")
    assert (statement.account, statement.since, statement.until) == (
        OWN, date(2026, 11, 1), date(2026, 11, 20),
    )  # fmt: skip


def test_rows_are_counted_as_people_count_lines() -> None:
    statement = read(a_file(document(), document(НомерДокумента="18")))
    assert [line.row for line in statement.lines] == [5, 15]


@pytest.mark.parametrize(
    "fields",
    [
        {"СуммаРасход": None, "Сумма": "28800.00"},
        {"СуммаРасход": None, "Сумма": "28800.00", "ПлательщикИИК": None, "ПлательщикСчет": OWN},
        {"СуммаРасход": None, "Сумма": "28800.00", "ПлательщикИИК": None, "ПолучательИИК": "KZ1"},
        {"ДатаОперации": None, "Дата": "09.11.2026"},
        {"ДатаОперации": None, "ДатаСписано": "09.11.2026", "Дата": "08.11.2026"},
        {"НомерДокумента": None, "Номер": "17"},
        {"СуммаПриход": "0.00"},
    ],
)
def test_banks_call_the_fields_by_different_names(fields: dict[str, str | None]) -> None:
    (line,) = read(a_file(document(**fields))).lines
    assert (line.on, line.document, line.amount) == (date(2026, 11, 9), "17", Decimal("28800.00"))


@pytest.mark.parametrize(
    "fields",
    [
        {"СуммаРасход": None, "СуммаПриход": "28800.00"},
        {"СуммаРасход": "0.00", "СуммаПриход": "28800.00"},
        {"СуммаРасход": None, "Сумма": "5.00", "ПлательщикИИК": "KZ99", "ПолучательИИК": OWN},
    ],
)
def test_money_that_came_is_counted_and_not_read(fields: dict[str, str | None]) -> None:
    statement = read(a_file(document(**fields)))
    assert (statement.lines, statement.unread, statement.incoming) == ([], [], 1)


@pytest.mark.parametrize(
    ("fields", "problem", "typed"),
    [
        ({"ДатаОперации": "31.02.2026"}, NO_DAY, "31.02.2026"),
        ({"ДатаОперации": None}, NO_DAY, ""),
        ({"СуммаРасход": None, "Сумма": "много"}, NO_SUM, "много"),
        ({"СуммаРасход": None, "Сумма": "-5.00"}, RETURNED, "-5.00"),
        ({"НомерДокумента": None}, NO_DOCUMENT, ""),
    ],
)
def test_a_document_that_cannot_be_read_is_told(
    fields: dict[str, str | None], problem: str, typed: str
) -> None:
    statement = read(a_file(document(), document(**fields)))
    assert len(statement.lines) == 1
    (unread,) = statement.unread
    assert (unread.row, unread.problem, unread.typed) == (15, problem, typed)


def test_the_file_says_where_it_ends() -> None:
    for content in (a_file(document(), end=""), a_file(document())[:-60]):
        with pytest.raises(StatementUnclear) as refused:
            read(content)
        assert refused.value.reason == CUT_OFF


def test_a_file_without_documents_is_empty() -> None:
    with pytest.raises(StatementUnclear) as refused:
        read(a_file())
    assert refused.value.reason == NO_LINES


def test_a_file_with_too_many_documents_is_refused() -> None:
    with pytest.raises(StatementUnclear) as refused:
        read(a_file(*[document()] * 4), most=3)
    assert refused.value.reason == "too_long"


@pytest.mark.parametrize(
    ("encoding", "word"), [("utf-8-sig", "UTF-8"), ("cp1251", "Windows"), ("cp866", "DOS")]
)
def test_the_encodings_of_banks_are_read(encoding: str, word: str) -> None:
    text = f"1CClientBankExchange\nКодировка={word}\n{document()}КонецФайла\n"
    content = text.encode(encoding)
    assert is_onec(content)
    (line,) = read(content).lines
    assert line.payee == "ГК"


def test_other_files_are_not_of_1c() -> None:
    for content in (b"", b"PK\x03\x04", b"date;sum\r\n"):
        assert not is_onec(content)
    assert text_of(b"\xff\xfe") != ""


def test_endless_fields_and_zero_bytes_are_cut() -> None:
    (line,) = read(a_file(document(НазначениеПлатежа="ы\0" * 3000, НомерДокумента="9" * 99))).lines
    assert len(line.purpose) == 400
    assert len(line.document) == 40
    assert "\0" not in line.purpose


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_whatever_bytes_follow_the_mark_there_is_an_answer(noise: bytes) -> None:
    content = b"1CClientBankExchange\n" + noise
    try:
        statement = read(content)
    except StatementUnclear:
        return
    assert all(line.amount > 0 for line in statement.lines)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*PAID, "КонецДокумента", "КонецФайла", "мусор"]), max_size=30),
       st.text(max_size=12))  # fmt: skip
def test_whatever_order_the_fields_stand_in_there_is_an_answer(
    names: list[str], value: str
) -> None:
    text = HEAD + "".join(f"{name}={value}\n" for name in names)
    try:
        read(text.encode("utf-8", "replace"))
    except StatementUnclear:
        return


# --- tables ---
HEADS = ("Дата операции", "№ документа", "Дебет, тенге", "Кредит, тенге", "КНП", "Получатель",
         "ИИК получателя", "Назначение платежа")  # fmt: skip
ROW = (date(2026, 11, 9), "17", Decimal("28800"), None, "010", "ГК", "KZ12 009N PS04", "ОПВ")


def table(*rows: Any, heads: Any = HEADS) -> Any:
    return read_statement_table([(at, row) for at, row in enumerate([heads, *rows], start=1)])


def test_a_row_becomes_a_line() -> None:
    statement = table(ROW)
    (line,) = statement.lines
    assert (line.row, line.on, line.document) == (2, date(2026, 11, 9), "17")
    assert (line.amount, line.knp) == (Decimal("28800.00"), "010")
    assert (line.payee_account, line.purpose) == ("KZ12009NPS04", "ОПВ")


@pytest.mark.parametrize(
    "heads",
    [
        ("Күні", "Құжат нөмірі", "Шығыс", "Кіріс", "ТӨК", "Алушы", "Алушының ЖСК", "Төлем мақсаты"),
        ("Date", "Document", "Debit", "Credit", "KNP", "Payee", "IBAN", "Purpose"),
        ("ДАТА", "НОМЕР ДОКУМЕНТА", "РАСХОД (KZT)", "ПРИХОД", "кнп", "КОНТРАГЕНТ", "ИИК",
         "НАЗНАЧЕНИЕ ПЛАТЕЖА"),
    ],
)  # fmt: skip
def test_heads_in_three_languages(heads: tuple[str, ...]) -> None:
    assert len(table(ROW, heads=heads).lines) == 1


def test_what_stands_above_and_below_the_table_is_left_out() -> None:
    rows = [
        (1, ("АО «Банк»", None)), (2, ("Выписка за", date(2026, 11, 9))), (4, HEADS), (5, ROW),
        (6, ("Итого", None, Decimal("28800"), None, None, None, None, None)), (7, ()),
    ]  # fmt: skip
    statement = read_statement_table(rows)
    assert (len(statement.lines), statement.unread) == (1, [])
    assert statement.lines[0].row == 5


def test_one_column_of_sums_is_taken_with_its_sign() -> None:
    heads = ("Дата", "Номер", "Сумма (+/-)")
    statement = table((date(2026, 11, 9), "17", Decimal("-28800.5")), heads=heads)
    assert statement.lines[0].amount == Decimal("28800.50")


def test_a_credit_is_money_that_came() -> None:
    row = (*ROW[:2], None, Decimal("5"), *ROW[4:])
    assert table(row, ROW).incoming == 1


@pytest.mark.parametrize(
    ("at", "value", "problem"),
    [(0, "вчера", NO_DAY), (0, None, NO_DAY), (2, "много", NO_SUM), (2, Decimal("1.005"), NO_SUM),
     (1, None, NO_DOCUMENT)],
)  # fmt: skip
def test_a_row_that_cannot_be_read_is_told(at: int, value: Any, problem: str) -> None:
    row = (*ROW[:at], value, *ROW[at + 1 :])
    (unread,) = table(row).unread
    assert (unread.row, unread.problem) == (2, problem)


@pytest.mark.parametrize(
    "rows", [[], [(1, ("Имя", "ИИН"))], [(1, ("Дата", "Назначение"))], [(1, (None, Decimal("1")))]]
)
def test_a_table_of_something_else_is_no_statement(rows: Any) -> None:
    with pytest.raises(StatementUnclear) as refused:
        read_statement_table(rows)
    assert refused.value.reason == NO_HEADS


def test_heads_alone_are_an_empty_statement() -> None:
    with pytest.raises(StatementUnclear) as refused:
        table()
    assert refused.value.reason == NO_LINES


def test_a_short_row_and_a_number_as_a_document() -> None:
    statement = table((date(2026, 11, 9), Decimal("17"), "28 800,00"))
    assert (statement.lines[0].document, statement.lines[0].knp) == ("17", "")


# --- heads as banks write them ---
PAYER, PAYEE = OWN, "KZ12009NPS0413609816"
DAY = date(2026, 11, 9)


def one_line(heads: tuple[str, ...], row: tuple[Any, ...], **fields: Any) -> Any:
    rows = [(1, heads), (2, row)]
    (line,) = read_statement_table(rows, **fields).lines
    return line


@pytest.mark.parametrize(
    "head",
    ["ИИК плательщика", "Счет плательщика", "Счёт отправителя", "Номер счета", "Номер счёта",
     "Счет дебета", "Төлеушінің ЖСК", "Шот нөмірі", "Account number", "Payer's account"],
)  # fmt: skip
def test_the_payers_own_account_is_not_the_payees(head: str) -> None:
    heads = ("Дата", head, "№ документа", "Дебет", "ИИК получателя")
    line = one_line(heads, (DAY, PAYER, "17", Decimal("5"), PAYEE))
    assert (line.document, line.payee_account, line.amount) == ("17", PAYEE, Decimal("5.00"))
    without = one_line(heads[:-1], (DAY, PAYER, "17", Decimal("5")))
    assert (without.document, without.payee_account) == ("17", "")


@pytest.mark.parametrize(
    "head", ["ИИК получателя", "Счет контрагента", "Корреспондент (счет)", "Счёт получателя (ИИК)",
             "Алушының ЖСК", "IBAN of the payee", "ИИК", "ЖСК"],
)  # fmt: skip
def test_the_payees_account_is_found(head: str) -> None:
    line = one_line(("Дата", "№ документа", "Дебет", head), (DAY, "17", Decimal("5"), PAYEE))
    assert line.payee_account == PAYEE


def test_a_bare_account_that_is_the_payers_own_is_left_out() -> None:
    heads, row = ("Дата", "№ документа", "Дебет", "ИИК"), (DAY, "17", Decimal("5"), PAYER)
    assert one_line(heads, row, own_accounts={OWN}).payee_account == ""
    other = (*row[:3], PAYEE)
    assert one_line(heads, other, own_accounts={OWN}).payee_account == PAYEE


@pytest.mark.parametrize(
    "heads",
    [
        ("Дата", "№ документа", "Кредит", "Дебет"),
        ("Дата", "№ документа", "Сумма по кредиту", "Сумма по дебету"),
        ("Дата", "№ документа", "Сумма поступления", "Сумма списания"),
        ("Дата", "№ документа", "Обороты: кредит", "Обороты: дебет"),
        ("Күні", "Құжат", "Кіріс сомасы", "Шығыс сомасы"),
        ("Date", "Document", "Amount credit", "Amount debit"),
    ],
)
def test_a_credit_before_the_debit_is_money_that_came(heads: tuple[str, ...]) -> None:
    rows = [
        (1, heads),
        (2, (DAY, "17", None, Decimal("300"))),
        (3, (DAY, "18", Decimal("9"), None)),
    ]
    statement = read_statement_table(rows)
    assert [(one.document, one.amount) for one in statement.lines] == [("17", Decimal("300.00"))]
    assert statement.incoming == 1


@pytest.mark.parametrize(
    "head", ["Сальдо, дебет", "Остаток", "Сумма комиссии", "Исходящий остаток (дебет)", "Қалдық"]
)
def test_what_is_left_on_the_account_is_no_payment(head: str) -> None:
    heads = ("Дата", "№ документа", head, "Дебет")
    assert one_line(heads, (DAY, "17", Decimal("999"), Decimal("5"))).amount == Decimal("5.00")


@pytest.mark.parametrize(
    "head",
    ["Сумма (+/-)", "Сумма, +/−", "Сумма со знаком", "Сумма (приход/расход)", "Сома (+/−)",
     "Дебет (-) / Кредит (+)", "Amount (signed)", "Amount ±"],
)  # fmt: skip
def test_in_a_column_headed_as_signed_what_is_above_nought_came(head: str) -> None:
    heads = ("Дата", "Номер", head)
    rows = [(DAY, "17", Decimal("-300")), (DAY, "18", Decimal("9")), (DAY, "19", "−40,50")]
    statement = table(*rows, heads=heads)
    assert [(one.document, one.amount) for one in statement.lines] == [
        ("17", Decimal("300.00")), ("19", Decimal("40.50")),
    ]  # fmt: skip
    assert statement.incoming == 1


def test_in_a_column_without_a_sign_everything_left_the_account() -> None:
    statement = table((DAY, "17", Decimal("300")), heads=("Дата", "Номер", "Сумма"))
    assert (len(statement.lines), statement.incoming) == (1, 0)


@pytest.mark.parametrize(
    "head", ["Сумма", "Сумма операции", "Сома", "Amount", "Дебет", "Сумма по дебету", "Шығыс"]
)
@pytest.mark.parametrize("typed", ["-902487,00", "−902 487", Decimal("-902487")])
def test_a_minus_among_what_left_the_account_came_back(head: str, typed: Any) -> None:
    rows = [(DAY, "17", typed), (DAY, "18", Decimal("9"))]
    statement = table(*rows, heads=("Дата", "Номер", head))
    assert [(one.document, one.amount) for one in statement.lines] == [("18", Decimal("9.00"))]
    (returned,) = statement.unread
    assert (returned.row, returned.problem, returned.typed) == (2, RETURNED, str(typed))
    assert statement.incoming == 0


def test_a_minus_without_a_day_or_a_number_came_back_as_well() -> None:
    statement = table((None, None, Decimal("-5")), heads=("Дата", "Номер", "Сумма"))
    assert [one.problem for one in statement.unread] == [RETURNED]


@pytest.mark.parametrize(
    ("debit", "credit", "expected"),
    [
        (None, Decimal("5"), (0, [], 1)),
        (Decimal("0"), Decimal("5"), (0, [], 1)),
        (Decimal("5"), Decimal("5"), (0, [], 1)),
        (Decimal("-5"), None, (0, [RETURNED], 0)),
        (Decimal("-5"), Decimal("5"), (0, [RETURNED], 0)),
        (Decimal("5"), Decimal("0"), (1, [], 0)),
        (Decimal("5"), None, (1, [], 0)),
    ],
)
def test_nothing_with_a_credit_or_a_minus_is_a_line(
    debit: Any, credit: Any, expected: tuple[int, list[str], int]
) -> None:
    statement = table((DAY, "17", debit, credit), heads=("Дата", "Номер", "Дебет", "Кредит"))
    problems = [one.problem for one in statement.unread]
    assert (len(statement.lines), problems, statement.incoming) == expected


def test_a_credit_beside_a_plain_sum_came() -> None:
    statement = table(
        (DAY, "17", Decimal("5"), Decimal("5")), heads=("Дата", "№", "Сумма", "Приход")
    )
    assert (statement.lines, statement.incoming) == ([], 1)


def test_a_minus_in_the_text_of_1c_came_back() -> None:
    for field in ("СуммаРасход", "Сумма"):
        fields = {"СуммаРасход": None, field: "-28800.00"}
        statement = read(a_file(document(**fields)))
        assert [(one.problem, one.typed) for one in statement.unread] == [(RETURNED, "-28800.00")]
        assert statement.lines == []


@pytest.mark.parametrize("head", ["КНП", "ТМК", "Код назначения платежа", "Төлем мақсатының коды"])
def test_the_payment_code_by_its_names(head: str) -> None:
    line = one_line(("Күні", "Құжат", "Дебет", head), (DAY, "17", Decimal("5"), Decimal("10")))
    assert line.knp == "010"


def test_what_is_no_number_is_told_as_unread() -> None:
    (unread,) = table((DAY, "17", "nan", None)).unread
    assert (unread.problem, unread.typed) == (NO_SUM, "nan")
