"""Work orders for the operator of a workshop and its masters."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.kernel import clock
from portal.kernel.access import allow
from workshops.presenters import work_order_context
from workshops.selectors.work_orders import operations_of, work_orders_visible_to

PAGE_SIZE = 25
makers = role_holders(Role.OPERATOR, Role.MASTER)


@require_safe
@allow(makers)
def work_orders(request: HttpRequest) -> HttpResponse:
    """What is to be made in the reader's workshops, what is open first."""
    rows = work_orders_visible_to(request.user, clock.today())
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "workshops/work_orders.html", {"page": page, "on": clock.today()})


@require_safe
@allow(makers)
def work_order(request: HttpRequest, work_order_id: int) -> HttpResponse:
    """One work order with its operations."""
    on = clock.today()
    row = get_object_or_404(work_orders_visible_to(request.user, on), pk=work_order_id)
    context = work_order_context(row, on)
    return render(
        request, "workshops/work_order.html", context | {"operations": operations_of(row)}
    )
