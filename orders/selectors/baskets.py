"""What is in a basket today: lines by seller with sums, and lines that cannot be ordered."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from orders.models import BasketLine
from orders.pricing import PricedLine, Sums, sums_of
from portal.accounts.models import Organisation
from workshops.selectors.offers import OfferOnDay, Text, offers_on_day, offers_with_places


@dataclass(frozen=True, slots=True)
class BasketRow:
    """A line of a basket with its offer as it is on the day."""

    line_id: int
    shown: OfferOnDay
    quantity: int

    @property
    def offer_id(self) -> int:
        return self.shown.offer.id

    @property
    def title(self) -> str:
        return str(self.shown.product.name)

    @property
    def priced(self) -> PricedLine:
        rate = self.shown.vat_rate
        return PricedLine(
            unit_price=self.shown.offer.price,
            quantity=self.quantity,
            vat_rate=rate if self.shown.is_vat_inside else None,
        )


@dataclass(frozen=True, slots=True)
class SellerPart:
    """The lines one seller will get as one order."""

    seller: Organisation
    rows: list[BasketRow] = field(default_factory=list)

    @property
    def sums(self) -> Sums:
        return sums_of(row.priced for row in self.rows)


@dataclass(frozen=True, slots=True)
class BasketView:
    """A basket as it is on a day."""

    parts: list[SellerPart]
    unavailable: list[tuple[BasketRow, Text]]

    @property
    def rows(self) -> list[BasketRow]:
        return [row for part in self.parts for row in part.rows]

    @property
    def is_empty(self) -> bool:
        return not self.parts and not self.unavailable

    @property
    def sums(self) -> Sums:
        return sums_of(row.priced for row in self.rows)

    @property
    def count(self) -> int:
        return len(self.rows) + len(self.unavailable)


def basket_count(key: str | None) -> int:
    """How many lines are in the basket of this session key."""
    return BasketLine.objects.filter(basket__key=key).count() if key else 0


def basket_on(key: str | None, on: date) -> BasketView:
    """The basket of a session key on a day, in seven queries whatever its size."""
    lines = list(BasketLine.objects.filter(basket__key=key).order_by("id")) if key else []
    if not lines:
        return BasketView([], [])
    offers = offers_with_places().filter(id__in=[line.offer_id for line in lines])
    on_day = {shown.offer.id: shown for shown in offers_on_day(offers, on)}
    rows = [BasketRow(line.id, on_day[line.offer_id], line.quantity) for line in lines]
    unavailable = [(row, row.shown.refusal) for row in rows if not row.shown.is_sold]
    return BasketView(_by_seller(row for row in rows if row.shown.is_sold), unavailable)


def _by_seller(rows: Iterable[BasketRow]) -> list[SellerPart]:
    parts: dict[int, SellerPart] = {}
    for row in rows:
        seller = row.shown.seller
        if seller is not None:
            parts.setdefault(seller.id, SellerPart(seller)).rows.append(row)
    return list(parts.values())
