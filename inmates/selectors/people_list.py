"""The list of people: who is held here and works, or why not; who comes and who leaves.

A fixed number of queries for any number of people. Rows are stays: a person who was here twice
this month stands in the list of arrivals twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from inmates.enums import Ability
from inmates.models import CustodyStay, LabourState, Placement, PlannedRelease
from portal.kernel.periods import Month, period_q
from workshops.models import Institution

PLACED, FREE, UNABLE, UNKNOWN = "placed", "free", "unable", "unknown"
HELD = "held"
ARRIVED, LEFT, LEAVING = "arrived", "left", "leaving"
STATES = (PLACED, FREE, UNABLE, UNKNOWN)
MONTHLY = (ARRIVED, LEFT, LEAVING)
NO_REASON = "none"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the filters of the address ask for; nonsense there is as if nothing were asked."""

    show: str = HELD
    reason: str = ""
    number: str = ""
    institution_id: int | None = None


def read_wish(asked: Any, institutions: Sequence[Institution]) -> Wish:
    """The filters of a query string."""
    show = asked.get("show", HELD)
    place = asked.get("place", "")
    known = {str(one.pk): one.pk for one in institutions}
    return Wish(
        show=show if show in (*STATES, *MONTHLY) else HELD,
        reason=asked.get("reason", "")[:30] if show in (FREE, UNABLE) else "",
        number=asked.get("number", "").strip()[:12].replace("\0", ""),
        institution_id=known.get(place),
    )


def stays_on(institutions: Sequence[Institution], wish: Wish) -> "QuerySet[CustodyStay]":
    """Every stay in the institutions the reader sees, or in the one asked for."""
    ids = [one.pk for one in institutions]
    chosen = [wish.institution_id] if wish.institution_id in ids else ids
    return CustodyStay.objects.filter(institution__in=chosen)


def with_states(stays: "QuerySet[CustodyStay]", on: date) -> "QuerySet[CustodyStay]":
    """Each stay with `work_state` (one of STATES) and `reason_code` of the day."""
    placed = Placement.objects.filter(period_q(on), inmate=OuterRef("inmate"))
    state = LabourState.objects.filter(period_q(on), inmate=OuterRef("inmate"))
    return stays.annotate(
        is_placed=Exists(placed),
        ability=Subquery(state.values("ability")[:1]),
        reason_code=Subquery(state.values("reason__code")[:1]),
    ).annotate(
        work_state=Case(
            When(is_placed=True, then=Value(PLACED)),
            When(ability=Ability.ABLE, then=Value(FREE)),
            When(ability=Ability.UNABLE, then=Value(UNABLE)),
            default=Value(UNKNOWN),
            output_field=CharField(),
        )
    )


def counts(
    institutions: Sequence[Institution], wish: Wish, on: date
) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    """How many by state and of the month, and how many by state and reason; two queries."""
    stays, month = stays_on(institutions, wish), Month.of(on)
    rows = (
        with_states(stays.filter(period_q(on)), on)
        .values("work_state", "reason_code")
        .annotate(count=Count("pk"))
        .order_by("work_state", "reason_code")
    )
    by_state = dict.fromkeys(STATES, 0)
    by_reason: dict[tuple[str, str], int] = {}
    for row in rows:
        by_state[row["work_state"]] += row["count"]
        if row["work_state"] in (FREE, UNABLE):
            by_reason[row["work_state"], row["reason_code"] or NO_REASON] = row["count"]
    monthly = stays.aggregate(
        **{show: Count("pk", filter=_of_month(show, month, on)) for show in MONTHLY}
    )
    return {HELD: sum(by_state.values()), **by_state, **monthly}, by_reason


def listed(institutions: Sequence[Institution], wish: Wish, on: date) -> "QuerySet[CustodyStay]":
    """The stays of the list asked for, by number, with everything a row shows."""
    stays = stays_on(institutions, wish)
    if wish.show in MONTHLY:
        stays = stays.filter(_of_month(wish.show, Month.of(on), on))
    else:
        stays = stays.filter(period_q(on))
    stays = with_states(stays, on)
    if wish.show in STATES:
        stays = stays.filter(work_state=wish.show)
    if wish.reason:
        code = None if wish.reason == NO_REASON else wish.reason
        stays = stays.filter(reason_code=code) if code else stays.filter(reason_code=None)
    if wish.number:
        stays = stays.filter(inmate__personnel_number__startswith=wish.number)
    return (
        stays.select_related("inmate", "institution__organisation", "end_reason")
        .prefetch_related(*_details(on))
        .order_by("inmate__personnel_number", "effective_from", "pk")
    )


def _of_month(show: str, month: Month, on: date) -> Q:
    first, after = month.first_day, month.next().first_day
    if show == ARRIVED:
        return Q(effective_from__gte=first, effective_from__lt=after)
    if show == LEFT:
        return Q(effective_to__gte=first, effective_to__lt=after)
    expected = PlannedRelease.objects.filter(
        period_q(on), inmate=OuterRef("inmate"), release_on__gte=first, release_on__lt=after
    )
    return Q(Exists(expected)) & period_q(on)


def _details(on: date) -> list[Prefetch]:
    """What is in force of each person on the day, one query a kind."""
    placements = Placement.objects.filter(period_q(on)).select_related("post__workshop")
    states = LabourState.objects.filter(period_q(on)).select_related("reason")
    planned = PlannedRelease.objects.filter(period_q(on))
    return [
        Prefetch("inmate__placements", placements.order_by("id"), to_attr="placed_now"),
        Prefetch("inmate__labour_states", states, to_attr="state_now"),
        Prefetch("inmate__planned_releases", planned, to_attr="expected_now"),
    ]
