"""The directories of pay, to be read: kinds of earnings and what each counts for."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from inmates.presenters.earning_kinds import kind_heads, kind_rows
from inmates.rules import PARAMETER_PAGES
from inmates.selectors.pay_directories import all_kinds
from portal.kernel import clock
from portal.kernel.access import allow


@require_safe
@allow(PARAMETER_PAGES)
def earning_kinds(request: HttpRequest) -> HttpResponse:
    """Every kind with its dates, what it counts for, its source and how sure we are of it."""
    context = {"rows": kind_rows(all_kinds(), clock.today()), "heads": kind_heads()}
    return render(request, "inmates/earning_kinds.html", context)
