"""The papers of a work order: the sheet that hangs at the bench and the cards of its batches."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.views.decorators.http import require_safe

from portal.documents.answers import pdf_answer, print_language
from portal.documents.render import render_pdf
from portal.documents.stamp import public_address
from portal.kernel import clock
from portal.kernel.access import allow
from workshops.models import WorkOrder
from workshops.presenters.papers import cards_document, sheet_document
from workshops.selectors.batches import cards_of
from workshops.selectors.floor import parts_of
from workshops.selectors.work_orders import operations_of, work_orders_visible_to
from workshops.views.work_orders import makers


@require_safe
@allow(makers)
def work_order_sheet(request: HttpRequest, work_order_id: int) -> HttpResponse:
    """What is to be made, step by step, with its parts; without a rate or a name."""
    row = _visible(request, work_order_id)
    language = print_language(request)
    with translation.override(language):
        data = sheet_document(
            row,
            list(operations_of(row)),
            list(parts_of(row)),
            lambda path: public_address(request, path),
            clock.today(),
        )
    pdf = render_pdf("work_order_sheet.typ", data, created_at=clock.now())
    return pdf_answer(pdf, f"work-order-{row.number}-{language}")


@require_safe
@allow(makers)
def batch_cards(request: HttpRequest, work_order_id: int) -> HttpResponse:
    """The cards of all batches, four on a sheet to be cut."""
    row = _visible(request, work_order_id)
    cards = cards_of(row)
    if not cards:
        raise Http404
    language = print_language(request)
    with translation.override(language):
        data = cards_document(
            row, cards, list(operations_of(row)), lambda path: public_address(request, path)
        )
    pdf = render_pdf("batch_cards.typ", data, created_at=clock.now())
    return pdf_answer(pdf, f"batch-cards-{row.number}-{language}")


def _visible(request: HttpRequest, work_order_id: int) -> WorkOrder:
    rows = work_orders_visible_to(request.user, clock.today())
    return get_object_or_404(rows, pk=work_order_id)
