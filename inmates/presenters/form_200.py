"""Figures for form 200.00 as a table of lines by months, and as a workbook."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inmates.presenters.figures_book import Cell, figures_book
from inmates.presenters.wage_totals import period_words
from inmates.selectors.form_200 import LINES, PAID_OUT, Figure
from portal.accounts.models import Organisation
from portal.kernel.periods import Month
from portal.kernel.text import DASH, month_name, number, sum_text

Months = Sequence[tuple[Month, Mapping[str, Figure]]]
TITLES = {
    "gross": gettext_lazy("Income accrued"),
    "taxable": gettext_lazy("Taxable income"),
    "ipn": gettext_lazy("Individual income tax (IPN)"),
    "opv": gettext_lazy("Pension contributions (OPV)"),
    "opvr": gettext_lazy("Pension contributions of the employer (OPVR)"),
    "so": gettext_lazy("Social insurance (SO)"),
    "vosms": gettext_lazy("Health contributions (VOSMS)"),
    "oosms": gettext_lazy("Health contributions of the employer (OOSMS)"),
    "social_tax": gettext_lazy("Social tax"),
    PAID_OUT: gettext_lazy("Paid out to people, by the day of payment"),
}


def figure_rows(months: Months) -> list[dict[str, Any]]:
    """A line with the sum and the people of each month, and the sum of the quarter."""
    return [
        {
            "title": str(TITLES[line]),
            "is_apart": line == PAID_OUT,
            "cells": [
                {
                    "head": month_name(month),
                    "sum": _sum(found[line]),
                    "people": _people(found[line]),
                }
                for month, found in months
            ],
            "total": _sum(Figure(sum((found[line].amount for _month, found in months), ZERO))),
        }
        for line in (*LINES, PAID_OUT)
    ]


ZERO = Figure().amount


def _sum(figure: Figure) -> str:
    return sum_text(figure.amount) if figure.amount else DASH


def _people(figure: Figure) -> str:
    return _("people: %(count)s") % {"count": number(figure.people)} if figure.people else ""


def warning() -> str:
    """What these figures are and are not."""
    return _(
        "Figures, not the form: they help to fill in form 200.00 and are not sent anywhere. "
        "Income is taken by the month it was earned for."
    )


def form_200_book(payer: Organisation, year: int, quarter: int, months: Months) -> bytes:
    """The same lines as a workbook: for each month the sum and the people."""
    heads = [_("Line")]
    for month, _found in months:
        heads += [month_name(month), _("people, %(month)s") % {"month": month_name(month)}]
    heads.append(_("In total"))
    rows: list[list[Cell]] = []
    for line in (*LINES, PAID_OUT):
        row: list[Cell] = [str(TITLES[line])]
        for _month, found in months:
            row += [found[line].amount, found[line].people]
        row.append(sum((found[line].amount for _month, found in months), ZERO))
        rows.append(row)
    above = [payer.name, f"200.00, {period_words(year, quarter)}", warning()]
    return figures_book("200.00", above, heads, rows, widths=[48])
