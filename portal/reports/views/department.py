"""Pages of the department's analyst: employment by institution, its reasons, stored reports."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inmates.presenters import accidents
from inmates.selectors.accidents import late_notices
from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.kernel import audit, clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError
from portal.kernel.forms import DayField
from portal.kernel.htmx import part_or_page
from portal.kernel.periods import Month
from portal.kernel.text import month_name
from portal.reports import services
from portal.reports.consents.presenters import withdrawal_rows
from portal.reports.consents.selectors import withdrawals
from portal.reports.employment import presenters
from portal.reports.employment.period import ONE_DAY, PeriodRefused, ReportPeriod, period_of
from portal.reports.employment.selectors import (
    EmploymentReport,
    employment_report,
    reasons_without_work,
)
from portal.reports.indicators import indicator, indicators_on
from portal.reports.presenters import stored_row
from portal.reports.selectors import (
    analyst_department,
    institutions_visible_to,
    stored_reports_visible_to,
)

analyst = role_holders(Role.ANALYST)
MONTHS_OFFERED = 25
REPORTS_SHOWN = 50
WITHDRAWALS_FIRST = 5


@require_safe
@allow(analyst)
def employment(request: HttpRequest) -> HttpResponse:
    """The region's rate with its definition, and the institutions side by side."""
    today = clock.today()
    context = _pickers(request, today)
    try:
        period = _period(request, today)
    except PeriodRefused as refusal:
        context |= {"refusal": str(refusal)}
        return render(request, "reports/employment.html", context, status=400)
    department = analyst_department(request.user, today)
    institutions = list(institutions_visible_to(request.user, today, department))
    report = employment_report(institutions, period, today)
    context |= _common(report) | {
        "department": department,
        "rows": presenters.table(report),
        "late": presenters.late_rows(report.lines),
        "withdrawals": withdrawal_rows(withdrawals(institutions, today)[:WITHDRAWALS_FIRST], today),
        "late_notices": accidents.late_rows(late_notices(institutions, today), linked=False),
        "total": presenters.line_text(_("Total"), "", report.total, period),
    }
    return render(request, "reports/employment.html", context)


@require_safe
@allow(analyst)
def employment_institution(request: HttpRequest, number: str) -> HttpResponse:
    """One institution: reasons for not working, and its twelve months."""
    today = clock.today()
    department = analyst_department(request.user, today)
    seen = institutions_visible_to(request.user, today, department)
    institution = get_object_or_404(seen, number=number)
    context = _pickers(request, today) | {"institution": institution}
    try:
        period = _period(request, today)
    except PeriodRefused as refusal:
        context |= {"refusal": str(refusal)}
        return render(request, "reports/employment_institution.html", context, status=400)
    report = employment_report([institution], period, today)
    name = institution.organisation.name
    context |= _common(report) | {
        "row": presenters.line_text(name, number, report.total, period),
        "groups": presenters.reason_groups(
            reasons_without_work([institution], report.period)[institution.pk],
            report.total,
            period,
        ),
    }
    return render(request, "reports/employment_institution.html", context)


@require_POST
@allow(analyst)
def order_employment(request: HttpRequest) -> HttpResponse:
    """Order the report of the page as a workbook, in the reader's language."""
    today = clock.today()
    try:
        report = services.order_employment_report(
            actor=request.user,
            department=analyst_department(request.user, today),
            kind="month" if request.POST.get("month") else "day",
            value=request.POST.get("month") or request.POST.get("day", ""),
            language=get_language() or "ru",
            on=today,
            at=clock.now(),
        )
    except PortalError as refusal:
        messages.error(request, str(refusal))
        return redirect("reports:employment")
    messages.success(request, _("The workbook is ordered. You may leave this page meanwhile."))
    return redirect(reverse("reports:stored_list") + f"#report-{report.pk}")


@require_safe
@allow(analyst)
def stored_list(request: HttpRequest) -> HttpResponse:
    """Ordered workbooks with their state and progress; htmx asks for the table alone."""
    reports = list(stored_reports_visible_to(request.user, clock.today())[:REPORTS_SHOWN])
    context = {
        "reports": [stored_row(report) for report in reports],
        "is_waiting": any(not report.task_run.is_finished for report in reports),
    }
    return part_or_page(request, "reports/stored_list.html", "reports/_stored_table.html", context)


@require_safe
@allow(analyst)
def download(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """The stored file, exactly as it was built; every download is audited."""
    seen = stored_reports_visible_to(request.user, clock.today())
    report = get_object_or_404(seen.exclude(file=""), pk=pk)
    try:
        stored = report.file.open("rb")
    except FileNotFoundError:
        raise PortalError(_("The file is no longer stored. Order the report again.")) from None
    audit.record(
        actor=request.user,
        action="reports.export_employment",
        at=clock.now(),
        subject=report,
        sha256=report.sha256,
    )
    return FileResponse(stored, as_attachment=True, filename=services.file_name(report))


def _period(request: HttpRequest, today: date) -> ReportPeriod:
    return period_of(
        day=request.GET.get("day", ""), month=request.GET.get("month", ""), today=today
    )


def _pickers(request: HttpRequest, today: date) -> dict[str, Any]:
    """The two ways to choose a period, with what was typed still there."""
    this_month = Month.of(today)
    months = [this_month.plus(-back) for back in range(MONTHS_OFFERED)]
    is_month = "month" in request.GET
    return {
        "today": today,
        "typed_day": "" if is_month else _typed_day(request, today),
        "typed_month": request.GET.get("month", ""),
        "months_offered": [(str(month), month_name(month)) for month in months],
    }


def _typed_day(request: HttpRequest, today: date) -> str:
    """What stands in the field: the day as people write it, or what nobody can read."""
    typed = request.GET.get("day", "")
    try:
        return f"{DayField().clean(typed):%d.%m.%Y}" if typed else f"{today - ONE_DAY:%d.%m.%Y}"
    except ValidationError:
        return typed


def _common(report: EmploymentReport) -> dict[str, Any]:
    """What the region's page and an institution's page share."""
    period = report.period
    return {
        "period": period,
        "report": report,
        "standing": presenters.standing(period, report.total, is_final=report.is_final),
        "facts_line": presenters.facts_line(report.facts),
        "freshness": presenters.freshness(period, report.lines),
        "sheets_line": presenters.sheets_line(period, report.sheets),
        "headline": presenters.headline(report.total, period),
        "denominators": presenters.DENOMINATOR_NAMES,
        "chart": presenters.month_chart(
            report.months, _("Employed and worked, share of able-bodied by month")
        ),
        "month_rows": presenters.month_rows(report.months),
        "definitions": indicators_on(period.begin),
        "employed": indicator("employed", period.begin),
        "worked": indicator("worked", period.begin),
        "month_mean": indicator("month-mean", period.begin),
    }
