"""A basket becomes orders: one per seller, with prices frozen and numbers without gaps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.models import Basket, Order, OrderLine
from orders.rules import can_send_order
from orders.selectors.baskets import BasketRow, BasketView, SellerPart, basket_on
from orders.selectors.orders import sent_before
from orders.states import ORDER
from portal.kernel import states
from portal.kernel.clock import day_of
from portal.kernel.errors import PortalError, readable_refusals
from portal.kernel.locks import lock_rows
from portal.kernel.numbering import document_number
from portal.kernel.queue import enqueue
from portal.kernel.text import money
from workshops.models import Product

NOTIFY_SELLER = "orders.notify_seller"


class BasketEmpty(PortalError):
    message = _("The basket is empty. If you have just sent the order, you find it in “My orders”.")


class BasketHasUnavailable(PortalError):
    message = _("“%(product)s” cannot be ordered any more. Take it out of the basket first.")


class PriceChanged(PortalError):
    message = _(
        "The price of “%(product)s” has changed: it was %(old)s, it is %(new)s now. "
        "Look at the new total and send again if you agree."
    )


class BasketChanged(PortalError):
    message = _("The basket has changed since you opened this page. Look at it and send again.")


class QuantityAboveLimit(PortalError):
    message = _("“%(product)s”: no more than %(most)s in one order. Change the quantity first.")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the buyer saw of one line on the page that was sent."""

    quantity: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call and where to deliver."""

    name: str
    phone: str
    address: str
    comment: str = ""


@transaction.atomic
def send_order(
    *,
    actor: Any,
    basket_key: UUID | None,
    buyer_id: int,
    submission: UUID,
    seen: Mapping[int, Seen],
    contact: Contact,
    at: datetime,
) -> list[Order]:
    """Each seller of the basket has an order with status SENT, and the basket is empty.

    Refused: no right to buy for the organisation, empty basket, a line that is not sold any
    more, a price or a basket that is not what the buyer saw (`seen`, by offer). Nothing is
    written then. After the commit each seller's operators get a letter. Twice with the same
    submission returns the same orders; with other things in the basket meanwhile it is refused,
    for those were not on that page.
    """
    can_send_order(actor, buyer_id, day_of(at)).require()
    locked = lock_rows(Basket.objects.filter(key=basket_key))
    before = sent_before(submission, actor)
    basket = basket_on(str(basket_key) if basket_key else None, day_of(at))
    if before and basket.is_empty:
        return before
    if before:
        raise BasketChanged
    _check(basket, seen)
    with readable_refusals():
        orders = [
            _make_order(part, actor, buyer_id, submission, contact, at)
            for part in sorted(basket.parts, key=lambda part: part.seller.id)
        ]
    for row in locked:
        row.lines.all().delete()
    return orders


def _check(basket: BasketView, seen: Mapping[int, Seen]) -> None:
    if basket.is_empty:
        raise BasketEmpty
    for row, _reason in basket.unavailable:
        raise BasketHasUnavailable(product=row.title)
    for row in basket.rows:
        if row.quantity > row.shown.offer.max_quantity:
            raise QuantityAboveLimit(product=row.title, most=row.shown.offer.max_quantity)
        before = seen.get(row.offer_id)
        if before is not None and before.price != row.shown.offer.price:
            raise PriceChanged(
                product=row.title, old=money(before.price), new=money(row.shown.offer.price)
            )
    if {row.offer_id: row.quantity for row in basket.rows} != {
        offer_id: line.quantity for offer_id, line in seen.items()
    }:
        raise BasketChanged


def _make_order(
    part: SellerPart, actor: Any, buyer_id: int, submission: UUID, contact: Contact, at: datetime
) -> Order:
    order = Order.objects.create(
        number=document_number(
            series="order", scope=f"seller {part.seller.id}", year=day_of(at).year
        ),
        buyer_id=buyer_id,
        seller=part.seller,
        placed_by=actor,
        placed_at=at,
        submission=submission,
        contact_name=contact.name,
        contact_phone=contact.phone,
        delivery_address=contact.address,
        comment=contact.comment,
        total=part.sums.total,
    )
    OrderLine.objects.bulk_create(
        _make_line(order, number, row) for number, row in enumerate(part.rows, start=1)
    )
    states.begin(order, "send", machine=ORDER, actor=actor, at=at)
    enqueue(NOTIFY_SELLER, key=str(order.pk), actor=actor, at=at, arguments={"order_id": order.pk})
    return order


def _make_line(order: Order, sequence: int, row: BasketRow) -> OrderLine:
    titles = {f"title_{code}": _name(row.shown.product, code) for code in ("ru", "kk", "en")}
    return OrderLine(
        order=order,
        sequence=sequence,
        offer=row.shown.offer,
        version=row.shown.offer.version,
        quantity=row.quantity,
        unit_price=row.shown.offer.price,
        is_vat_inside=row.shown.is_vat_inside,
        total=row.priced.total,
        **titles,
    )


def _name(product: Product, code: str) -> str:
    """The name in a language, or in Russian where it is not translated."""
    return str(getattr(product, f"name_{code}") or product.name_ru)  # type: ignore[attr-defined]  # modeltranslation
