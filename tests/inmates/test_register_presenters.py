"""What the pages and the files of registers say, in three languages, of rows of every kind."""

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from inmates.enums import RegisterCode, StatementProblem
from inmates.models import PaymentCode, RegisterRow
from inmates.presenters.bank import matched_rows, problem_text, unread_rows
from inmates.presenters.register_files import register_book, register_csv, register_document
from inmates.presenters.register_sheets import (
    Column,
    RegisterSheet,
    Section,
    apart_columns,
)
from inmates.presenters.registers import (
    code_rows,
    codes_text,
    confidence_text,
    control_totals,
    months_text,
    row_reason,
    transfer_state,
)
from inmates.selectors.registers import Apart, Waiting
from inmates.transfers.lines import NO_DAY, NO_DOCUMENT, NO_SUM, BankLine, Statement, Unread
from inmates.transfers.matching import Matched, OpenOrder
from portal.kernel import clock

ZERO = Decimal("0.00")
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
LANGUAGES = ("ru", "kk", "en")


@pytest.fixture(autouse=True)
def in_russian() -> Any:
    with translation.override("ru"):
        yield


def bare(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def a_row(**sums: str | bool) -> RegisterRow:
    has_iin = bool(sums.pop("has_iin", True))
    values = {"posted": "0", "brought": "0", "set_off": "0", "carried": "0"} | sums
    decimals = {name: Decimal(str(value)) for name, value in values.items()}
    payable = decimals["posted"] + decimals["brought"] + decimals["set_off"] - decimals["carried"]
    return RegisterRow(has_iin=has_iin, payable=payable, period=OCTOBER, **decimals)


# --- why a row is not transferred as it was posted ---
@pytest.mark.parametrize(
    ("sums", "words"),
    [
        ({"posted": "9600"}, ""),
        ({"posted": "9600", "carried": "9600", "has_iin": False}, "нет ИИН: 9 600,00 ₸ ждёт"),
        ({"posted": "9600", "has_iin": False}, ""),
        ({"posted": "9600", "set_off": "-500"}, "зачтено в счёт переплаты: −500,00 ₸"),
        ({"posted": "-500", "set_off": "500"}, "зачтено другим месяцем"),
        ({"posted": "-500", "carried": "-500"}, "остаётся до следующего реестра: −500,00 ₸"),
        ({"brought": "9600"}, "перенесено раньше: 9 600,00 ₸"),
    ],
)
def test_the_reason_of_a_row(sums: dict[str, Any], words: str) -> None:
    told = bare(row_reason(a_row(**sums)))
    assert (words in told) if words else told == ""


def test_of_a_row_without_an_iin_that_is_paid_it_is_said_that_none_is_needed() -> None:
    row = a_row(posted="9600", has_iin=False)
    row.order_id = 1
    assert row_reason(row) == "ИИН нет, он и не нужен: включено в платёжное поручение"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_is_said_in_the_readers_language(language: str) -> None:
    row = a_row(posted="9600", brought="-700", set_off="-500", carried="-3")
    with translation.override(language):
        told = row_reason(row)
    assert told.count(";") == 2
    assert ("carried over" in told) is (language == "en")


# --- the list ---
def a_code(code: str, **fields: Any) -> PaymentCode:
    values = {"name": code, "knp": "010", "source": "x", "confidence": "secondary"} | fields
    return PaymentCode(code=code, effective_from=SEPTEMBER, **values)


def test_rows_stand_in_the_order_of_the_directory() -> None:
    codes = {code: a_code(code) for code in ("so", "opv", "ipn")}
    waiting = {
        "opv": Waiting("opv", 3, Decimal("100.00"), SEPTEMBER, OCTOBER),
        "ipn": Waiting("ipn", 2, ZERO, None, None, Decimal("-5.00")),
    }
    rows = code_rows(codes, waiting, "")
    assert [row.code for row in rows] == ["so", "opv", "ipn"]
    assert [row.can_issue for row in rows] == [False, True, False]
    assert bare(rows[1].waits) == "сентябрь 2026 – октябрь 2026"
    assert (rows[1].people, rows[1].amount) == ("3", Decimal("100.00"))
    assert rows[2].carried == Decimal("-5.00")
    assert (rows[0].waits, rows[0].people) == ("", "")


def test_of_wages_that_are_not_paid_it_is_said_why_nothing_waits() -> None:
    codes = {code: a_code(code) for code in ("opv", "accounts")}
    opv, accounts = code_rows(codes, {}, "", is_unpaid=True)
    assert (opv.warning, accounts.can_issue) == ("", False)
    assert accounts.warning.startswith("Зарплата появится здесь")
    assert [row.warning for row in code_rows(codes, {}, "")] == ["", ""]
    due = {"accounts": Waiting("accounts", 3, Decimal("100.00"), OCTOBER, OCTOBER)}
    assert code_rows(codes, due, "KZ1", is_unpaid=True)[1].warning == ""


SUM = Decimal("9600.00")


@pytest.mark.parametrize(
    ("sums", "directory", "can_issue", "words"),
    [
        ((SUM, SUM, SUM), {"needs_iin": True}, True, "Счёт получателя не внесён"),
        ((SUM, ZERO, SUM), {"needs_iin": True}, False, "когда будет введён ИИН"),
        ((-SUM, ZERO, ZERO), {"needs_iin": True}, False, "зачтётся"),
        ((SUM, ZERO, SUM), {"needs_iin": False}, True, "Счёт получателя не внесён"),
        ((-SUM, ZERO, ZERO), {"needs_iin": False}, False, "зачтётся"),
        ((-SUM, SUM, SUM), {"is_set_off_in_total": True, "needs_iin": False}, False, "зачтётся"),
    ],
)
def test_what_is_carried_is_offered_only_where_a_register_would_pay_it(
    sums: tuple[Decimal, ...], directory: dict[str, Any], can_issue: bool, words: str
) -> None:
    held = Waiting("opv", 1, ZERO, None, None, *sums)
    (row,) = code_rows({"opv": a_code("opv", **directory)}, {"opv": held}, "")
    assert row.can_issue is can_issue
    assert words in row.warning


def test_one_month_is_named_once() -> None:
    assert bare(months_text(Waiting("so", 1, ZERO, OCTOBER, OCTOBER))) == "октябрь 2026"
    assert months_text(Waiting("so", 1, ZERO, None, None)) == ""


def test_the_codes_that_are_not_entered_are_left_out() -> None:
    assert codes_text(a_code("opv")) == "КНП 010"
    assert codes_text(a_code("ipn", knp="911", kbk="101201")) == "КНП 911, КБК 101201"
    assert codes_text(a_code("writs", knp="")) == ""


@pytest.mark.parametrize(
    ("confidence", "words"),
    [("secondary", "вторичный источник"), ("secondary + memory, unverified", ", "), ("x", "x")],
)
def test_how_sure_the_codes_are_is_said_in_words(confidence: str, words: str) -> None:
    assert words in confidence_text(confidence)


@pytest.mark.parametrize(
    ("orders", "done", "status", "words"),
    [(0, 0, "superseded", "Перечислять нечего"), (2, 0, "waiting", "Ещё не перечислено"),
     (2, 1, "in_progress", "Перечислено 1 из 2"), (2, 2, "done", "Перечислено")],
)  # fmt: skip
def test_how_far_the_transfer_is(orders: int, done: int, status: str, words: str) -> None:
    register = SimpleNamespace(order_count=orders, done_count=done)
    assert transfer_state(register) == (status, words)


def test_control_totals_leave_out_what_is_nought() -> None:
    register: Any = SimpleNamespace(
        total=Decimal("100.00"), payable=Decimal("100.00"),
        payment_code=SimpleNamespace(needs_iin=True),
    )  # fmt: skip
    plain = Apart(0, ZERO, 0, ZERO, ZERO, ZERO, ZERO)
    assert len(control_totals(register, plain)) == 2
    full = Apart(
        3, Decimal("30.00"), 1, Decimal("-5.00"), Decimal("7.00"), Decimal("5.00"), Decimal("30.00")
    )
    told = {one["label"]: (bare(one["value"]), bare(one["note"])) for one in
            control_totals(register, full)}  # fmt: skip
    assert told["Нет ИИН"] == ("3 человека", "30,00 ₸")
    register.payment_code.needs_iin = False
    (included,) = [one for one in control_totals(register, full) if one["label"] == "Нет ИИН"]
    assert bare(included["note"]) == "30,00 ₸: уже включено, ИИН не нужен"
    assert told["Меньше нуля"] == ("1 строка", "−5,00 ₸; зачтено 5,00 ₸")
    assert told["Перенесено из прошлого реестра"][0] == "7,00 ₸"
    assert told["Остаётся до следующего реестра"][0] == "−30,00 ₸"


# --- files ---
def a_sheet(*sections: Section, apart: Any = ()) -> RegisterSheet:
    columns = [Column("№", "count"), Column("ИИН"), Column("День", "day"), Column("Сумма", "sum")]
    total = sum((section.total for section in sections), ZERO)
    return RegisterSheet(
        "Реестр", [("Плательщик", "=РГП")], columns, list(sections), list(apart), total,
        [("Строк", 2), ("К перечислению", Decimal("-12345.60")), ("Сумма строк", "=1+1")],
    )  # fmt: skip


def a_section(title: str = "Фонд", amount: str = "9600.50", iin: str = "900517") -> Section:
    return Section(title, [[1, iin, date(1990, 5, 17), Decimal(amount)]], Decimal(amount))


def test_a_csv_of_one_payee_is_a_plain_table() -> None:
    lines = register_csv(a_sheet(a_section())).decode("utf-8-sig").split("\r\n")
    assert lines == ["№;ИИН;День;Сумма", "1;900517;17.05.1990;9600,50", "Всего;;;9600,50", ""]


def test_a_csv_of_several_payees_names_each() -> None:
    sheet = a_sheet(a_section("Тестова А."), a_section("=Сеитова", "-1.00"))
    lines = register_csv(sheet).decode("utf-8-sig").split("\r\n")
    assert lines[0].endswith(";Получатель")
    assert lines[1].endswith(";Тестова А.")
    # A sum below nought stays a number; a text that begins like a formula does not.
    assert lines[2].endswith(";-1,00;'=Сеитова")


def test_those_apart_follow_the_total() -> None:
    apart = Section("Нет ИИН", [["1650", "Безиинов", "10.2026", Decimal("5.00"), ZERO, "ждёт"]],
                    Decimal("5.00"), "1 человек")  # fmt: skip
    text = register_csv(a_sheet(a_section(), apart=[apart])).decode("utf-8-sig")
    assert text.index("Всего") < text.index("Нет ИИН: 1 человек") < text.index("1650;Безиинов")
    assert len(apart_columns()) == len(apart.rows[0])


def test_a_quote_a_semicolon_and_a_line_break_stay_in_their_cell() -> None:
    text = register_csv(a_sheet(a_section(iin='9";0\n5'))).decode("utf-8-sig")
    assert '"9"";0\n5"' in text


def test_the_same_register_gives_the_same_workbook() -> None:
    at = clock.now()
    sheet = a_sheet(a_section(), a_section("Второй"))
    assert register_book(sheet, at) == register_book(sheet, at)


def test_control_totals_are_numbers_and_no_text_is_a_formula() -> None:
    """A spreadsheet can add them up; a fact or a digest that begins like a formula stays text."""
    book = zipfile.ZipFile(io.BytesIO(register_book(a_sheet(a_section()), clock.now())))
    page = book.read("xl/worksheets/sheet1.xml").decode()
    cells = dict(re.findall(r'<c r="(D[2-5])"[^>]*?(?:/>|>(.*?)</c>)', page))
    assert (cells["D3"], cells["D4"]) == ("<v>2</v>", "<v>-12345.60</v>")
    assert "<f>" not in page
    styles = dict(re.findall(r'<c r="(D[34])" s="(\d+)"', page))
    formats = re.findall(
        r'numFmtId="(\d+)"', book.read("xl/styles.xml").decode().split("cellXfs")[1]
    )
    codes = dict(
        re.findall(r'numFmtId="(\d+)" formatCode="([^"]+)"', book.read("xl/styles.xml").decode())
    )
    assert [codes[formats[int(styles[cell])]] for cell in ("D3", "D4")] == ["# ##0", "# ##0.00"]
    texts = book.read("xl/sharedStrings.xml").decode()
    assert "'=РГП" in texts
    assert "'=1+1" in texts


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_the_data_of_the_paper_are_strings(language: str) -> None:
    with translation.override(language):
        data = register_document(a_sheet(a_section()))
    assert data["language"] == language
    assert bare(data["sections"][0]["rows"][0][3]) == "9 600,50"
    assert [bare(one["value"]) for one in data["controls"]] == ["2", "−12 345,60", "=1+1"]
    assert data["in_words"]
    assert [one["is_right"] for one in data["columns"]] == [True, False, False, True]


# --- the bank ---
def a_match(**fields: Any) -> Matched:
    line = BankLine(5, OCTOBER, "17", Decimal("28800.00"), "010")
    values: dict[str, Any] = {"line": line, "order": None, "problem": "", "near": ()} | fields
    return Matched(**values)


def test_a_matched_line_names_its_register() -> None:
    order = OpenOrder(1, "2026-00001", Decimal("28800.00"))
    (row,) = matched_rows([a_match(order=order)])
    assert (row["status"], row["label"]) == ("done", "Оплачивает реестр")
    assert bare(row["order"]) == "реестр № 2026-00001, 28 800,00 ₸"


@pytest.mark.parametrize("problem", StatementProblem.values)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_has_words(problem: str, language: str) -> None:
    with translation.override(language):
        (row,) = matched_rows([a_match(problem=problem)])
        assert row["label"] == problem_text(problem) != problem
    assert (row["status"], row["order"]) == ("awaiting", "")


def test_of_two_near_orders_none_is_named() -> None:
    near = tuple(OpenOrder(pk, f"2026-{pk:05d}", Decimal(1)) for pk in (1, 2))
    (several,) = matched_rows([a_match(problem="several", near=near)])
    (one,) = matched_rows([a_match(problem="amount", near=near[:1])])
    assert several["order"] == ""
    assert "2026-00001" in one["order"]


def test_a_line_that_could_not_be_read_is_shortened() -> None:
    unread = [Unread(row, why, "ы" * 500) for row, why in enumerate((NO_DAY, NO_SUM, NO_DOCUMENT))]
    rows = unread_rows(Statement(unread=unread))
    assert {len(row["typed"]) for row in rows} == {60}
    assert len({row["why"] for row in rows}) == 3


def test_every_payment_has_a_name_in_three_languages() -> None:
    for code in RegisterCode:
        names = set()
        for language in LANGUAGES:
            with translation.override(language):
                names.add(str(code.label))
        assert len(names) == 3, code
