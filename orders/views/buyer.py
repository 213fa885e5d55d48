"""The buyer's side: the orders of one's organisations."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders.presenters import order_context, with_turns
from orders.selectors.orders import orders_visible_to
from orders.services.answers import withdraw_order
from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError

PAGE_SIZE = 25
buyers = role_holders(Role.BUYER)


@require_safe
@allow(buyers)
def order_list(request: HttpRequest) -> HttpResponse:
    """Sent orders, newest first, with whose turn it is."""
    found = orders_visible_to(request.user, clock.today())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "orders": with_turns(page, for_seller=False)}
    return render(request, "orders/order_list.html", context)


@require_safe
@allow(buyers)
def order(request: HttpRequest, order_id: int) -> HttpResponse:
    """One order: state, lines, sums, production and timeline."""
    on = clock.today()
    row = get_object_or_404(orders_visible_to(request.user, on), pk=order_id)
    return render(request, "orders/order.html", order_context(row, on, for_seller=False))


@require_POST
@allow(buyers)
def withdraw(request: HttpRequest, order_id: int) -> HttpResponse:
    """Take an order back while nobody has answered it."""
    row = get_object_or_404(orders_visible_to(request.user, clock.today()), pk=order_id)
    try:
        withdraw_order(actor=request.user, order_id=row.pk, at=clock.now())
    except PortalError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The order is withdrawn."))
    return redirect("orders:order", order_id=row.pk)
