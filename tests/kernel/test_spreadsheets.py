"""Tables people send: what is read from them, and what is refused without harm."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import xlsxwriter

from portal.kernel import spreadsheets
from portal.kernel.spreadsheets import Table, TableUnreadable, read_table


def a_book(write: Callable[[Any, Any], None]) -> bytes:
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    write(book, book.add_worksheet("first"))
    book.close()
    return written.getvalue()


def rows_of(content: bytes, most_rows: int = 100) -> tuple[Any, ...]:
    return read_table(content, most_rows=most_rows).rows


def reason_of(content: bytes, most_rows: int = 100) -> str:
    with pytest.raises(TableUnreadable) as refused:
        read_table(content, most_rows=most_rows)
    return refused.value.reason


def test_cells_come_as_what_they_are() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_string(0, 0, "  two   words ")
        sheet.write_number(0, 1, 61211600012)
        sheet.write_number(0, 2, 7.1)
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_datetime(0, 3, date(2024, 2, 29), day)
        sheet.write_formula(0, 4, "=1+1", None, 2)
        sheet.write_blank(0, 5, None)
        sheet.write_boolean(0, 6, boolean=True)

    expected = (
        "two words", Decimal("61211600012"), Decimal("7.1"), date(2024, 2, 29), Decimal("2"),
        None, "True",
    )  # fmt: skip
    assert rows_of(a_book(write)) == ((1, expected),)


def test_rows_keep_the_numbers_of_the_spreadsheet() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_string(2, 1, "head")
        sheet.write_string(6, 1, "row")

    assert rows_of(a_book(write)) == ((3, (None, "head")), (7, (None, "row")))


def test_the_first_sheet_that_is_shown_is_read() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_string(0, 0, "hidden")
        second = book.add_worksheet("second")
        second.write_string(0, 0, "shown")
        second.activate()
        second.set_first_sheet()
        sheet.hide()

    assert rows_of(a_book(write)) == ((1, ("shown",)),)


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_csv_in_the_ways_people_save_it(delimiter: str, encoding: str) -> None:
    content = f"ФИО{delimiter}Номер\r\nТестов{delimiter}16\r\n".encode(encoding)
    assert rows_of(content) == ((1, ("ФИО", "Номер")), (2, ("Тестов", "16")))


def test_nothing_in_a_file_is_a_table_without_rows() -> None:
    assert read_table(b"", most_rows=10) == Table(())
    assert rows_of(a_book(lambda _book, _sheet: None)) == ()


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 no archive", b"\xd0\xcf\x11\xe0 no book", b"\x00\x01\x02", b'a;"b\nc'],
    ids=["archive", "old", "binary", "quote"],
)
def test_what_is_no_table_is_broken(content: bytes) -> None:
    assert reason_of(content) == "broken"


def test_another_archive_is_broken() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert reason_of(written.getvalue()) == "broken"


def test_more_rows_than_asked_for_are_refused() -> None:
    content = b"a\n" * 11
    assert reason_of(content, most_rows=10) == "too_long"
    assert len(rows_of(content, most_rows=11)) == 11


def test_empty_rows_below_do_not_count() -> None:
    assert len(rows_of(b"a\n" * 10 + b";;\n" * 50, most_rows=10)) == 10


def test_a_cell_far_to_the_right_is_refused() -> None:
    row = b";" * spreadsheets.MAX_COLUMNS
    assert reason_of(b"a" + row + b"b") == "too_wide"
    assert rows_of(b"a" + row) == ((1, ("a", *[None] * (spreadsheets.MAX_COLUMNS - 1))),)


def test_a_small_file_that_unfolds_without_end_is_stopped() -> None:
    """Two cells in the far corners: every cell between them would be made."""

    def write(book: Any, sheet: Any) -> None:
        sheet.write_string(0, 0, "x")
        sheet.write_string(1048575, 16383, "y")

    content = a_book(write)
    assert len(content) < 10_000
    assert reason_of(content) == "endless"


def test_one_long_text_in_many_cells_is_stopped() -> None:
    """A spreadsheet keeps a text once, however many cells show it."""

    def write(book: Any, sheet: Any) -> None:
        for row in range(200):
            sheet.write_string(row, 0, "я" * 30_000)

    content = a_book(write)
    assert len(content) < 20_000
    assert reason_of(content, most_rows=200) == "too_long"


def test_a_zero_byte_is_no_sign() -> None:
    assert spreadsheets._told("Приказ\0 12") == ["text", "Приказ 12"]


def test_reading_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "WAIT_SECONDS", 0.01)
    assert reason_of(b"a;b\n") == "endless"


@pytest.mark.parametrize("odd", ["NaN", "nan", "INF", "-inf", "1e999"])
def test_what_is_no_number_is_a_text(odd: str) -> None:
    """No program writes such a cell; a stranger may, and nothing can be counted with it."""

    def write(book: Any, sheet: Any) -> None:
        sheet.write_number(0, 0, 123.5)
        sheet.write_number(0, 1, 7)

    spoilt = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(a_book(write))) as book, zipfile.ZipFile(spoilt, "w") as copy:
        for name in book.namelist():
            part = book.read(name)
            copy.writestr(name, part.replace(b"<v>123.5</v>", f"<v>{odd}</v>".encode()))
    ((_number, (first, second)),) = rows_of(spoilt.getvalue())
    assert second == Decimal("7")
    assert isinstance(first, str)


def test_a_number_beyond_what_a_float_holds_is_no_number() -> None:
    for value in (float("nan"), float("inf"), float("-inf")):
        kind, text = spreadsheets._told(value) or ["", ""]
        assert (kind, text) == ("text", str(value))
