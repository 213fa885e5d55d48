"""The whole of each page of a production request, put together from facts, bids and steps."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from orders.enums import BidStatus, RequestStatus
from orders.models import Bid, ProductionRequest
from orders.presenters.bids import (
    bid_facts,
    compared,
    known_sort,
    quantity_times,
    sort_links,
    vat_words,
)
from orders.presenters.requests import (
    customer_turn,
    drawing_rows,
    is_answered,
    missing_for_publishing,
    operator_turn,
    production_row,
    request_facts,
    timeline_rows,
    waits_for_bids,
)
from orders.selectors.requests import (
    award_of,
    bid_chain,
    bids_for_customer,
    drawings_of,
    invitable_workshops,
    invited_workshops,
    steps_of,
    work_order_of,
)
from portal.accounts.enums import PRIVATE_KINDS
from portal.accounts.selectors import is_vat_payer_on, vat_rate_on
from portal.kernel import text
from portal.kernel.clock import day_of
from workshops.models import Workshop
from workshops.selectors.offers import operators_on
from workshops.selectors.work_orders import workshops_operated_by

Context = dict[str, Any]


def draft_context(request: ProductionRequest, on: date) -> Context:
    """The steps of a draft: what, drawings, workshops, and what is missing before publication."""
    workshops = invitable_workshops(request, on)
    invited = sum(one.is_invited for one in workshops)
    return _head(request, _posted_crumbs(request)) | {
        "turn": customer_turn(request, 0, on),
        "facts": request_facts(request, for_operator=False),
        "drawings": drawing_rows(drawings_of(request)),
        "workshops": workshops,
        "missing": missing_for_publishing(request, invited, on),
        "rows": timeline_rows(steps_of([request])),
    }


def publish_context(request: ProductionRequest, on: date) -> Context:
    """The request as the workshops will read it, and who they are."""
    invited = invited_workshops(request, on)
    return _head(request, [*_posted_crumbs(request, linked=True), {"label": _("Publishing")}]) | {
        "facts": request_facts(request, for_operator=True),
        "drawings": drawing_rows(drawings_of(request)),
        "invited": invited,
        "missing": missing_for_publishing(request, len(invited), on),
    }


def request_context(request: ProductionRequest, on: date, sort: str) -> Context:
    """The customer's page of a published request: bids, the choice, progress, one timeline."""
    bids = bids_for_customer(request)
    chosen = known_sort(sort)
    rate = _vat_rate(request, on)
    operators = operators_on(on, {bid.workshop_id for bid in bids})
    rows = compared(request, bids, operators, rate, on, chosen)
    return (
        _head(request, _posted_crumbs(request))
        | _agreed(request, [bid.pk for bid in bids])
        | {
            "turn": customer_turn(request, sum(one.may_be_chosen for one in rows), on),
            "facts": request_facts(request, for_operator=False),
            "drawings": drawing_rows(drawings_of(request)),
            "bids": rows,
            "sorts": sort_links(chosen),
            "invited": invited_workshops(request, on),
            "may_choose": request.status == RequestStatus.PUBLISHED,
        }
    )


def award_context(request: ProductionRequest, bid_id: int, on: date) -> Context | None:
    """One bid with everything that becomes binding; None if it cannot be chosen any more."""
    if request.status != RequestStatus.PUBLISHED:
        return None
    bids = [bid for bid in bids_for_customer(request) if bid.pk == bid_id]
    if not bids or bids[0].status != BidStatus.SUBMITTED:
        return None
    rate = vat_rate_on(on).rate
    operators = operators_on(on, {bids[0].workshop_id})
    crumbs = [*_posted_crumbs(request, linked=True), {"label": _("Choosing a bid")}]
    return _head(request, crumbs) | {
        "one": compared(request, bids, operators, rate, on)[0],
        "facts": bid_facts(request, bids[0], rate),
        # The portal is no place of public procurement: who is bound by it concludes elsewhere.
        "is_public_buyer": request.customer.kind not in PRIVATE_KINDS,
    }


def received_context(request: ProductionRequest, bids: list[Bid], user: Any, on: date) -> Context:
    """The operator's page: what is wanted, the own bids and nobody else's, the timeline."""
    rate = _vat_rate(request, on)
    mine = invited_workshops(request, on, workshops_operated_by(user, on))
    standing = {b.workshop_id for b in bids if b.status in (BidStatus.SUBMITTED, BidStatus.WON)}
    is_open = waits_for_bids(request, on)
    return (
        _head(request, _received_crumbs(request))
        | _agreed(request, [bid.pk for bid in bids], own=bids)
        | {
            "turn": operator_turn(request, on, has_answer=is_answered(bids)),
            "facts": request_facts(request, for_operator=True),
            "drawings": drawing_rows(drawings_of(request)),
            "bids": [{"bid": bid, "facts": bid_facts(request, bid, rate)} for bid in bids],
            "may_answer": [one.workshop for one in mine if one.workshop.pk not in standing]
            if is_open
            else [],
            "is_open": is_open,
            "for_seller": True,
        }
    )


def bid_form_context(request: ProductionRequest, workshop: Workshop, on: date) -> Context:
    """Beside the form of a bid: what is wanted, and whether VAT is inside the price."""
    operators = operators_on(on, {workshop.pk})
    return _head(request, [*_received_crumbs(request, linked=True), {"label": _("Bid")}]) | {
        "workshop": workshop,
        "is_vat_payer": any(is_vat_payer_on(who.pk, on) for who in operators.values()),
        "facts": request_facts(request, for_operator=True),
        "drawings": drawing_rows(drawings_of(request)),
    }


def _agreed(
    request: ProductionRequest, bid_ids: list[int], own: list[Bid] | None = None
) -> Context:
    """What was agreed and how far it is, with the timeline.

    Once a bid is chosen, customer and winner read the same timeline: request, the winner's bids,
    work order. Before that, and for those not chosen, it holds the bids in `bid_ids` alone.
    """
    award = award_of(request)
    is_winner = award is not None and (own is None or award.bid_id in bid_ids)
    if award is None or not is_winner:
        bids = list(Bid.objects.filter(pk__in=bid_ids).select_related("bidder"))
        return {"rows": timeline_rows(steps_of([request, *bids]))}
    work_order = work_order_of(award)
    steps = steps_of([request, *bid_chain(award.bid), work_order])
    return {
        "award": award,
        "agreed": _agreed_facts(request, award),
        "production": [production_row(work_order)],
        "rows": timeline_rows(steps, award.bid.bidder.name),
    }


def _vat_rate(request: ProductionRequest, on: date) -> Decimal:
    """Of today; once a bid is chosen, of that day: what was agreed does not move with the law."""
    award = award_of(request)
    return vat_rate_on(day_of(award.awarded_at) if award else on).rate


def _agreed_facts(request: ProductionRequest, award: Any) -> list[dict[str, Any]]:
    bid = award.bid
    return [
        {"label": _("Operator"), "value": bid.bidder.name, "note": bid.bidder.phone},
        {
            "label": _("Total"),
            "value": text.money(award.total),
            "note": quantity_times(request, award),
        },
        {"label": _("Tax"), "value": vat_words(is_inside=award.is_vat_inside)},
        {"label": _("Ready on"), "value": text.date_short(bid.ready_on)},
        {"label": _("Chosen"), "value": text.moment(award.awarded_at)},
    ]


def _head(request: ProductionRequest, crumbs: list[dict[str, Any]]) -> Context:
    return {"row": request, "title": request.title, "crumbs": crumbs}


def _posted_crumbs(request: ProductionRequest, *, linked: bool = False) -> list[dict[str, Any]]:
    here = {"label": request.number}
    if linked:
        here["url"] = reverse("orders:request", args=[request.pk])
    return [{"label": _("Production requests"), "url": reverse("orders:request_list")}, here]


def _received_crumbs(request: ProductionRequest, *, linked: bool = False) -> list[dict[str, Any]]:
    here = {"label": request.number}
    if linked:
        here["url"] = reverse("orders:received_request", args=[request.pk])
    return [{"label": _("Requests"), "url": reverse("orders:received_requests")}, here]
