"""The employment report as an XLSX file: summary, months, reasons, definitions.

Called by the service of the stored report, in the language that is active. The numbers are the
page's: people to one place, rates to a thousandth. Texts from the data are never formulas.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.kernel.clock import ALMATY
from portal.kernel.text import date_short, month_name
from portal.reports.employment.measures import ABLE, Line
from portal.reports.employment.presenters import (
    DENOMINATOR_NAMES,
    facts_line,
    freshness,
    permille,
    sheets_line,
    standing,
)
from portal.reports.employment.selectors import EmploymentReport, ReasonGroup
from portal.reports.indicators import indicator, indicators_on

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "text": {"text_wrap": True, "valign": "top"},
    "plain": {},
    "head": {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 2},
    "people": {"num_format": "# ##0"},
    "mean": {"num_format": "# ##0.0"},
    "percent": {"num_format": "0.0%"},
    "total_plain": {"bold": True, "top": 2},
    "total_people": {"bold": True, "top": 2, "num_format": "# ##0"},
    "total_mean": {"bold": True, "top": 2, "num_format": "# ##0.0"},
    "total_percent": {"bold": True, "top": 2, "num_format": "0.0%"},
}


def safe_text(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula, when saved as CSV neither."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


class Sheet:
    """One sheet written downwards: `row` is where the next line goes."""

    def __init__(
        self, book: Any, formats: dict[str, Any], name: str, widths: Sequence[int]
    ) -> None:
        self.sheet = book.add_worksheet(name[:31])
        self.formats = formats
        self.row = 0
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)

    def text(self, text: str, style: str = "plain") -> None:
        """A line of text that runs over the columns at its right."""
        self.sheet.write_string(self.row, 0, safe_text(text), self.formats[style])
        self.row += 1

    def head(self, names: Sequence[str]) -> None:
        """The heads of the columns, frozen with everything above and the first column."""
        for column, name in enumerate(names):
            self.sheet.write_string(self.row, column, safe_text(name), self.formats["head"])
        self.row += 1
        self.sheet.freeze_panes(self.row, 1)
        self.sheet.repeat_rows(self.row - 1)

    def line(
        self, cells: Sequence[tuple[str | Decimal | int | None, str]], prefix: str = ""
    ) -> None:
        """One line: (value, style); None stays an empty cell, for "no data" is not zero."""
        for column, (value, style) in enumerate(cells):
            style_format = self.formats[f"{prefix}{style}"]
            if value is None:
                self.sheet.write_blank(self.row, column, None, style_format)
            elif isinstance(value, str):
                self.sheet.write_string(self.row, column, safe_text(value), style_format)
            else:
                self.sheet.write_number(self.row, column, value, style_format)
        self.row += 1


def employment_workbook(
    report: EmploymentReport,
    reasons: Mapping[int, Sequence[ReasonGroup]],
    department: str,
    made_at: datetime,
) -> bytes:
    """The file; the same data and moment give the same bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False})
    book.set_properties({"title": _("Employment"), "created": made_at.replace(tzinfo=None)})
    formats = {name: book.add_format(made) for name, made in FORMATS.items()}
    _summary(Sheet(book, formats, _("Summary"), [34, *[12] * 14]), report, department, made_at)
    _months(Sheet(book, formats, _("12 months"), [34, 18, *[13] * 6, 16]), report)
    _reasons(Sheet(book, formats, _("Reasons"), [34, 24, 40, 12]), report, reasons)
    _definitions(Sheet(book, formats, _("Definitions"), [22, 30, 80, 50, 40, 14]), report)
    book.close()
    return out.getvalue()


def _rate(rate: Any) -> Decimal | None:
    thousandths = permille(rate)
    return None if thousandths is None else thousandths / 1000


def _hours(line: Line | None) -> Decimal | None:
    return None if line is None or line.minutes is None else Decimal(line.minutes) / 60


def _summary(sheet: Sheet, report: EmploymentReport, department: str, made_at: datetime) -> None:
    period = report.period
    name = month_name(period.month) if period.is_month else date_short(period.begin)
    sheet.text(f"{_('Employment')}: {name}", "title")
    sheet.text(department)
    why = " ".join(standing(period, report.total, is_final=report.is_final))
    sheet.text(_("Final") if report.is_final else f"{_('Provisional')}. {why}")
    sheet.text(freshness(period, report.lines))
    if vouched := sheets_line(period, report.sheets):
        sheet.text(vouched)
    sheet.text(facts_line(report.facts))
    made_on = date_short(made_at.astimezone(ALMATY))
    sheet.text(_("Ordered on %(day)s") % {"day": made_on})
    for code in ("employed", "worked", "month-mean" if period.is_month else "hours"):
        one = indicator(code, period.begin)
        sheet.text(f"{one.name} ({one.reference}): {one.formula}")
    sheet.row += 1
    sheet.head(_summary_heads())
    style = "mean" if period.is_month else "people"
    for one in report.lines:
        sheet.line(_summary_cells(one.institution.organisation.name, one.line, style))
    if report.total:
        sheet.line(_summary_cells(_("Total"), report.total, style), prefix="total_")


def _summary_heads() -> list[str]:
    names = [str(name) for name in DENOMINATOR_NAMES]
    return [
        _("Institution"),
        *names,
        _("Ability not known"),
        _("Employed"),
        *[_("Employed, share of: %(denominator)s") % {"denominator": name} for name in names],
        _("Worked"),
        *[_("Worked, share of: %(denominator)s") % {"denominator": name} for name in names],
        _("Paid hours"),
        _("Person-days with attendance not entered"),
    ]


def _summary_cells(name: str, line: Line | None, style: str) -> list[tuple[Any, str]]:
    if line is None:
        return [(name, "plain"), (_("no data"), "plain")]
    return [
        (name, "plain"),
        *[(cell.heads, style) for cell in line.cells],
        (line.unknown, style),
        (line.cells[0].employed, style),
        *[(_rate(cell.employed_rate), "percent") for cell in line.cells],
        (line.cells[0].worked, style),
        *[(_rate(cell.worked_rate), "percent") for cell in line.cells],
        (_hours(line), "mean"),
        (line.missing, "people"),
    ]


def _months(sheet: Sheet, report: EmploymentReport) -> None:
    one = indicator("month-mean", report.period.begin)
    sheet.text(f"{one.name} ({one.reference}): {one.formula}")
    sheet.row += 1
    sheet.head(
        [
            _("Institution"),
            _("Month"),
            _("Able-bodied"),
            _("Employed"),
            _("Employed, share of able-bodied"),
            _("Worked"),
            _("Worked, share of able-bodied"),
            _("Paid hours"),
            _("State"),
        ]
    )
    for month in report.months:
        name = month_name(month.period.month)
        for place in month.institutions:
            sheet.line(
                [(place.institution.organisation.name, "plain"), *_month_cells(name, place.line)]
            )
        state = _("final") if month.is_final else _("provisional")
        cells = [(_("Total"), "plain"), *_month_cells(name, month.line), (state, "plain")]
        sheet.line(cells, prefix="total_")


def _month_cells(month: str, line: Line | None) -> list[tuple[Any, str]]:
    if line is None:
        return [(month, "plain"), *[(None, "plain")] * 6]
    cell = line.cells[ABLE]
    return [
        (month, "plain"),
        (cell.heads, "mean"),
        (cell.employed, "mean"),
        (_rate(cell.employed_rate), "percent"),
        (cell.worked, "mean"),
        (_rate(cell.worked_rate), "percent"),
        (_hours(line), "mean"),
    ]


def _reasons(
    sheet: Sheet, report: EmploymentReport, reasons: Mapping[int, Sequence[ReasonGroup]]
) -> None:
    sheet.text(_("In custody without a paid placement, by ability and reason."))
    sheet.row += 1
    sheet.head([_("Institution"), _("Ability"), _("Reason"), _("People")])
    style = "mean" if report.period.is_month else "people"
    for one in report.lines:
        for group in reasons[one.institution.pk]:
            for row in group.rows:
                reason = row.reason.name if row.reason else _("Reason not recorded")
                place = one.institution.organisation.name
                sheet.line(
                    [
                        (place, "plain"),
                        (str(group.ability.label), "plain"),
                        (reason, "plain"),
                        (row.heads, style),
                    ]
                )


def _definitions(sheet: Sheet, report: EmploymentReport) -> None:
    sheet.head(
        [
            _("Code"),
            pgettext("of an indicator", "Name"),
            _("Formula"),
            _("Denominator"),
            _("Author"),
            _("In force from"),
        ]
    )
    for one in indicators_on(report.period.begin):
        texts = [one.reference, one.name, one.formula, one.denominator, one.author]
        sheet.line(
            [*[(str(text), "text") for text in texts], (date_short(one.effective_from), "text")]
        )
