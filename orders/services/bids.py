"""Bids of operators: given, replaced, taken back. The award is in awards.py."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.enums import BidStatus, RequestStatus
from orders.models import Bid, BidStage, ProductionRequest
from orders.models.requests import MOST_STAGES
from orders.pricing import line_total
from orders.rules import can_bid, can_withdraw_bid
from orders.services.answers import FURTHEST_DUE, DateInThePast, DateTooFar
from orders.states import BID
from portal.accounts.selectors import is_vat_payer_on
from portal.kernel import states
from portal.kernel.clock import day_of
from portal.kernel.errors import PortalError, readable_refusals
from portal.kernel.locks import lock_row
from portal.kernel.text import date_short, number
from workshops.models import Workshop
from workshops.selectors.offers import operators_on
from workshops.services import Stage

# What a column of money holds; a total above it is a slip of the pen.
LARGEST_TOTAL = Decimal(10) ** 12


class NotInvited(PortalError):
    status = 404
    message = _("This workshop is not invited to the request.")


class RequestClosed(PortalError):
    message = _("The request does not wait for bids any more: it is “%(status)s” now.")


class AnswersOver(PortalError):
    message = _("The time for answers is over: the last day was %(day)s.")


class PriceNotPositive(PortalError):
    message = _("The price is more than zero.")


class TotalTooLarge(PortalError):
    message = _("This price times %(quantity)s is too large a sum. Check the price.")


class BatchRefused(PortalError):
    message = _("The minimum batch is from 1 to %(most)s: as many as are asked for.")


class StagesRefused(PortalError):
    message = _("Name from one to %(most)s stages of the work, each with its trade.")


@dataclass(frozen=True, slots=True)
class Terms:
    """What an operator asks and promises."""

    unit_price: Decimal
    ready_on: date
    minimum_batch: int
    stages: tuple[Stage, ...]
    comment: str = ""


@transaction.atomic
def submit_bid(*, actor: Any, request_id: int, workshop_id: int, terms: Terms, at: datetime) -> Bid:
    """The workshop's bid is this one; the one it gave before is SUPERSEDED.

    Refused: not the workshop's operator today, not invited, not waiting for bids or too late,
    a price, date, batch or stages that cannot be. Twice with the same terms is harmless.
    Whether VAT is inside follows from the operator's tax status of the day.
    """
    request = lock_row(ProductionRequest, request_id)
    workshop = _invited_workshop(request, workshop_id)
    operator = operators_on(day_of(at), [workshop.pk]).get(workshop.pk)
    place = workshop.institution.organisation_id
    can_bid(actor, operator and operator.pk, place, day_of(at)).require()
    _check_open(request, day_of(at))
    _check_terms(request, terms, day_of(at))
    is_vat_inside = is_vat_payer_on(operator.pk, day_of(at))
    before = _live_bid(request, workshop_id)
    if before is not None:
        is_same = (before.bidder_id, before.is_vat_inside) == (operator.pk, is_vat_inside)
        if is_same and terms_of(before) == terms:
            return before
        states.move(before, "supersede", machine=BID, actor=actor, at=at)
    with readable_refusals(), transaction.atomic():
        bid = Bid.objects.create(
            request=request,
            workshop=workshop,
            bidder=operator,
            unit_price=terms.unit_price,
            is_vat_inside=is_vat_inside,
            ready_on=terms.ready_on,
            minimum_batch=terms.minimum_batch,
            comment=terms.comment,
            submitted_by=actor,
            submitted_at=at,
        )
        BidStage.objects.bulk_create(
            BidStage(bid=bid, sequence=place, name=stage.name, trade_id=stage.trade_id)
            for place, stage in enumerate(terms.stages, start=1)
        )
    states.begin(bid, "submit", machine=BID, actor=actor, at=at)
    return bid


@transaction.atomic
def withdraw_bid(*, actor: Any, bid_id: int, at: datetime) -> Bid:
    """The bid is WITHDRAWN by whoever gave it; only until it is chosen. Twice is refused."""
    known = Bid.objects.only("request_id").get(pk=bid_id)
    lock_row(ProductionRequest, known.request_id)
    bid = lock_row(Bid, bid_id)
    place = bid.workshop.institution.organisation_id
    states.move(
        bid,
        "withdraw",
        machine=BID,
        actor=actor,
        at=at,
        rule=lambda user, fresh: can_withdraw_bid(user, fresh, day_of(at), place),
    )
    return bid


def terms_of(bid: Bid) -> Terms:
    """The terms as they were given."""
    stages = bid.stages.order_by("sequence").values_list("name", "trade_id")
    return Terms(
        unit_price=bid.unit_price,
        ready_on=bid.ready_on,
        minimum_batch=bid.minimum_batch,
        stages=tuple(Stage(name, trade_id) for name, trade_id in stages),
        comment=bid.comment,
    )


def _invited_workshop(request: ProductionRequest, workshop_id: int) -> Workshop:
    if not request.invitations.filter(workshop_id=workshop_id).exists():
        raise NotInvited
    return Workshop.objects.select_related("institution").get(pk=workshop_id)


def _live_bid(request: ProductionRequest, workshop_id: int) -> Bid | None:
    return request.bids.filter(workshop_id=workshop_id, status=BidStatus.SUBMITTED).first()


def _check_open(request: ProductionRequest, today: date) -> None:
    if request.status != RequestStatus.PUBLISHED:
        raise RequestClosed(status=request.get_status_display())
    if request.answers_by < today:
        raise AnswersOver(day=date_short(request.answers_by))


def _check_terms(request: ProductionRequest, terms: Terms, today: date) -> None:
    if terms.unit_price <= 0:
        raise PriceNotPositive
    if line_total(terms.unit_price, request.quantity) >= LARGEST_TOTAL:
        raise TotalTooLarge(quantity=number(request.quantity))
    if terms.ready_on < today:
        raise DateInThePast
    if terms.ready_on > today + FURTHEST_DUE:
        raise DateTooFar
    if not 1 <= terms.minimum_batch <= request.quantity:
        raise BatchRefused(most=number(request.quantity))
    if not 1 <= len(terms.stages) <= MOST_STAGES or not all(s.name for s in terms.stages):
        raise StagesRefused(most=MOST_STAGES)
