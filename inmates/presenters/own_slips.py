"""A person's own payslips line by line: what each line is, and its why in plain words.

It is the person who reads: nothing is left out for the sake of discretion.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmates.enums import LineKind, RunKind
from inmates.explanations import explain
from inmates.models import Payslip, PayslipLine
from inmates.presenters.payslip import line_title
from inmates.presenters.slip_differences import (
    difference_why,
    has_settlement_line,
    is_difference_line,
    is_mirror,
    paid_by,
    settlement_row,
    shown_settlement,
    slip_title,
)
from inmates.selectors.own_record import OwnMonth
from portal.kernel.text import money, month_name

# What a line is, for who has never read a payslip; the law's reason stands below it.
MEANINGS = {
    "time": gettext_lazy("Your pay for the hours you worked."),
    "salary": gettext_lazy("Your salary for the part of the month you worked."),
    "piece": gettext_lazy("Your pay for what you made."),
    "piece_team": gettext_lazy("Your share of what your team made."),
    "night": gettext_lazy("More for hours at night."),
    "overtime": gettext_lazy("More for hours above the norm."),
    "holiday": gettext_lazy("More for work on days off."),
    "minimum_top_up": gettext_lazy("Added so that you get no less than the minimum wage."),
    "leave": gettext_lazy("Your pay while you were on leave."),
    "sick": gettext_lazy("Your pay while you were ill."),
    "idle": gettext_lazy("Your pay while there was no work, through no fault of yours."),
    "average_pay": gettext_lazy("Your average pay for days when the law keeps it."),
    "leave_compensation": gettext_lazy("Money for leave you had no time to take."),
    "opv": gettext_lazy("Your savings for a pension. They stay yours."),
    "vosms": gettext_lazy("Your share of the medical insurance."),
    "ipn": gettext_lazy("The tax of everybody who earns; it goes to the budget."),
    "alimony": gettext_lazy("For children, by a court's decision."),
    "claim": gettext_lazy("A debt by a court's decision. What is withheld makes it less."),
    "bailiff_fee": gettext_lazy("The fee of the bailiff who collects the debt."),
    "so": gettext_lazy("Insurance in case you lose work or health. Nothing is taken from you."),
    "oosms": gettext_lazy("Medical insurance. Nothing is taken from you."),
    "opvr": gettext_lazy("More for your pension. Nothing is taken from you."),
    "social_tax": gettext_lazy("A tax of the employer. Nothing is taken from you."),
    "overpayment_recovered": gettext_lazy("Paid to you by mistake earlier, now taken back."),
}
TAKEN = (LineKind.WITHHELD, LineKind.WRIT, LineKind.SETTLEMENT)


def slip_blocks(month: OwnMonth) -> list[dict[str, Any]]:
    """The slips of a month one by one, each with its three groups of lines."""
    return [slip_block(slip) for slip in month.slips]


def slip_block(slip: Payslip) -> dict[str, Any]:
    """One slip: which it is, why it was made, its lines, and what of it is sent."""
    lines = list(slip.lines.all())
    run = slip.run
    return {
        "title": slip_title(slip),
        "number": slip.number,
        "payer": run.payer.name,
        "why": _why_made(slip),
        "earned": _lines(slip, lines, LineKind.EARNING),
        "withheld": _lines(slip, lines, LineKind.WITHHELD, LineKind.WRIT),
        "employer": _lines(slip, lines, LineKind.EMPLOYER),
        "gross": money(slip.gross),
        "taken": money(slip.to_account - slip.gross),
        "to_account": money(slip.to_account),
        "settled": _settled(slip, lines),
        "sent": money(paid_by(slip)),
    }


def _lines(slip: Payslip, lines: Iterable[PayslipLine], *kinds: str) -> list[dict[str, str]]:
    return [_line(line, slip) for line in lines if line.kind in kinds]


def _settled(slip: Payslip, lines: list[PayslipLine]) -> list[dict[str, str]]:
    """What was overpaid earlier: taken back here, or found here and carried over."""
    if has_settlement_line(lines):
        return _lines(slip, lines, LineKind.SETTLEMENT)
    row = settlement_row(slip)
    if row is None:
        return []
    return [{"what": row[0], "means": row[1], "why": "", "amount": money(shown_settlement(slip))}]


def _why_made(slip: Payslip) -> str:
    run = slip.run
    if run.kind == RunKind.CORRECTION and run.settled_with is not None:
        return _(
            "The month was changed later. The difference came with the wages of %(month)s."
        ) % {"month": month_name(run.settled_with.month)}
    return run.reason


def _line(line: PayslipLine, slip: Payslip) -> dict[str, str]:
    if is_difference_line(line):
        why = difference_why(line, mirror=is_mirror(slip))
    else:
        why = explain(line.explanation, line.arguments)
    return {
        "what": _("Overpaid earlier") if line.kind == LineKind.SETTLEMENT else line_title(line),
        "means": str(MEANINGS.get(line.code, "")),
        "why": why,
        "amount": money(-line.amount if line.kind in TAKEN else line.amount),
    }
