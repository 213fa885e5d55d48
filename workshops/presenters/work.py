"""What the pages of workshops show, as facts and rows ready for the components."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.kernel import text
from portal.kernel.states import history_of
from workshops.enums import Audience, WorkOrderStatus
from workshops.models import WorkOrder
from workshops.selectors.catalogue import CatalogueCard, ProductPage, Shelf, product_page
from workshops.selectors.offers import OfferOnDay

Rows = list[dict[str, Any]]
# The steps of a work order in words; orders tell them on the timelines of their own pages.
NEWS = {
    "create": gettext_lazy("Work order created"),
    "begin": gettext_lazy("Work has begun"),
    "complete": gettext_lazy("All operations are done"),
    "cancel": gettext_lazy("Cancelled"),
}


def audience_filters(chosen: str) -> Rows:
    """The links above the catalogue; the chosen one is marked."""
    address = reverse("workshops:catalogue")
    everything = {"label": _("Everything"), "url": address, "is_chosen": not chosen}
    return [everything] + [
        {"label": a.label, "url": f"{address}?audience={a}", "is_chosen": a == chosen}
        for a in Audience
    ]


def known_audience(asked: str) -> str:
    """The audience asked for in the address, or nothing if there is no such."""
    return asked if asked in Audience.values else ""


def shelves_context(shelves: Iterable[Shelf], chosen: str) -> dict[str, Any]:
    """The shelves of the catalogue, or why there are none."""
    return {
        "shelves": [
            {"audience": shelf.audience, "cards": [_card(card) for card in shelf.cards]}
            for shelf in shelves
        ],
        "chosen": chosen,
    }


def _card(card: CatalogueCard) -> dict[str, Any]:
    """A card in words; the template only places them, for there may be a hundred."""
    product, shown = card.product, card.offer
    row: dict[str, Any] = {
        "url": reverse("workshops:product", args=[product.code]),
        "picture": static(f"img/{product.drawing}.svg"),
        "name": product.name,
        "line": product.summary,
        "place": shown.offer.workshop.institution.organisation.name if shown else "",
        "refusal": shown.refusal if shown else _("Nobody sells it now."),
    }
    if shown and shown.is_sold:
        price = text.money(shown.offer.price)
        row["price"] = _("from %(price)s") % {"price": price} if card.has_choice else price
        row["vat"] = (
            _("including VAT %(share)s") % {"share": text.share(shown.vat_rate)}
            if shown.is_vat_inside
            else _("without VAT")
        )
    return row


def product_context(code: str, on: date, **buy: Any) -> dict[str, Any] | None:
    """The product page; `buy` is what was typed into its form and why it was refused."""
    page = product_page(code, on)
    if page is None:
        return None
    return {
        "page": page,
        "crumbs": [
            {"label": _("Catalogue"), "url": reverse("workshops:catalogue")},
            {"label": page.product.name},
        ],
        "facts": _product_facts(page),
        "makers": [_maker_facts(offer) for offer in page.offers],
        "buy": {"quantity": "1", "offer_id": _first_id(page.sold), "errors": []} | buy,
    }


def _first_id(offers: list[OfferOnDay]) -> int | None:
    return offers[0].offer.id if offers else None


def _product_facts(page: ProductPage) -> Rows:
    version, product = page.version, page.product
    owner = product.design_owner.name if product.design_owner else _("No owner: a common design")
    facts = [
        {"label": _("Dimensions"), "value": version.dimensions},
        {"label": _("Materials"), "value": version.materials},
        {"label": _("Design"), "value": owner, "note": product.get_licence_display()},
    ]
    if version.age_from is not None:
        years = ngettext("from %(years)s year", "from %(years)s years", version.age_from)
        facts.insert(2, {"label": _("Age"), "value": years % {"years": version.age_from}})
    return facts


def _maker_facts(shown: OfferOnDay) -> Rows:
    workshop = shown.offer.workshop
    facts = [
        {"label": _("Workshop"), "value": workshop.name},
        {"label": _("Institution"), "value": workshop.institution.organisation.name},
    ]
    if shown.seller:
        note = _("issues the invoice")
        facts.append({"label": _("Seller"), "value": shown.seller.name, "note": note})
    return facts


def work_order_context(work_order: WorkOrder, on: date) -> dict[str, Any]:
    """The page of a work order: facts and history."""
    is_open = work_order.status in (WorkOrderStatus.PLANNED, WorkOrderStatus.IN_PROGRESS)
    late = is_open and work_order.due_on is not None and work_order.due_on < on
    return {
        "work_order": work_order,
        "title": _("Work order %(number)s") % {"number": work_order.number},
        "crumbs": [
            {"label": _("Work orders"), "url": reverse("workshops:work_orders")},
            {"label": work_order.number},
        ],
        "facts": [
            {"label": _("Product"), "value": work_order.title,
             "note": _("made once, to the customer's drawing") if work_order.part_id else ""},
            {"label": _("Workshop"), "value": work_order.workshop.name,
             "note": work_order.workshop.institution.organisation.name},
            {"label": _("Made"), "value": made_of(work_order)},
            {"label": _("Due"), "value": due_text(work_order.due_on),
             "note": _("The date has passed.") if late else ""},
        ],
        "rows": work_order_history(work_order),
    }  # fmt: skip


def made_of(work_order: Any) -> str:
    """How many pieces passed every operation; `made` comes from the selector."""
    return _("%(made)s of %(quantity)s") % {
        "made": text.number(work_order.made or 0),
        "quantity": text.number(work_order.quantity),
    }


def due_text(due_on: date | None) -> str:
    """The date, or a word for its absence."""
    return text.date_short(due_on) if due_on else _("no date set")


def work_order_history(work_order: WorkOrder) -> Rows:
    """The timeline of a work order."""
    return [
        {
            "at": change.at,
            "text": NEWS.get(change.action, change.action),
            "status": change.to_status,
            "who": _who(work_order, change),
            "reason": change.reason,
        }
        for change in history_of(work_order)
    ]


def _who(work_order: WorkOrder, change: Any) -> str:
    """The person; a requested part is ordered by its customer, whose people stay its own."""
    if work_order.part_id and change.action == "create":
        return _("Customer")
    return change.actor.get_full_name() if change.actor else ""
