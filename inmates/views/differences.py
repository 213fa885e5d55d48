"""Where the two calculations of a run disagree: both sides, line by line."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from inmates.presenters.differences import difference_rows
from inmates.presenters.payroll import run_crumbs
from inmates.rules import APPROVAL_PAGES
from inmates.selectors.differences import run_differences, subjects_of
from inmates.selectors.mirrors import why_outdated
from inmates.selectors.payroll import payroll_runs_visible_to
from portal.accounts.enums import PRIVATE_KINDS
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.text import month_name

PAGE_SIZE = 100


@require_safe
@allow(APPROVAL_PAGES)
def payroll_differences(request: HttpRequest, run_id: int) -> HttpResponse:
    """The differences of a run that somebody may see, with personnel numbers and no names."""
    runs = payroll_runs_visible_to(request.user, clock.today())
    run = get_object_or_404(
        runs.select_related("payer", "institution__organisation", "reverses"), pk=run_id
    )
    page = Paginator(run_differences(run), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page)
    context = {
        "run": run,
        "crumbs": run_crumbs(run),
        "month": month_name(run.month).capitalize(),
        "month_name": month_name(run.month),
        "page": page,
        "outdated": why_outdated(run) if shown else None,
        "rows": difference_rows(
            shown, subjects_of(run, shown), is_discreet=run.payer.kind in PRIVATE_KINDS
        ),
    }
    return render(request, "inmates/payroll/differences.html", context)
