"""The department's page of months: which facts are provisional, close them, reopen them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inmates.services.fact_periods import finalise_facts, reopen_facts
from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError
from portal.kernel.periods import Month
from portal.reports.employment.presenters import facts_line
from portal.reports.facts import chosen_month, fact_page, months_offered
from portal.reports.selectors import analyst_department, institutions_visible_to
from workshops.models import Institution

analyst = role_holders(Role.ANALYST)
LONGEST_NUMBER = 9


@require_safe
@allow(analyst)
def fact_periods(request: HttpRequest) -> HttpResponse:
    """One month: each institution with the state of its facts, and what is not known."""
    today = clock.today()
    month = chosen_month(request.GET.get("month", ""), today)
    department = analyst_department(request.user, today)
    page = fact_page(list(institutions_visible_to(request.user, today, department)), month, today)
    context = {
        "page": page,
        "facts_line": facts_line(page.freshness),
        "months": months_offered(month, today),
    }
    return render(request, "reports/facts.html", context)


@require_POST
@allow(analyst)
def close_facts(request: HttpRequest, number: str, month: str) -> HttpResponse:
    """The facts of an institution and month are closed, with as many unknown days as were seen."""
    institution, chosen = _subject(request, number, month)
    seen = request.POST.get("unknown_seen", "")
    is_number = seen.isascii() and seen.isdecimal() and len(seen) <= LONGEST_NUMBER
    try:
        finalise_facts(
            actor=request.user,
            institution_id=institution.pk,
            month=chosen,
            unknown_seen=int(seen) if is_number else -1,
            on=clock.today(),
            at=clock.now(),
        )
    except PortalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The month is closed; its figures are final."))
    return _back(chosen)


@require_POST
@allow(analyst)
def reopen_month(request: HttpRequest, number: str, month: str) -> HttpResponse:
    """A closed month is provisional again, for the reason that was written."""
    institution, chosen = _subject(request, number, month)
    try:
        reopen_facts(
            actor=request.user,
            institution_id=institution.pk,
            month=chosen,
            reason=request.POST.get("reason", ""),
            on=clock.today(),
            at=clock.now(),
        )
    except PortalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The month is open again and holds what came late."))
    return _back(chosen)


def _subject(request: HttpRequest, number: str, month: str) -> tuple[Institution, Month]:
    today = clock.today()
    seen = institutions_visible_to(request.user, today, analyst_department(request.user, today))
    return get_object_or_404(seen, number=number), chosen_month(month, today)


def _back(month: Month) -> HttpResponse:
    return redirect(f"{reverse('reports:fact_periods')}?month={month}")
