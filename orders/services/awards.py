"""The customer chooses a bid: the sums are frozen and the workshop has a work order."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.enums import BidStatus, RequestStatus
from orders.models import Award, Bid, ProductionRequest
from orders.pricing import line_total
from orders.services.bids import terms_of
from orders.services.requests import manages
from orders.states import BID, PRODUCTION_REQUEST
from portal.kernel import states
from portal.kernel.clock import day_of
from portal.kernel.errors import PortalError, readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.text import date_short
from workshops.models import WorkOrder
from workshops.selectors.offers import operators_on
from workshops.services import create_part_order


class BidGone(PortalError):
    message = _(
        "This bid does not hold any more: it is “%(status)s”. Look at the bids and choose again."
    )


class BidderReplaced(PortalError):
    message = _("“%(workshop)s” has another operator now, so this bid cannot be chosen.")


class ReadyDayPassed(PortalError):
    message = _("This bid promised the goods by %(day)s. That day has passed: choose another bid.")


@transaction.atomic
def award_bid(*, actor: Any, request_id: int, bid_id: int, at: datetime) -> Award:
    """The request is AWARDED, the bid WON, the others LOST; a work order is planned.

    Refused: not the customer, not waiting for bids, a bid that was replaced or taken back, a
    workshop that changed hands, a promised day that has passed. Twice, or two people at once: the
    second is refused.
    """
    request = lock_row(ProductionRequest, request_id)
    rule = manages(at)
    states.move(request, "award", machine=PRODUCTION_REQUEST, actor=actor, at=at, rule=rule)
    bids = lock_rows(request.bids.filter(status=BidStatus.SUBMITTED))
    chosen = next((bid for bid in bids if bid.pk == bid_id), None)
    if chosen is None:
        raise BidGone(status=_status_of(request, bid_id))
    _check_operator(chosen, at)
    if chosen.ready_on < day_of(at):
        raise ReadyDayPassed(day=date_short(chosen.ready_on))
    states.move(chosen, "win", machine=BID, actor=actor, at=at)
    for bid in bids:
        if bid.pk != chosen.pk:
            states.move(bid, "lose", machine=BID, actor=actor, at=at)
    with readable_refusals():
        return Award.objects.create(
            request=request,
            bid=chosen,
            work_order=_plan_work(request, chosen, actor, at),
            quantity=request.quantity,
            unit_price=chosen.unit_price,
            is_vat_inside=chosen.is_vat_inside,
            total=line_total(chosen.unit_price, request.quantity),
            awarded_at=at,
        )


def _plan_work(request: ProductionRequest, bid: Bid, actor: Any, at: datetime) -> WorkOrder:
    return create_part_order(
        actor=actor,
        workshop_id=bid.workshop_id,
        title=request.title,
        unit=request.unit,
        stages=terms_of(bid).stages,
        quantity=request.quantity,
        due_on=bid.ready_on,
        at=at,
    )


def _check_operator(bid: Bid, at: datetime) -> None:
    operator = operators_on(day_of(at), [bid.workshop_id]).get(bid.workshop_id)
    if operator is None or operator.pk != bid.bidder_id:
        raise BidderReplaced(workshop=bid.workshop.name)


def _status_of(request: ProductionRequest, bid_id: int) -> str:
    bid = request.bids.filter(pk=bid_id).first()
    return str(bid.get_status_display() if bid else RequestStatus.WITHDRAWN.label)
