"""Bids beside each other: sums, marks of the best in words, the order the reader asked for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.enums import BidStatus
from orders.models import Bid, ProductionRequest
from orders.pricing import PricedLine
from portal.kernel import text

Rows = list[dict[str, Any]]
HANDED_OVER = gettext_lazy("The workshop has another operator now: this bid cannot be chosen.")
DAY_PASSED = gettext_lazy("The promised day has passed: this bid cannot be chosen.")


@dataclass(frozen=True, slots=True)
class ComparedBid:
    """A bid with its sums, and in what it is the best of those that can be chosen."""

    bid: Bid
    priced: PricedLine
    is_best_price: bool = False
    is_earliest: bool = False
    refusal: str | Promise = ""
    is_late: bool = False

    @property
    def total(self) -> Decimal:
        return self.priced.total

    @property
    def stages(self) -> str:
        return stages_of(self.bid)

    @property
    def may_be_chosen(self) -> bool:
        return self.bid.status == BidStatus.SUBMITTED and not self.refusal


SORTS: dict[str, Callable[[ComparedBid], Any]] = {
    "price": lambda one: one.total,
    "date": lambda one: one.bid.ready_on,
    "batch": lambda one: one.bid.minimum_batch,
}


def known_sort(asked: str) -> str:
    """The order asked for in the address, or by price."""
    return asked if asked in SORTS else "price"


def compared(
    request: ProductionRequest,
    bids: Iterable[Bid],
    operators: dict[int, Any],
    rate: Decimal,
    on: date,
    sort: str = "price",
) -> list[ComparedBid]:
    """The bids of a request, sorted; marks only among those that can be chosen, and not for one.

    `operators` are those of the workshops today, `rate` is that of VAT.
    """
    plain = [_compared(request, bid, operators, rate, on) for bid in bids]
    rivals = [one for one in plain if one.may_be_chosen]
    marked = [replace(one, **_marks(one, rivals)) for one in plain]
    # What cannot be chosen stands below; equal ones in the order in which they came.
    return sorted(marked, key=lambda one: (bool(one.refusal), SORTS[sort](one), one.bid.pk))


def _compared(
    request: ProductionRequest, bid: Bid, operators: dict[int, Any], rate: Decimal, on: date
) -> ComparedBid:
    return ComparedBid(
        bid,
        priced(bid, request.quantity, rate),
        refusal=_refusal(bid, operators.get(bid.workshop_id), on),
        is_late=bid.ready_on > request.wanted_by,
    )


def _refusal(bid: Bid, operator: Any, on: date) -> str | Promise:
    if bid.status != BidStatus.SUBMITTED:
        return ""
    if operator is None or operator.pk != bid.bidder_id:
        return HANDED_OVER
    return DAY_PASSED if bid.ready_on < on else ""


def priced(bid: Any, quantity: int, rate: Decimal) -> PricedLine:
    """The price of a bid (or of an award) times the quantity, with VAT where it is inside."""
    return PricedLine(bid.unit_price, quantity, rate if bid.is_vat_inside else None)


def _marks(one: ComparedBid, rivals: list[ComparedBid]) -> dict[str, bool]:
    if len(rivals) < 2 or not one.may_be_chosen:
        return {}
    return {
        "is_best_price": one.total == min(rival.total for rival in rivals),
        "is_earliest": one.bid.ready_on == min(rival.bid.ready_on for rival in rivals),
    }


def sort_links(chosen: str) -> dict[str, dict[str, Any]]:
    """The sorting of the table's heads: the address part and which one is on."""
    return {name: {"query": f"?sort={name}", "is_on": name == chosen} for name in SORTS}


def bid_facts(request: ProductionRequest, bid: Bid, rate: Decimal) -> Rows:
    """One bid as facts: for its operator, and for the customer who is about to choose it."""
    line = priced(bid, request.quantity, rate)
    facts = [
        {"label": _("Workshop"), "value": bid.workshop.name,
         "note": bid.workshop.institution.organisation.name},
        {"label": _("Operator"), "value": bid.bidder.name,
         "note": _("BIN or IIN %(number)s") % {"number": bid.bidder.bin}},
        {"label": _("Price of one"), "value": text.money(bid.unit_price),
         "note": vat_words(is_inside=bid.is_vat_inside)},
        {"label": _("Total"), "value": text.money(line.total),
         "note": quantity_times(request, bid)},
        {"label": _("Ready on"), "value": text.date_short(bid.ready_on),
         "note": _("later than wanted: by %(day)s") % {"day": text.date_short(request.wanted_by)}
         if bid.ready_on > request.wanted_by else ""},
        {"label": _("Minimum batch"), "value": amount(bid.minimum_batch, request)},
        {"label": _("Stages"), "value": stages_of(bid)},
    ]  # fmt: skip
    if bid.comment:
        facts.append({"label": _("Comment"), "value": bid.comment})
    return facts


def vat_words(*, is_inside: bool) -> str:
    """Whether VAT is in the price."""
    return _("VAT is inside") if is_inside else _("without VAT")


def stages_of(bid: Bid) -> str:
    """The stages in one line: cutting (cutter), sewing (sewer)."""
    stages = sorted(bid.stages.all(), key=lambda stage: stage.sequence)
    return ", ".join(f"{stage.name} ({stage.trade.name.lower()})" for stage in stages)


def amount(number: int, request: ProductionRequest) -> str:
    """A number of pieces with their unit."""
    return f"{text.number(number)}{text.NBSP}{request.get_unit_display()}"


def quantity_times(request: ProductionRequest, bid: Any) -> str:
    """What is multiplied: 300 pcs × 4 500,00."""
    return f"{amount(request.quantity, request)} × {text.sum_text(bid.unit_price)}"
