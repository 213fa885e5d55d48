"""What the pages of orders show: facts, sums, whose turn it is, and the timeline."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.enums import TAKEN, OrderStatus
from orders.models import Order, OrderLine
from orders.pricing import PricedLine, Sums, sums_of
from orders.selectors.orders import lines_of, work_orders_of
from portal.accounts.selectors import vat_rate_on
from portal.kernel import text
from portal.kernel.states import history_of
from workshops.presenters import due_text, made_of

Rows = list[dict[str, Any]]
# Whose turn it is and what comes next, for the two sides of an order.
TURN_FOR_BUYER = {
    OrderStatus.SENT: gettext_lazy("The seller's turn: it confirms or declines the order."),
    OrderStatus.CONFIRMED: gettext_lazy("The workshop's turn: it will begin the work."),
    OrderStatus.IN_PRODUCTION: gettext_lazy("The workshop is making it."),
    OrderStatus.READY: gettext_lazy("Ready. The seller will agree the delivery with you."),
    OrderStatus.DECLINED: gettext_lazy("The seller cannot make it; the reason is below."),
    OrderStatus.WITHDRAWN: gettext_lazy("You have withdrawn the order. Nothing more will happen."),
}
TURN_FOR_SELLER = {
    OrderStatus.SENT: gettext_lazy("Your turn: confirm or decline the order."),
    OrderStatus.CONFIRMED: gettext_lazy("The workshop's turn: it will begin the work."),
    OrderStatus.IN_PRODUCTION: gettext_lazy("The workshop is making it."),
    OrderStatus.READY: gettext_lazy("Your turn: agree the delivery with the buyer."),
    OrderStatus.DECLINED: gettext_lazy("Declined. Nothing more will happen."),
    OrderStatus.WITHDRAWN: gettext_lazy("The buyer has withdrawn it. Nothing more will happen."),
}
NEWS = {
    "send": gettext_lazy("The order is sent"),
    "confirm": gettext_lazy("The seller confirmed the order"),
    "decline": gettext_lazy("The seller declined the order"),
    "withdraw": gettext_lazy("The buyer withdrew the order"),
    "begin_production": gettext_lazy("The workshop began the work"),
    "make_ready": gettext_lazy("Everything is made"),
}
BY_BUYER = {"send", "withdraw"}


def with_turns(orders: Iterable[Order], *, for_seller: bool) -> list[tuple[Order, Any]]:
    """Orders of a list with the words of whose turn it is."""
    turns = TURN_FOR_SELLER if for_seller else TURN_FOR_BUYER
    return [(order, turns[OrderStatus(order.status)]) for order in orders]


def order_context(order: Order, on: date, *, for_seller: bool) -> dict[str, Any]:
    """The page of an order, for the buyer or for the seller."""
    turns = TURN_FOR_SELLER if for_seller else TURN_FOR_BUYER
    lines = list(lines_of(order))
    rate = vat_rate_on(on).rate
    work_orders = list(work_orders_of(order))
    return {
        "order": order,
        "title": _("Order %(number)s") % {"number": order.number},
        "crumbs": [_crumb_of(for_seller), {"label": order.number}],
        "turn": turns[OrderStatus(order.status)],
        "lines": lines,
        "sums": order_sums(lines, rate),
        "vat_rate": rate,
        "has_vat": any(line.is_vat_inside for line in lines),
        "facts": _facts(order, for_seller=for_seller),
        "work_orders": work_orders,
        "production": [
            {"work_order": row, "made": made_of(row), "due": due_text(row.due_on)}
            for row in work_orders
        ],
        "rows": order_timeline(order),
        "papers": _papers(order, for_seller=for_seller),
        "for_seller": for_seller,
    }


def _papers(order: Order, *, for_seller: bool) -> Rows:
    """What can be printed about the order: its confirmation, once it is confirmed."""
    if order.status not in TAKEN:
        return []
    view = "orders:received_confirmation" if for_seller else "orders:confirmation"
    address = reverse(view, args=[order.pk])
    return [
        {"label": _("Order confirmation in Russian, PDF"), "url": f"{address}?language=ru"},
        {"label": _("Order confirmation in Kazakh, PDF"), "url": f"{address}?language=kk"},
    ]


def _crumb_of(for_seller: bool) -> dict[str, Any]:
    if for_seller:
        return {"label": _("Orders received"), "url": reverse("orders:received")}
    return {"label": _("My orders"), "url": reverse("orders:order_list")}


def order_sums(lines: Iterable[OrderLine], rate: Any) -> Sums:
    """The total and the VAT inside it, at a rate."""
    return sums_of(_priced(line, rate) for line in lines)


def _priced(line: OrderLine, rate: Any) -> PricedLine:
    return PricedLine(
        unit_price=line.unit_price,
        quantity=line.quantity,
        vat_rate=rate if line.is_vat_inside else None,
    )


def _facts(order: Order, *, for_seller: bool) -> Rows:
    facts = [
        {"label": _("Buyer"), "value": order.buyer.name, "note": _bin(order.buyer)},
        {"label": _("Seller"), "value": order.seller.name, "note": _bin(order.seller)},
        {"label": _("Sent"), "value": text.moment(order.placed_at)},
        {"label": _("Contact person"), "value": order.contact_name, "note": order.contact_phone},
        {"label": _("Delivery address"), "value": order.delivery_address},
    ]
    if order.comment:
        facts.append({"label": _("Comment for the workshop"), "value": order.comment})
    return facts if not for_seller else [facts[0], *facts[2:]]


def _bin(organisation: Any) -> str:
    return _("BIN or IIN %(number)s") % {"number": organisation.bin}


def order_timeline(order: Order) -> Rows:
    """What happened, oldest first; the actor is shown as an organisation, never as a person."""
    return [
        {
            "at": change.at,
            "text": NEWS.get(change.action, change.action),
            "status": change.to_status,
            "who": order.buyer.name if change.action in BY_BUYER else order.seller.name,
            "reason": change.reason,
        }
        for change in history_of(order)
    ]
