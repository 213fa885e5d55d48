"""A table of sums as a workbook: heads, rows, a total; a text is never a formula.

Called by the pages of totals and of figures for form 200.00, in the language that is active.
"""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
Cell = str | int | Decimal | None


def figures_book(
    name: str,
    above: Sequence[str],
    heads: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    total: Sequence[Cell] = (),
    widths: Sequence[int] = (),
) -> bytes:
    """One sheet: the lines `above`, the table, its total. None stays empty: it is not nought."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet(name[:31])
        styles = {
            "bold": book.add_format({"bold": True}),
            "head": book.add_format({"bold": True, "text_wrap": True, "bottom": 2}),
            "plain": book.add_format({}),
            "sum": book.add_format({"num_format": "# ##0.00"}),
            "total": book.add_format({"bold": True, "top": 2, "num_format": "# ##0.00"}),
        }
        for line, text in enumerate(above):
            sheet.write_string(line, 0, safe_text(text), styles["plain" if line else "bold"])
        line = len(above) + 1
        for column, head in enumerate(heads):
            sheet.write_string(line, column, safe_text(head), styles["head"])
            sheet.set_column(column, column, widths[column] if column < len(widths) else 15)
        sheet.freeze_panes(line + 1, 1)
        for row in rows:
            line += 1
            _write(sheet, line, row, styles, "")
        if total:
            _write(sheet, line + 1, total, styles, "total")
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    return stream.getvalue()


def _write(sheet: Any, line: int, row: Sequence[Cell], styles: dict[str, Any], style: str) -> None:
    for column, value in enumerate(row):
        if value is None:
            continue
        if isinstance(value, str):
            sheet.write_string(line, column, safe_text(value), styles[style or "plain"])
        else:
            kind = "sum" if isinstance(value, Decimal) else "plain"
            sheet.write_number(line, column, value, styles[style or kind])


def safe_text(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula, when saved as CSV neither."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
