"""Who is cleared for what: for the gate of output, the sheets of a shift and the safety pages.

Two queries however many people, trades and days are asked for; one where no trade asks for
anything.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from inmates.clearances import Ending, Held, Lack, Need, end_after, ending, lacking
from inmates.models import Clearance, ClearanceRequirement, CustodyStay, Inmate, Placement
from portal.accounts.enums import Role
from portal.accounts.selectors import organisation_ids
from portal.kernel.periods import Period, overlap_q, period_q
from workshops.models import Institution, Workshop

ENDING_SOON = timedelta(days=14)
ONE_DAY = timedelta(days=1)
Asked = tuple[int, int, date]  # inmate, trade, day


def lacks_of(asked: Collection[Asked]) -> dict[Asked, tuple[Lack, ...]]:
    """What each person lacks for the trade on the day; whoever lacks nothing is left out."""
    if not asked:
        return {}
    days = [day for _inmate, _trade, day in asked]
    needs = _needs(Period(min(days), max(days) + ONE_DAY))
    if not needs:
        return {}
    held = _held({inmate_id for inmate_id, _trade, _day in asked})
    found = {
        one: lacking(needs, held[one[0]], trade_id=one[1], day=one[2]) for one in sorted(asked)
    }
    return {one: lacks for one, lacks in found.items() if lacks}


def _needs(period: Period) -> list[Need]:
    rows = ClearanceRequirement.objects.filter(overlap_q(period))
    return [
        Need(*row) for row in rows.values_list("kind", "trade", "effective_from", "effective_to")
    ]


def _held(inmates: Iterable[int]) -> dict[int, list[Held]]:
    held: dict[int, list[Held]] = defaultdict(list)
    for inmate_id, *row in Clearance.objects.filter(inmate__in=inmates).values_list(
        "inmate_id", "kind", "trade", "effective_from", "effective_to"
    ):
        held[inmate_id].append(Held(*row))
    return held


@dataclass(frozen=True, slots=True)
class Standing:
    """A placed person: what is lacking for the trade of the post today, and what will be soon."""

    placement: Placement
    lacks: tuple[Lack, ...]
    endings: tuple[Ending, ...]


def standings(
    institutions: Iterable[Institution], on: date, workshop: Workshop | None = None
) -> list[Standing]:
    """Everybody placed on the day who is not cleared or will not be in 14 days; three queries.

    Of one workshop, if it is given; else of the institutions.
    """
    rows = Placement.objects.filter(period_q(on))
    if workshop is None:
        rows = rows.filter(post__workshop__institution__in=institutions)
    else:
        rows = rows.filter(post__workshop=workshop)
    placements = list(
        rows.select_related("inmate", "post__workshop").order_by("inmate__personnel_number", "id")
    )
    until = on + ENDING_SOON
    needs = _needs(Period(on, until + ONE_DAY))
    if not needs:
        return []
    held = _held({one.inmate_id for one in placements})
    found = []
    for one in placements:
        mine, trade_id = held[one.inmate_id], one.post.trade_id
        lacks = lacking(needs, mine, trade_id=trade_id, day=on)
        endings = ending(needs, mine, trade_id=trade_id, day=on, until=until)
        if lacks or endings:
            found.append(Standing(one, lacks, endings))
    return found


def clearances_of(inmate: Inmate) -> "QuerySet[Clearance]":
    """All of a person's, the newest first."""
    return (
        Clearance.objects.filter(inmate=inmate)
        .select_related("trade", "recorded_by")
        .order_by("-effective_from", "-id")
    )


def standing_of(inmate: Inmate, on: date) -> list[Standing]:
    """The person's placements of the day, each with what its trade lacks; three queries."""
    placements = list(
        inmate.placements.filter(period_q(on)).select_related("post__workshop").order_by("id")
    )
    until = on + ENDING_SOON
    needs = _needs(Period(on, until + ONE_DAY))
    held = _held({inmate.pk})[inmate.pk] if needs else []
    return [
        Standing(
            one,
            lacking(needs, held, trade_id=one.post.trade_id, day=on),
            ending(needs, held, trade_id=one.post.trade_id, day=on, until=until),
        )
        for one in placements
    ]


def requirements_on(on: date) -> list[ClearanceRequirement]:
    """What the trades ask for on the day, the rows of every trade first."""
    rows = ClearanceRequirement.objects.filter(period_q(on)).select_related("trade")
    return sorted(rows, key=lambda row: (row.trade_id or 0, row.kind))


def until_by_rule(kind: str, trade_id: int | None, begin: date) -> date | None:
    """The end that the requirement proposes: the shortest of those that ask for the kind."""
    rows = ClearanceRequirement.objects.filter(period_q(begin), kind=kind)
    if trade_id is not None:
        rows = rows.filter(Q(trade=None) | Q(trade=trade_id))
    days = [one for one in rows.values_list("valid_days", flat=True) if one]
    return end_after(begin, min(days)) if days else None


def safety_institutions(user: Any, on: date) -> "QuerySet[Institution]":
    """Where the user enters work, looks after people or answers for them."""
    roles = (Role.MASTER, Role.LABOUR_OFFICER, Role.HEAD)
    return Institution.objects.filter(organisation__in=organisation_ids(user, on, *roles))


def people_of_workshop(workshop: Workshop, on: date) -> "QuerySet[Inmate]":
    """Who is placed in the workshop on the day: the tick list of a briefing."""
    here = Placement.objects.filter(period_q(on), inmate=OuterRef("pk"), post__workshop=workshop)
    return Inmate.objects.filter(Exists(here)).order_by("personnel_number", "id")


def held_elsewhere(inmates: Collection[int], place_ids: Collection[int], on: date) -> list[str]:
    """The numbers of those who are not held on the day in any of these organisations."""
    here = CustodyStay.objects.filter(
        period_q(on), inmate=OuterRef("pk"), institution__organisation__in=place_ids
    )
    strangers = Inmate.objects.filter(~Exists(here), pk__in=inmates).order_by("personnel_number")
    return list(strangers.values_list("personnel_number", flat=True))
