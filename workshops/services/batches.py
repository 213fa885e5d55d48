"""A work order in batches: cards are made, and what passes an operation is booked on its card.

The cards are made on the page of the work order; the app above books output of people, and with
it, by `book_on_batch`, the batch.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Sum

from portal.documents.codes import new_code
from portal.kernel.errors import readable_refusals
from portal.kernel.locks import lock_row
from portal.kernel.text import number
from workshops.enums import WorkOrderStatus
from workshops.models import BatchCard, BatchOutput, WorkOrder, WorkOrderOperation, Workshop
from workshops.refusals import (
    BatchesTooMany,
    BatchFull,
    BatchHasLess,
    BatchOfAnother,
    BookedOnCards,
    NothingToCard,
    OrderClosed,
)
from workshops.selectors.batches import CODE_LENGTH, batch_passed
from workshops.services.floor_gate import require_floor

MOST_CARDS = 200


def make_batch_cards(*, actor: Any, work_order_id: int, size: int, at: datetime) -> list[BatchCard]:
    """What is in no batch yet is divided into batches of `size`, the last one smaller.

    Refused: neither master nor labour officer of the institution, a closed work order, nothing
    left (so twice is refused), more cards than fit on paper at once.
    """
    with readable_refusals(), transaction.atomic():
        order = lock_row(WorkOrder, work_order_id)
        workshop = Workshop.objects.select_related("institution").get(pk=order.workshop_id)
        require_floor(actor, workshop, at)
        if order.status in (WorkOrderStatus.COMPLETED, WorkOrderStatus.CANCELLED):
            raise OrderClosed(number=order.number)
        known = order.cards.aggregate(quantity=Sum("quantity"), last=Max("number"))
        left, last = order.quantity - (known["quantity"] or 0), known["last"] or 0
        if not left:
            raise NothingToCard
        count = -(-left // size)
        if count > MOST_CARDS:
            raise BatchesTooMany(count=number(count), most=MOST_CARDS)
        return BatchCard.objects.bulk_create(
            BatchCard(
                work_order=order,
                number=last + place,
                quantity=min(size, left - size * (place - 1)),
                code=new_code(CODE_LENGTH),
                made_by=actor,
                made_at=at,
            )
            for place in range(1, count + 1)
        )


def book_on_batch(
    *, actor: Any, card_id: int, more: Mapping[int, int], passed_on: date, at: datetime
) -> None:
    """So many more pieces of the batch passed these operations (fewer, where negative).

    Part of a larger act, the output of people, that has checked the right to it and holds the work
    order. Refused: an operation of another work order, more than the batch holds, fewer than none.
    """
    card = lock_row(BatchCard, card_id)
    rows = WorkOrderOperation.objects.filter(pk__in=more).select_related("operation")
    passed = batch_passed([card.pk])
    for row in rows:
        if row.work_order_id != card.work_order_id:
            raise BatchOfAnother
        have = passed.get((card.pk, row.pk), 0)
        words = {"operation": row.operation.name, "batch": card.number}
        if have + more[row.pk] > card.quantity:
            left = number(card.quantity - have)
            raise BatchFull(**words, left=left, more=number(more[row.pk]))
        if have + more[row.pk] < 0:
            raise BatchHasLess(**words, passed=number(have))
    BatchOutput.objects.bulk_create(
        BatchOutput(
            card=card,
            work_order_operation_id=operation_id,
            passed_on=passed_on,
            quantity=quantity,
            recorded_by=actor,
            recorded_at=at,
        )
        for operation_id, quantity in sorted(more.items())
        if quantity
    )


def require_not_on_cards(operation_ids: list[int]) -> None:
    """No operation has fewer pieces done than are booked on its batch cards.

    Called after output was taken away without a card, inside its transaction.
    """
    rows = (
        WorkOrderOperation.objects.filter(pk__in=operation_ids)
        .select_related("operation")
        .annotate(carded=Sum("batch_output__quantity"))
        .order_by("pk")
    )
    for row in rows:
        if row.carded and row.done < row.carded:
            raise BookedOnCards(operation=row.operation.name, count=number(row.carded))
