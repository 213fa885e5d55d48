"""The person's own record on paper, in large type: plain data for documents/wage_statement.typ.

The same words as at the terminals, for whoever has none or wants to keep them. A payer prints what
it paid; of a private one nothing is told that it may not know.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from inmates.enums import PaperLanguage
from inmates.models import Payslip, PayslipLine
from inmates.presenters.own_record import (
    credit_rows,
    debt_rows,
    look_rows,
    owed_rows,
    three_numbers,
    year_rows,
)
from inmates.presenters.own_slips import MEANINGS
from inmates.presenters.payslip import shown_slip
from inmates.selectors.own_debts import OwnDebts
from inmates.selectors.own_looks import Look
from inmates.selectors.own_record import OwnMonth, owed_back, own_credits, year_months
from portal.kernel.text import date_long, month_name, sum_text


def statement_document(
    months: list[OwnMonth],
    *,
    year: int,
    full_name: str,
    debts: OwnDebts,
    looks: Iterable[Look],
    at: datetime,
) -> dict[str, Any]:
    """In the present language; `months` are all of the person at this payer, the newest first."""
    slips = [slip for one in months for slip in one.slips]
    of_year = [one for one in months if one.month.year == year]
    slip, payer = slips[0], slips[0].run.payer
    return {
        "language": (get_language() or PaperLanguage.RUSSIAN).split("-")[0],
        "title": _("My wages in %(year)s") % {"year": year},
        "person": full_name or slip.inmate.personnel_number,
        "number": _("Personnel number %(number)s") % {"number": slip.inmate.personnel_number},
        "payer": payer.name,
        "day": date_long(at),
        "numbers": three_numbers(year_months(months, year)),
        "months": [_month(one) for one in of_year],
        "year": year_rows(year_months(months, year)),
        "owed": owed_rows(owed_back(slips)),
        "last": _last(of_year[0]) if of_year else None,
        "debts": debt_rows(debts.debts),
        "forecast": _forecast(debts),
        "credits": credit_rows(own_credits(slip for one in of_year for slip in one.slips)),
        "looks": look_rows(looks),
        "labels": statement_labels(),
    }


def _month(one: OwnMonth) -> list[str]:
    return [
        month_name(one.month).capitalize(),
        sum_text(one.gross),
        sum_text(one.withheld),
        sum_text(one.to_account),
    ]


def _last(month: OwnMonth) -> dict[str, Any]:
    """The slips of the newest month, line by line, as this payer may print them."""
    return {
        "name": _("%(month)s, line by line") % {"month": month_name(month.month).capitalize()},
        "lines": [row for slip in month.slips for row in _lines(slip)],
    }


def _lines(slip: Payslip) -> list[dict[str, str]]:
    lines: list[PayslipLine] = list(slip.lines.all())
    shown = shown_slip(slip, lines)
    means = {line.code: str(MEANINGS.get(line.code, "")) for line in lines}
    rows = []
    for group in (shown.earned, shown.withheld, shown.employer):
        rows += [{"text": one.text, "why": one.why, "amount": one.amount} for one in group]
    # Of absences that a private payer sees as one line there is no meaning by code either.
    if len(rows) == len(lines):
        for row, code in zip(rows, _codes(lines), strict=True):
            row["means"] = means.get(code, "")
    return rows


def _codes(lines: Iterable[PayslipLine]) -> list[str]:
    """In the order in which the groups are shown."""
    ranks = {"earning": 0, "employer": 2}
    return [line.code for line in sorted(lines, key=lambda line: ranks.get(line.kind, 1))]


def _forecast(debts: OwnDebts) -> str:
    if debts.by_pay_of is None or not debts.debts:
        return ""
    return _(
        "Counted as if every month brought the pay of %(by_pay_of)s. It is a forecast and no "
        "promise: other pay or a new writ moves the day."
    ) % {"by_pay_of": month_name(debts.by_pay_of)}


def statement_labels() -> dict[str, str]:
    """The words of the paper."""
    return {
        "month": _("Month"),
        "gross": _("Earned"),
        "withheld": _("Withheld"),
        "to_account": _("To your account"),
        "year": _("Since the beginning of the year"),
        "debts": _("My debts"),
        "left": _("Left to pay"),
        "asks": _("Asks for"),
        "paid": _("Withheld so far"),
        "fee": _("Bailiff's fee left"),
        "arrears": _("Alimony in arrears"),
        "credits": _("Sent to your account"),
        "balance": _(
            "This is what was sent. How much is on the account now, the institution tells you: "
            "the portal does not know it."
        ),
        "looks": _("Who looked at my record"),
        "nobody": _("Nobody in the last year."),
        "questions": _(
            "If you disagree: ask the accounts department of the payer, the department, the "
            "prosecutor or the labour inspection. Nobody may punish you for it."
        ),
    }
