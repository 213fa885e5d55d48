"""A statement of the bank in the reader's language: what it pays, what differs, what is unread."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmates.enums import StatementProblem
from inmates.models import BankStatement, StatementDifference
from inmates.transfers.lines import NO_DAY, NO_DOCUMENT, NO_SUM, RETURNED, Statement
from inmates.transfers.matching import Matched
from portal.kernel.text import date_short, moment, money, number

UNREAD: dict[str, str | Promise] = {
    NO_DAY: gettext_lazy("no day that can be read"),
    NO_SUM: gettext_lazy("no sum that can be read"),
    NO_DOCUMENT: gettext_lazy("no number of the payment order"),
    RETURNED: gettext_lazy(
        "a minus: money that came back. If a transfer of a register came back, enter it by taking "
        "that transfer back on the page of the register. If your bank writes payments with a "
        "minus, head the column “Amount (+/−)” and bring the file again"
    ),
}
LONGEST = 60


def statement_facts(
    row: BankStatement, statement: Statement | None, plan: Sequence[Matched]
) -> list[dict[str, str]]:
    """Whose, of which days, how many lines and what became of them."""
    facts = [
        {"label": _("Payer"), "value": row.payer.name, "note": row.account},
        {
            "label": _("Brought in"),
            "value": moment(row.uploaded_at),
            "note": row.uploaded_by.get_full_name(),
        },
    ]
    if row.since and row.until:
        days = f"{date_short(row.since)} – {date_short(row.until)}"
        facts.append({"label": _("Days"), "value": days})
    facts.append({"label": _("Lines"), "value": number(row.lines)})
    if statement is None:
        facts.append({"label": _("Transfers entered"), "value": number(row.transferred)})
        return facts
    paid = sum(1 for one in plan if one.order)
    return [
        *facts,
        {"label": _("Pay a register"), "value": number(paid)},
        {"label": _("Differ"), "value": number(len(plan) - paid)},
        {
            "label": _("Not about wages"),
            "value": number(len(statement.lines) - len(plan) + statement.incoming),
        },
    ]


def matched_rows(plan: Iterable[Matched]) -> list[dict[str, Any]]:
    """The lines that concern wages: sum, document, and the order or what is wrong."""
    return [
        {
            "row": one.line.row,
            "on": date_short(one.line.on),
            "document": one.line.document,
            "knp": one.line.knp,
            "amount": one.line.amount,
            "status": "done" if one.order else "awaiting",
            "label": _("Pays a register") if one.order else problem_text(one.problem),
            "order": _order_text(one),
        }
        for one in plan
    ]


def _order_text(one: Matched) -> str:
    order = one.order or (one.near[0] if len(one.near) == 1 else None)
    if order is None:
        return ""
    told = {"number": order.register, "sum": money(order.amount)}
    return _("register № %(number)s, %(sum)s") % told


def problem_text(problem: str) -> str:
    return str(StatementProblem(problem).label)


def unread_rows(statement: Statement) -> list[dict[str, Any]]:
    """Lines that could not be read, and what stood there."""
    return [
        {"row": one.row, "typed": one.typed[:LONGEST], "why": str(UNREAD[one.problem])}
        for one in statement.unread
        if one.problem != RETURNED
    ]


def returned_rows(statement: Statement) -> list[dict[str, Any]]:
    """Money that came back: never a transfer, with the sum and its sign as they stood there."""
    return [
        {"row": one.row, "typed": one.typed[:LONGEST], "why": str(UNREAD[RETURNED])}
        for one in statement.unread
        if one.problem == RETURNED
    ]


def difference_rows(differences: Iterable[StatementDifference]) -> list[dict[str, Any]]:
    """What of a statement that is entered did not agree."""
    return [
        {
            "row": one.row,
            "on": date_short(one.on),
            "document": one.document,
            "knp": one.knp,
            "amount": one.amount,
            "status": "awaiting",
            "label": problem_text(one.problem),
            "order": (
                _("register № %(number)s, %(sum)s")
                % {"number": one.order.register.number, "sum": money(one.order.amount)}
                if one.order
                else ""
            ),
        }
        for one in differences
    ]
