"""The customer looks at one bid once more and chooses it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orders.presenters.request_pages import award_context
from orders.services.awards import award_bid
from orders.views.requests import FORM_METHODS, REFUSED, buyers, posted
from portal.kernel import clock
from portal.kernel.access import allow
from portal.kernel.errors import Forbidden, PortalError


@require_http_methods(FORM_METHODS)
@allow(buyers)
def award(request: HttpRequest, request_id: int, bid_id: int) -> HttpResponse:
    """What is agreed when this bid is chosen; then the work order appears."""
    row = posted(request, request_id)
    refusal = ""
    if request.method == "POST":
        try:
            award_bid(actor=request.user, request_id=row.pk, bid_id=bid_id, at=clock.now())
        except Forbidden:
            raise
        except PortalError as error:
            refusal = str(error)
        else:
            messages.success(request, _("The bid is chosen; the workshop has its work order."))
            return redirect("orders:request", request_id=row.pk)
    context = award_context(posted(request, request_id), bid_id, clock.today())
    if context is None:
        if not refusal:
            raise Http404
        messages.error(request, refusal)
        return redirect("orders:request", request_id=row.pk)
    status = REFUSED if refusal else 200
    return render(
        request, "orders/requests/award.html", context | {"refusal": refusal}, status=status
    )
