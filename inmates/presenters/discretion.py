"""Pay without work in words, and what of it a private payer is shown.

Read by the payslip's page and papers and by the page of extra pay. A private employer learns that
an absence is paid, never why (law.md §9): all kinds become one line, without days, limit or share.
"""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmates.average import AVERAGE_PAY, IDLE, LEAVE, LEAVE_COMPENSATION, PAID_ABSENCES, SICK
from inmates.enums import LineKind
from inmates.models import PayslipLine
from portal.kernel.text import number

# What is paid by average wage; its quantity is days.
BY_AVERAGE = (*PAID_ABSENCES, LEAVE_COMPENSATION)
PAID_ABSENCE = "paid_absence"
EXTRA = "extra:"


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
    """The days of a line by average wage, empty for another and where they are not told."""
    if line.code not in BY_AVERAGE or line.quantity is None:
        return ""
    return _("%(days)s d") % {"days": number(int(line.quantity))}


def discreet_lines(lines: Iterable[PayslipLine]) -> list[PayslipLine]:
    """The lines for a private payer: all paid absences as one, leave at the end without its days.

    The lines made here are shown and never saved.
    """
    shown: list[PayslipLine] = []
    absence: PayslipLine | None = None
    for line in lines:
        if line.kind != LineKind.EARNING or line.code not in BY_AVERAGE:
            shown.append(line)
        elif line.code == LEAVE_COMPENSATION:
            shown.append(_untold(line, line.code, line.amount))
        elif absence is None:
            absence = _untold(line, PAID_ABSENCE, line.amount)
            shown.append(absence)
        else:
            absence.amount += line.amount
    return shown


def _untold(line: PayslipLine, code: str, amount: Decimal) -> PayslipLine:
    """The line without quantity, base and parameter, any of which names the reason."""
    return PayslipLine(
        payslip_id=line.payslip_id,
        sequence=line.sequence,
        kind=line.kind,
        code=code,
        amount=amount,
        explanation="average.history",
        arguments={"article": "penal_code_120"},
    )
