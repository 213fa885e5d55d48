"""A person expected at two places on one day: what else is entered for them, and where.

Called by the gate of attendance and by the sheet of a shift; one query each.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import FilteredRelation, Q

from inmates.models import Attendance, Placement
from portal.kernel.periods import period_q


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """Another placement of the person in force on the day; minutes None: nothing is entered."""

    placement_id: int
    workshop: str
    minutes: int | None


def other_places(placements: Iterable[Placement], day: date) -> dict[int, list[OtherPlace]]:
    """By placement: where else that person is expected on the day."""
    placements = list(placements)
    rows = (
        Placement.objects.filter(period_q(day), inmate__in={one.inmate_id for one in placements})
        .annotate(entered=FilteredRelation("attendance", condition=Q(attendance__worked_on=day)))
        .order_by("inmate_id", "pk")
        .values_list("inmate_id", "pk", "post__workshop__name", "entered__minutes")
    )
    by_inmate: dict[int, list[OtherPlace]] = {}
    for inmate_id, *place in rows:
        by_inmate.setdefault(inmate_id, []).append(OtherPlace(*place))
    return {
        one.pk: others
        for one in placements
        if (others := [o for o in by_inmate.get(one.inmate_id, []) if o.placement_id != one.pk])
    }


def minutes_of_people(
    placement_ids: Iterable[int], days: Iterable[date]
) -> dict[tuple[int, date], dict[int, int]]:
    """What these people have on these days at all their places: by person and day, by placement."""
    people = Placement.objects.filter(pk__in=set(placement_ids)).values("inmate")
    rows = Attendance.objects.filter(
        placement__inmate__in=people, worked_on__in=set(days), minutes__gt=0
    ).values_list("placement__inmate", "worked_on", "placement", "minutes")
    found: dict[tuple[int, date], dict[int, int]] = {}
    for inmate_id, day, placement_id, minutes in rows:
        found.setdefault((inmate_id, day), {})[placement_id] = minutes
    return found
