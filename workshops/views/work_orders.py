"""Work orders as their makers see them: what, how many, by when, how far, in which batches."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import PortalError
from workshops.forms.batches import BatchSizeForm
from workshops.models import WorkOrder
from workshops.presenters import work_order_context
from workshops.presenters.papers import batch_rows
from workshops.rules import can_record_floor
from workshops.selectors.batches import batch_passed, cards_of
from workshops.selectors.work_orders import OPEN, operations_of, work_orders_visible_to
from workshops.services.batches import make_batch_cards

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
    """One work order with its operations and batches."""
    row = get_object_or_404(work_orders_visible_to(request.user, clock.today()), pk=work_order_id)
    return _page(request, row)


@require_POST
@allow(makers)
def make_cards(request: HttpRequest, work_order_id: int) -> HttpResponse:
    """What is in no batch yet is divided into batches with a card each."""
    row = get_object_or_404(work_orders_visible_to(request.user, clock.today()), pk=work_order_id)
    form = BatchSizeForm(request.POST, action=request.path)
    if form.is_valid():
        size = form.cleaned_data["size"]
        try:
            made = make_batch_cards(
                actor=request.user, work_order_id=row.pk, size=size, at=clock.now()
            )
        except PortalError as refused:
            form.add_error(None, str(refused))
        else:
            words = ngettext("Made: %(count)s card.", "Made: %(count)s cards.", len(made))
            messages.success(request, words % {"count": len(made)})
            return redirect("workshops:work_order", row.pk)
    return _page(request, row, form)


def _page(request: HttpRequest, row: WorkOrder, form: Any = None) -> HttpResponse:
    on = clock.today()
    operations, cards = list(operations_of(row)), cards_of(row)
    left = row.quantity - sum(card.quantity for card in cards)
    verdict = can_record_floor(request.user, row.workshop.institution.organisation_id, on)
    if form is None and verdict and left and row.status in OPEN:
        form = BatchSizeForm(action=reverse("workshops:make_cards", args=[row.pk]))
    context = work_order_context(row, on) | {
        "operations": operations,
        "batches": batch_rows(cards, operations, batch_passed([card.pk for card in cards])),
        "form": form,
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "workshops/work_order.html", context, status=status)
