"""The customer's side of production requests: draft, publish, compare, choose, withdraw."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders.forms.reasons import WithdrawRequestForm
from orders.forms.requests import DrawingForm, RequestForm
from orders.models import ProductionRequest
from orders.presenters.request_pages import draft_context, publish_context, request_context
from orders.presenters.requests import with_customer_turns
from orders.selectors.requests import requests_posted_by
from orders.services.requests import (
    change_draft,
    draft_request,
    publish_request,
    withdraw_request,
)
from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.accounts.selectors import buyer_organisations_of
from portal.kernel import clock
from portal.kernel.access import allow, signed_in
from portal.kernel.errors import Forbidden, PortalError

PAGE_SIZE = 25
REFUSED = 422
FORM_METHODS = ["GET", "HEAD", "POST"]
# Which small forms the page of a request shows, by its status.
FORMS_OF = {"draft": {"drawing_form", "invite_form"}, "published": {"reason_form"}}
buyers = role_holders(Role.BUYER)


@require_safe
@allow(buyers)
def request_list(request: HttpRequest) -> HttpResponse:
    """The customer's requests, newest first, with whose turn it is."""
    on = clock.today()
    page = Paginator(requests_posted_by(request.user, on), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "requests": with_customer_turns(page, on)}
    return render(request, "orders/requests/list.html", context)


@require_http_methods(FORM_METHODS)
@allow(signed_in)
def request_new(request: HttpRequest) -> HttpResponse:
    """First step: what, how many, by when. Whoever has no organisation yet registers one."""
    customers = buyer_organisations_of(request.user, clock.today())
    if not customers:
        back = urlencode({"next": reverse("orders:request_new")})
        return redirect(f"{reverse('accounts:register_organisation')}?{back}")
    form = RequestForm(
        request.POST or None, customers=customers, cancel_url=reverse("orders:request_list")
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = draft_request(
                actor=request.user,
                customer_id=form.cleaned_data["customer"].pk,
                wanted=form.wanted(),
                at=clock.now(),
            )
        except PortalError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The draft is saved. Only you see it so far."))
            return redirect("orders:request", request_id=row.pk)
    return _form_page(request, form, None)


@require_http_methods(FORM_METHODS)
@allow(buyers)
def request_change(request: HttpRequest, request_id: int) -> HttpResponse:
    """The first step once more, for a draft."""
    row = posted(request, request_id)
    if request.method != "POST" and row.status != "draft":
        return redirect("orders:request", request_id=row.pk)
    customers = buyer_organisations_of(request.user, clock.today()).filter(pk=row.customer_id)
    form = RequestForm(
        request.POST or None,
        customers=customers,
        cancel_url=reverse("orders:request", args=[row.pk]),
        initial=RequestForm.of(row),
    )
    if request.method == "POST" and form.is_valid():
        try:
            change_draft(
                actor=request.user, request_id=row.pk, wanted=form.wanted(), at=clock.now()
            )
        except PortalError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The draft is saved. Only you see it so far."))
            return redirect("orders:request", request_id=row.pk)
    return _form_page(request, form, row)


@require_safe
@allow(buyers)
def request_page(request: HttpRequest, request_id: int) -> HttpResponse:
    """A request: the steps of a draft; then bids beside each other, progress and timeline."""
    return show_request(request, posted(request, request_id))


@require_http_methods(FORM_METHODS)
@allow(buyers)
def request_publish(request: HttpRequest, request_id: int) -> HttpResponse:
    """Look once more as the workshops will, then publish."""
    row = posted(request, request_id)
    refusal = ""
    if request.method == "POST":
        try:
            publish_request(actor=request.user, request_id=row.pk, at=clock.now())
        except Forbidden:
            raise
        except PortalError as error:
            refusal = str(error)
        else:
            messages.success(request, _("The request is published: the workshops see it now."))
            return redirect("orders:request", request_id=row.pk)
    row = posted(request, request_id)
    if row.status != "draft" and not refusal:
        return redirect("orders:request", request_id=row.pk)
    context = publish_context(row, clock.today()) | {"refusal": refusal}
    status = REFUSED if refusal else 200
    return render(request, "orders/requests/publish.html", context, status=status)


@require_POST
@allow(buyers)
def request_withdraw(request: HttpRequest, request_id: int) -> HttpResponse:
    """Take a request back: a draft silently, a published one with a reason."""
    row = posted(request, request_id)
    form = WithdrawRequestForm(request.POST, action=_withdraw_address(row))
    is_told = form.is_valid()
    if row.status != "draft" and not is_told:
        return show_request(request, row, reason_form=form)
    try:
        withdraw_request(
            actor=request.user,
            request_id=row.pk,
            reason=form.cleaned_data.get("reason", ""),
            at=clock.now(),
        )
    except Forbidden:
        raise
    except PortalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The request is withdrawn."))
    return redirect("orders:request", request_id=row.pk)


def posted(request: HttpRequest, request_id: int) -> ProductionRequest:
    """The customer's own request, or 404."""
    return get_object_or_404(requests_posted_by(request.user, clock.today()), pk=request_id)


def show_request(request: HttpRequest, row: ProductionRequest, **forms: Any) -> HttpResponse:
    """The page of a request for its customer; with a form that was refused it is 422.

    From a tab left behind comes a form that this page has no more: its refusal stands above.
    """
    on = clock.today()
    for name in forms.keys() - FORMS_OF.get(row.status, set()):
        for sentences in forms[name].errors.values():
            messages.error(request, " ".join(sentences))
    here = {"here": reverse("orders:request", args=[row.pk])}
    status = REFUSED if forms else 200
    if row.status == "draft":
        attach = {"drawing_form": DrawingForm(action=reverse("orders:drawing_add", args=[row.pk]))}
        context = draft_context(row, on) | attach | here | forms
        return render(request, "orders/requests/draft.html", context, status=status)
    give_up = {"reason_form": WithdrawRequestForm(action=_withdraw_address(row))}
    context = request_context(row, on, request.GET.get("sort", "")) | give_up | here | forms
    return render(request, "orders/requests/request.html", context, status=status)


def _form_page(
    request: HttpRequest, form: RequestForm, row: ProductionRequest | None
) -> HttpResponse:
    context = {"form": form, "row": row}
    status = REFUSED if form.errors else 200
    return render(request, "orders/requests/form.html", context, status=status)


def _withdraw_address(row: ProductionRequest) -> str:
    return reverse("orders:request_withdraw", args=[row.pk])
