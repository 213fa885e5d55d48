"""A business asks to see an area and follows its application, with or without an account."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders.forms.spaces import SpaceApplicationForm
from orders.models import SpaceApplication
from orders.presenters.spaces import applicant_context, own_rows
from orders.selectors.spaces import application_with_key, applications_of
from orders.services.spaces import (
    ANSWER_WORKDAYS,
    NotOffered,
    send_space_application,
    withdraw_space_application,
)
from portal.accounts.selectors import buyer_organisations_of
from portal.kernel import clock
from portal.kernel.access import allow, public, signed_in
from portal.kernel.errors import PortalError
from portal.kernel.limits import client_address, is_within_limit
from portal.kernel.text import date_short
from portal.kernel.workdays import add_workdays
from workshops.presenters.spaces import advert_context
from workshops.selectors.spaces import adverts_of, spaces_advertised

PAGE_SIZE = 25
# Applications sent from one address of the network in an hour; a whole office may sit behind it.
MOST_AN_HOUR = 10
HOUR = 3600


@require_http_methods(["GET", "HEAD", "POST"])
@public
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """The short application for a visit: no account, one page."""
    on = clock.today()
    row = spaces_advertised(on).filter(code=code).first()
    if row is None:
        raise NotOffered
    organisations = None
    if request.user.is_authenticated:
        organisations = buyer_organisations_of(request.user, on)
    form = SpaceApplicationForm(
        request.POST or None, organisations=organisations, initial=_known(request)
    )
    status = 200
    if request.method == "POST":
        sent, status = _send(request, form, code)
        if sent is not None:
            return redirect("orders:space_application", key=sent.key)
    (advert,) = adverts_of([row], on)
    context = advert_context(advert) | {
        "form": form,
        "due": date_short(add_workdays(on, ANSWER_WORKDAYS)),
    }
    return render(request, "orders/space_ask.html", context, status=status)


def _known(request: HttpRequest) -> dict[str, Any]:
    """What the portal knows already need not be typed."""
    if not request.user.is_authenticated:
        return {}
    return {"contact_name": request.user.full_name, "contact_email": request.user.email}


def _send(
    request: HttpRequest, form: SpaceApplicationForm, code: str
) -> tuple[SpaceApplication | None, int]:
    """The application sent, or None and the status of the page that says why not."""
    if not form.is_valid():
        return None, 422
    sender = client_address(request)
    if not is_within_limit("space-application", sender, most=MOST_AN_HOUR, seconds=HOUR):
        form.add_error(None, _("Too many applications came from your network. Try in an hour."))
        return None, 429
    try:
        sent = send_space_application(
            actor=request.user,
            space_code=code,
            submission=form.cleaned_data["submission"],
            wanted=form.wanted(),
            language=get_language() or "ru",
            at=clock.now(),
        )
    except PortalError as refusal:
        form.add_error(None, str(refusal))
        return None, 422
    messages.success(request, _("The application is sent. Keep the address of this page."))
    return sent, 200


@require_safe
@never_cache
@public
def application(request: HttpRequest, key: UUID) -> HttpResponse:
    """One's application: state, who answers by when, the answer, the timeline."""
    return _show(request, key)


@require_POST
@public
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take the application back, or call off the visit."""
    try:
        withdraw_space_application(actor=request.user, key=key, at=clock.now())
    except PortalError as refusal:
        if refusal.status == 404:
            raise Http404 from refusal
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The application is withdrawn."))
    return redirect("orders:space_application", key=key)


@require_safe
@allow(signed_in)
def own_applications(request: HttpRequest) -> HttpResponse:
    """What one has sent, or a colleague for the same organisation."""
    on = clock.today()
    page = Paginator(applications_of(request.user, on), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": own_rows(page, on)}
    return render(request, "orders/own_space_applications.html", context)


def _show(request: HttpRequest, key: UUID) -> HttpResponse:
    row = application_with_key(key)
    if row is None:
        raise Http404
    context = applicant_context(row, clock.today())
    response = render(request, "orders/space_application.html", context)
    # The address is the key: no search engine keeps it.
    response["X-Robots-Tag"] = "noindex"
    return response
