"""Batches of a work order and how far each is; the card behind a code, however it was scanned."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Sum

from portal.documents.codes import clean_code
from workshops.models import BatchCard, BatchOutput, WorkOrder

CODE_LENGTH = 8
# A scanner types scan codes of an American keyboard. Under the Russian layout its letters come as
# Cyrillic ones, under the Kazakh one the digits do as well.
_KEYS = "QWERTYUIOPASDFGHJKLZXCVBNM"
_RUSSIAN = "ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬ"
_KAZAKH_DIGITS = '"ӘІҢҒ,.ҮҰҚ'
_TYPED = str.maketrans(_RUSSIAN + _KAZAKH_DIGITS, _KEYS + "1234567890")


def cards_of(work_order: WorkOrder) -> list[BatchCard]:
    """The batches of a work order in the order of their numbers."""
    return list(work_order.cards.order_by("number"))


def batch_passed(card_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """Pieces booked by card and operation of a work order."""
    rows = BatchOutput.objects.filter(card__in=list(card_ids)).order_by()
    sums = rows.values_list("card_id", "work_order_operation_id").annotate(Sum("quantity"))
    return {(card, operation): quantity for card, operation, quantity in sums}


def card_of(scanned: str) -> BatchCard | None:
    """The card of what a scanner typed or a hand wrote: an address, a code, either layout."""
    codes = _readings(scanned)
    found: dict[str, Any] = {
        card.code: card
        for card in BatchCard.objects.filter(code__in=codes).select_related(
            "work_order__workshop__institution__organisation",
            "work_order__version__product",
            "work_order__part",
        )
    }
    return next((found[code] for code in codes if code in found), None)


def _readings(scanned: str) -> list[str]:
    """The codes it may be, the likeliest first: as it stands, then by the place of the keys."""
    text = scanned.strip()[-200:]
    end = text.rstrip("/").rpartition("/")[2]
    last = text[-CODE_LENGTH:].upper().translate(_TYPED)
    readings = [clean_code(end, CODE_LENGTH), clean_code(last, CODE_LENGTH)]
    return [code for code in dict.fromkeys(readings) if code]
