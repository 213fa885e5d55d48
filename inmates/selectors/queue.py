"""Who waits for a place in an institution, with every input of the queue, in a fixed number of
queries however many wait."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from inmates.enums import Ability, OfferAnswer
from inmates.models import (
    CustodyStay,
    Inmate,
    LabourState,
    PayParameter,
    Placement,
    PlaceOffer,
    PlannedRelease,
    Qualification,
    QueueOverride,
    WritOfExecution,
)
from inmates.queueing import (
    NEAR_RELEASE,
    WEIGHTS,
    QueueRules,
    Ranked,
    Waiting,
    ranked,
    read_rules,
)
from inmates.refusals import ParameterMissing
from inmates.selectors.desk import DESK_ROLES
from portal.accounts.selectors import organisation_ids
from portal.kernel.periods import period_q
from workshops.models import Institution, Post

# Alimony and harm done to people: whoever pays them keeps somebody from the wage.
DEPENDANTS_QUEUE = 1


def queue_rules(on: date) -> QueueRules:
    """The weights in force on the day; a missing one is never a guess."""
    codes = (WEIGHTS, NEAR_RELEASE)
    rows = PayParameter.objects.filter(period_q(on), code__in=codes)
    values = dict(rows.values_list("code", "value"))
    for code in codes:
        if code not in values:
            raise ParameterMissing(code, on)
    return read_rules(values, on)


def posts_visible_to(user: Any, on: date) -> "QuerySet[Post]":
    """Posts of the institutions where the user is labour officer or head."""
    return Post.objects.filter(
        workshop__institution__organisation__in=organisation_ids(user, on, *DESK_ROLES)
    ).select_related("workshop__institution__organisation", "trade")


def given_q(on: date, prefix: str = "") -> Q:
    """Placements in force on the day or later: a place given from tomorrow on is no longer free."""
    return Q(**{f"{prefix}effective_to": None}) | Q(**{f"{prefix}effective_to__gt": on})


def posts_with_places(user: Any, on: date) -> "QuerySet[Post]":
    """Those posts with how many places are taken on the day, or given from a later one on."""
    given = Q(placements__isnull=False) & given_q(on, "placements__")
    taken = Count("placements__inmate", filter=given, distinct=True)
    return (
        posts_visible_to(user, on)
        .annotate(taken=taken)
        .order_by("workshop__institution__sort_order", "workshop__name", "name", "id")
    )


def people_waiting(institution: Institution, on: date) -> "QuerySet[Inmate]":
    """Held here, able and subject to labour on the day, in no paid work and promised none."""
    held = CustodyStay.objects.filter(period_q(on), inmate=OuterRef("pk"), institution=institution)
    able = LabourState.objects.filter(
        period_q(on), inmate=OuterRef("pk"), ability=Ability.ABLE, is_subject_to_labour=True
    )
    placed = Placement.objects.filter(given_q(on), inmate=OuterRef("pk"))
    return Inmate.objects.filter(Exists(held), Exists(able)).exclude(Exists(placed))


def waiting_count(institutions: Collection[Institution], on: date) -> dict[int, int]:
    """How many wait in each institution, by its id."""
    return {one.pk: people_waiting(one, on).count() for one in institutions}


def queue_for(post: Post, on: date) -> list[Ranked]:
    """The queue for a place at this post on a day; two queries."""
    institution = post.workshop.institution
    rules = queue_rules(on)
    rows = _with_inputs(people_waiting(institution, on), post, on)
    return ranked([_waiting(row, on) for row in rows], rules)


def _with_inputs(people: "QuerySet[Inmate]", post: Post, on: date) -> "QuerySet[Inmate]":
    """Every input of the queue beside each person.

    A wait begins with the end of the last placement, else with the first day in custody: neither an
    illness nor a transfer to another institution shortens it.
    """
    own = {"inmate": OuterRef("pk")}
    last = (
        Placement.objects.filter(**own, effective_to__lte=on)
        .values("inmate")
        .annotate(day=Max("effective_to"))
        .values("day")
    )
    first = CustodyStay.objects.filter(**own).values("inmate").annotate(day=Min("effective_from"))
    release = PlannedRelease.objects.filter(period_q(on), **own).values("release_on")[:1]
    awarded = Qualification.objects.filter(**own, trade=post.trade_id, awarded_on__lte=on)
    # Whoever has worked at the trade knows it, with or without a paper.
    worked = Placement.objects.filter(**own, post__trade=post.trade_id, effective_from__lte=on)
    writs = WritOfExecution.objects.filter(period_q(on), **own, queue=DEPENDANTS_QUEUE)
    lost = PlaceOffer.objects.filter(
        **own,
        answer=OfferAnswer.TAKEN_BACK,
        answered_on__gte=OuterRef("since"),
        answered_on__lte=on,
    )
    return people.annotate(
        since=Coalesce(Subquery(last), Subquery(first.values("day"))),
        release_on=Subquery(release),
        has_trade=Exists(awarded) | Exists(worked),
        has_dependants=Exists(writs),
        lost_place=Exists(lost),
    )


def _waiting(row: Any, on: date) -> Waiting:
    return Waiting(
        inmate_id=row.pk,
        number=row.personnel_number,
        days_waiting=(on - row.since).days,
        has_trade=row.has_trade,
        has_dependants=row.has_dependants,
        days_to_release=None if row.release_on is None else (row.release_on - on).days,
        lost_place=row.lost_place,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands in a queue, and who is first."""

    own: Ranked
    first: Ranked


def standing_in(queue: list[Ranked], inmate_id: int) -> Standing | None:
    """The person's place in the queue, or None for whoever does not wait in it."""
    own = next((row for row in queue if row.waiting.inmate_id == inmate_id), None)
    return Standing(own, queue[0]) if own else None


def overrides_of(institutions: Collection[Institution]) -> "QuerySet[QueueOverride]":
    """Placings out of the order of the queue in these institutions, newest first."""
    return (
        QueueOverride.objects.filter(post__workshop__institution__in=institutions)
        .select_related("inmate", "post__workshop__institution__organisation", "decided_by")
        .order_by("-decided_at", "-id")
    )
