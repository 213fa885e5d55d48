"""People whose work ends within a month, and whether the days up to then are vouched for.

Asked by the blockers of a run at release and by the page on which days are confirmed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from inmates.enums import TimesheetStatus
from inmates.models import (
    Attendance,
    DaysConfirmed,
    Placement,
    ShiftChange,
    TeamShare,
    Timesheet,
    WorkEntry,
)
from inmates.selectors.timesheets import placed_in_workshops
from portal.kernel.periods import Month
from workshops.models import Workshop

ONE_DAY = timedelta(days=1)
# Why the days of somebody are not good enough to pay by.
NOT_CONFIRMED, CHANGED_SINCE = "days_unconfirmed", "days_changed"


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """Somebody who left, whose days nobody vouches for as they are now."""

    number: str
    workshop: dict[str, str]
    last_day: date
    cause: str


@dataclass(frozen=True, slots=True)
class Leaver:
    """A placement that ends before its month does, with who confirmed its days and when."""

    placement: Placement
    last_day: date
    confirmed: DaysConfirmed | None
    is_changed: bool

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed is not None and not self.is_changed


def unconfirmed(placements: "QuerySet[Placement]", month: Month) -> list[Unconfirmed]:
    """Of these placements, those whose sheet is open and whose days are not confirmed; 3 queries.

    Neither a locked sheet nor days confirmed and not touched since stop anything.
    """
    sheets = Timesheet.objects.filter(
        workshop=OuterRef("post__workshop"), month=month.first_day
    ).values("status")
    # A month without a row is open: nothing is known of it, and nothing is not "locked".
    is_open = Q(sheet=None) | ~Q(sheet=TimesheetStatus.LOCKED)
    rows = placements.annotate(sheet=Subquery(sheets)).filter(is_open)
    found = _with_confirmation(rows.select_related("inmate", "post__workshop"), month)
    return [
        Unconfirmed(
            one.placement.inmate.personnel_number,
            _title(one.placement.post.workshop),
            one.last_day,
            NOT_CONFIRMED if one.confirmed is None else CHANGED_SINCE,
        )
        for one in found
        if not one.is_confirmed
    ]


def leavers_of(workshop_id: int, month: Month, on: date) -> list[Leaver]:
    """Whose work in the workshop has ended within the month by `on`; two queries."""
    rows = placed_in_workshops([workshop_id], month).filter(
        effective_to__lte=min(month.last_day, on + ONE_DAY)
    )
    return _with_confirmation(rows.select_related("inmate", "post__workshop"), month)


def leaver(placement_id: int, month: Month) -> Leaver | None:
    """One of them, as the service that confirms looks at it."""
    rows = Placement.objects.filter(pk=placement_id).select_related("inmate", "post__workshop")
    return next(iter(_with_confirmation(rows, month)), None)


def confirmed_days(days: Iterable[tuple[int, date]]) -> dict[tuple[int, date], date]:
    """Of days of placements, those that are vouched for, each with the last such day; one query."""
    wanted = set(days)
    rows = DaysConfirmed.objects.filter(placement__in={placement for placement, _day in wanted})
    until = {
        (placement, month): last
        for placement, month, last in rows.values_list("placement", "month", "last_day")
    }
    return {
        (placement, day): last
        for placement, day in wanted
        if (last := until.get((placement, day.replace(day=1)))) is not None and day <= last
    }


def _with_confirmation(placements: "QuerySet[Placement]", month: Month) -> list[Leaver]:
    rows = placements.annotate(edited=_last_edit(month)).order_by(
        "inmate__personnel_number", "effective_from", "id"
    )
    found = list(rows)
    if not found:
        return []
    confirmed = {
        row.placement_id: row
        for row in DaysConfirmed.objects.filter(
            placement__in=[one.pk for one in found], month=month.first_day
        ).select_related("confirmed_by")
    }
    return [_leaver(one, month, confirmed.get(one.pk)) for one in found]


def _leaver(placement: Any, month: Month, row: DaysConfirmed | None) -> Leaver:
    ends = placement.effective_to
    last = month.last_day if ends is None else min(ends - ONE_DAY, month.last_day)
    edited: datetime | None = placement.edited
    is_changed = row is not None and (
        row.last_day != last or (edited is not None and edited > row.confirmed_at)
    )
    return Leaver(placement, last, row, is_changed)


def _last_edit(month: Month) -> Greatest:
    """When anything of the placement's days of the month was last written."""
    days = Q(worked_on__range=(month.first_day, month.last_day))

    def newest(rows: Any, name: str) -> Subquery:
        of_placement = rows.filter(placement=OuterRef("pk")).order_by().values("placement")
        return Subquery(of_placement.annotate(last=Max(name)).values("last"))

    shares = TeamShare.objects.filter(
        team_entry__worked_on__range=(month.first_day, month.last_day)
    )
    return Greatest(
        newest(Attendance.objects.filter(days), "recorded_at"),
        newest(WorkEntry.objects.filter(days), "recorded_at"),
        newest(shares, "team_entry__recorded_at"),
        newest(ShiftChange.objects.filter(days), "at"),
    )


def _title(workshop: Workshop) -> dict[str, str]:
    return {
        "ru": workshop.name_ru,
        "kk": workshop.name_kk or workshop.name_ru,
        "en": workshop.name_en or workshop.name_ru,
    }
