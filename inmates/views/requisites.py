"""Requisites of payments: to whom each goes, entered by the administrator from a day on."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inmates.enums import RegisterCode
from inmates.forms.requisites import RequisitesForm
from inmates.presenters.requisites import requisite_rows
from inmates.rules import REQUISITES_ACTS
from inmates.selectors.registers import codes_in_force, payers_of_wages, requisites_in_force
from inmates.services.payment_codes import enter_requisites
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import Forbidden, PortalError


@require_safe
@allow(REQUISITES_ACTS)
def requisites(request: HttpRequest) -> HttpResponse:
    """Every payment with its recipient today; a payer's own rows stand below those of all."""
    rows = requisite_rows(requisites_in_force(clock.today()))
    return render(request, "inmates/registers/requisites.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@allow(REQUISITES_ACTS)
def requisites_new(request: HttpRequest, code: str) -> HttpResponse:
    """Another recipient of one payment, from a day on."""
    on = clock.today()
    row = codes_in_force(on).get(code)
    if row is None:
        raise Http404
    back = reverse("inmates:requisites")
    form = RequisitesForm(
        request.POST or None,
        payers=payers_of_wages(),
        cancel_url=back,
        initial={"since": on, "knp": row.knp},
    )
    if request.method == "POST" and form.is_valid():
        try:
            _enter(request, code, form)
        except Forbidden:
            raise
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The requisites are entered."))
            return redirect(back)
    title = _("Requisites: %(payment)s") % {"payment": RegisterCode(code).label}
    crumbs = [{"label": _("Requisites of payments"), "url": back}, {"label": title}]
    context = {"form": form, "title": title, "crumbs": crumbs}
    status = 422 if form.is_bound else 200
    return render(request, "inmates/reason_form.html", context, status=status)


def _enter(request: HttpRequest, code: str, form: Any) -> None:
    data = form.cleaned_data
    enter_requisites(
        actor=request.user, code=code, payer_id=data["payer"], since=data["since"],
        requisites=form.requisites(), at=clock.now(),
    )  # fmt: skip
