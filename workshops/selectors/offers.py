"""Which offers are sold on a day, by whom, with which VAT; and if not, why, in words.

Called by the catalogue here and by the basket and the sending of an order in the app above.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.accounts.selectors import IN_FORCE, VatRateMissing, pays_vat, vat_rate_in_force
from portal.kernel.money import ZERO, vat_inside
from portal.kernel.periods import Period, period_q
from portal.kernel.text import date_short
from workshops.enums import Licence
from workshops.models import Product, ProductOffer, ProductPaper, WorkshopOperator

Text = str | Promise
ENDED = _("No longer on sale.")
NOT_YET = _("Not on sale yet.")
NO_OPERATOR = _("Not on sale: the workshop has no operator now.")
NOT_PERMITTED = _("Shown only: the owner of the design has not let this workshop sell it.")
PERMITTED = f"""ARRAY(
  SELECT p.product_id FROM workshops_designpermission p
  WHERE p.operator_id = workshops_workshopoperator.operator_id AND {IN_FORCE})"""  # noqa: S608 - constants


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
        "version__product", "workshop__institution__organisation"
    )


def offers_on_day(offers: Iterable[ProductOffer], on: date) -> list[OfferOnDay]:
    """The offers with seller, tax and refusal on the day: two queries beside that of the offers,
    whatever their number."""
    rows = list(offers)
    sellers = _sellers_on(on, {offer.workshop_id for offer in rows})
    papers = _papers_of({offer.version_id for offer in rows})
    shown = []
    for offer in rows:
        seller = sellers.get(offer.workshop_id, NOBODY)
        refusal = (
            _not_in_force(offer, on)
            or _not_permitted(offer.version.product, seller)
            or _paper_refusal(papers[offer.version_id], on)
        )
        shown.append(
            OfferOnDay(offer, seller.organisation, seller.is_vat_payer, seller.vat_rate, refusal)
        )
    return shown


@dataclass(frozen=True, slots=True)
class _Seller:
    """Who operates a workshop on a day, with what the day says about the sale."""

    organisation: Organisation | None
    is_vat_payer: bool
    vat_rate: Decimal
    permitted: Collection[int]


# Without an operator nothing is sold, so no rate is ever applied.
NOBODY = _Seller(None, is_vat_payer=False, vat_rate=ZERO, permitted=())


def _sellers_on(on: date, workshop_ids: Iterable[int]) -> dict[int, _Seller]:
    """The operators with their tax and permissions in one query; no rate of VAT is no zero."""
    rows = _operators(on, workshop_ids).annotate(
        is_vat_payer=pays_vat(on, "workshops_workshopoperator.operator_id"),
        vat_rate=vat_rate_in_force(on),
        permitted=RawSQL(PERMITTED, [on, on]),  # noqa: S611 - constants of the code
    )
    sellers = {}
    for row in rows:
        if row.vat_rate is None:
            raise VatRateMissing
        sellers[row.workshop_id] = _Seller(
            row.operator, row.is_vat_payer, row.vat_rate, row.permitted
        )
    return sellers


def operators_on(on: date, workshop_ids: Iterable[int]) -> dict[int, Organisation]:
    """Who operates each of the workshops on the day."""
    return {row.workshop_id: row.operator for row in _operators(on, workshop_ids)}


def _operators(on: date, workshop_ids: Iterable[int]) -> "QuerySet[WorkshopOperator]":
    return WorkshopOperator.objects.filter(
        period_q(on), workshop_id__in=workshop_ids
    ).select_related("operator")


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


def _not_permitted(product: Product, seller: _Seller) -> Text:
    if seller.organisation is None:
        return NO_OPERATOR
    if product.licence == Licence.OPEN or product.design_owner_id == seller.organisation.id:
        return ""
    by_permission = product.licence == Licence.BY_PERMISSION
    return "" if by_permission and product.id in seller.permitted else NOT_PERMITTED


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
