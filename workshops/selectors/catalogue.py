"""The catalogue and the page of one product, open to everybody."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from workshops.enums import Audience
from workshops.models import Product, ProductPaper, ProductVersion
from workshops.selectors.offers import (
    OfferOnDay,
    is_paper_expired,
    offers_on_day,
    offers_with_places,
)


@dataclass(frozen=True, slots=True)
class CatalogueCard:
    """A product with its best offer; `offer` is None when nobody offers it."""

    product: Product
    offer: OfferOnDay | None
    has_choice: bool

    @property
    def is_sold(self) -> bool:
        return self.offer is not None and self.offer.is_sold


@dataclass(frozen=True, slots=True)
class Shelf:
    """The cards of one audience."""

    audience: Audience
    cards: list[CatalogueCard]


@dataclass(frozen=True, slots=True)
class PaperOnDay:
    """A conformity paper and whether it still holds."""

    paper: ProductPaper
    is_expired: bool


@dataclass(frozen=True, slots=True)
class ProductPage:
    """Everything the page of a product tells."""

    product: Product
    version: ProductVersion
    offers: list[OfferOnDay]
    papers: list[PaperOnDay]
    pieces: int

    @property
    def sold(self) -> list[OfferOnDay]:
        return [offer for offer in self.offers if offer.is_sold]


def catalogue_on(on: date, audience: str = "") -> list[Shelf]:
    """Shelves in the order of the audiences, each with its products; one shelf when filtered."""
    approved = ProductVersion.objects.filter(product=OuterRef("pk"), approved_on__lte=on)
    found = Product.objects.filter(Exists(approved))
    if audience:
        found = found.filter(audience=audience)
    products = list(found.order_by("sort_order", "id"))
    by_product = _offers_of([product.id for product in products], on)
    shelves: dict[str, list[CatalogueCard]] = defaultdict(list)
    for product in products:
        shelves[product.audience].append(_card(product, by_product[product.id]))
    return [Shelf(shelf, shelves[shelf]) for shelf in Audience if shelves[shelf]]


def cards_of(product_ids: list[int], on: date) -> dict[int, CatalogueCard]:
    """The cards of these products by id, in a number of queries that does not grow."""
    by_product = _offers_of(product_ids, on)
    products = Product.objects.in_bulk(product_ids)
    return {pk: _card(product, by_product[pk]) for pk, product in products.items()}


def product_page(code: str, on: date) -> ProductPage | None:
    """The version of a product that is offered, with its offers; where nobody offers any, the
    newest approved one. None if there is no such product.

    Parts and papers are those of what is bought: a newer version that nobody makes yet is not.
    """
    approved = {
        version.pk: version
        for version in ProductVersion.objects.filter(product__code=code, approved_on__lte=on)
        .select_related("product__design_owner")
        .prefetch_related("parts", "papers")
        .order_by("-number")
    }
    if not approved:
        return None
    newest = next(iter(approved.values()))
    offers = _offers_of([newest.product_id], on)[newest.product_id]
    version = approved[offers[0].offer.version_id] if offers else newest
    papers = [
        PaperOnDay(paper, is_paper_expired(paper, on))
        for paper in sorted(version.papers.all(), key=lambda paper: paper.id)
    ]
    pieces = sum(part.quantity for part in version.parts.all())
    return ProductPage(version.product, version, offers, papers, pieces)


def _offers_of(product_ids: list[int], on: date) -> dict[int, list[OfferOnDay]]:
    """Offers of each product's newest version that is offered on the day: sold ones first, then
    by price."""
    rows = offers_with_places().filter(
        version__product_id__in=product_ids, version__approved_on__lte=on
    )
    known = [
        one for one in offers_on_day(rows.order_by("price", "id"), on) if _is_worth_showing(one, on)
    ]
    newest: dict[int, int] = defaultdict(int)
    for one in known:
        newest[one.product.id] = max(newest[one.product.id], one.offer.version.number)
    chosen: dict[int, list[OfferOnDay]] = defaultdict(list)
    for one in sorted(known, key=lambda shown: not shown.is_sold):
        if one.offer.version.number == newest[one.product.id]:
            chosen[one.product.id].append(one)
    return chosen


def _is_worth_showing(shown: OfferOnDay, on: date) -> bool:
    """A price that has ended or not begun is no news; another reason is told."""
    offer = shown.offer
    has_ended = offer.effective_to is not None and offer.effective_to <= on
    return not has_ended and offer.effective_from <= on


def _card(product: Product, offers: list[OfferOnDay]) -> CatalogueCard:
    sold = [offer for offer in offers if offer.is_sold]
    best = next(iter(sold or offers), None)
    return CatalogueCard(product, best, has_choice=len(sold) > 1)
