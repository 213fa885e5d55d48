"""The output of teams as it is stored: of a shift, of people on days, of a month.

Called by the team's page and wherever output of single people is counted; the number of queries
does not grow with the teams.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, QuerySet, Sum

from inmates.models import TeamEntry, TeamShare
from portal.kernel.periods import Month
from workshops.models import Workshop

Cell = tuple[int, date]  # placement, day


def teams_on(workshop: Workshop, day: date, work_order_id: int | None = None) -> list[TeamEntry]:
    """The entries of teams with somebody of the workshop, with their members; two queries."""
    return list(_of_shift(workshop, day, work_order_id).order_by("id"))


def team_on(workshop: Workshop, day: date, entry_id: int) -> TeamEntry | None:
    """One of them, or None: the door to an entry is its shift."""
    return _of_shift(workshop, day, None).filter(pk=entry_id).first()


def _of_shift(workshop: Workshop, day: date, work_order_id: int | None) -> "QuerySet[TeamEntry]":
    here = TeamShare.objects.filter(
        placement__post__workshop=workshop, team_entry__worked_on=day
    ).values("team_entry")
    rows = TeamEntry.objects.filter(pk__in=here)
    if work_order_id is not None:
        rows = rows.filter(work_order_operation__work_order=work_order_id)
    members = TeamShare.objects.select_related("placement__inmate").order_by("placement_id")
    return rows.select_related(
        "work_order_operation__operation", "work_order_operation__work_order", "recorded_by"
    ).prefetch_related(Prefetch("shares", queryset=members))


def team_pieces_on(workshop: Workshop, day: date) -> dict[int, tuple[int, set[int]]]:
    """Pieces of teams of a workshop on a day by operation of a work order, and by whom."""
    found: dict[int, tuple[int, set[int]]] = {}
    for entry in teams_on(workshop, day):
        pieces, people = found.get(entry.work_order_operation_id, (0, set()))
        members = {one.placement_id for one in entry.shares.all()}
        found[entry.work_order_operation_id] = pieces + entry.quantity, people | members
    return found


def team_norm_minutes(placement_ids: Iterable[int], day: date) -> dict[int, Decimal]:
    """Minutes by the norm of each one's part of what teams made on the day; two queries.

    The pieces of a team are nobody's: the part is that of minutes × coefficient, as of the wage.
    """
    wanted = set(placement_ids)
    entries = (
        TeamEntry.objects.filter(worked_on=day, shares__placement__in=wanted)
        .distinct()
        .select_related("work_order_operation__operation")
        .prefetch_related("shares")
    )
    found: dict[int, Decimal] = defaultdict(Decimal)
    for entry in entries:
        norm = entry.work_order_operation.operation.norm_minutes
        if norm is None:
            continue
        shares = list(entry.shares.all())
        whole = sum(one.minutes * one.coefficient for one in shares)
        for one in shares:
            if one.placement_id in wanted:
                part = one.minutes * one.coefficient / whole
                found[one.placement_id] += entry.quantity * norm * part
    return dict(found)


def team_output_of_month(placement_ids: Collection[int], month: Month) -> dict[Cell, int]:
    """Pieces of the entries each took part in, by placement and day."""
    rows = (
        TeamShare.objects.filter(
            placement__in=placement_ids,
            team_entry__worked_on__range=(month.first_day, month.last_day),
        )
        .order_by()
        .values_list("placement_id", "team_entry__worked_on")
        .annotate(Sum("team_entry__quantity"))
    )
    return {(pk, day): quantity for pk, day, quantity in rows}


def team_minutes(placement_ids: Collection[int], days: Collection[date]) -> dict[Cell, int]:
    """The most minutes each has in one team on a day."""
    rows = TeamShare.objects.filter(
        placement__in=placement_ids, team_entry__worked_on__in=days
    ).values_list("placement_id", "team_entry__worked_on", "minutes")
    found: dict[Cell, int] = {}
    for pk, day, minutes in rows:
        found[pk, day] = max(found.get((pk, day), 0), minutes)
    return found
