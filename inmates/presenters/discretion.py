"""Pay without work in words, and what of it a private payer is shown.

Read by the payslip's page and papers and by the page of extra pay. A private employer learns that
an absence is paid, never why (law.md §9): all kinds become one line of days and a sum, without
limit or share.
"""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmates.average import AVERAGE_PAY, IDLE, LEAVE, LEAVE_COMPENSATION, PAID_ABSENCES, SICK
from inmates.earnings import BY_CODE
from inmates.enums import LineKind
from inmates.models import PayslipLine
from portal.kernel.money import ZERO, round_tiyn
from portal.kernel.text import number

# What is paid by average wage; its quantity is days.
BY_AVERAGE = (*PAID_ABSENCES, LEAVE_COMPENSATION)
PAID_ABSENCE = "paid_absence"
EXTRA = "extra:"
# What is told of leave not taken.
LEFT = ("last_day", "due", "days")


def earning_name(code: str, name: str, *, is_discreet: bool) -> str:
    """The name of earnings that no work stands behind; `name` is that of the directory."""
    if code == PAID_ABSENCE or (is_discreet and code in PAID_ABSENCES):
        return _("Paid absence")
    titles = {
        LEAVE: _("Annual leave"),
        SICK: _("Sick pay"),
        IDLE: _("Idle time"),
        AVERAGE_PAY: _("Pay by average wage"),
        LEAVE_COMPENSATION: _("Compensation for leave not taken"),
    }
    return titles.get(code, name)


def title_without_work(line: PayslipLine) -> str:
    """The title of such a line, empty for one that work stands behind."""
    if line.kind != LineKind.EARNING:
        return ""
    name = line.title.get(get_language() or "ru") or line.title.get("ru", "")
    if line.code in (*BY_AVERAGE, PAID_ABSENCE):
        return earning_name(line.code, name, is_discreet=False)
    return (name or line.code) if line.subject.startswith(EXTRA) else ""


def days_paid(line: PayslipLine) -> str:
    """The days of a line by average wage, empty for another."""
    if line.code not in (*BY_AVERAGE, PAID_ABSENCE) or line.quantity is None:
        return ""
    return _("%(days)s d") % {"days": number(int(line.quantity))}


def discreet_lines(lines: Iterable[PayslipLine]) -> list[PayslipLine]:
    """The lines for a private payer: all paid absences as one, leave at the end without its count.

    The lines made here are shown and never saved.
    """
    shown: list[PayslipLine] = []
    absences: list[PayslipLine] = []
    place = 0
    for line in lines:
        if line.kind != LineKind.EARNING or line.code not in BY_AVERAGE:
            shown.append(line)
        elif line.code == LEAVE_COMPENSATION:
            shown.append(_leave_left(line))
        else:
            place = place if absences else len(shown)
            absences.append(line)
    return [*shown[:place], _together(absences), *shown[place:]] if absences else shown


def _leave_left(line: PayslipLine) -> PayslipLine:
    """Its days and its average in full; of the leave only what was not taken.

    How much was taken would tell the payer which of the paid absences were leave.
    """
    arguments = {name: line.arguments[name] for name in (*LEFT, "then")}
    return _made(
        line, line.code, int(line.quantity or 0), line.amount, "average.leave_left", arguments
    )


def _together(absences: list[PayslipLine]) -> PayslipLine:
    """All kinds as one, without base and parameter, which name the reason."""
    days = int(sum(line.quantity or 0 for line in absences))
    amount = sum((line.amount for line in absences), ZERO)
    daily = round_tiyn(Fraction(amount) / days) if days else ZERO
    arguments = {"days": days, "daily": str(daily), "article": BY_CODE}
    return _made(absences[0], PAID_ABSENCE, days, amount, "average.absence", arguments)


def _made(
    line: PayslipLine,
    code: str,
    days: int,
    amount: Decimal,
    explanation: str,
    arguments: dict[str, Any],
) -> PayslipLine:
    return PayslipLine(
        payslip_id=line.payslip_id,
        sequence=line.sequence,
        kind=line.kind,
        code=code,
        quantity=days,
        amount=amount,
        explanation=explanation,
        arguments=arguments,
    )
