"""A payslip that says how much more or less: its lines, what it adds to, what is settled with it.

Called by `presenters.payslip`, for the page and for each paper alike.
"""

from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from inmates.enums import LineKind, RunKind
from inmates.models import Payslip, PayslipLine
from inmates.presenters.run_kinds import cause_words, kind_name, never_paid
from portal.kernel.text import money, month_name

ZERO = Decimal("0.00")


def paid_by(slip: Payslip) -> Decimal:
    """What goes to the account: the sum of the slip and what is settled with it; the mirror of what
    was never paid takes no money back."""
    return max(ZERO, slip.to_account + slip.settlement)


def shown_settlement(slip: Payslip) -> Decimal:
    """What is settled with the slip; the mirror of what was never paid comes to nothing."""
    return paid_by(slip) - slip.to_account


def is_mirror(slip: Payslip) -> bool:
    """Whether the slip takes back what was approved."""
    return slip.run.kind == RunKind.REVERSAL


def slip_title(slip: Payslip) -> str:
    """What the paper is called."""
    if slip.run.kind == RunKind.REGULAR:
        return _("Payslip")
    return f"{_('Payslip')}: {kind_name(slip.run)}"


def is_difference_line(line: PayslipLine) -> bool:
    """Whether the line says how much more or less, and of what."""
    return "was" in line.arguments and "now" in line.arguments


def difference_why(line: PayslipLine, *, mirror: bool) -> str:
    """Was, now, and what was changed; of a reversal, that it takes the line back."""
    words = {
        "was": money(Decimal(line.arguments["was"])),
        "now": money(Decimal(line.arguments["now"])),
    }
    if mirror:
        return _("taken back: was %(was)s") % words
    why = cause_words(line.arguments.get("why") or [])
    return "; ".join([_("was %(was)s, is %(now)s") % words, why])


def settlement_row(slip: Payslip) -> tuple[str, str] | None:
    """What is settled with the slip beside its lines, and why; None where nothing is.

    Shown where the slip has no line of its own for it.
    """
    if not shown_settlement(slip):
        return None
    if never_paid(slip.run) and slip.to_account <= ZERO:
        return _("Never paid, so nothing is owed"), _("the wages were reversed before payment")
    if slip.settlement > 0:
        return (
            _("Carried over"),
            _("paid too much earlier; withheld from later wages within the legal limit"),
        )
    return _("Set off"), _("against what was paid too much earlier")


def has_settlement_line(lines: list[PayslipLine]) -> bool:
    """Whether a line of the slip tells of the settlement already."""
    return any(line.kind == LineKind.SETTLEMENT for line in lines)


def difference_facts(slip: Payslip, before: Payslip | None, debt: Decimal) -> list[dict[str, Any]]:
    """What kind of payslip it is, what it adds to, why it was made, what is still carried over."""
    facts: list[dict[str, Any]] = []
    run = slip.run
    if run.kind != RunKind.REGULAR:
        facts.append({"label": _("Kind of payslip"), "value": str(run.get_kind_display())})
    if before is not None:
        facts.append(
            {
                "label": _("Takes back") if is_mirror(slip) else _("Adds to"),
                "value": _("payslip № %(number)s") % {"number": before.number},
                "note": month_name(before.run.month),
                "url": reverse("inmates:payslip", args=[before.pk]),
            }
        )
    if run.reason:
        facts.append({"label": _("Why it was made"), "value": run.reason})
    if debt > 0:
        facts.append(
            {
                "label": _("Carried over to later wages"),
                "value": money(debt),
                "note": _("paid too much earlier, withheld within the legal limit"),
            }
        )
    return facts
