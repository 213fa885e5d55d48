"""What a line of earnings is called, and how its quantity and rate are printed.

Called by the payslip's page and document.
"""

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from inmates.earnings import SALARY, TIME
from inmates.minimum_wage import TOP_UP
from inmates.models import PayslipLine
from inmates.supplements import HOLIDAY, NIGHT, OVERTIME
from inmates.team_split import PIECE_TEAM
from portal.kernel.text import hours, number, sum_text

# Of one post or operation, which is named.
NAMED = {
    TIME: gettext_lazy("By time: %(name)s"),
    SALARY: gettext_lazy("Salary: %(name)s"),
    "piece": gettext_lazy("By piece: %(name)s"),
    PIECE_TEAM: gettext_lazy("By piece, in a team: %(name)s"),
    NIGHT: gettext_lazy("Supplement for night hours: %(name)s"),
    OVERTIME: gettext_lazy("Supplement for overtime: %(name)s"),
    HOLIDAY: gettext_lazy("Supplement for work on days off: %(name)s"),
}
# Of the whole month.
WHOLE = {
    NIGHT: gettext_lazy("Supplement for night hours"),
    OVERTIME: gettext_lazy("Supplement for overtime"),
    HOLIDAY: gettext_lazy("Supplement for work on days off"),
    TOP_UP: gettext_lazy("Top-up to the minimum wage"),
}
IN_MINUTES = {TIME, SALARY, NIGHT, OVERTIME, HOLIDAY, TOP_UP}
PER_PIECES = {"piece", PIECE_TEAM}


def work_title(line: PayslipLine) -> str:
    """The title of pay for work done, in the reader's language."""
    name = line.title.get(get_language() or "ru") or line.title.get("ru", "")
    if name and line.code in NAMED:
        return str(NAMED[line.code]) % {"name": name}
    return str(WHOLE.get(line.code, line.code))


def work_quantity(line: PayslipLine) -> str:
    """Hours or pieces; "" where the line has none."""
    if line.quantity is None:
        return ""
    if line.code in IN_MINUTES:
        return _("%(hours)s h") % {"hours": hours(int(line.quantity))}
    return _("%(pieces)s pcs") % {"pieces": number(int(line.quantity))}


def work_rate(line: PayslipLine) -> str:
    """The rate as printed: for N pieces where it is not for one, a month where it is a salary."""
    if line.rate is None or line.code not in NAMED:
        return ""
    per = line.arguments.get("per", 1) if line.code in PER_PIECES else 1
    return sum_text(line.rate) if per == 1 else f"{sum_text(line.rate)} / {per}"
