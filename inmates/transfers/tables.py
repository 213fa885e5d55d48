"""A bank's statement as a table (XLSX, ODS, CSV): the columns are told by their heads.

Pure; called by `services.bank` with the cells that kernel.spreadsheets has read.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from inmates.transfers.lines import (
    MOST,
    NO_DAY,
    NO_DOCUMENT,
    NO_HEADS,
    NO_LINES,
    NO_SUM,
    BankLine,
    Statement,
    StatementUnclear,
    Unread,
    day_of_text,
    knp_of_text,
    sum_of_text,
)
from portal.kernel.money import is_in_tiyn, round_tiyn

Cell = str | Decimal | date | None
# Folded heads, ru, kk, en; a head may go on after them ("дебет, тенге").
HEADS: dict[str, tuple[str, ...]] = {
    "day": ("дата операции", "дата списания", "дата", "операция күні", "күні", "date", "day"),
    "document": (
        "номер документа", "№ документа", "номер док", "№ док", "документ", "номер",
        "құжат нөмірі", "құжат", "document", "number",
    ),
    "out": ("дебет", "расход", "списано", "сумма расход", "шығыс", "debit", "paid out"),
    "in": ("кредит", "приход", "поступило", "сумма приход", "кіріс", "credit", "paid in"),
    "amount": ("сумма", "сома", "amount", "sum"),
    "knp": ("кнп", "код назначения", "төк", "төлем мақсатының коды", "knp"),
    "account": (
        "иик получателя", "счет получателя", "счёт получателя", "иик", "иин счет",
        "алушының жск", "жск", "account of the payee", "iban",
    ),
    "payee": ("получатель", "контрагент", "наименование получателя", "алушы", "payee"),
    "purpose": ("назначение", "төлем мақсаты", "мақсаты", "purpose"),
}  # fmt: skip
# Among the first rows: banks put the name of the client and the period above the table.
SEARCHED = 25
LONGEST = 400
TOTALS = ("итого", "всего", "барлығы", "жиыны", "total")


def read_statement_table(rows: Sequence[tuple[int, Sequence[Cell]]]) -> Statement:
    """The statement; raises `StatementUnclear` where no row has the heads of one.

    A single column of sums holds what left the account; a sum below nought did so too.
    """
    place, columns = _heads(rows)
    statement = Statement()
    for row, cells in rows[place + 1 :]:
        _add(statement, row, {key: _cell(cells, at) for key, at in columns.items()})
    if not (statement.lines or statement.unread or statement.incoming):
        raise StatementUnclear(NO_LINES)
    return statement


def _heads(rows: Sequence[tuple[int, Sequence[Cell]]]) -> tuple[int, dict[str, int]]:
    for place, (_row, cells) in enumerate(rows[:SEARCHED]):
        columns: dict[str, int] = {}
        for at, cell in enumerate(cells):
            key = _key_of(cell) if isinstance(cell, str) else ""
            if key:
                columns.setdefault(key, at)
        if "day" in columns and columns.keys() & {"out", "amount"}:
            return place, columns
    raise StatementUnclear(NO_HEADS)


def _key_of(head: str) -> str:
    """The column a head names: the one whose longest word it begins with."""
    folded = " ".join(re.sub(r"[^\w№]+", " ", head.lower()).split())
    found = [
        (len(word), key)
        for key, words in HEADS.items()
        for word in words
        if folded == word or folded.startswith(f"{word} ")
    ]
    return max(found)[1] if found else ""


def _cell(cells: Sequence[Cell], at: int) -> Cell:
    return cells[at] if at < len(cells) else None


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return cell[:LONGEST] if isinstance(cell, str) else format(cell, "f")


def _sum(cell: Cell) -> Decimal | None:
    if isinstance(cell, Decimal):
        return round_tiyn(cell) if abs(cell) <= MOST and is_in_tiyn(cell) else None
    return sum_of_text(cell) if isinstance(cell, str) else None


def _add(statement: Statement, row: int, cells: Mapping[str, Cell]) -> None:
    day, out = cells.get("day"), cells.get("out")
    if _is_no_line(cells):
        return
    typed = out if "out" in cells else cells.get("amount")
    amount = _sum(typed)
    if "out" in cells and not amount and (typed is None or amount == 0):
        statement.incoming += 1
        return
    on = day if isinstance(day, date) else day_of_text(_text(day))
    document = _text(cells.get("document"))
    if on is None:
        statement.unread.append(Unread(row, NO_DAY, _text(day)))
    elif not amount:
        statement.unread.append(Unread(row, NO_SUM, _text(typed)))
    elif not document:
        statement.unread.append(Unread(row, NO_DOCUMENT, ""))
    else:
        statement.lines.append(
            BankLine(
                row, on, document[:40], abs(amount), knp_of_text(_text(cells.get("knp"))),
                _text(cells.get("payee")), _text(cells.get("account")).replace(" ", "")[:20],
                _text(cells.get("purpose")),
            )
        )  # fmt: skip


def _is_no_line(cells: Mapping[str, Cell]) -> bool:
    """An empty row, or the total below the table."""
    told = [_text(cell) for cell in cells.values() if _text(cell)]
    return not told or told[0].lower().startswith(TOTALS)
