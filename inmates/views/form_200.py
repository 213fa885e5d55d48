"""Figures for form 200.00 of a quarter: lines by months, and their workbook."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inmates.forms.wage_papers import quarter_asked, year_of
from inmates.papers.clocks import months_of, quarter_of
from inmates.presenters.form_200 import figure_rows, form_200_book, warning
from inmates.presenters.wage_totals import period_words, query_of, tabs
from inmates.rules import PAYROLL_PAGES
from inmates.selectors.form_200 import figures_of_month
from inmates.selectors.wage_totals import payers_of_reader, years_of
from portal.accounts.models import Organisation
from portal.kernel import audit, clock
from portal.kernel.access import allow
from portal.kernel.periods import Month
from portal.kernel.text import month_name

BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Figures = list[tuple[Month, Any]]


def _chosen(
    request: HttpRequest, payers: list[Organisation], on: date
) -> tuple[Organisation, int, int]:
    """Payer, year and quarter; the quarter that is over where none is asked."""
    wanted = request.GET.get("payer", "")
    payer = next((one for one in payers if str(one.pk) == wanted), None)
    if payer is None and (wanted or not payers):
        raise Http404
    last = Month.of(on).plus(-3)
    quarter = quarter_asked(request.GET.get("quarter", ""))
    asked_year = request.GET.get("year", "")
    year = year_of(asked_year, on) if quarter or asked_year else last.year
    return payer or payers[0], year, quarter or quarter_of(last)


def _figures(request: HttpRequest, payer_id: int, year: int, quarter: int) -> Figures:
    on = clock.today()
    return [
        (month, figures_of_month(request.user, on, payer_id, month))
        for month in months_of(year, quarter)
    ]


@require_safe
@allow(PAYROLL_PAGES)
def form_200(request: HttpRequest) -> HttpResponse:
    """Figures, not the form: sums and people by line and month."""
    on = clock.today()
    payers = list(payers_of_reader(request.user, on))
    context: dict[str, Any] = {"payers": payers, "warning": warning()}
    if payers:
        payer, year, quarter = _chosen(request, payers, on)
        figures = _figures(request, payer.pk, year, quarter)
        context |= {
            "payer": payer,
            "year": year,
            "years": years_of(request.user, on, payer.pk),
            "quarter": quarter,
            "period": period_words(year, quarter),
            "query": query_of(payer.pk, year, quarter),
            "tabs": tabs(year, quarter, payer.pk)[1:],
            "months": [month_name(month) for month, _found in figures],
            "rows": figure_rows(figures),
        }
    return render(request, "inmates/totals/form_200.html", context)


@require_safe
@allow(PAYROLL_PAGES)
def form_200_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a workbook."""
    on = clock.today()
    payer, year, quarter = _chosen(request, list(payers_of_reader(request.user, on)), on)
    book = form_200_book(payer, year, quarter, _figures(request, payer.pk, year, quarter))
    audit.record(
        actor=request.user, action="form_200_taken", at=clock.now(), subject=payer,
        year=year, quarter=quarter,
    )  # fmt: skip
    headers = {
        "Content-Disposition": f'attachment; filename="form-200-{year}-q{quarter}.xlsx"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(book, content_type=BOOK, headers=headers)
