"""Papers that the portal answers for: the confirmation of an order.

Called by the page that prints it, for the buyer and for the seller.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.enums import TAKEN
from orders.models import Order
from orders.rules import can_read_confirmation
from orders.selectors.orders import lines_with_dates, places_of
from portal.documents.kinds import enter_kind
from portal.documents.models import IssuedDocument
from portal.documents.services import issue_document
from portal.kernel.clock import day_of
from portal.kernel.errors import PortalError
from portal.kernel.locks import lock_row

ORDER_CONFIRMATION = enter_kind(
    "order_confirmation",
    _("Order confirmation"),
    _("The seller has taken an order to make goods at a price and by a date."),
)


class NotConfirmed(PortalError):
    message = _("There is nothing to print yet: the seller has not confirmed this order.")


@transaction.atomic
def issue_confirmation(*, actor: Any, order_id: int, at: datetime) -> IssuedDocument:
    """The confirmation of the order has a number and a check code, and they are valid.

    Refused: for whoever is on neither side, an order that is not confirmed. Twice gives the same
    document; when a date or a sum has changed since, a new one supersedes it. Nothing happens
    after commit.
    """
    order = lock_row(Order, order_id)
    can_read_confirmation(actor, order, day_of(at), places_of(order)).require()
    if order.status not in TAKEN:
        raise NotConfirmed
    return issue_document(
        actor=actor,
        kind=ORDER_CONFIRMATION.code,
        subject=order,
        facts=_facts(order),
        issuer_id=order.seller_id,
        at=at,
    )


def _facts(order: Order) -> dict[str, Any]:
    """What the paper says, whatever its language."""
    return {
        "number": order.number,
        "buyer": order.buyer_id,
        "seller": order.seller_id,
        "total": str(order.total),
        "lines": [
            [
                row.line.title_ru,
                row.line.quantity,
                str(row.line.unit_price),
                str(row.line.total),
                row.line.is_vat_inside,
                [day.isoformat() for day in row.due],
            ]
            for row in lines_with_dates(order)
        ],
    }
