"""Where a batch card leads: the output of its batch; for who only makes it, the work order."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inmates.rules import BATCH_PAGES
from inmates.selectors.shift import shift_workshops
from portal.documents.codes import printed_code
from portal.kernel import clock
from portal.kernel.access import allow
from workshops.models import BatchCard
from workshops.selectors.batches import card_of
from workshops.selectors.work_orders import work_orders_visible_to


@require_safe
@allow(BATCH_PAGES)
def batch(request: HttpRequest, scanned: str) -> HttpResponse:
    """Today's sheet of output with the batch chosen; for who only makes it, its work order."""
    return _opened(request, card_of(scanned))


@require_safe
@allow(BATCH_PAGES)
def find_batch(request: HttpRequest) -> HttpResponse:
    """The field that takes what a scanner types: the address, the code, in either layout."""
    scanned = request.GET.get("scanned", "").replace("\x00", "")
    try:
        return _opened(request, card_of(scanned))
    except Http404:
        messages.error(request, _("No batch card has this code. Scan it again or type the code."))
    return redirect(_back(request))


def _opened(request: HttpRequest, card: BatchCard | None) -> HttpResponse:
    on = clock.today()
    if card is None:
        raise Http404
    order = card.work_order
    if shift_workshops(request.user, on).filter(pk=order.workshop_id).exists():
        sheet = reverse("inmates:shift_output", args=[order.workshop.code, on.isoformat()])
        return redirect(f"{sheet}?order={order.pk}&batch={printed_code(card.code)}")
    if work_orders_visible_to(request.user, on).filter(pk=order.pk).exists():
        return redirect(reverse("workshops:work_order", args=[order.pk]) + "#batches")
    raise Http404


def _back(request: HttpRequest) -> str:
    """The sheet from which it was scanned: a workshop and a day of the address, nothing else."""
    workshop = shift_workshops(request.user, clock.today()).filter(
        code=request.GET.get("workshop", "")
    )
    found = workshop.first()
    if found is None:
        return reverse("inmates:shifts")
    return reverse("inmates:shift_output", args=[found.code, clock.today().isoformat()])
