"""Which line of a bank's statement paid which payment order; pure.

A line fits an order by its sum and its payment code (or, where either has none, by the payee's
account or the number of the register in its purpose). The register's number decides between
several; a line that names another register, or one nobody knows, pays nothing by itself; what is
left open, a person does. Called by `services.bank` and its page.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from inmates.transfers.lines import BankLine

AMOUNT, SEVERAL, NO_ORDER, KNOWN, FUTURE = "amount", "several", "no_order", "known", "future"
EARLY, OTHER_REGISTER = "early", "other_register"
# A number of a register, such as 2026-00017, whole; banks and people write dashes of all kinds.
NUMBER = re.compile(r"(?<!\d)(?<!\d-)\d{4}-\d{5,}(?!-?\d)", re.ASCII)
DASHES = re.compile(r"(?<=\d)\s*[\N{HYPHEN}-\N{HORIZONTAL BAR}\N{MINUS SIGN}-]\s*(?=\d{5})")


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """A payment order that no transfer is entered for."""

    order_id: int
    register: str
    amount: Decimal
    knp: str = ""
    kbk: str = ""
    payee_account: str = ""
    # The first day it can have been carried out: when its wages were posted.
    since: date = date.min


@dataclass(frozen=True, slots=True)
class Matched:
    """A line that concerns wages: its order, or the problem and the orders it comes near to."""

    line: BankLine
    order: OpenOrder | None
    problem: str = ""
    near: tuple[OpenOrder, ...] = ()


@dataclass(frozen=True, slots=True)
class Books:
    """What the lines are held against: open orders, transfers entered and codes of wages."""

    orders: Sequence[OpenOrder]
    # Day, document and sum of each transfer that is entered.
    known: Collection[tuple[date, str, Decimal]]
    # Payment codes that are used for nothing but wages.
    codes: Collection[str]


def match_lines(
    lines: Iterable[BankLine],
    books: Books,
    *,
    today: date,
    chosen: Mapping[int, int | None] | None = None,
) -> list[Matched]:
    """The lines that concern wages, in their order; the others are nobody's business here.

    `chosen` has the rows a person was asked about, with the order they picked or None: such a row
    pays what was picked, and nothing else. No order is paid twice: who is named, or chosen, goes
    first.
    """
    picked = chosen or {}
    left = {order.order_id: order for order in books.orders}
    given = list(lines)
    found: dict[int, Matched] = {}
    # The surest first, so that a line that fits two orders does not take that of another.
    for is_sure in (True, False):
        for line in given:
            if line.row in found:
                continue
            answer = _answer(line, books, left, today, picked)
            if is_sure and answer and not (answer.order and _is_sure(answer, picked)):
                continue
            if answer is not None:
                found[line.row] = answer
                if answer.order:
                    del left[answer.order.order_id]
    return [found[line.row] for line in given if line.row in found]


def _is_sure(answer: Matched, picked: Mapping[int, int | None]) -> bool:
    order = answer.order
    return order is not None and (
        picked.get(answer.line.row) == order.order_id or names(answer.line, order)
    )


def _answer(
    line: BankLine,
    books: Books,
    left: Mapping[int, OpenOrder],
    today: date,
    picked: Mapping[int, int | None],
) -> Matched | None:
    if (line.on, line.document, line.amount) in books.known:
        return Matched(line, None, KNOWN)
    near = [order for order in left.values() if fits(line, order)]
    exact = [order for order in near if order.amount == line.amount]
    named = [order for order in exact if names(line, order)]
    is_other = not named and names_register(line)
    named = named or exact
    if not (near or line.knp in books.codes):
        return None
    if exact and line.on > today:
        return Matched(line, None, FUTURE)
    named, early = [one for one in named if one.since <= line.on], named
    if named:
        return _of_exact(line, named, picked, SEVERAL if not is_other else OTHER_REGISTER)
    if early:
        return Matched(line, None, EARLY, tuple(early) if len(early) == 1 else ())
    called = [order for order in near if names(line, order)] or near
    return _without(line, called, books)


def _of_exact(
    line: BankLine, named: list[OpenOrder], picked: Mapping[int, int | None], problem: str
) -> Matched:
    """The only order there is, or the one that was picked where somebody was asked.

    What names another register is asked about always, also of a single order.
    """
    if line.row in picked:
        own = next((one for one in named if one.order_id == picked[line.row]), None)
        return Matched(line, own) if own else Matched(line, None, problem, tuple(named))
    if len(named) == 1 and problem != OTHER_REGISTER:
        return Matched(line, named[0])
    return Matched(line, None, problem, tuple(named))


def _without(line: BankLine, called: list[OpenOrder], books: Books) -> Matched | None:
    """No order of this sum: the one that is named, or the only one of this code, is near.

    Of codes that other payments have as well (taxes) only what names a register is told.
    """
    is_told = line.knp in books.codes or any(names(line, order) for order in called)
    if not is_told:
        return None
    if len(called) == 1:
        return Matched(line, None, AMOUNT, tuple(called))
    return Matched(line, None, NO_ORDER)


def names(line: BankLine, order: OpenOrder) -> bool:
    """The purpose of the line has the number of the register, whole."""
    return order.register in _numbers(line)


def names_register(line: BankLine) -> bool:
    """The purpose of the line has the number of some register, of ours or of nobody's."""
    return bool(_numbers(line))


def is_asked(one: Matched) -> bool:
    """A person says which order the line means: of several, or of what names another register."""
    return len(one.near) > 1 or (one.problem == OTHER_REGISTER and bool(one.near))


def _numbers(line: BankLine) -> list[str]:
    return NUMBER.findall(DASHES.sub("-", line.purpose))


def fits(line: BankLine, order: OpenOrder) -> bool:
    """By code, account and budget code; the sum is looked at apart."""
    has_other_account = (
        line.payee_account and order.payee_account and line.payee_account != order.payee_account
    )
    if has_other_account or (order.knp and line.knp and order.knp != line.knp):
        return False
    if names(line, order):
        return True
    if order.kbk:
        # Taxes share a code of payment: the budget's code tells them apart, where it is told.
        told = re.findall(r"(?<!\d)10\d{4}(?!\d)", line.purpose)
        return order.knp == line.knp and (not told or order.kbk in told)
    if order.knp and line.knp:
        return True
    return bool(order.payee_account) and order.payee_account == line.payee_account
