"""A production request from draft to publication or withdrawal, and the workshops invited."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from orders.enums import BidStatus, RequestStatus
from orders.models import Invitation, ProductionRequest
from orders.rules import can_manage_request, can_post_request
from orders.services.answers import FURTHEST_DUE
from orders.states import BID, PRODUCTION_REQUEST
from portal.kernel import states
from portal.kernel.access import Rule
from portal.kernel.clock import day_of
from portal.kernel.errors import PortalError, readable_refusals
from portal.kernel.locks import lock_row, lock_rows
from portal.kernel.numbering import document_number
from workshops.models import Workshop
from workshops.selectors.offers import operators_on


class NotADraft(PortalError):
    message = _("The request is published already and is not changed any more.")


class NotOpen(PortalError):
    message = _("Workshops are invited while the request is a draft or waits for bids.")


class NobodyInvited(PortalError):
    message = _("Choose at least one workshop that shall see the request.")


class AnswerDayPassed(PortalError):
    message = _("The day for answers has passed. Give the workshops a later one.")


class WantedTooFar(PortalError):
    message = _("The day is more than three years away. Check the year.")


class WorkshopNotInvitable(PortalError):
    message = _("“%(workshop)s” cannot be invited: it has no operator now, or the operator is you.")


class InvitationStays(PortalError):
    message = _("An invitation cannot be taken back once the request is published.")


class WithdrawalReasonMissing(PortalError):
    message = _("Say in a sentence why the request is withdrawn: the workshops will read it.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a customer wants made; `own_material` is empty where the workshop brings all."""

    title: str
    description: str
    quantity: int
    unit: str
    wanted_by: date
    answers_by: date
    own_material: str = ""
    trade_ids: Collection[int] = ()


@transaction.atomic
def draft_request(
    *, actor: Any, customer_id: int, wanted: Wanted, at: datetime
) -> ProductionRequest:
    """A draft that only its customer sees. Refused: no right to buy, dates that have passed or
    do not follow each other. Twice makes two drafts: one of them is withdrawn.
    """
    can_post_request(actor, customer_id, day_of(at)).require()
    _check_dates(wanted, day_of(at))
    with readable_refusals(), transaction.atomic():
        request = ProductionRequest.objects.create(
            number=document_number(series="request", scope="portal", year=day_of(at).year),
            customer_id=customer_id,
            created_by=actor,
            created_at=at,
            **_columns(wanted),
        )
    request.trades.set(wanted.trade_ids)
    states.begin(request, "draft", machine=PRODUCTION_REQUEST, actor=actor, at=at)
    return request


@transaction.atomic
def change_draft(*, actor: Any, request_id: int, wanted: Wanted, at: datetime) -> ProductionRequest:
    """The draft says this. Refused as in `draft_request`, and once published. Harmless twice."""
    request = locked_request(actor, request_id, at)
    if request.status != RequestStatus.DRAFT:
        raise NotADraft
    _check_dates(wanted, day_of(at))
    columns = _columns(wanted)
    with readable_refusals(), transaction.atomic():
        ProductionRequest.objects.filter(pk=request.pk).update(**columns)
    for name, value in columns.items():
        setattr(request, name, value)
    request.trades.set(wanted.trade_ids)
    return request


@transaction.atomic
def invite_workshops(
    *, actor: Any, request_id: int, workshop_ids: Collection[int], at: datetime
) -> None:
    """Exactly these workshops are invited; of a published request more may be, none fewer.

    Refused: a workshop without an operator today or run by the customer. Twice is harmless.
    """
    request = locked_request(actor, request_id, at)
    if request.status not in (RequestStatus.DRAFT, RequestStatus.PUBLISHED):
        raise NotOpen
    wanted = set(workshop_ids)
    present = set(request.invitations.values_list("workshop_id", flat=True))
    if present - wanted and request.status == RequestStatus.PUBLISHED:
        raise InvitationStays
    _check_invitable(request, wanted - present, day_of(at))
    request.invitations.filter(workshop_id__in=present - wanted).delete()
    Invitation.objects.bulk_create(
        Invitation(request=request, workshop_id=pk, invited_by=actor, invited_at=at)
        for pk in sorted(wanted - present)
    )


@transaction.atomic
def publish_request(*, actor: Any, request_id: int, at: datetime) -> ProductionRequest:
    """The invited workshops' operators see the request and may answer; it is frozen now.

    Refused: nobody invited, the day for answers has passed, an invited workshop that lost its
    operator. Twice is refused.
    """
    request = locked_request(actor, request_id, at)
    if request.status == RequestStatus.DRAFT:
        invited = set(request.invitations.values_list("workshop_id", flat=True))
        if not invited:
            raise NobodyInvited
        if request.answers_by < day_of(at):
            raise AnswerDayPassed
        _check_invitable(request, invited, day_of(at))
        ProductionRequest.objects.filter(pk=request.pk).update(published_at=at)
        request.published_at = at
    states.move(request, "publish", machine=PRODUCTION_REQUEST, actor=actor, at=at)
    return request


@transaction.atomic
def withdraw_request(
    *, actor: Any, request_id: int, reason: str, at: datetime
) -> ProductionRequest:
    """The request is WITHDRAWN; the bids that waited are not chosen. A draft needs no reason.

    Refused: published and without a reason; a bid is chosen already. Twice is refused.
    """
    request = locked_request(actor, request_id, at)
    reason = reason.strip()
    if request.status == RequestStatus.PUBLISHED and not reason:
        raise WithdrawalReasonMissing
    states.move(request, "withdraw", machine=PRODUCTION_REQUEST, actor=actor, at=at, reason=reason)
    for bid in lock_rows(request.bids.filter(status=BidStatus.SUBMITTED)):
        states.move(bid, "lose", machine=BID, actor=actor, at=at)
    return request


def locked_request(actor: Any, request_id: int, at: datetime) -> ProductionRequest:
    """The request, locked, for somebody who manages it; `Forbidden` for anybody else."""
    request = lock_row(ProductionRequest, request_id)
    manages(at)(actor, request).require()
    return request


def manages(at: datetime) -> Rule:
    """The rule of the customer's acts as the state mover takes it."""
    return lambda user, fresh: can_manage_request(user, fresh, day_of(at))


def _columns(wanted: Wanted) -> dict[str, Any]:
    return {
        "title": wanted.title,
        "description": wanted.description,
        "quantity": wanted.quantity,
        "unit": wanted.unit,
        "wanted_by": wanted.wanted_by,
        "answers_by": wanted.answers_by,
        "has_own_material": bool(wanted.own_material),
        "own_material": wanted.own_material,
    }


def _check_dates(wanted: Wanted, today: date) -> None:
    if wanted.answers_by < today:
        raise AnswerDayPassed
    if wanted.wanted_by > today + FURTHEST_DUE:
        raise WantedTooFar


def _check_invitable(request: ProductionRequest, workshop_ids: Collection[int], on: date) -> None:
    operators = operators_on(on, workshop_ids)
    for workshop in Workshop.objects.filter(pk__in=workshop_ids).order_by("id"):
        operator = operators.get(workshop.pk)
        if operator is None or operator.pk == request.customer_id:
            raise WorkshopNotInvitable(workshop=workshop.name)
