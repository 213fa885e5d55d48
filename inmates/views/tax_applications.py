"""The accountant's pages of applications for the basic deduction: the list, entering, ending."""

from contextlib import suppress
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inmates.forms.closed_month import field_of
from inmates.forms.tax_applications import ApplicationForm, EndApplicationForm
from inmates.models import TaxApplication
from inmates.rules import PAYROLL_ACTS, PAYROLL_PAGES, can_keep_applications
from inmates.selectors.pay_rates import payers_of
from inmates.selectors.tax_applications import people_of_payer
from inmates.services.tax_applications import end_application, enter_application
from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import Forbidden, PortalError
from portal.kernel.periods import Month

METHODS = ["GET", "HEAD", "POST"]
PAGE_SIZE = 50
WITHOUT = "without"


@require_safe
@allow(PAYROLL_PAGES)
def tax_applications(request: HttpRequest) -> HttpResponse:
    """A payer's people by number, each with the day of the application or without one."""
    on = clock.today()
    payers = list(payers_of(request.user, on))
    payer = _chosen(payers, request.GET.get("payer", ""))
    show = request.GET.get("show", "")
    limits, query = _limits(request)
    found = people_of_payer(payer.pk, on, only_without=show == WITHOUT, **limits)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    may_keep = bool(can_keep_applications(request.user, payer.pk, on))
    here = reverse("inmates:tax_applications")
    context = {
        "rows": list(page.object_list),
        "page": page,
        "payer": payer,
        "payers": [_chip(one.name, f"{here}?payer={one.pk}", one == payer) for one in payers],
        "tabs": [
            _chip(_("Everybody"), f"{here}?payer={payer.pk}{query}", show != WITHOUT),
            _chip(_("Without"), f"{here}?payer={payer.pk}{query}&show={WITHOUT}", show == WITHOUT),
        ],
        "may_keep": may_keep,
        "act_url": f"{here}enter/?payer={payer.pk}" if may_keep else "",
    }
    return render(request, "inmates/applications/list.html", context)


@require_http_methods(METHODS)
@allow(PAYROLL_ACTS)
def tax_application_enter(request: HttpRequest) -> HttpResponse:
    """A form for one person's application; a refusal leaves what was typed."""
    on = clock.today()
    payers = list(payers_of(request.user, on, Role.ACCOUNTANT))
    payer = _chosen(payers, request.GET.get("payer", ""))
    back = _back(payer.pk)
    form = ApplicationForm(
        request.POST or None,
        cancel_url=back,
        initial={"number": request.GET.get("number", ""), "on": on.replace(day=1)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            _row, is_new = enter_application(
                actor=request.user, payer_id=payer.pk, at=clock.now(), **form.cleaned_data
            )
        except Forbidden:
            raise
        except PortalError as refused:
            form.add_error(field_of(refused), str(refused))
        else:
            told = _("The application is entered.") if is_new else _("It is in force already.")
            messages.success(request, told)
            return redirect(back)
    return _form_page(request, form, _("Enter an application"), payer, back)


@require_http_methods(METHODS)
@allow(PAYROLL_ACTS)
def tax_application_end(request: HttpRequest, application_id: int) -> HttpResponse:
    """From which day on an application is in force no more."""
    payers = payers_of(request.user, clock.today(), Role.ACCOUNTANT)
    row = get_object_or_404(
        TaxApplication.objects.select_related("payer", "inmate"),
        pk=application_id,
        payer__in=payers,
    )
    back = _back(row.payer_id)
    form = EndApplicationForm(
        request.POST or None, cancel_url=back, initial={"on": _next_month(clock.today())}
    )
    if request.method == "POST" and form.is_valid():
        try:
            end_application(
                actor=request.user,
                application_id=row.pk,
                at=clock.now(),
                **form.cleaned_data,
            )
        except Forbidden:
            raise
        except PortalError as refused:
            form.add_error(field_of(refused), str(refused))
        else:
            messages.success(request, _("The application is ended."))
            return redirect(back)
    title = _("End the application of № %(number)s") % {"number": row.inmate.personnel_number}
    return _form_page(request, form, title, row.payer, back)


def _form_page(
    request: HttpRequest, form: Any, title: str, payer: Organisation, back: str
) -> HttpResponse:
    crumbs = [{"label": _("Applications for the basic deduction"), "url": back}, {"label": title}]
    context = {"form": form, "title": title, "crumbs": crumbs, "lead": payer.name}
    status = 422 if form.is_bound else 200
    return render(request, "inmates/applications/form.html", context, status=status)


def _chosen(payers: list[Organisation], typed: str) -> Organisation:
    """The payer of the address, the first one without it; nobody's payer is not found."""
    found = [one for one in payers if not typed or str(one.pk) == typed]
    if not found:
        raise Http404
    return found[0]


def _limits(request: HttpRequest) -> tuple[dict[str, Any], str]:
    """The month and the institution whose people the board counted; nonsense limits nothing."""
    limits: dict[str, Any] = {}
    with suppress(ValueError):
        limits["month"] = Month.parse(request.GET.get("month", ""))
    place = request.GET.get("place", "")
    if place.isascii() and place.isdigit() and len(place) < 10:
        limits["institution_id"] = int(place)
    names = {"month": "month", "institution_id": "place"}
    return limits, "".join(f"&{names[key]}={value}" for key, value in limits.items())


def _chip(label: str, url: str, is_here: bool) -> dict[str, Any]:
    return {"label": label, "url": url, "is_here": is_here}


def _back(payer_id: int) -> str:
    return f"{reverse('inmates:tax_applications')}?payer={payer_id}"


def _next_month(on: date) -> date:
    return Month.of(on).next().first_day
