"""Which offers are sold on a day, by whom, with which VAT; and if not, why, in words.

Called by the catalogue here and by the basket and the sending of an order in the app above.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.accounts.selectors import vat_payer_ids, vat_rate_on
from portal.kernel.money import ZERO, vat_inside
from portal.kernel.periods import Period, period_q
from portal.kernel.text import date_short
from workshops.enums import Licence
from workshops.models import DesignPermission, Product, ProductOffer, ProductPaper, WorkshopOperator

Text = str | Promise
ENDED = _("No longer on sale.")
NOT_YET = _("Not on sale yet.")
NO_OPERATOR = _("Not on sale: the workshop has no operator now.")
NOT_PERMITTED = _("Shown only: the owner of the design has not let this workshop sell it.")


@dataclass(frozen=True, slots=True)
class OfferOnDay:
    """An offer with its seller and tax on a day; `refusal` says why it is not sold, if it is not.

    `vat` is the part of the price of one piece, in tenge; zero where VAT is not due.
    """

    offer: ProductOffer
    seller: Organisation | None
    is_vat_inside: bool
    vat_rate: Decimal
    refusal: Text

    @property
    def is_sold(self) -> bool:
        return not self.refusal

    @property
    def vat(self) -> Decimal:
        return vat_inside(self.offer.price, self.vat_rate) if self.is_vat_inside else ZERO

    @property
    def product(self) -> Product:
        return self.offer.version.product


def offers_with_places() -> "QuerySet[ProductOffer]":
    """Offers with their product, workshop and institution joined."""
    return ProductOffer.objects.select_related(
        "version__product__design_owner", "workshop__institution__organisation"
    )


def offers_on_day(offers: Iterable[ProductOffer], on: date) -> list[OfferOnDay]:
    """The offers with seller, tax and refusal on the day, in five queries whatever their number."""
    rows = list(offers)
    sellers = operators_on(on, {offer.workshop_id for offer in rows})
    papers = _papers_of({offer.version_id for offer in rows})
    permitted = _permissions_on(on, {offer.version.product_id for offer in rows})
    payers = vat_payer_ids(on)
    rate = vat_rate_on(on).rate
    shown = []
    for offer in rows:
        seller = sellers.get(offer.workshop_id)
        refusal = (
            _not_in_force(offer, on)
            or _not_permitted(offer.version.product, seller, permitted)
            or _paper_refusal(papers[offer.version_id], on)
        )
        is_payer = seller is not None and seller.id in payers
        shown.append(OfferOnDay(offer, seller, is_payer, rate, refusal))
    return shown


def operators_on(on: date, workshop_ids: Iterable[int]) -> dict[int, Organisation]:
    """Who operates each of the workshops on the day."""
    rows = WorkshopOperator.objects.filter(
        period_q(on), workshop_id__in=workshop_ids
    ).select_related("operator")
    return {row.workshop_id: row.operator for row in rows}


def is_paper_expired(paper: ProductPaper, on: date) -> bool:
    """The day on the paper is the last one it holds."""
    return paper.valid_until is not None and paper.valid_until < on


def _not_in_force(offer: ProductOffer, on: date) -> Text:
    # What is made is fixed by the approval of the version; before it there is nothing to sell.
    if on < offer.version.approved_on:
        return NOT_YET
    if Period(offer.effective_from, offer.effective_to).contains(on):
        return ""
    return NOT_YET if on < offer.effective_from else ENDED


def _not_permitted(
    product: Product, seller: Organisation | None, permitted: set[tuple[int, int]]
) -> Text:
    if seller is None:
        return NO_OPERATOR
    if product.licence == Licence.OPEN or product.design_owner_id == seller.id:
        return ""
    by_permission = product.licence == Licence.BY_PERMISSION
    return "" if by_permission and (product.id, seller.id) in permitted else NOT_PERMITTED


def _paper_refusal(papers: list[ProductPaper], on: date) -> Text:
    """A renewed paper of the same kind and regulation heals the expired one, from its own day."""
    valid = {
        (p.kind, p.regulation) for p in papers if p.issued_on <= on and not is_paper_expired(p, on)
    }
    for paper in papers:
        if is_paper_expired(paper, on) and (paper.kind, paper.regulation) not in valid:
            sentence = gettext("Not on sale: %(regulation)s, paper %(number)s expired on %(date)s.")
            return sentence % {
                "regulation": paper.regulation,
                "number": paper.number,
                "date": date_short(paper.valid_until),
            }
    return ""


def _papers_of(version_ids: set[int]) -> dict[int, list[ProductPaper]]:
    papers: dict[int, list[ProductPaper]] = defaultdict(list)
    rows = ProductPaper.objects.filter(version_id__in=version_ids)
    for paper in rows.order_by("-valid_until", "id"):
        papers[paper.version_id].append(paper)
    return papers


def _permissions_on(on: date, product_ids: set[int]) -> set[tuple[int, int]]:
    rows = DesignPermission.objects.filter(period_q(on), product_id__in=product_ids)
    return set(rows.values_list("product_id", "operator_id"))
