"""Production requests by who may see them: their customer, and the operators invited."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)

from orders.enums import BidStatus, RequestStatus
from orders.models import Award, Bid, Drawing, Invitation, ProductionRequest
from portal.accounts.enums import Role
from portal.accounts.models import Organisation
from portal.accounts.selectors import organisation_ids
from portal.kernel.models import StateChange
from portal.kernel.states import subject_type
from workshops.models import Trade, WorkOrder, Workshop
from workshops.selectors.offers import operators_on
from workshops.selectors.work_orders import work_orders_with_progress, workshops_operated_by


def requests_with_customer() -> "QuerySet[ProductionRequest]":
    """Requests with their customer and, once a bid is chosen, the work order joined."""
    return ProductionRequest.objects.select_related(
        "customer", "award__bid__bidder", "award__bid__workshop", "award__work_order"
    )


def requests_posted_by(user: Any, on: date) -> "QuerySet[ProductionRequest]":
    """Requests of the organisations for which the user buys, newest first; `bid_count` waits.

    A bid whose promised day has passed waits for nothing.
    """
    waiting = Count("bids", filter=Q(bids__status=BidStatus.SUBMITTED, bids__ready_on__gte=on))
    return (
        requests_with_customer()
        .filter(customer__in=organisation_ids(user, on, Role.BUYER))
        .annotate(bid_count=waiting)
        .order_by("-created_at", "-id")
    )


def requests_received_by(user: Any, on: date) -> "QuerySet[ProductionRequest]":
    """Published requests to which a workshop the user operates today is invited.

    Those that wait for the user's answer first (`turn` 0), by the last day for it; what was
    answered next, what is over last.
    """
    mine = workshops_operated_by(user, on)
    invited = Invitation.objects.filter(request=OuterRef("pk"), workshop__in=mine)
    answered = Bid.objects.filter(
        request=OuterRef("pk"),
        workshop__in=mine,
        bidder__in=organisation_ids(user, on, Role.OPERATOR),
        status__in=[BidStatus.SUBMITTED, BidStatus.WON],
    )
    waits = Q(status=RequestStatus.PUBLISHED, answers_by__gte=on)
    turn = Case(
        When(waits & Q(has_answer=False), then=Value(0)),
        When(status=RequestStatus.PUBLISHED, then=Value(1)),
        When(status=RequestStatus.AWARDED, has_answer=True, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return (
        requests_with_customer()
        .filter(Exists(invited), published_at__isnull=False)
        .annotate(has_answer=Exists(answered))
        .annotate(turn=turn)
        .order_by("turn", "answers_by", "-id")
    )


def invitations_to_answer(
    workshop_ids: Collection[int], operator_ids: Collection[int], on: date
) -> "QuerySet[Invitation, tuple[int, int]]":
    """Workshop and request; as in the list of requests, an answer of one workshop is enough."""
    answered = Bid.objects.filter(
        request=OuterRef("request"),
        workshop__in=workshop_ids,
        bidder__in=operator_ids,
        status=BidStatus.SUBMITTED,
    )
    return Invitation.objects.filter(
        ~Exists(answered),
        workshop__in=workshop_ids,
        request__status=RequestStatus.PUBLISHED,
        request__answers_by__gte=on,
    ).values_list("workshop", "request")


def drawings_of(request: ProductionRequest) -> "QuerySet[Drawing]":
    """The drawings in the order of their places."""
    return request.drawings.order_by("sequence")


def drawings_visible_to(user: Any, on: date) -> "QuerySet[Drawing]":
    """Drawings of the requests the user sees as customer or as an invited operator."""
    posted = requests_posted_by(user, on).order_by().values("pk")
    received = requests_received_by(user, on).order_by().values("pk")
    return Drawing.objects.select_related("request").filter(
        Q(request__in=posted) | Q(request__in=received)
    )


def trades_of(request: ProductionRequest) -> list[Trade]:
    """The trades the customer expects to be needed."""
    return list(request.trades.order_by("id"))


@dataclass(frozen=True, slots=True)
class InvitableWorkshop:
    """A workshop that may be asked, with what it can do; `fits` names the trades asked for."""

    workshop: Workshop
    operator: Organisation
    trades: list[Trade]
    fits: list[Trade]
    is_invited: bool


def invitable_workshops(request: ProductionRequest, on: date) -> list[InvitableWorkshop]:
    """Workshops with an operator today that is not the customer; those that fit best first."""
    wanted = {trade.pk for trade in trades_of(request)}
    invited = set(request.invitations.values_list("workshop_id", flat=True))
    workshops = (
        Workshop.objects.select_related("institution__organisation")
        .prefetch_related("posts__trade")
        .order_by("institution__sort_order", "id")
    )
    operators = operators_on(on, workshops.values_list("pk", flat=True))
    shown = []
    for workshop in workshops:
        operator = operators.get(workshop.pk)
        if operator is not None and operator.pk != request.customer_id:
            trades = list({post.trade_id: post.trade for post in workshop.posts.all()}.values())
            fits = [trade for trade in trades if trade.pk in wanted]
            is_invited = workshop.pk in invited
            shown.append(InvitableWorkshop(workshop, operator, trades, fits, is_invited))
    return sorted(shown, key=lambda one: -len(one.fits))


@dataclass(frozen=True, slots=True)
class InvitedWorkshop:
    """A workshop that was asked, and who runs it today."""

    workshop: Workshop
    operator: Organisation | None


def invited_workshops(
    request: ProductionRequest, on: date, among: "QuerySet[Workshop] | None" = None
) -> list[InvitedWorkshop]:
    """The workshops asked, all or those `among`, in the order of their institutions."""
    asked = Workshop.objects if among is None else among
    rows = list(
        asked.filter(pk__in=request.invitations.values("workshop"))
        .select_related("institution__organisation")
        .order_by("institution__sort_order", "id")
    )
    operators = operators_on(on, [workshop.pk for workshop in rows])
    return [InvitedWorkshop(workshop, operators.get(workshop.pk)) for workshop in rows]


def bids_with_places() -> "QuerySet[Bid]":
    """Bids with workshop, institution, bidder and stages."""
    return Bid.objects.select_related(
        "workshop__institution__organisation", "bidder"
    ).prefetch_related("stages__trade")


def bids_for_customer(request: ProductionRequest) -> list[Bid]:
    """The bids that count: waiting, chosen, not chosen; not those replaced or taken back."""
    shown = (BidStatus.SUBMITTED, BidStatus.WON, BidStatus.LOST)
    return list(bids_with_places().filter(request=request, status__in=shown).order_by("id"))


def bids_of_operator(request: ProductionRequest, user: Any, on: date) -> list[Bid]:
    """The user's own bids of a request, newest first: of the organisation and workshop of today."""
    return list(
        bids_with_places()
        .filter(
            request=request,
            bidder__in=organisation_ids(user, on, Role.OPERATOR),
            workshop__in=workshops_operated_by(user, on),
        )
        .order_by("-id")
    )


def bids_given_by(user: Any, on: date) -> "QuerySet[Bid]":
    """Every bid of the user's organisations at the workshops they run today."""
    return bids_with_places().filter(
        bidder__in=organisation_ids(user, on, Role.OPERATOR),
        workshop__in=workshops_operated_by(user, on),
    )


def first_trade_of(workshop: Workshop) -> int | None:
    """The trade of the workshop's first post: a guess for the first stage of a bid."""
    return workshop.posts.order_by("id").values_list("trade_id", flat=True).first()


def bid_chain(bid: Bid) -> "QuerySet[Bid]":
    """The bid and those it replaced: of the same workshop and bidder for the same request."""
    return Bid.objects.filter(
        request=bid.request_id, workshop=bid.workshop_id, bidder=bid.bidder_id
    ).select_related("bidder")


def award_of(request: ProductionRequest) -> Award | None:
    """The award, or None while no bid is chosen; joined by `requests_with_customer`."""
    return getattr(request, "award", None)


def work_order_of(award: Award) -> WorkOrder:
    """The work order an award has caused, with its progress."""
    return work_orders_with_progress().get(pk=award.work_order_id)


@dataclass(frozen=True, slots=True)
class Step:
    """One move of one of the rows of a timeline."""

    change: StateChange
    row: Any


def steps_of(rows: list[Any]) -> list[Step]:
    """The moves of several objects as one story, oldest first, in one query."""
    by_subject = {(subject_type(row), row.pk): row for row in rows}
    ids: dict[str, list[int]] = defaultdict(list)
    for kind, pk in by_subject:
        ids[kind].append(pk)
    wanted = Q(pk__in=[])
    for kind, pks in ids.items():
        wanted |= Q(subject_type=kind, subject_id__in=pks)
    changes = StateChange.objects.filter(wanted).order_by(F("at"), "id")
    return [Step(change, by_subject[change.subject_type, change.subject_id]) for change in changes]
