"""The text file of banks and 1C, «1CClientBankExchange», in the form of banks in Kazakhstan.

Pure; called by `services.bank`. Names of fields differ between banks: the first known one counts.
"""

from collections.abc import Iterator, Mapping

from inmates.transfers.lines import (
    CUT_OFF,
    NO_DAY,
    NO_DOCUMENT,
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

MARK = "1CClientBankExchange"
BEGIN, END, END_OF_FILE = "секциядокумент", "конецдокумента", "конецфайла"
DAYS = ("датасписано", "датаоперации", "дата", "датадокумента")
NUMBERS = ("номер", "номердокумента")
OUT, IN, SUMS = ("суммарасход", "списано"), ("суммаприход", "поступило"), ("сумма",)
OF_PAYER = ("плательщикиик", "плательщиксчет", "плательщикрасчсчет")
OF_PAYEE = ("получательиик", "получательсчет", "получательрасчсчет")
PAYEES = ("получательнаименование", "получатель", "получатель1")
PURPOSES = ("назначениеплатежа",)
CODES = ("кодназначенияплатежа", "кнп")
LONGEST = 400


def is_onec(content: bytes) -> bool:
    """Whether the file names itself so, after a mark of UTF-8 or without one."""
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[: len(MARK)] == MARK.encode()


def text_of(content: bytes) -> str:
    """UTF-8, or the encoding the file names: Windows, or that of DOS."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        as_dos = content.decode("cp866")
    is_dos = "кодировка=dos" in as_dos[:2000].lower()
    return as_dos if is_dos else content.decode("cp1251", "replace")


def read_onec(content: bytes, own_accounts: frozenset[str], most: int) -> Statement:
    """The statement; raises `StatementUnclear` for a file without documents or without its end.

    Money left the account where the bank says so, else where the payer's account is ours.
    """
    statement = Statement()
    seen_end = False
    for row, kind, fields in _sections(text_of(content)):
        if kind == END_OF_FILE:
            seen_end = True
        elif kind == BEGIN:
            own = own_accounts | ({statement.account} if statement.account else frozenset())
            _add(statement, row, fields, own)
        else:
            _head(statement, fields)
        if len(statement.lines) + len(statement.unread) > most:
            raise StatementUnclear("too_long")
    if not seen_end:
        raise StatementUnclear(CUT_OFF)
    if not (statement.lines or statement.unread or statement.incoming):
        raise StatementUnclear(NO_LINES)
    return statement


def _sections(text: str) -> Iterator[tuple[int, str, Mapping[str, str]]]:
    """The head, each document with the row it begins at, and the end of the file."""
    fields: dict[str, str] = {}
    begun, is_document = 1, False
    for row, line in enumerate(text.replace("\0", "").splitlines(), start=1):
        name, has_value, value = line.partition("=")
        key = name.strip().lower()
        if key == BEGIN:
            yield begun, "head", fields
            fields, begun, is_document = {}, row, True
        elif key == END:
            yield begun, BEGIN if is_document else "head", fields
            fields, begun, is_document = {}, row + 1, False
        elif key == END_OF_FILE:
            yield row, END_OF_FILE, {}
        elif has_value:
            fields.setdefault(key, " ".join(value.split())[:LONGEST])
    if is_document:
        raise StatementUnclear(CUT_OFF)


def _first(fields: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")


def _head(statement: Statement, fields: Mapping[str, str]) -> None:
    statement.account = statement.account or _first(fields, ("расчсчет",))[:20]
    statement.since = statement.since or day_of_text(fields.get("датаначала", ""))
    statement.until = statement.until or day_of_text(fields.get("датаконца", ""))


def _add(statement: Statement, row: int, fields: Mapping[str, str], own: frozenset[str]) -> None:
    out, came = _first(fields, OUT), _first(fields, IN)
    payer, payee = _first(fields, OF_PAYER), _first(fields, OF_PAYEE)
    # A bank fills the other side with 0,00.
    is_out = bool(sum_of_text(out)) if out else not sum_of_text(came) and _is_out(payer, payee, own)
    if not is_out and (sum_of_text(came) or not out):
        statement.incoming += 1
        return
    typed = out or _first(fields, SUMS)
    amount, on = sum_of_text(typed), day_of_text(_first(fields, DAYS))
    document = _first(fields, NUMBERS)
    if amount is not None and amount < 0:
        statement.unread.append(Unread(row, RETURNED, typed))
    elif on is None:
        statement.unread.append(Unread(row, NO_DAY, _first(fields, DAYS)))
    elif not amount:
        statement.unread.append(Unread(row, NO_SUM, typed))
    elif not document:
        statement.unread.append(Unread(row, NO_DOCUMENT, ""))
    else:
        statement.lines.append(
            BankLine(
                row, on, document[:40], amount, knp_of_text(_first(fields, CODES)),
                _first(fields, PAYEES), payee[:20], _first(fields, PURPOSES),
            )
        )  # fmt: skip


def _is_out(payer: str, payee: str, own: frozenset[str]) -> bool:
    """Where neither account is ours, what is told is a payment of ours all the same."""
    return payer in own or payee not in own
