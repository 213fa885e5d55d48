"""The month of one workshop as it is stored: people, days, what is entered, what stands beside it.

Called by the page of the month, its paper and the service that saves it; the number of queries does
not grow with the people or the days.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, Sum

from inmates.enums import ReasonGroup
from inmates.models import Attendance, Placement, Reason, ShiftChange, Timesheet, WorkEntry
from inmates.selectors.open_days import ShiftRules, Standing, WorkDay, rules_of_days, standings
from inmates.selectors.shift import Entered
from inmates.selectors.teams import team_output_of_month
from inmates.selectors.timesheets import placed_in_workshops, timesheet_of
from inmates.shifts import Mark, full_minutes
from portal.kernel.periods import Month
from workshops.models import Workshop

Cell = tuple[int, date]  # placement, day
CHANGES_SHOWN = 30


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """One workshop in one month, looked at on `on`; names are apart, because reading them counts.

    `standings` hold what is closed; `elsewhere` the minutes of a person at other workshops,
    `output` the pieces of a placement on a day.
    """

    workshop: Workshop
    month: Month
    on: date
    timesheet: Timesheet
    placements: list[Placement]
    entered: dict[Cell, Entered]
    reasons: list[Reason]
    rules: dict[date, ShiftRules]
    standings: dict[WorkDay, Standing]
    elsewhere: dict[tuple[int, date], int] = field(default_factory=dict)
    output: dict[Cell, int] = field(default_factory=dict)
    # People who stand on the sheet with two placements.
    twice: frozenset[int] = frozenset()

    @property
    def days(self) -> list[date]:
        return list(self.month.days())

    def full(self, placement: Placement, day: date) -> int | None:
        """The norm of the person on the day; nobody can say it of part time."""
        if not placement.is_full_time:
            return None
        return full_minutes(self.rules[day].norm, placement.inmate.disability_group)

    def reasons_on(self, day: date) -> list[Reason]:
        """The reasons offered for the day."""
        return [one for one in self.reasons if _is_offered(one, day)]

    def standing(self, placement: Placement, day: date) -> Standing:
        key = WorkDay(day, self.workshop.pk, self.workshop.institution_id, placement.payer_id)
        return self.standings[key]


def _is_offered(reason: Reason, day: date) -> bool:
    return (reason.offered_from is None or reason.offered_from <= day) and (
        reason.retired_on is None or day < reason.retired_on
    )


def month_sheet(
    workshop: Workshop, month: Month, on: date, payers: Collection[int] | None = None
) -> MonthSheet:
    """Everything of the sheet but the names; ten queries. With `payers` their people alone."""
    rows = placed_in_workshops([workshop.pk], month).select_related(
        "inmate", "post", "payer", "employer"
    )
    if payers is not None:
        rows = rows.filter(payer__in=payers)
    placements = list(rows.order_by("inmate__personnel_number", "id"))
    ids = [one.pk for one in placements]
    rules = rules_of_days(month.days())
    workdays = {
        WorkDay(day, workshop.pk, workshop.institution_id, payer_id)
        for payer_id in {one.payer_id for one in placements}
        for day in month.days()
    }
    entered = marks_of_month(ids, month)
    used = {one.value.reason_id for one in entered.values()} - {None}
    return MonthSheet(
        workshop=workshop,
        month=month,
        on=on,
        timesheet=timesheet_of(workshop, month),
        placements=placements,
        entered=entered,
        reasons=list(_reasons(month, used)),
        rules=rules,
        standings=standings(workdays, on=on, rules=rules),
        elsewhere=_elsewhere(placements, month),
        output=output_of_month(ids, month),
        twice=_twice(placements),
    )


def _twice(placements: list[Placement]) -> frozenset[int]:
    counts = Counter(one.inmate_id for one in placements)
    return frozenset(inmate_id for inmate_id, count in counts.items() if count > 1)


def marks_of_month(placement_ids: Collection[int], month: Month) -> dict[Cell, Entered]:
    """The attendance of these placements in the month, with who entered it and when."""
    rows = Attendance.objects.filter(
        placement__in=placement_ids, worked_on__range=(month.first_day, month.last_day)
    ).values_list(
        "placement_id",
        "worked_on",
        "minutes",
        "reason_id",
        "note",
        "night_minutes",
        "overtime_minutes",
        "recorded_by__full_name",
        "recorded_at",
    )
    return {(pk, day): Entered(Mark(*mark), who or "", at) for pk, day, *mark, who, at in rows}


def output_of_month(placement_ids: Collection[int], month: Month) -> dict[Cell, int]:
    """Pieces by placement and day, those of the teams taken part in among them."""
    rows = (
        WorkEntry.objects.filter(
            placement__in=placement_ids, worked_on__range=(month.first_day, month.last_day)
        )
        .order_by()
        .values_list("placement_id", "worked_on")
        .annotate(Sum("quantity"))
    )
    found = {(pk, day): quantity for pk, day, quantity in rows}
    for cell, quantity in team_output_of_month(placement_ids, month).items():
        found[cell] = found.get(cell, 0) + quantity
    return found


def _elsewhere(placements: list[Placement], month: Month) -> dict[tuple[int, date], int]:
    """Minutes of these people at placements that are not on the sheet."""
    rows = (
        Attendance.objects.filter(
            placement__inmate__in={one.inmate_id for one in placements},
            worked_on__range=(month.first_day, month.last_day),
            minutes__gt=0,
        )
        .exclude(placement__in=[one.pk for one in placements])
        .values_list("placement__inmate_id", "worked_on", "minutes")
    )
    found: dict[tuple[int, date], int] = defaultdict(int)
    for inmate_id, day, minutes in rows:
        found[inmate_id, day] += minutes
    return dict(found)


def _reasons(month: Month, used: Collection[int]) -> Iterable[Reason]:
    """Offered on a day of the month, or standing in it; in the order of the directory."""
    offered = Q(
        Q(offered_from=None) | Q(offered_from__lte=month.last_day),
        Q(retired_on=None) | Q(retired_on__gt=month.first_day),
        group=ReasonGroup.ATTENDANCE,
    )
    return Reason.objects.filter(offered | Q(pk__in=used)).order_by("sort_order", "id")


def changed_since(
    placement_ids: Collection[int], month: Month, opened: datetime, actor: Any
) -> dict[str, int]:
    """How many days of the sheet others have entered since the page was opened, by name."""
    rows = (
        Attendance.objects.filter(
            placement__in=placement_ids,
            worked_on__range=(month.first_day, month.last_day),
            recorded_at__gt=opened,
        )
        .exclude(recorded_by=actor)
        .order_by()
        .values_list("recorded_by__full_name")
        .annotate(Count("pk"))
    )
    return {name or "—": count for name, count in rows}


def changes_of_month(placement_ids: Collection[int], month: Month) -> list[ShiftChange]:
    """The latest corrections of the month, the newest first."""
    rows = ShiftChange.objects.filter(
        placement__in=placement_ids, worked_on__range=(month.first_day, month.last_day)
    )
    return list(
        rows.select_related(
            "placement__inmate", "actor", "work_order_operation__operation"
        ).order_by("-at", "-id")[:CHANGES_SHOWN]
    )
