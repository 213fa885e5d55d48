"""Two people act on one month over two real connections at the same moment."""

from collections.abc import Callable
from datetime import date
from threading import Thread
from typing import Any

import pytest
from django.db import connection, transaction

from inmates.models import Attendance, ShiftChange, Timesheet
from inmates.month_refusals import CellsChangedMeanwhile, TimesheetGaps
from inmates.refusals import TimesheetHandedIn
from inmates.services.timesheets import lock_timesheet, submit_timesheet
from inmates.shifts import Mark
from portal.kernel.states import MoveRefused, history_of
from tests.inmates.sheets import FULL, LAST_DAY, NOVEMBER, cell, fill, save, stored, submitted
from tests.inmates.shifts import Floor, a_floor
from tests.inmates.test_shift_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY, SUNDAY = date(2026, 11, 30), date(2026, 11, 29)


def saver(floor: Floor, actor: Any, marks: dict[int, Mark]) -> Callable[[], Any]:
    edits = [cell(floor, place, MONDAY, mark) for place, mark in marks.items()]
    return lambda: save(floor, *edits, actor=actor)


def test_two_masters_on_one_sheet_lose_nothing() -> None:
    floor = a_floor(4)
    results = at_once(
        saver(floor, floor.cast.master, {0: FULL, 1: FULL}),
        saver(floor, floor.cast.labour_officer, {2: Mark(300), 3: Mark(300)}),
    )
    assert [one.written for one in results] == [2, 2]
    assert [stored(floor, place, MONDAY) for place in range(4)] == [FULL] * 2 + [Mark(300)] * 2


def test_two_masters_on_one_cell_are_not_both_right() -> None:
    floor = a_floor(3)
    results = at_once(
        saver(floor, floor.cast.master, {0: FULL, 1: Mark(420)}),
        saver(floor, floor.cast.labour_officer, {1: Mark(300), 2: Mark(300)}),
    )
    (refused,) = [one for one in results if isinstance(one, CellsChangedMeanwhile)]
    key = (floor.placements[1].pk, MONDAY)
    assert set(refused.theirs) == {key}
    assert refused.theirs[key].value == stored(floor, 1, MONDAY)
    # The one that lost wrote nothing at all, so that it chooses on a whole sheet.
    assert Attendance.objects.count() == 2
    assert not ShiftChange.objects.exists()


def test_the_same_sheet_sent_twice_at_once_is_saved_once() -> None:
    floor = a_floor(3)
    act = saver(floor, floor.cast.master, {0: FULL, 1: FULL, 2: FULL})
    assert sorted(one.written for one in at_once(act, act)) == [0, 3]


def test_a_sheet_is_submitted_once() -> None:
    floor = a_floor(2)
    fill(floor)

    def act(actor: Any) -> Callable[[], Any]:
        return lambda: submit_timesheet(
            actor=actor, workshop_id=floor.cast.workshop.pk, month=NOVEMBER, at=LAST_DAY
        )

    results = at_once(act(floor.cast.master), act(floor.cast.labour_officer))
    assert len([one for one in results if isinstance(one, MoveRefused)]) == 1
    sheet = Timesheet.objects.get()
    assert [row.action for row in history_of(sheet)] == ["submit"]
    assert history_of(sheet)[0].actor == sheet.submitted_by


def test_a_sheet_is_locked_once() -> None:
    floor = a_floor(2)
    sheet = submitted(floor)

    def act() -> Any:
        return lock_timesheet(
            actor=floor.cast.accountant, timesheet_id=sheet.pk, at=LAST_DAY
        )  # fmt: skip

    results = at_once(act, act)
    assert len([one for one in results if isinstance(one, MoveRefused)]) == 1
    assert [row.action for row in history_of(sheet)] == ["submit", "lock"]


def test_a_submission_waits_for_a_save_and_sees_the_gap_it_left() -> None:
    """Somebody empties a day while the sheet is being submitted: it does not slip through."""
    floor = a_floor(2)
    fill(floor)
    results: list[Any] = []

    def act() -> None:
        try:
            submit_timesheet(
                actor=floor.cast.master,
                workshop_id=floor.cast.workshop.pk,
                month=NOVEMBER,
                at=LAST_DAY,
            )
        except TimesheetGaps as refused:
            results.append(refused)
        finally:
            connection.close()

    thread = Thread(target=act)
    with transaction.atomic():
        save(floor, cell(floor, 0, MONDAY, None, shown=FULL), actor=floor.cast.labour_officer)
        thread.start()
        thread.join(0.7)
        assert thread.is_alive(), "the submission did not wait for the save"
    thread.join(20)
    assert [len(one.gaps) for one in results] == [1]
    assert not Timesheet.objects.exists()


def test_a_save_that_waited_for_the_submission_is_refused_with_its_sentence() -> None:
    floor = a_floor(2)
    fill(floor)
    results: list[Any] = []

    def act() -> None:
        try:
            save(floor, cell(floor, 0, MONDAY, Mark(300), shown=FULL))
        except TimesheetHandedIn as refused:
            results.append(refused)
        finally:
            connection.close()

    thread = Thread(target=act)
    with transaction.atomic():
        submit_timesheet(
            actor=floor.cast.labour_officer,
            workshop_id=floor.cast.workshop.pk,
            month=NOVEMBER,
            at=LAST_DAY,
        )
        thread.start()
        thread.join(0.7)
        assert thread.is_alive(), "the save did not wait for the submission"
    thread.join(20)
    assert len(results) == 1
    assert stored(floor, 0, MONDAY) == FULL
