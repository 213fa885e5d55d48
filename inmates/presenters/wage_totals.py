"""Totals of a quarter or a year: tables of the pages, the workbook and the paper."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from inmates.enums import RunStatus
from inmates.models import Inmate, Payslip
from inmates.presenters.figures_book import Cell, figures_book
from inmates.presenters.slip_differences import paid_by
from inmates.selectors.people import Identity
from inmates.selectors.wage_totals import SUMS, PersonTotals, Totals
from portal.accounts.models import Organisation
from portal.kernel.periods import Month
from portal.kernel.text import DASH, date_short, month_name, month_short, number, sum_text

ROMAN = ("", "I", "II", "III", "IV")
# What the tables show of each line, before what the employer pays on top.
SHOWN = ("gross", "opv", "vosms", "ipn", "withheld_by_writs", "to_account", "paid")


def period_words(year: int, quarter: int | None) -> str:
    """IV quarter of 2026, or the year 2026."""
    if quarter is None:
        return _("the year %(year)s") % {"year": year}
    return _("%(quarter)s quarter of %(year)s") % {"quarter": ROMAN[quarter], "year": year}


def heads() -> list[str]:
    """The heads of the sums."""
    return [
        _("Earned"),
        _("OPV"),
        _("VOSMS"),
        _("IPN"),
        pgettext("column", "Writs"),
        pgettext("column", "To account"),
        pgettext("column", "Paid out"),
        pgettext("column", "On top"),
    ]


def cells(totals: Totals) -> list[dict[str, str]]:
    """The sums with their heads: a narrow screen shows each with its own."""
    amounts = [*(getattr(totals, name) for name in SHOWN), totals.employer]
    return [
        {"head": head, "sum": sum_text(amount) if amount else DASH}
        for head, amount in zip(heads(), amounts, strict=True)
    ]


def person_table(rows: Iterable[PersonTotals], payer_id: int, query: str) -> list[dict[str, Any]]:
    """One row a person; the number leads to the person's months."""
    return [
        {
            "number": row.number,
            "url": reverse("inmates:person_totals", args=[payer_id, row.number]) + query,
            "months": number(row.months),
            "cells": cells(row.totals),
        }
        for row in rows
    ]


def month_table(rows: Iterable[tuple[Month, Totals]]) -> list[dict[str, Any]]:
    """One row a month, named shortly: eight sums stand beside it."""
    return [{"month": month_short(month), "cells": cells(totals)} for month, totals in rows]


def slip_table(slips: Iterable[Payslip]) -> list[dict[str, Any]]:
    """Every payslip: for which month, of what kind of run, what was paid when by what document."""
    rows = []
    for slip in slips:
        run = slip.run
        is_paid = run.status == RunStatus.PAID and run.paid_on is not None
        rows.append(
            {
                "month": month_name(run.month),
                "kind": run.get_kind_display(),
                "number": slip.number or run.number,
                "url": reverse("inmates:payslip", args=[slip.pk]),
                "place": run.institution.organisation.name,
                "gross": sum_text(slip.gross),
                "withheld": sum_text(slip.gross - slip.to_account),
                "to_account": sum_text(slip.to_account),
                "settlement": sum_text(slip.settlement) if slip.settlement else DASH,
                "paid": sum_text(paid_by(slip)) if is_paid else DASH,
                "paid_on": f"{date_short(run.paid_on)}, {run.paid_document}"
                if is_paid and run.paid_on
                else _("not paid yet"),
                "is_paid": is_paid,
            }
        )
    return rows


def tabs(year: int, quarter: int | None, payer_id: int) -> list[dict[str, Any]]:
    """The year and its quarters as links."""
    choices: list[int | None] = [None, 1, 2, 3, 4]
    return [
        {
            "label": _("year") if one is None else _("%(quarter)s quarter") % {
                "quarter": ROMAN[one]
            },
            "url": query_of(payer_id, year, one),
            "is_chosen": one == quarter,
        }
        for one in choices
    ]  # fmt: skip


def query_of(payer_id: int, year: int, quarter: int | None) -> str:
    """The period as the addresses of its pages and files carry it."""
    tail = f"&quarter={quarter}" if quarter else ""
    return f"?payer={payer_id}&year={year}{tail}"


def _named(totals: Totals) -> list[Cell]:
    amounts: list[Cell] = [getattr(totals, name) for name in SUMS]
    return amounts


def _book_heads() -> list[str]:
    return [
        _("Personnel №"),
        _("Name"),
        _("IIN"),
        _("Months"),
        *heads()[:-1],
        _("SO"),
        _("OOSMS"),
        _("OPVR"),
        _("Social tax"),
    ]


def totals_book(
    payer: Organisation,
    period: str,
    rows: Iterable[PersonTotals],
    total: Totals,
    names: Mapping[int, Identity],
) -> bytes:
    """The same rows as a workbook; names where they are read."""
    lines: list[list[Cell]] = []
    for row in rows:
        who = names.get(row.inmate_id)
        name: list[Cell] = [who.full_name if who else None, (who.iin if who else None) or None]
        lines.append([row.number, *name, row.months, *_named(row.totals)])
    return figures_book(
        _("Totals"),
        [payer.name, _("Wages in total, %(period)s") % {"period": period}, explained()],
        _book_heads(),
        lines,
        total=[_("Total"), None, None, None, *_named(total)],
        widths=[12, 34, 14, 8],
    )


def explained() -> str:
    return _(
        "In tenge, approved payslips of all kinds of runs by the month they are for. Paid out: by "
        "now. On top: contributions and tax of the employer."
    )


def totals_document(
    payer: Organisation,
    period: str,
    rows: Sequence[PersonTotals],
    months: Iterable[tuple[Month, Totals]],
    total: Totals,
    names: Mapping[int, Identity],
    *,
    printed_on: date,
) -> dict[str, Any]:
    """Plain data for templates/documents/wage_totals.typ, in the present language."""
    return {
        **_paper_head(payer, period, printed_on),
        "tables": [
            {
                "title": _("By month"),
                "heads": [_("Month"), *heads()],
                "rows": [[month_name(month), *_sums(one)] for month, one in months],
                "total": [_("Total"), *_sums(total)],
            },
            {
                "title": _("By person"),
                "heads": [_("Person"), *heads()],
                "rows": [[_who(row, names), *_sums(row.totals)] for row in rows],
                "total": [_("Total"), *_sums(total)],
            },
        ],
    }


def person_document(
    payer: Organisation,
    period: str,
    inmate: Inmate,
    who: Identity | None,
    months: Iterable[tuple[Month, Totals]],
    slips: Iterable[Payslip],
    total: Totals,
    *,
    printed_on: date,
) -> dict[str, Any]:
    """One person: the months, and what was paid when."""
    name = who.full_name if who else ""
    return {
        **_paper_head(payer, period, printed_on),
        "person": f"№ {inmate.personnel_number}" + (f", {name}" if name else ""),
        "tables": [
            {
                "title": _("By month"),
                "heads": [_("Month"), *heads()],
                "rows": [[month_name(month), *_sums(one)] for month, one in months],
                "total": [_("Total"), *_sums(total)],
            },
            {
                "title": _("What was paid when"),
                "heads": [
                    _("Month"), _("Run"), _("Payslip"), _("Earned, ₸"), _("Withheld, ₸"),
                    _("Settled, ₸"), _("Paid out, ₸"), _("When, by what"),
                ],
                "rows": [
                    [
                        row["month"], row["kind"], row["number"], row["gross"], row["withheld"],
                        row["settlement"], row["paid"], row["paid_on"],
                    ]
                    for row in slip_table(slips)
                ],
                "total": [],
            },
        ],
    }  # fmt: skip


def _paper_head(payer: Organisation, period: str, printed_on: date) -> dict[str, Any]:
    return {
        "language": (get_language() or "ru").split("-")[0],
        "title": _("Wages in total"),
        "period": period,
        "payer": payer.name,
        "person": "",
        "note": explained(),
        "printed": _("Printed on %(day)s") % {"day": date_short(printed_on)},
        "labels": {"sheet": _("Sheet"), "accountant": _("Accountant")},
    }


def _sums(totals: Totals) -> list[str]:
    return [one["sum"] for one in cells(totals)]


def _who(row: PersonTotals, names: Mapping[int, Identity]) -> str:
    who = names.get(row.inmate_id)
    return f"{row.number} {who.full_name}" if who else row.number
