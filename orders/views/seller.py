"""The seller's side: orders received, confirmed or declined by the operator."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders.forms.orders import ConfirmForm
from orders.forms.reasons import DeclineOrderForm
from orders.models import Order
from orders.presenters import order_context, with_turns
from orders.rules import can_answer_order
from orders.selectors.orders import orders_received_by, places_of
from orders.services.answers import confirm_order, decline_order
from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import Forbidden, PortalError

PAGE_SIZE = 25
operators = role_holders(Role.OPERATOR)


@require_safe
@allow(operators)
def received(request: HttpRequest) -> HttpResponse:
    """Orders to one's organisation; those that wait for an answer first."""
    found = orders_received_by(request.user, clock.today())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "orders": with_turns(page, for_seller=True)}
    return render(request, "orders/received.html", context)


@require_safe
@allow(operators)
def received_order(request: HttpRequest, order_id: int) -> HttpResponse:
    """One order received, with the two answers."""
    return _show(request, _order(request, order_id))


@require_POST
@allow(operators)
def confirm(request: HttpRequest, order_id: int) -> HttpResponse:
    """Confirm: work orders appear at the workshops."""
    order = _order(request, order_id)
    form = ConfirmForm(request.POST, action=_address("confirm", order))
    if not form.is_valid():
        return _show(request, order, confirm_form=form)
    try:
        confirm_order(
            actor=request.user,
            order_id=order.pk,
            due_on=form.cleaned_data["due_on"],
            at=clock.now(),
        )
    except Forbidden:
        raise
    except PortalError as refusal:
        form.add_error(None, str(refusal))
        return _show(request, _order(request, order_id), confirm_form=form)
    messages.success(request, _("The order is confirmed; the workshop has its work orders."))
    return redirect("orders:received_order", order_id=order.pk)


@require_POST
@allow(operators)
def decline(request: HttpRequest, order_id: int) -> HttpResponse:
    """Decline with a reason the buyer reads."""
    order = _order(request, order_id)
    form = DeclineOrderForm(request.POST, action=_address("decline", order))
    if not form.is_valid():
        return _show(request, order, decline_form=form)
    try:
        decline_order(
            actor=request.user,
            order_id=order.pk,
            reason=form.cleaned_data["reason"],
            at=clock.now(),
        )
    except Forbidden:
        raise
    except PortalError as refusal:
        form.add_error(None, str(refusal))
        return _show(request, _order(request, order_id), decline_form=form)
    messages.success(request, _("The order is declined."))
    return redirect("orders:received_order", order_id=order.pk)


def _order(request: HttpRequest, order_id: int) -> Order:
    return get_object_or_404(orders_received_by(request.user, clock.today()), pk=order_id)


def _address(answer: str, order: Order) -> str:
    return reverse(f"orders:{answer}", args=[order.pk])


def _show(request: HttpRequest, order: Order, **forms: Any) -> HttpResponse:
    """The page of the order; with a form that was refused it is 422 and what was typed stays."""
    on = clock.today()
    context = order_context(order, on, for_seller=True) | {
        "here": reverse("orders:received_order", args=[order.pk]),
        "may_answer": can_answer_order(request.user, order, on, places_of(order)),
        "confirm_form": ConfirmForm(action=_address("confirm", order)),
        "decline_form": DeclineOrderForm(action=_address("decline", order)),
    }
    return render(request, "orders/order.html", context | forms, status=422 if forms else 200)
