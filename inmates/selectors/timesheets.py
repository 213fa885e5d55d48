"""The timesheets of workshops: their states for the gate before a write, and for the pages."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from inmates.enums import CLOSED_RUNS, RunStatus, TimesheetStatus
from inmates.models import Attendance, PayrollRun, Placement, Timesheet
from inmates.month_refusals import Gap
from inmates.selectors.closed_months import runs_of_places
from inmates.selectors.payroll import granted_q
from portal.accounts.enums import Role
from portal.kernel.periods import Month, overlap_q
from portal.kernel.workdays import is_workday
from workshops.models import Workshop


def timesheet_states(
    workshop_ids: Iterable[int], months: Iterable[Month | date]
) -> dict[tuple[int, date], str]:
    """The status by workshop and first day of the month; who has no row is open, and not here.

    One query. Who decides a write by it holds the placements concerned locked: a submission and a
    lock take the same locks first, so the status does not move under the writer.
    """
    first_days = {one.first_day if isinstance(one, Month) else one.replace(day=1) for one in months}
    rows = Timesheet.objects.filter(workshop__in=set(workshop_ids), month__in=first_days)
    return {
        (workshop_id, month): status
        for workshop_id, month, status in rows.values_list("workshop_id", "month", "status")
    }


@dataclass(frozen=True, slots=True)
class SheetCount:
    """The timesheets of a month: how many there are to be, and how many of them are vouched for."""

    due: int
    submitted: int  # those that are locked by now among them
    locked: int


def sheet_count(institution_ids: Iterable[int], month: Month) -> SheetCount:
    """One timesheet is due of each workshop with people in the month; one query."""
    placed = Placement.objects.filter(overlap_q(month.period), post__workshop=OuterRef("pk"))
    sheets = Timesheet.objects.filter(workshop=OuterRef("pk"), month=month.first_day)
    statuses = list(
        Workshop.objects.filter(Exists(placed), institution__in=list(institution_ids)).values_list(
            Subquery(sheets.values("status")), flat=True
        )
    )
    locked = statuses.count(TimesheetStatus.LOCKED)
    submitted = statuses.count(TimesheetStatus.SUBMITTED) + locked
    return SheetCount(len(statuses), submitted, locked)


def timesheet_of(workshop: Workshop, month: Month) -> Timesheet:
    """The timesheet as it is stored; a month without a row as an open one that is not saved."""
    row = (
        Timesheet.objects.filter(workshop=workshop, month=month.first_day)
        .select_related("submitted_by", "locked_by")
        .first()
    )
    return row or Timesheet(workshop=workshop, month=month.first_day)


def placed_in_workshops(workshop_ids: Iterable[int], month: Month) -> "QuerySet[Placement]":
    """Who is on the timesheets of the month: placements in force on at least one of its days."""
    return Placement.objects.filter(overlap_q(month.period), post__workshop__in=list(workshop_ids))


def gaps_of(placements: Iterable[Placement], month: Month, on: date) -> list[Gap]:
    """Working days of the placements without an entry, by day and person; one query.

    The placements come with their person. On a day off nobody has to be entered, and a day that
    is still ahead on `on` lacks nothing.
    """
    return [
        Gap(day, placement.inmate.personnel_number)
        for day, placement in _missing(list(placements), month, on)
    ]


def last_day_ahead(placements: Iterable[Placement], month: Month, on: date) -> date | None:
    """The last working day of the sheet while it is still ahead on `on`; None once it has come."""
    if on >= month.last_day:
        return None
    placements = list(placements)
    ahead = [
        day
        for day in month.days()
        if day > on and is_workday(day) and any(in_force(one, day) for one in placements)
    ]
    return max(ahead, default=None)


def _missing(placements: list[Placement], month: Month, on: date) -> list[tuple[date, Placement]]:
    entered = set(
        Attendance.objects.filter(
            placement__in=[one.pk for one in placements],
            worked_on__range=(month.first_day, month.last_day),
        ).values_list("placement_id", "worked_on")
    )
    return [
        (day, one)
        for day in month.days()
        if day <= on and is_workday(day)
        for one in placements
        if in_force(one, day) and (one.pk, day) not in entered
    ]


def closing_runs(month: Month, payers: Collection[tuple[int, int]]) -> "QuerySet[PayrollRun]":
    """Runs of these payers that were calculated from the month's sheets, or are just now."""
    made = (RunStatus.CALCULATING, RunStatus.CALCULATED, *CLOSED_RUNS)
    return runs_of_places(month, payers).filter(status__in=made)


def workshops_checked_by(user: Any, on: date, month: Month) -> "QuerySet[Workshop]":
    """Workshops with people in the month whose payer the user is accountant of: the only door."""
    granted = granted_q(
        user, on, [Role.ACCOUNTANT], payer="payer", institution="post__workshop__institution"
    )
    placed = Placement.objects.filter(granted, overlap_q(month.period))
    return (
        Workshop.objects.filter(pk__in=placed.values("post__workshop"))
        .select_related("institution__organisation")
        .order_by("institution__sort_order", "institution_id", "name", "id")
    )


def payers_checked_by(user: Any, on: date, workshop: Workshop, month: Month) -> set[int]:
    """Payers of people of the workshop for whom the user may look at the sheet."""
    granted = granted_q(
        user, on, [Role.ACCOUNTANT], payer="payer", institution="post__workshop__institution"
    )
    placed = placed_in_workshops([workshop.pk], month).filter(granted)
    return set(placed.values_list("payer_id", flat=True))


@dataclass(frozen=True, slots=True)
class SheetState:
    """A workshop's line on the accountant's list of a month."""

    workshop: Workshop
    timesheet: Timesheet
    people: int
    gaps: int
    is_paid: bool
    # The last working day of the sheet, while it is still ahead.
    ahead: date | None = None

    @property
    def status(self) -> str:
        return self.timesheet.status

    @property
    def waits_for_check(self) -> bool:
        return self.status == TimesheetStatus.SUBMITTED


def sheet_states(workshops: Iterable[Workshop], month: Month, on: date) -> list[SheetState]:
    """What waits in each workshop on `on`; four queries however many there are."""
    workshops = list(workshops)
    ids = [one.pk for one in workshops]
    rows = {
        row.workshop_id: row
        for row in Timesheet.objects.filter(workshop__in=ids, month=month.first_day).select_related(
            "submitted_by", "locked_by"
        )
    }
    placements: dict[int, list[Placement]] = {one: [] for one in ids}
    for placement in placed_in_workshops(ids, month).select_related("inmate", "post"):
        placements[placement.post.workshop_id].append(placement)
    everybody = [one for many in placements.values() for one in many]
    missing = Counter(one.post.workshop_id for _day, one in _missing(everybody, month, on))
    places = {one.pk: one.institution_id for one in workshops}
    payers = {(one.payer_id, places[key]) for key, many in placements.items() for one in many}
    closed = set(closing_runs(month, payers).values_list("payer_id", "institution_id"))
    return [
        SheetState(
            workshop=one,
            timesheet=rows.get(one.pk) or Timesheet(workshop=one, month=month.first_day),
            people=len({placement.inmate_id for placement in placements[one.pk]}),
            gaps=missing[one.pk],
            is_paid=any(
                (placement.payer_id, one.institution_id) in closed
                for placement in placements[one.pk]
            ),
            ahead=last_day_ahead(placements[one.pk], month, on),
        )
        for one in workshops
    ]


def in_force(placement: Placement, day: date) -> bool:
    """Whether the placement holds on the day."""
    return placement.effective_from <= day and (
        placement.effective_to is None or day < placement.effective_to
    )
