"""Two people save the same day over two real connections at the same moment."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Sum

from inmates.models import Attendance, ShiftChange, WorkEntry
from inmates.refusals import BeingCalculated, ChangedMeanwhile, SheetRefused
from inmates.services.attendance import (
    AttendedDay,
    MarkEdit,
    record_attendance,
    save_attendance,
)
from inmates.services.output import CellEdit, Output, record_output, save_output
from inmates.services.payroll import start_payroll_run
from inmates.shifts import Mark
from inmates.states import PAYROLL_RUN
from portal.kernel.errors import PortalError
from portal.kernel.models import TaskRun, TaskStatus
from portal.kernel.periods import Month
from portal.kernel.states import move
from tests.inmates.months import ready_for_wages
from tests.inmates.shifts import FRIDAY, NOON, Floor, a_floor
from workshops.models import WorkOrderOperation

NOVEMBER = Month(2026, 11)
pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act gave or raised; all begin together, each over a connection of its own."""
    together = Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def person(place: int, act: Callable[[], Any]) -> None:
        try:
            together.wait(10)
            results[place] = act()
        except PortalError as refused:
            results[place] = refused
        finally:
            connection.close()

    threads = [Thread(target=person, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return results


def sheet(floor: Floor, exceptions: dict[int, Mark]) -> list[MarkEdit]:
    """A page that proposed a full day for everybody, with exceptions by place."""
    full = Mark(480)
    return [
        MarkEdit(one.pk, full, was_entered=False, mine=exceptions.get(place, full))
        for place, one in enumerate(floor.placements)
    ]


def saver(floor: Floor, actor: Any, exceptions: dict[int, Mark]) -> Callable[[], Any]:
    edits = sheet(floor, exceptions)
    return lambda: save_attendance(actor=actor, day=FRIDAY, edits=edits, at=NOON)


def test_two_savers_of_one_sheet_leave_every_exception_of_both() -> None:
    """Each marked somebody else: nobody is told "present" by who did not touch them."""
    floor = a_floor(6)
    sick, visit = Mark(0, floor.sick.pk), Mark(0, floor.visit.pk)
    results = at_once(
        saver(floor, floor.cast.master, {0: sick}),
        saver(floor, floor.cast.labour_officer, {5: visit}),
    )
    assert not [one for one in results if isinstance(one, Exception)]
    stored = {row.placement_id: row.reason_id for row in Attendance.objects.all()}
    assert len(stored) == 6
    assert stored[floor.placements[0].pk] == floor.sick.pk
    assert stored[floor.placements[5].pk] == floor.visit.pk


def test_two_savers_who_disagree_on_a_person_are_not_both_right() -> None:
    floor = a_floor(4)
    sick, visit = Mark(0, floor.sick.pk), Mark(0, floor.visit.pk)
    results = at_once(
        saver(floor, floor.cast.master, {1: sick}),
        saver(floor, floor.cast.labour_officer, {1: visit}),
    )
    refused = [one for one in results if isinstance(one, ChangedMeanwhile)]
    assert len(refused) == 1
    stands = next(iter(refused[0].theirs.values())).value
    assert Attendance.objects.get(placement=floor.placements[1]).reason_id == stands.reason_id
    assert not ShiftChange.objects.exists()


def test_the_same_form_sent_twice_at_once_is_saved_once() -> None:
    floor = a_floor(4)
    act = saver(floor, floor.cast.master, {2: Mark(0, floor.sick.pk)})
    results = at_once(act, act)
    assert sorted(one.written for one in results) == [0, 4]
    assert Attendance.objects.count() == 4


def test_output_of_two_never_exceeds_the_work_order() -> None:
    floor = a_floor(2, quantity=10)

    def act(place: int) -> Callable[[], Any]:
        edit = CellEdit(floor.placements[place].pk, floor.cutting.pk, 0, 7)
        return lambda: save_output(actor=floor.cast.master, day=FRIDAY, edits=[edit], at=NOON)

    results = at_once(act(0), act(1))
    refused = [one for one in results if isinstance(one, SheetRefused)]
    assert len(refused) == 1
    assert "Осталось 3 шт" in str(refused[0])
    assert WorkOrderOperation.objects.get(pk=floor.cutting.pk).done == 7


def test_output_and_absence_of_one_person_never_stand_together() -> None:
    """One enters pieces while the other marks the person sick: one of them is refused."""
    for _round in range(4):
        floor = a_floor(1)
        person = floor.placements[0].pk
        made = Output(person, floor.cutting.pk, FRIDAY, 3)
        sick = AttendedDay(person, FRIDAY, 0, floor.sick.pk)
        results = at_once(
            lambda m=made, f=floor: record_output(actor=f.cast.master, entries=[m], at=NOON),
            lambda s=sick, f=floor: f.attend(s),
        )
        assert len([one for one in results if isinstance(one, SheetRefused)]) == 1
        has_output = WorkEntry.objects.filter(placement=person).exists()
        assert has_output != Attendance.objects.filter(placement=person, minutes=0).exists()
        _empty()


def test_two_people_on_two_work_orders_do_not_wait_for_each_other_for_ever() -> None:
    """Both touch the same operations in opposite order: locks are taken in one order."""
    floor = a_floor(4, quantity=50)

    def act(places: list[int]) -> Callable[[], Any]:
        entries = [
            Output(floor.placements[place].pk, operation, FRIDAY, 2)
            for place in places
            for operation in (floor.cutting.pk, floor.painting.pk)
        ]
        return lambda: record_output(actor=floor.cast.master, entries=entries, at=NOON)

    results = at_once(act([0, 1, 2, 3]), act([3, 2, 1, 0]), act([2, 0, 3, 1]))
    assert sorted(results) == [0, 0, 8]
    assert WorkEntry.objects.aggregate(all=Sum("quantity"))["all"] == 16


def test_a_run_does_not_begin_in_the_middle_of_a_save() -> None:
    """The month is over and its run incomplete: a new calculation waits for what is being saved."""
    floor = a_floor(1)
    cast, person, after = floor.cast, floor.placements[0].pk, NOON + timedelta(days=11)
    last = date(2026, 11, 30)
    order = {
        "payer_id": cast.enterprise.pk,
        "institution_id": cast.institution.pk,
        "month": NOVEMBER,
    }
    ready_for_wages(cast, NOVEMBER)
    run = start_payroll_run(actor=cast.accountant, at=after, **order)
    move(run, "stop_incomplete", machine=PAYROLL_RUN, actor=None, at=after)
    TaskRun.objects.update(status=TaskStatus.FAILED)
    results: list[Any] = []

    def start() -> None:
        try:
            results.append(start_payroll_run(actor=cast.accountant, at=after, **order))
        finally:
            connection.close()

    thread = Thread(target=start)
    with transaction.atomic():
        late(floor, AttendedDay(person, last, 480), at=after)
        thread.start()
        thread.join(0.7)
        assert thread.is_alive(), "the run did not wait for the save"
    thread.join(20)
    assert [one.status for one in results] == ["calculating"]
    with pytest.raises(BeingCalculated):
        late(floor, AttendedDay(person, last, 1), at=after)


def test_the_first_run_of_a_month_waits_for_a_save_that_saw_none() -> None:
    floor = a_floor(1)
    cast, person, after = floor.cast, floor.placements[0].pk, NOON + timedelta(days=11)
    ready_for_wages(cast, NOVEMBER)
    results: list[Any] = []

    def start() -> None:
        try:
            results.append(
                start_payroll_run(
                    actor=cast.accountant,
                    payer_id=cast.enterprise.pk,
                    institution_id=cast.institution.pk,
                    month=NOVEMBER,
                    at=after,
                )
            )
        finally:
            connection.close()

    thread = Thread(target=start)
    with transaction.atomic():
        late(floor, AttendedDay(person, date(2026, 11, 30), 480), at=after)
        thread.start()
        thread.join(0.7)
        assert thread.is_alive(), "the run did not wait for the save"
    thread.join(20)
    assert [one.status for one in results] == ["calculating"]


def late(floor: Floor, day: AttendedDay, at: Any) -> int:
    """A day of a timesheet that is locked, with the written reason it needs."""
    return record_attendance(
        actor=floor.cast.master, days=[day], at=at, correction="Забыли внести смену"
    )


def _empty() -> None:
    """The next round begins with nothing; the traces cannot be deleted, and there are none."""
    call_command("flush", interactive=False, verbosity=0)
