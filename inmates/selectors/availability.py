"""People free to work, as numbers by institution and trade: all that leaves this app about them."""

from collections import defaultdict
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from inmates.enums import Ability
from inmates.models import CustodyStay, LabourState, Placement
from portal.kernel.periods import period_q
from workshops.models import Institution


def free_people(on: date) -> dict[int, dict[int | None, int]]:
    """By institution and trade: able-bodied, available (law.md §5), without a paid placement.

    The trade is that of the last placement begun by the day: skills are not recorded yet. None
    stands for people who had no placement. Every institution is in it; two queries.
    """
    free: dict[int, dict[int | None, int]] = defaultdict(dict)
    available = LabourState.objects.filter(
        period_q(on),
        Q(reason=None) | Q(reason__counts_as_available=True),
        inmate=OuterRef("inmate"),
        ability=Ability.ABLE,
    )
    placements = Placement.objects.filter(inmate=OuterRef("inmate"), effective_from__lte=on)
    last = placements.order_by("-effective_from", "-id").values("post__trade")[:1]
    rows = (
        CustodyStay.objects.filter(period_q(on))
        .filter(Exists(available), ~Exists(placements.filter(period_q(on))))
        .annotate(trade=Subquery(last))
        .values_list("institution", "trade")
        .annotate(people=Count("inmate"))
        .order_by("institution", "trade")
    )
    for institution_id, trade_id, people in rows:
        free[institution_id][trade_id] = people
    return {pk: free[pk] for pk in Institution.objects.order_by("pk").values_list("pk", flat=True)}
