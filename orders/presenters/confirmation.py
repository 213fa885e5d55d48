"""The confirmation of an order as plain data for templates/documents/order_confirmation.typ."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from orders.models import Order
from orders.presenters.orders import order_sums
from orders.selectors.orders import LineWithDates, lines_with_dates
from portal.accounts.models import Organisation
from portal.accounts.selectors import vat_rate_on
from portal.documents.words import amount_in_words
from portal.kernel.clock import day_of
from portal.kernel.money import NBSP
from portal.kernel.states import history_of
from portal.kernel.text import date_long, date_short, money, number, share, sum_text


def confirmation_document(order: Order, stamp: dict[str, Any]) -> dict[str, Any]:
    """The paper in the present language; VAT at the rate of the day of confirmation."""
    language = (get_language() or "ru").split("-")[0]
    rows = lines_with_dates(order)
    confirmed_on = _confirmed_on(order)
    return {
        "language": language,
        "title": _("Order confirmation"),
        "number": _("Order No. %(number)s") % {"number": order.number},
        "about": _about(order, confirmed_on),
        "seller": _party(order.seller),
        "buyer": _party(order.buyer),
        "delivery": [
            {"label": _("Delivery address"), "value": order.delivery_address},
            {"label": _("Contact person"), "value": _contact(order)},
            {"label": _("Planned by"), "value": _last_day(rows)},
        ],
        "lines": [_line(row) for row in rows],
        "total": sum_text(order.total),
        "in_words": amount_in_words(order.total, language),
        "vat": _vat(order, rows, vat_rate_on(confirmed_on).rate),
        "note": _(
            "The seller confirms that it has taken this order at these prices. "
            "This is not an invoice."
        ),
        "labels": _labels(),
        "stamp": stamp,
    }


def _confirmed_on(order: Order) -> date:
    change = history_of(order).filter(action="confirm").last()
    if change is None:
        raise LookupError(f"order {order.pk} was never confirmed")
    return day_of(change.at)


def _about(order: Order, confirmed_on: date) -> str:
    return _("Sent on %(sent)s, confirmed by the seller on %(confirmed)s.") % {
        "sent": date_long(order.placed_at),
        "confirmed": date_long(confirmed_on),
    }


def _party(organisation: Organisation) -> dict[str, str]:
    contacts = (organisation.address, _unbroken(organisation.phone), organisation.email)
    return {
        "name": organisation.name,
        "bin": _("BIN or IIN %(number)s") % {"number": organisation.bin},
        "contacts": " · ".join(part for part in contacts if part),
    }


def _contact(order: Order) -> str:
    return f"{order.contact_name}, {_unbroken(order.contact_phone)}"


def _unbroken(text: str) -> str:
    """A telephone number or a date with its words, kept on one line."""
    return text.replace(" ", NBSP)


def _line(row: LineWithDates) -> dict[str, str]:
    line, workshop = row.line, row.line.offer.workshop
    place = f"{workshop.name}, {workshop.institution.organisation.name}"
    day = {"date": ", ".join(date_short(one) for one in row.due)}
    due = _unbroken(_("planned by %(date)s") % day if row.due else _("no date set"))
    return {
        "text": line.title,
        "why": f"{place} · {due}",
        "quantity": f"{number(line.quantity)} {line.version.product.get_unit_display()}",
        "price": sum_text(line.unit_price),
        "sum": sum_text(line.total),
    }


def _last_day(rows: list[LineWithDates]) -> str:
    """The day by which everything is planned; a line without a date leaves it open."""
    if not all(row.due for row in rows):
        return _("no date set")
    return date_long(max(row.due[-1] for row in rows))


def _vat(order: Order, rows: list[LineWithDates], rate: Decimal) -> str:
    sums = order_sums([row.line for row in rows], rate)
    if not any(row.line.is_vat_inside for row in rows):
        return _("Without VAT: the seller does not pay it.")
    return _("Including VAT %(share)s: %(vat)s. The rate is that of the day of shipment.") % {
        "share": share(rate),
        "vat": money(sums.vat),
    }


def _labels() -> dict[str, str]:
    return {
        "seller": _("Seller"),
        "buyer": _("Buyer"),
        "product": _("Product"),
        "quantity": _("Quantity"),
        "price": _("Price, ₸"),
        "sum": _("Sum, ₸"),
        "total": _("Total"),
        "seller_signs": _("For the seller"),
        "stamp_place": _("Place of the stamp, if there is one"),
    }
