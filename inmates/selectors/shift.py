"""One day of one workshop as it is stored: who is expected, what is entered, what is to be made.

Called by the services that save the day and by the master's pages; the number of queries does not
grow with the people or the work orders.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from inmates.enums import ReasonGroup
from inmates.models import Attendance, Placement, Reason, ShiftChange, TeamShare
from inmates.models import WorkEntry as Entry
from inmates.rules import SHIFT_ROLES
from inmates.shifts import Earlier, Mark
from portal.accounts.selectors import organisation_ids
from portal.kernel.periods import period_q
from workshops.models import WorkOrder, WorkOrderOperation, Workshop
from workshops.selectors.work_orders import OPEN

# How far back an earlier day of a person is looked for: a long leave with its days off.
EARLIER_DAYS = 60
DUE_SOON = timedelta(days=7)


def shift_workshops(user: Any, on: date) -> "QuerySet[Workshop]":
    """Workshops of the institutions in which the user enters work: the only door to a shift."""
    return (
        Workshop.objects.filter(
            institution__organisation__in=organisation_ids(user, on, *SHIFT_ROLES)
        )
        .select_related("institution__organisation")
        .order_by("institution__sort_order", "institution_id", "name", "id")
    )


def expected_on(workshop: Workshop, day: date) -> list[Placement]:
    """The placements in force on the day in the workshop: who is expected."""
    return list(
        Placement.objects.filter(period_q(day), post__workshop=workshop)
        .select_related("inmate", "post")
        .order_by("inmate__personnel_number", "id")
    )


@dataclass(frozen=True, slots=True)
class Entered:
    """Something stored with who entered it and when."""

    value: Any
    by: str
    at: datetime


def _who(user: Any) -> str:
    return user.get_full_name() if user is not None else ""


def _mark(row: Attendance) -> Mark:
    return Mark(row.minutes, row.reason_id, row.note, row.night_minutes, row.overtime_minutes)


def marks_on(placement_ids: Iterable[int], day: date) -> dict[int, Entered]:
    """The attendance of a day by placement."""
    rows = Attendance.objects.filter(placement__in=placement_ids, worked_on=day)
    return {
        row.placement_id: Entered(_mark(row), _who(row.recorded_by), row.recorded_at)
        for row in rows.select_related("recorded_by")
    }


def earlier_marks(workshop: Workshop, placements: list[Placement], day: date) -> dict[int, Earlier]:
    """The last day entered before this one, by placement; of an earlier placement where renewed."""
    inmates = {placement.inmate_id for placement in placements}
    rows = (
        Attendance.objects.filter(
            placement__inmate__in=inmates,
            placement__post__workshop=workshop,
            worked_on__lt=day,
            worked_on__gte=day - timedelta(days=EARLIER_DAYS),
        )
        .order_by("placement_id", "-worked_on")
        .distinct("placement_id")
    )
    full = dict(rows.filter(reason=None).values_list("placement_id", "minutes"))
    by_placement: dict[int, Earlier] = {}
    by_inmate: dict[int, Earlier] = {}
    for row in rows.select_related("reason", "placement"):
        found = Earlier(
            row.worked_on,
            _mark(row),
            is_lasting=row.reason is not None and row.reason.is_lasting,
            full_minutes=full.get(row.placement_id),
        )
        by_placement[row.placement_id] = found
        known = by_inmate.get(row.placement.inmate_id)
        if known is None or known.day < found.day:
            by_inmate[row.placement.inmate_id] = found
    return {
        one.pk: found
        for one in placements
        if (found := by_placement.get(one.pk) or by_inmate.get(one.inmate_id))
    }


def attendance_reasons(day: date) -> "QuerySet[Reason]":
    """The reasons of absence offered for a day, in the order of the directory."""
    return Reason.objects.filter(
        Q(offered_from=None) | Q(offered_from__lte=day),
        Q(retired_on=None) | Q(retired_on__gt=day),
        group=ReasonGroup.ATTENDANCE,
    ).order_by("sort_order", "id")


def due_counts(workshop: Workshop, on: date) -> dict[str, int]:
    """Open work orders of the workshop: due in the coming week, and overdue."""
    rows = WorkOrder.objects.filter(workshop=workshop, status__in=OPEN)
    counts: dict[str, int] = rows.aggregate(
        due=Count("pk", filter=Q(due_on__gte=on, due_on__lte=on + DUE_SOON)),
        overdue=Count("pk", filter=Q(due_on__lt=on)),
    )
    return counts


def work_orders_of_shift(
    workshop: Workshop, day: date, asked: int | None = None
) -> list[WorkOrder]:
    """What is open in the workshop, what somebody worked on that day, and the one asked for.

    First due first. The one asked for may be closed: what was typed for it is not lost.
    """
    operations = WorkOrderOperation.objects.select_related("operation__trade").order_by(
        "operation__sequence", "id"
    )
    booked = Entry.objects.filter(worked_on=day, placement__post__workshop=workshop)
    in_teams = TeamShare.objects.filter(
        team_entry__worked_on=day, placement__post__workshop=workshop
    )
    rows = WorkOrder.objects.filter(
        Q(status__in=OPEN)
        | Q(pk__in=booked.values("work_order_operation__work_order"))
        | Q(pk__in=in_teams.values("team_entry__work_order_operation__work_order"))
        | Q(pk=asked),
        workshop=workshop,
    )
    found = rows.select_related("version__product", "part").prefetch_related(
        Prefetch("operations", queryset=operations)
    )
    return sorted(found, key=lambda row: (row.due_on is None, row.due_on or date.max, row.pk))


def output_on(placement_ids: Iterable[int], day: date) -> dict[tuple[int, int], Entered]:
    """The pieces of a day by placement and operation of a work order."""
    rows = Entry.objects.filter(placement__in=placement_ids, worked_on=day)
    return {
        (row.placement_id, row.work_order_operation_id): Entered(
            row.quantity, _who(row.recorded_by), row.recorded_at
        )
        for row in rows.select_related("recorded_by")
    }


def changes_on(placement_ids: Iterable[int], day: date, limit: int = 50) -> list[ShiftChange]:
    """The corrections of a day, the newest first."""
    rows = ShiftChange.objects.filter(placement__in=placement_ids, worked_on=day)
    return list(
        rows.select_related(
            "placement__inmate", "actor", "work_order_operation__operation"
        ).order_by("-at", "-id")[:limit]
    )
