"""A private employer's workers of a month, for the page and for the workbook."""

import io
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from inmates.models import Inmate
from inmates.selectors.people import Identity
from portal.kernel.periods import Month
from portal.kernel.text import DASH, date_short, hours, month_name

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def worker_rows(workers: Iterable[Inmate], names: Mapping[int, Identity]) -> list[dict[str, Any]]:
    """One row a person: who, hours, days paid and unpaid, pay. Never why a day was missed."""
    return [
        {
            "number": row.personnel_number,
            "name": names[row.pk].full_name if row.pk in names else DASH,
            "iin": (names[row.pk].iin or DASH) if row.pk in names else DASH,
            "since": date_short(row.since),
            "minutes": row.minutes,
            "hours": hours(row.minutes),
            "days_worked": row.days_worked,
            "days_paid": row.days_paid,
            "days_unpaid": row.days_unpaid,
            "slip_id": row.slip_id,
            "gross": row.gross,
            "writs": row.withheld_by_writs,
            "to_account": row.to_account,
        }
        for row in workers
    ]


def workers_book(employer: str, month: Month, rows: Iterable[dict[str, Any]]) -> bytes:
    """The same rows as a workbook; a text is never a formula, what is not known is empty."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(_("Workers")[:31])
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "# ##0.00"})
        sheet.write_string(0, 0, _safe(f"{employer}, {month_name(month.first_day)}"), bold)
        heads = (
            _("Number"), _("Name"), _("IIN"), _("Works since"), _("Hours"), _("Days worked"),
            _("Absent, paid"), _("Absent, unpaid"), _("Earned, ₸"), _("By writs, ₸"),
            _("To the account, ₸"),
        )  # fmt: skip
        for column, head in enumerate(heads):
            sheet.write_string(2, column, _safe(head), bold)
        for line, row in enumerate(rows, start=3):
            for column, name in enumerate(("number", "name", "iin", "since")):
                sheet.write_string(line, column, _safe(row[name]))
            sheet.write_number(line, 4, Decimal(row["minutes"]) / 60, money)
            for column, name in enumerate(("days_worked", "days_paid", "days_unpaid"), start=5):
                sheet.write_number(line, column, row[name])
            for column, name in enumerate(("gross", "writs", "to_account"), start=8):
                if row[name] is not None:
                    sheet.write_number(line, column, row[name], money)
        sheet.freeze_panes(3, 2)
        sheet.set_column(1, 1, 34)
        sheet.set_column(2, 10, 14)
    return stream.getvalue()


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
