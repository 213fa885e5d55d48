"""The directory of reasons: read by everybody who meets them, changed by the administrator."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inmates.forms.reasons import AddReasonForm, RetireReasonForm
from inmates.models import Reason
from inmates.presenters.reasons import reason_groups
from inmates.rules import REASON_ACTS, REASON_PAGES, can_change_reasons
from inmates.selectors.reasons import reasons_by_code
from inmates.services.reasons import add_reason, retire_reason
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import Forbidden, PortalError
from portal.kernel.once import once

METHODS = ["GET", "HEAD", "POST"]


@require_safe
@allow(REASON_PAGES)
def reasons(request: HttpRequest) -> HttpResponse:
    """Every reason with its letter, what it means for pay and counting, and its source."""
    on = clock.today()
    may_change = can_change_reasons(request.user, on)
    context = {
        "groups": reason_groups(reasons_by_code().values(), on),
        "may_change": may_change,
        "act_url": reverse("inmates:reason_add") if may_change else "",
    }
    return render(request, "inmates/reasons.html", context)


@require_http_methods(METHODS)
@allow(REASON_ACTS)
@once
def reason_add(request: HttpRequest) -> HttpResponse:
    """A form for a new reason; it is offered from its day on."""
    here = reverse("inmates:reasons")
    form = AddReasonForm(
        request.POST or None, cancel_url=here, initial={"offered_from": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = add_reason(actor=request.user, reason=form.new_reason(), at=clock.now())
        except Forbidden:
            raise
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Added: %(name)s.") % {"name": made.name})
            return redirect(here)
    return _form_page(request, form, _("Add a reason"))


@require_http_methods(METHODS)
@allow(REASON_ACTS)
def reason_retire(request: HttpRequest, reason_id: int) -> HttpResponse:
    """From which day on a reason is no longer offered."""
    here = reverse("inmates:reasons")
    reason = get_object_or_404(Reason, pk=reason_id)
    form = RetireReasonForm(
        request.POST or None, cancel_url=here, initial={"retired_on": clock.today()}
    )
    if request.method == "POST" and form.is_valid():
        try:
            retire_reason(
                actor=request.user,
                reason_id=reason.pk,
                on=form.cleaned_data["retired_on"],
                at=clock.now(),
            )
        except Forbidden:
            raise
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Retired: %(name)s.") % {"name": reason.name})
            return redirect(here)
    return _form_page(request, form, _("Retire “%(name)s”") % {"name": reason.name})


def _form_page(request: HttpRequest, form: Any, title: str) -> HttpResponse:
    crumbs = [
        {"label": _("Reasons"), "url": reverse("inmates:reasons")},
        {"label": title},
    ]
    status = 422 if form.is_bound else 200
    context = {"form": form, "title": title, "crumbs": crumbs}
    return render(request, "inmates/reason_form.html", context, status=status)
