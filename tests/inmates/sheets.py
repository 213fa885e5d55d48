"""Timesheets for the tests: a workshop whose month is entered, submitted, returned or locked."""

from datetime import UTC, date, datetime
from typing import Any

from inmates.models import Attendance, Timesheet
from inmates.services.month import CellEdit, SavedMonth, save_month
from inmates.services.timesheets import lock_timesheet, return_timesheet, submit_timesheet
from inmates.shifts import Mark
from portal.kernel.periods import Month
from portal.kernel.workdays import is_workday
from tests.inmates.shifts import Floor

# The last days of November and the first of December 2026; noon in Almaty.
NOVEMBER = Month(2026, 11)
LAST_DAY = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)
DECEMBER_2 = datetime(2026, 12, 2, 7, 0, tzinfo=UTC)
FULL = Mark(480)
LATE = "Ошибка в наряде"


def fill(floor: Floor, month: Month = NOVEMBER, *, at: datetime = LAST_DAY) -> None:
    """Everybody present on every working day of the month, entered as time went by."""
    Attendance.objects.bulk_create(
        Attendance(
            placement=one, worked_on=day, minutes=480, recorded_by=floor.cast.master, recorded_at=at
        )
        for one in floor.placements
        for day in month.days()
        if is_workday(day)
    )


def submitted(floor: Floor, *, at: datetime = LAST_DAY, actor: Any = None) -> Timesheet:
    fill(floor)
    return submit_timesheet(
        actor=actor or floor.cast.master,
        workshop_id=floor.cast.workshop.pk,
        month=NOVEMBER,
        at=at,
    )


def locked(floor: Floor, *, at: datetime = LAST_DAY) -> Timesheet:
    sheet = submitted(floor, at=at)
    return lock_timesheet(actor=floor.cast.accountant, timesheet_id=sheet.pk, at=at)


def returned(
    floor: Floor, reason: str = "Нет явки за 5-е", *, at: datetime = LAST_DAY
) -> Timesheet:
    sheet = submitted(floor, at=at)
    return return_timesheet(
        actor=floor.cast.accountant, timesheet_id=sheet.pk, reason=reason, at=at
    )


def cell(
    floor: Floor, place: int, day: date, mine: Mark | None, shown: Mark | None = None
) -> CellEdit:
    return CellEdit(floor.placements[place].pk, day, shown, mine)


def save(
    floor: Floor,
    *edits: CellEdit,
    at: datetime = LAST_DAY,
    actor: Any = None,
    correction: str = "",
    month: Month = NOVEMBER,
) -> SavedMonth:
    return save_month(
        actor=actor or floor.cast.master,
        workshop_id=floor.cast.workshop.pk,
        month=month,
        edits=edits,
        at=at,
        correction=correction,
    )


def stored(floor: Floor, place: int, day: date) -> Mark | None:
    row = Attendance.objects.filter(placement=floor.placements[place], worked_on=day).first()
    return Mark(row.minutes, row.reason_id, row.note) if row else None
