"""A bank's statement as a table (XLSX, ODS, CSV): the columns are told by their heads.

Pure; called by `services.bank` with the cells that kernel.spreadsheets has read.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal

from inmates.transfers.lines import (
    MOST,
    NO_DAY,
    NO_DOCUMENT,
    NO_HEADS,
    NO_LINES,
    NO_SUM,
    RETURNED,
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
    "amount": ("сумма", "сома", "amount", "sum"),
    "knp": (
        "кнп", "код назначения", "тмк", "төк", "төлем мақсатының коды", "төлем тағайындау коды",
        "knp",
    ),
    "payee": ("получатель", "контрагент", "наименование получателя", "алушы", "payee"),
    "purpose": ("назначение", "төлем мақсаты", "мақсаты", "purpose"),
}  # fmt: skip
# Words inside a head. A sum that left the account, or came; never what was left on it.
OUT = re.compile(r"дебет|расход|списан|шығыс|debit|paid out")
IN = re.compile(r"кредит|приход|поступ|кіріс|credit|paid in")
# A head says itself that its sums have signs: "Сумма (+/-)", "Сумма (приход/расход)".
SIGNED = re.compile(r"[+±]|со знаком|таңбасымен|\bsigned\b")
NO_SUMS = re.compile(r"сальдо|остат|комисс|қалдық|balance|fee")
# A number of an account: the payee's is looked at; the payer's own, or nobody's, is not.
ACCOUNT = re.compile(r"\b(?:сч[её]т\w*|иик|жск|шот\w*|account|iban)\b")
OF_PAYEE = re.compile(
    r"получател|контрагент|корреспондент|бенефициар|алушы|payee|recipient|beneficiary"
)
BARE_ACCOUNTS = ("иик", "жск", "iban")
NAMED = re.compile(r"наименование|атауы|\bname")
# Among the first rows: banks put the name of the client and the period above the table.
SEARCHED = 25
LONGEST = 400
TOTALS = ("итого", "всего", "барлығы", "жиыны", "total")


def read_statement_table(
    rows: Sequence[tuple[int, Sequence[Cell]]], own_accounts: Collection[str] = ()
) -> Statement:
    """The statement; raises `StatementUnclear` where no row has the heads of one.

    The head of a column says what its sums are. Of a debit, and of a plain "Сумма", everything
    left the account, so a sum below nought is money that came back: told as such with its sign, and
    no line. Of a column headed as signed ("Сумма (+/-)") what is below nought left, what is above
    came. A sum in the credit came. An account of `own_accounts` is no payee's.
    """
    place, columns = _heads(rows)
    statement = Statement()
    told = [
        (row, {key: _cell(cells, at) for key, at in columns.items()})
        for row, cells in rows[place + 1 :]
    ]
    for row, cells in told:
        if not _is_no_line(cells):
            _add(statement, row, cells, own_accounts)
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
        if "day" in columns and columns.keys() & {"out", "signed", "amount"}:
            return place, columns
    raise StatementUnclear(NO_HEADS)


def _key_of(head: str) -> str:
    """The column a head names: what it begins with, then what stands inside."""
    folded = " ".join(re.sub(r"[^\w№]+", " ", head.lower()).split())
    key = _begins(folded)
    if key in ("day", "knp", "purpose") or (key == "payee" and NAMED.search(folded)):
        return key
    if ACCOUNT.search(folded):
        return "account" if OF_PAYEE.search(folded) or folded in BARE_ACCOUNTS else ""
    if NO_SUMS.search(folded):
        return ""
    sides = [side for side, words in (("out", OUT), ("in", IN)) if words.search(folded)]
    if len(sides) == 1:
        return sides[0]
    if (sides or key == "amount") and SIGNED.search(head.lower()):
        return "signed"
    return ("signed" if key == "amount" else "") if sides else key


def _begins(folded: str) -> str:
    """The column whose longest word the head begins with."""
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


def _add(
    statement: Statement, row: int, cells: Mapping[str, Cell], own_accounts: Collection[str]
) -> None:
    day, typed = cells.get("day"), _typed_sum(cells)
    amount = _left(cells)
    if _came(cells, amount):
        statement.incoming += 1
        return
    on = day if isinstance(day, date) else day_of_text(_text(day))
    document = _text(cells.get("document"))
    account = _text(cells.get("account")).replace(" ", "")[:20]
    if amount is not None and amount < 0:
        statement.unread.append(Unread(row, RETURNED, _text(typed)))
    elif on is None:
        statement.unread.append(Unread(row, NO_DAY, _text(day)))
    elif not amount:
        statement.unread.append(Unread(row, NO_SUM, _text(typed)))
    elif not document:
        statement.unread.append(Unread(row, NO_DOCUMENT, ""))
    else:
        statement.lines.append(
            BankLine(
                row, on, document[:40], amount, knp_of_text(_text(cells.get("knp"))),
                _text(cells.get("payee")), "" if account in own_accounts else account,
                _text(cells.get("purpose")),
            )
        )  # fmt: skip


def _typed_sum(cells: Mapping[str, Cell]) -> Cell:
    """The debit, else the signed sum, else the only one."""
    return next((cells[key] for key in ("out", "signed", "amount") if key in cells), None)


def _left(cells: Mapping[str, Cell]) -> Decimal | None:
    """What left the account; below nought: what came back, or by a signed column, what came."""
    amount = _sum(_typed_sum(cells))
    is_signed = "signed" in cells and "out" not in cells
    return -amount if is_signed and amount is not None else amount


def _came(cells: Mapping[str, Cell], left: Decimal | None) -> bool:
    """Money that came: in the credit, above nought where there are signs, or no debit at all."""
    if (_sum(cells.get("in")) or 0) > 0 and (left is None or left >= 0):
        return True
    if "out" in cells:
        return left == 0 or cells["out"] is None
    return "signed" in cells and left is not None and left < 0


def _is_no_line(cells: Mapping[str, Cell]) -> bool:
    """An empty row, or the total below the table."""
    told = [_text(cell) for cell in cells.values() if _text(cell)]
    return not told or told[0].lower().startswith(TOTALS)
