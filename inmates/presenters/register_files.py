"""The sheet of a payment register as XLSX and CSV bytes, and as data for its paper.

Sums are numbers, days are days, and a text is never a formula, in a CSV neither.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmates.presenters.register_paper import paper_rows
from inmates.presenters.register_sheets import (
    Column,
    RegisterSheet,
    Section,
    Value,
    apart_columns,
)
from portal.documents.words import amount_in_words
from portal.kernel.text import number, sum_text

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
DAY, SUM = "dd.mm.yyyy", "# ##0.00"


def safe_text(text: str) -> str:
    """No spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


# --- XLSX ---
def register_book(sheet: RegisterSheet, made_at: datetime) -> bytes:
    """Two sheets: what is transferred with its control total, and who stands apart."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": sheet.title, "created": made_at.replace(tzinfo=None)})
        styles = {
            "bold": book.add_format({"bold": True}),
            "head": book.add_format({"bold": True, "text_wrap": True, "bottom": 2}),
            "text": book.add_format({"num_format": "@"}),
            "count": book.add_format({"num_format": "# ##0"}),
            "day": book.add_format({"num_format": DAY}),
            "sum": book.add_format({"num_format": SUM}),
            "total": book.add_format({"num_format": SUM, "bold": True, "top": 2}),
        }
        page = book.add_worksheet(_("Payment register")[:31])
        row = _book_head(page, sheet, styles)
        row = _book_table(page, row, sheet.columns, sheet.orders, styles)
        page.write_string(row, 0, _("In total"), styles["total"])
        page.write_number(row, len(sheet.columns) - 1, sheet.total, styles["total"])
        if sheet.apart:
            page = book.add_worksheet(_("Apart")[:31])
            _book_table(page, 0, apart_columns(), sheet.apart, styles, has_totals=True)
    return stream.getvalue()


def _book_head(page: Any, sheet: RegisterSheet, styles: dict[str, Any]) -> int:
    page.write_string(0, 0, safe_text(sheet.title), styles["bold"])
    row = 1
    told: list[tuple[str, Value]] = [*sheet.facts, *sheet.controls]
    for label, value in told:
        page.write_string(row, 0, safe_text(label))
        _book_cell(page, row, 3, value, styles[_style_of(value)])
        row += 1
    return row + 1


def _book_table(
    page: Any,
    row: int,
    columns: Sequence[Column],
    sections: Sequence[Section],
    styles: dict[str, Any],
    *,
    has_totals: bool = False,
) -> int:
    """The heads, then each section under its title; the row below the table."""
    for at, column in enumerate(columns):
        page.set_column(at, at, column.width)
        page.write_string(row, at, safe_text(column.title), styles["head"])
    page.repeat_rows(row)
    row += 1
    is_many = len(sections) > 1 or has_totals
    for section in sections:
        if is_many:
            page.write_string(row, 0, safe_text(section.title), styles["bold"])
            page.write_number(row, len(columns) - 1, section.total, styles["total"])
            row += 1
        for cells in section.rows:
            for at, (column, value) in enumerate(zip(columns, cells, strict=True)):
                _book_cell(page, row, at, value, styles[column.kind])
            row += 1
    return row


def _style_of(value: Value) -> str:
    """Of a control total: a sum and a count are numbers, for a spreadsheet to check."""
    if isinstance(value, Decimal):
        return "sum"
    return "count" if isinstance(value, int) else "text"


def _book_cell(page: Any, row: int, at: int, value: Value, style: Any) -> None:
    if isinstance(value, str):
        if value:
            page.write_string(row, at, safe_text(value), style)
    elif isinstance(value, date):
        page.write_datetime(row, at, datetime(value.year, value.month, value.day), style)  # noqa: DTZ001 - a day of a cell has no zone
    else:
        page.write_number(row, at, value, style)


# --- CSV ---
def register_csv(sheet: RegisterSheet) -> bytes:
    """UTF-8 with its mark, semicolons, decimal commas, CRLF: as spreadsheets here read it."""
    stream = io.StringIO(newline="")
    rows = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    is_many = len(sheet.orders) > 1
    heads = [column.title for column in sheet.columns]
    rows.writerow([*heads, _("Recipient")] if is_many else heads)
    for section in sheet.orders:
        payee = [safe_text(section.title)] if is_many else []
        rows.writerows([*map(_csv_cell, cells), *payee] for cells in section.rows)
    blank = [""] * (len(sheet.columns) - 2)
    rows.writerow([_("In total"), *blank, _csv_cell(sheet.total)])
    for section in sheet.apart:
        rows.writerow([])
        rows.writerow([safe_text(f"{section.title}: {section.note}")])
        rows.writerow([column.title for column in apart_columns()])
        rows.writerows(map(_csv_cell, cells) for cells in section.rows)
    return ("\ufeff" + stream.getvalue()).encode()


def _csv_cell(value: Value) -> str:
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return str(value).replace(".", ",") if isinstance(value, Decimal) else str(value)


# --- Paper ---
def register_document(sheet: RegisterSheet) -> dict[str, Any]:
    """Plain data for templates/documents/payment_register.typ, in the present language."""
    language = (get_language() or "ru").split("-")[0]
    return {
        "language": language,
        "title": sheet.title,
        "facts": [{"label": label, "value": value} for label, value in sheet.facts],
        "controls": [
            {"label": label, "value": _paper_cell(value)} for label, value in sheet.controls
        ],
        "columns": _paper_columns(sheet.columns),
        "sections": [_paper_section(one, sheet.columns) for one in sheet.orders],
        "apart_columns": _paper_columns(apart_columns()),
        "apart": [_paper_section(one, apart_columns()) for one in sheet.apart],
        "total": sum_text(sheet.total),
        "in_words": amount_in_words(sheet.total, language),
        "labels": {
            "total": _("In total"),
            "in_words": _("To transfer in words"),
            "sheet": _("Sheet"),
            "accountant": _("Accountant"),
            "head": _("Head"),
        },
    }


def _paper_columns(columns: Sequence[Column]) -> list[dict[str, Any]]:
    return [
        {"title": one.title, "width": one.width, "is_right": one.kind in ("sum", "count")}
        for one in columns
    ]


def _paper_section(section: Section, columns: Sequence[Column]) -> dict[str, Any]:
    return {
        "title": section.title,
        "note": section.note,
        "total": sum_text(section.total),
        "rows": paper_rows(
            [[_paper_cell(value) for value in cells] for cells in section.rows],
            [one.width for one in columns],
        ),
    }


def _paper_cell(value: Value) -> str:
    if isinstance(value, Decimal):
        return sum_text(value)
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    return number(value) if isinstance(value, int) else value
