"""The confirmation of an order on paper, for either side, in Russian or Kazakh."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.views.decorators.http import require_safe

from orders.models import Order
from orders.presenters.confirmation import confirmation_document
from orders.selectors.orders import orders_received_by, orders_visible_to
from orders.services.papers import issue_confirmation
from portal.accounts.enums import Role
from portal.accounts.rules import role_holders
from portal.documents.render import render_pdf
from portal.documents.stamp import check_address, stamp_of
from portal.kernel import audit, clock
from portal.kernel.access import allow

LANGUAGES = ("ru", "kk")


@require_safe
@allow(role_holders(Role.BUYER))
def confirmation(request: HttpRequest, order_id: int) -> HttpResponse:
    """For the buyer."""
    visible = orders_visible_to(request.user, clock.today())
    return _print(request, get_object_or_404(visible, pk=order_id))


@require_safe
@allow(role_holders(Role.OPERATOR))
def received_confirmation(request: HttpRequest, order_id: int) -> HttpResponse:
    """For the seller."""
    visible = orders_received_by(request.user, clock.today())
    return _print(request, get_object_or_404(visible, pk=order_id))


def _print(request: HttpRequest, order: Order) -> HttpResponse:
    """The same paper for both: the registry gives it one number."""
    issued = issue_confirmation(actor=request.user, order_id=order.pk, at=clock.now())
    asked = request.GET.get("language", translation.get_language())
    language = asked if asked in LANGUAGES else LANGUAGES[0]
    with translation.override(language):
        stamp = stamp_of(issued, check_address(request, issued))
        data = confirmation_document(order, stamp)
    pdf = render_pdf("order_confirmation.typ", data, created_at=issued.issued_at)
    audit.record(
        actor=request.user, action="confirmation_printed", at=clock.now(), subject=order,
        language=language,
    )  # fmt: skip
    name = f"order-{order.number}-confirmation-{language}.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
