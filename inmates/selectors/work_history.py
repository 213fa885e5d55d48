"""What somebody did and learnt at work: for the certificate of work and the skill passport.

Days and hours worked, grades, trainings, operations with pieces: never a reason of an absence.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Min, Q, Sum

from inmates.enums import ApprenticeshipStatus
from inmates.models import (
    Apprenticeship,
    Attendance,
    Inmate,
    Placement,
    Qualification,
    TeamShare,
    WorkEntry,
)
from inmates.selectors.apprenticeship import minutes_learnt
from workshops.models import Operation

WORKED = Q(minutes__gt=0) & (Q(reason=None) | Q(reason__is_worked=True))


@dataclass(frozen=True, slots=True)
class Stretch:
    """One placement with what was worked in it."""

    placement: Placement
    days: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Skill:
    """An operation that somebody did, alone or in a team: pieces of their own, and when."""

    operation: Operation
    pieces: int
    in_team: int
    first_day: date
    last_day: date


def stretches(inmate: Inmate) -> list[Stretch]:
    """Placements in their order; one that nobody came to work by is left out; two queries."""
    worked = {
        row["placement"]: (row["days"], row["all"] or 0)
        for row in Attendance.objects.filter(WORKED, placement__inmate=inmate)
        .order_by()
        .values("placement")
        .annotate(days=Count("worked_on"), all=Sum("minutes"))
    }
    rows = (
        Placement.objects.filter(inmate=inmate)
        .select_related("post__workshop__institution__organisation", "post__trade", "employer")
        .order_by("effective_from", "pk")
    )
    return [Stretch(row, *worked[row.pk]) for row in rows if row.pk in worked]


def grades(inmate: Inmate) -> list[Qualification]:
    """Grades with the documents that award them, the newest first."""
    rows = Qualification.objects.filter(inmate=inmate).select_related("trade")
    return list(rows.order_by("-awarded_on", "-grade", "pk"))


def trainings(inmate: Inmate) -> list[tuple[Apprenticeship, int]]:
    """Completed trainings with the minutes done; two queries."""
    rows = list(
        Apprenticeship.objects.filter(inmate=inmate, status=ApprenticeshipStatus.COMPLETED)
        .select_related("trade")
        .order_by("effective_from", "pk")
    )
    minutes = minutes_learnt(rows)
    return [(row, minutes.get(row.pk, 0)) for row in rows]


def skills(inmate: Inmate) -> list[Skill]:
    """Operations by what was made most; three queries."""
    found: dict[int, dict[str, Any]] = defaultdict(lambda: {"pieces": 0, "in_team": 0, "days": []})
    own = WorkEntry.objects.filter(placement__inmate=inmate)
    in_teams = TeamShare.objects.filter(placement__inmate=inmate)
    for rows, where, day, quantity in (
        (own, "pieces", "worked_on", "quantity"),
        (in_teams, "in_team", "team_entry__worked_on", "team_entry__quantity"),
    ):
        operation = (
            "work_order_operation__operation"
            if where == "pieces"
            else "team_entry__work_order_operation__operation"
        )
        for row in (
            rows.order_by()
            .values(operation)
            .annotate(made=Sum(quantity), first=Min(day), last=Max(day))
        ):
            skill = found[row[operation]]
            skill[where] += row["made"]
            skill["days"] += [row["first"], row["last"]]
    operations = Operation.objects.select_related("version__product", "part", "trade").in_bulk(
        found
    )
    made = [
        Skill(operations[pk], one["pieces"], one["in_team"], min(one["days"]), max(one["days"]))
        for pk, one in found.items()
    ]
    return sorted(made, key=lambda one: (-one.pieces - one.in_team, one.operation.pk))
