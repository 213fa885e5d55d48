"""A correction and what closes the day, over two real connections at the same moment."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from inmates.models import Attendance, Reason, ShiftChange, Timesheet
from inmates.refusals import BeingCalculated, ReasonStillUsed, SheetRefused, TimesheetHandedIn
from inmates.services.attendance import AttendedDay, record_attendance
from inmates.services.payroll import start_payroll_run
from inmates.services.reasons import retire_reason
from inmates.services.timesheets import lock_timesheet, submit_timesheet
from portal.kernel.errors import ConstraintRefused, PortalError
from portal.kernel.periods import Month
from portal.kernel.workdays import is_workday
from tests.inmates.months import ready_for_wages
from tests.inmates.shifts import FRIDAY, NOON, Floor, a_floor
from tests.inmates.test_shift_races import at_once
from tests.people import a_placement
from workshops.models import Post, Workshop

pytestmark = pytest.mark.django_db(transaction=True)
OCTOBER = Month(2026, 10)
LAST = date(2026, 10, 30)
WHY = "Пришла справка из медчасти"


def a_whole_october(floor: Floor) -> None:
    """Every working day of the month is entered: the timesheet can be submitted."""
    Attendance.objects.bulk_create(
        Attendance(placement=one, worked_on=day, minutes=480, recorded_at=NOON)
        for one in floor.placements
        for day in OCTOBER.days()
        if is_workday(day)
    )


def in_thread(act: Callable[[], Any], results: list[Any]) -> Thread:
    def run() -> None:
        try:
            results.append(act())
        except PortalError as refused:
            results.append(refused)
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    return thread


def submitted(floor: Floor) -> Timesheet:
    return submit_timesheet(
        actor=floor.cast.labour_officer, workshop_id=floor.cast.workshop.pk, month=OCTOBER,
        at=NOON - timedelta(days=19),
    )  # fmt: skip


# The window of the 30th is open until the 2nd of November, 24:00.
FIRST = NOON - timedelta(days=19)


def correct(floor: Floor, minutes: int, correction: str = "") -> int:
    return record_attendance(
        actor=floor.cast.master,
        days=[AttendedDay(floor.placements[0].pk, LAST, minutes)],
        at=FIRST,
        correction=correction,
    )


def test_a_submission_waits_for_a_save_and_closes_the_next_one() -> None:
    floor = a_floor(1)
    a_whole_october(floor)
    results: list[Any] = []
    with transaction.atomic():
        correct(floor, 420)
        thread = in_thread(lambda: submitted(floor), results)
        thread.join(0.7)
        assert thread.is_alive(), "the submission did not wait for the save"
    thread.join(20)
    assert [one.status for one in results] == ["submitted"]
    with pytest.raises(TimesheetHandedIn):
        correct(floor, 360)
    assert correct(floor, 360, WHY) == 1


def test_a_save_waits_for_a_submission_and_then_needs_words() -> None:
    floor = a_floor(1)
    a_whole_october(floor)
    results: list[Any] = []
    with transaction.atomic():
        submitted(floor)
        thread = in_thread(lambda: correct(floor, 420), results)
        thread.join(0.7)
        assert thread.is_alive(), "the save did not wait for the submission"
    thread.join(20)
    assert isinstance(results[0], TimesheetHandedIn)
    assert Attendance.objects.get(worked_on=LAST).minutes == 480


def test_a_lock_and_a_correction_at_once_leave_an_explained_day() -> None:
    """Whoever is first: nothing changes without words once the sheet is handed in."""
    floor = a_floor(1)
    a_whole_october(floor)
    sheet = submitted(floor)
    results = at_once(
        lambda: lock_timesheet(actor=floor.cast.accountant, timesheet_id=sheet.pk, at=FIRST),
        lambda: correct(floor, 420, WHY),
        lambda: correct(floor, 420),
    )
    sheet.refresh_from_db()
    assert sheet.status == "locked"
    assert results[1] == 1 or isinstance(results[2], TimesheetHandedIn)
    assert set(ShiftChange.objects.values_list("explanation", flat=True)) == {WHY}


def test_two_corrections_of_one_day_both_leave_their_words() -> None:
    floor = a_floor(1)
    a_whole_october(floor)
    submitted(floor)
    results = at_once(
        lambda: correct(floor, 420, "Ушёл раньше на час"),
        lambda: correct(floor, 360, "Ушёл раньше на два часа"),
    )
    assert results == [1, 1]
    first, second = ShiftChange.objects.order_by("pk")
    assert second.before == first.after
    assert Attendance.objects.get(worked_on=LAST).minutes == second.after["minutes"]


def test_a_run_waits_for_a_correction_with_words() -> None:
    """A closed day is held like an open one: the run sees the whole correction."""
    floor = a_floor(1)
    a_whole_october(floor)
    ready_for_wages(floor.cast)
    late, results = NOON, []
    with transaction.atomic():
        record_attendance(
            actor=floor.cast.master,
            days=[AttendedDay(floor.placements[0].pk, LAST, 420)],
            at=late,
            correction=WHY,
        )
        thread = in_thread(
            lambda: start_payroll_run(
                actor=floor.cast.accountant, payer_id=floor.cast.enterprise.pk,
                institution_id=floor.cast.institution.pk, month=OCTOBER, at=late,
            ),
            results,
        )  # fmt: skip
        thread.join(0.7)
        assert thread.is_alive(), "the run did not wait for the correction"
    thread.join(20)
    assert [one.status for one in results] == ["calculating"]
    with pytest.raises(BeingCalculated):
        record_attendance(
            actor=floor.cast.master,
            days=[AttendedDay(floor.placements[0].pk, LAST, 300)],
            at=late,
            correction=WHY,
        )


def test_two_workshops_do_not_give_one_person_more_than_a_day() -> None:
    floor = a_floor(1)
    workshop = Workshop.objects.create(
        institution=floor.cast.institution, code="sewing-16", name_ru="Швейный цех"
    )
    post = Post.objects.create(workshop=workshop, name_ru="Швея", trade=floor.cast.trade, seats=5)
    first = floor.placements[0]
    second = a_placement(floor.cast, first.inmate, post=post, is_full_time=False)
    results = at_once(
        *[
            lambda pk=pk: record_attendance(
                actor=floor.cast.master, days=[AttendedDay(pk, FRIDAY, 900)], at=NOON
            )
            for pk in (first.pk, second.pk)
        ]
    )
    assert sorted(str(type(one).__name__) for one in results) == ["SheetRefused", "int"]
    assert any(isinstance(one, SheetRefused) for one in results)
    assert Attendance.objects.filter(worked_on=FRIDAY).count() == 1


def test_a_reason_is_not_retired_while_it_is_being_entered() -> None:
    floor = a_floor(1)
    results: list[Any] = []
    with transaction.atomic():
        floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 0, floor.visit.pk))
        thread = in_thread(
            lambda: retire_reason(
                actor=floor.cast.administrator, reason_id=floor.visit.pk, on=FRIDAY, at=NOON
            ),
            results,
        )
        thread.join(0.7)
        assert thread.is_alive(), "the retirement did not wait for the entry"
    thread.join(20)
    assert isinstance(results[0], ReasonStillUsed)
    assert Reason.objects.get(pk=floor.visit.pk).retired_on is None


def test_an_entry_waits_for_a_retirement_and_is_refused() -> None:
    floor = a_floor(1)
    results: list[Any] = []
    with transaction.atomic():
        retire_reason(actor=floor.cast.administrator, reason_id=floor.visit.pk, on=FRIDAY, at=NOON)
        thread = in_thread(
            lambda: floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 0, floor.visit.pk)),
            results,
        )
        thread.join(0.7)
        assert thread.is_alive(), "the entry did not wait for the retirement"
    thread.join(20)
    assert isinstance(results[0], ConstraintRefused)
    assert results[0].constraint == "attendance_reason_offered"
