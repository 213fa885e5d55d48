"""The operator's side of production requests: what came in, the bid given, replaced, taken back."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders.enums import BidStatus
from orders.forms.requests import BidForm
from orders.models import ProductionRequest
from orders.presenters.request_pages import bid_form_context, received_context
from orders.presenters.requests import waits_for_bids, with_operator_turns
from orders.selectors.requests import (
    bids_given_by,
    bids_of_operator,
    first_trade_of,
    invited_workshops,
    requests_received_by,
)
from orders.services.bids import submit_bid, terms_of, withdraw_bid
from orders.views.requests import FORM_METHODS, PAGE_SIZE, REFUSED
from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import Forbidden, PortalError
from workshops.models import Workshop
from workshops.selectors.work_orders import workshops_operated_by

operators = role_holders(Role.OPERATOR)


@require_safe
@allow(operators)
def received_requests(request: HttpRequest) -> HttpResponse:
    """Requests to the reader's workshops; those that wait for an answer first."""
    on = clock.today()
    found = requests_received_by(request.user, on)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "requests": with_operator_turns(page, on), "on": on}
    return render(request, "orders/requests/received_list.html", context)


@require_safe
@allow(operators)
def received_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request: what is wanted, the own bids, and after the award the work order."""
    on = clock.today()
    row = _received(request, request_id)
    context = received_context(row, bids_of_operator(row, request.user, on), request.user, on)
    return render(request, "orders/requests/received.html", context)


@require_http_methods(FORM_METHODS)
@allow(operators)
def bid(request: HttpRequest, request_id: int, workshop_id: int) -> HttpResponse:
    """Give the bid of one workshop, or replace it by another one."""
    row = _received(request, request_id)
    workshop = _invited(request, row, workshop_id)
    if request.method != "POST" and not waits_for_bids(row, clock.today()):
        return redirect("orders:received_request", request_id=row.pk)
    form = _bid_form(request, row, workshop)
    if request.method == "POST" and form.is_valid():
        try:
            submit_bid(
                actor=request.user,
                request_id=row.pk,
                workshop_id=workshop.pk,
                terms=form.terms(),
                at=clock.now(),
            )
        except Forbidden:
            raise
        except PortalError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The bid is given: the customer sees it now."))
            return redirect("orders:received_request", request_id=row.pk)
    context = bid_form_context(row, workshop, clock.today()) | {"form": form}
    status = REFUSED if form.errors else 200
    return render(request, "orders/requests/bid_form.html", context, status=status)


@require_POST
@allow(operators)
def bid_withdraw(request: HttpRequest, bid_id: int) -> HttpResponse:
    """Take a bid back while it is not chosen."""
    row = get_object_or_404(bids_given_by(request.user, clock.today()), pk=bid_id)
    try:
        withdraw_bid(actor=request.user, bid_id=row.pk, at=clock.now())
    except Forbidden:
        raise
    except PortalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The bid is taken back."))
    return redirect("orders:received_request", request_id=row.request_id)


def _received(request: HttpRequest, request_id: int) -> ProductionRequest:
    return get_object_or_404(requests_received_by(request.user, clock.today()), pk=request_id)


def _invited(request: HttpRequest, row: ProductionRequest, workshop_id: int) -> Workshop:
    on = clock.today()
    for one in invited_workshops(row, on, workshops_operated_by(request.user, on)):
        if one.workshop.pk == workshop_id:
            return one.workshop
    raise Http404


def _bid_form(request: HttpRequest, row: ProductionRequest, workshop: Workshop) -> BidForm:
    """Begins with the bid that stands, or with one stage of the workshop's trade."""
    given = bids_of_operator(row, request.user, clock.today())
    standing = next(
        (b for b in given if b.workshop_id == workshop.pk and b.status == BidStatus.SUBMITTED), None
    )
    if standing is None:
        initial = {"stage_1": _("Making"), "trade_1": first_trade_of(workshop)}
        label = _("Give the bid")
    else:
        initial, label = BidForm.of(terms_of(standing)), _("Replace the bid")
    back = reverse("orders:received_request", args=[row.pk])
    return BidForm(request.POST or None, initial=initial, cancel_url=back, submit_label=label)
