"""What a search found, joined from the apps below and marked for the page."""

from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.selectors import VatRateMissing
from portal.front.menu import address
from portal.front.selectors import price_of
from portal.front.site_pages import pages_found
from portal.kernel.matching import Asked, Piece, finds, marked
from workshops.selectors.search import (
    FoundProduct,
    FoundWorkshop,
    products_found,
    workshops_found,
)

MOST_PARTS = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: name and line in marked pieces; `picture`, `price` for goods."""

    name: list[Piece]
    line: list[Piece]
    url: str
    picture: str = ""
    price: str = ""
    inside: list[Piece] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Results:
    """The groups; `is_alike` when no product has the words themselves."""

    products: list[Hit] = field(default_factory=list)
    workshops: list[Hit] = field(default_factory=list)
    pages: list[Hit] = field(default_factory=list)
    is_alike: bool = False

    @property
    def count(self) -> int:
        return len(self.products) + len(self.workshops) + len(self.pages)


def results_of(asked: Asked, on: date) -> Results:
    """Everything public that answers the query, in a fixed number of questions."""
    if not asked.words:
        return Results()
    try:
        products, is_alike = products_found(asked, on)
    except VatRateMissing:
        # A portal just installed has no rates yet; the other groups are still searched.
        products, is_alike = [], False
    return Results(
        products=[_product_hit(found, asked) for found in products],
        workshops=[_workshop_hit(found, asked) for found in workshops_found(asked, on)],
        pages=[
            Hit(marked(str(page.title), asked), marked(str(page.about), asked), page.url)
            for page in pages_found(asked)
        ],
        is_alike=is_alike,
    )


def _product_hit(found: FoundProduct, asked: Asked) -> Hit:
    product = found.card.product
    return Hit(
        name=marked(product.name, asked),
        line=marked(product.summary, asked),
        url=reverse("workshops:product", args=[product.code]),
        picture=f"img/{product.drawing}.svg",
        price=price_of(found.card),
        inside=_inside(found.parts, asked),
    )


def _inside(parts: list[str], asked: Asked) -> list[Piece]:
    """The parts that were asked for: why a product is here whose name says nothing of it."""
    named = [part for part in parts if any(_names(part, word) for word in asked.words)]
    if not named:
        return []
    shown = ", ".join(named[:MOST_PARTS])
    return marked(_("With: %(parts)s") % {"parts": shown}, asked)


def _names(part: str, word: str) -> bool:
    return finds(part, Asked(word, (word,), ((word,),)))


def _workshop_hit(found: FoundWorkshop, asked: Asked) -> Hit:
    workshop = found.workshop
    place = workshop.institution.organisation.name
    runs = _("operator: %(name)s") % {"name": found.operator.name} if found.operator else ""
    contacts = address("front:contacts")
    return Hit(
        name=marked(workshop.name, asked),
        line=marked(" · ".join(part for part in (place, runs) if part), asked),
        url=f"{contacts}#institution-{workshop.institution.number}",
    )
