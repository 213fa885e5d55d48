"""The month is saved as a whole: what is written, what is refused at which cell, what it costs."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inmates.models import Attendance, ShiftChange
from inmates.month_refusals import CellsChangedMeanwhile, NotOfThisSheet
from inmates.refusals import (
    BeingCalculated,
    CorrectionOver,
    DayAhead,
    MinutesBesideAbsence,
    MonthCalculated,
    SheetRefused,
    TimesheetHandedIn,
)
from inmates.selectors.month import changed_since, month_sheet
from inmates.services.attendance import AttendedDay
from inmates.services.month import CellEdit
from inmates.services.output import Output
from inmates.services.payroll import start_payroll_run
from inmates.services.timesheets import return_timesheet
from inmates.shifts import Mark
from inmates.states import PAYROLL_RUN
from portal.kernel.errors import ConstraintRefused, Forbidden
from portal.kernel.periods import Month
from portal.kernel.states import move
from tests.inmates.months import ready_for_wages
from tests.inmates.sheets import (
    DECEMBER_2,
    FULL,
    LAST_DAY,
    LATE,
    NOVEMBER,
    cell,
    fill,
    locked,
    save,
    stored,
    submitted,
)
from tests.inmates.shifts import Floor, a_floor, floor
from tests.people import a_placement, an_inmate
from workshops.models import Post, Workshop

__all__ = ["floor"]
# Inside the window of correction on the last of November, and outside of it.
MONDAY, SUNDAY, EARLY = date(2026, 11, 30), date(2026, 11, 29), date(2026, 11, 3)


def test_only_the_cells_that_were_changed_are_written(floor: Floor) -> None:
    saved = save(
        floor,
        cell(floor, 0, MONDAY, FULL),
        cell(floor, 1, MONDAY, Mark(0, floor.sick.pk)),
        cell(floor, 2, SUNDAY, Mark(240, floor.short.pk)),
    )
    assert saved.written == 3
    assert stored(floor, 0, MONDAY) == FULL
    assert stored(floor, 1, MONDAY) == Mark(0, floor.sick.pk)
    assert stored(floor, 2, SUNDAY) == Mark(240, floor.short.pk)
    assert Attendance.objects.count() == 3
    row = Attendance.objects.get(placement=floor.placements[0])
    assert (row.recorded_by, row.recorded_at) == (floor.cast.master, LAST_DAY)


def test_twice_writes_nothing_the_second_time(floor: Floor) -> None:
    edits = [cell(floor, 0, MONDAY, FULL), cell(floor, 1, SUNDAY, Mark(60))]
    assert save(floor, *edits).written == 2
    assert save(floor, *edits).written == 0
    assert not ShiftChange.objects.exists()


def test_a_cell_is_emptied_and_the_trace_stays(floor: Floor) -> None:
    save(floor, cell(floor, 0, MONDAY, Mark(450)))
    assert save(floor, cell(floor, 0, MONDAY, None, shown=Mark(450))).written == 1
    assert stored(floor, 0, MONDAY) is None
    trace = ShiftChange.objects.get()
    assert (trace.before["minutes"], trace.after) == (450, {})


def test_nothing_changed_is_nothing_written(floor: Floor) -> None:
    assert save(floor).written == 0


def test_what_another_entered_in_other_cells_stands(floor: Floor) -> None:
    save(floor, cell(floor, 0, MONDAY, Mark(300)), actor=floor.cast.labour_officer)
    assert save(floor, cell(floor, 1, MONDAY, FULL)).written == 1
    assert stored(floor, 0, MONDAY) == Mark(300)


def test_a_cell_two_people_changed_is_shown_to_the_second(floor: Floor) -> None:
    officer = floor.cast.labour_officer
    save(floor, cell(floor, 0, MONDAY, Mark(300)), actor=officer)
    with pytest.raises(CellsChangedMeanwhile) as refused:
        save(floor, cell(floor, 0, MONDAY, FULL), cell(floor, 1, MONDAY, FULL))
    key = (floor.placements[0].pk, MONDAY)
    assert set(refused.value.theirs) == {key}
    theirs = refused.value.theirs[key]
    assert (theirs.value, theirs.by, theirs.at) == (Mark(300), officer.full_name, LAST_DAY)
    assert stored(floor, 1, MONDAY) is None, "the whole sheet waits for the choice"


def test_a_cell_emptied_by_another_is_a_conflict_as_well(floor: Floor) -> None:
    save(floor, cell(floor, 0, MONDAY, Mark(300)))
    save(floor, cell(floor, 0, MONDAY, None, shown=Mark(300)), actor=floor.cast.labour_officer)
    with pytest.raises(CellsChangedMeanwhile) as refused:
        save(floor, cell(floor, 0, MONDAY, FULL, shown=Mark(300)))
    assert refused.value.theirs == {(floor.placements[0].pk, MONDAY): None}


def test_the_choice_of_mine_is_written_with_a_trace_of_theirs(floor: Floor) -> None:
    save(floor, cell(floor, 0, MONDAY, Mark(300)), actor=floor.cast.labour_officer)
    save(floor, cell(floor, 0, MONDAY, FULL, shown=Mark(300)))
    assert stored(floor, 0, MONDAY) == FULL
    trace = ShiftChange.objects.get()
    assert (trace.before["minutes"], trace.after["minutes"]) == (300, 480)
    assert trace.actor == floor.cast.master


def test_both_having_typed_the_same_is_no_conflict(floor: Floor) -> None:
    save(floor, cell(floor, 0, MONDAY, FULL), actor=floor.cast.labour_officer)
    assert save(floor, cell(floor, 0, MONDAY, FULL)).written == 0


def test_a_day_past_the_window_needs_a_written_reason(floor: Floor) -> None:
    edit = cell(floor, 0, EARLY, FULL)
    with pytest.raises(CorrectionOver, match=r"03\.11\.2026"):
        save(floor, edit)
    assert stored(floor, 0, EARLY) is None
    assert save(floor, edit, correction=LATE).written == 1
    trace = ShiftChange.objects.get()
    assert (trace.explanation, trace.before, trace.after["minutes"]) == (LATE, {}, 480)


def test_after_the_submission_every_day_needs_a_reason(floor: Floor) -> None:
    submitted(floor)
    edit = cell(floor, 0, MONDAY, Mark(0, floor.sick.pk), shown=FULL)
    with pytest.raises(TimesheetHandedIn):
        save(floor, edit)
    assert save(floor, edit, correction=LATE).written == 1
    assert ShiftChange.objects.get().explanation == LATE


def test_a_month_locked_while_somebody_types_is_refused_with_its_sentence(floor: Floor) -> None:
    fill(floor)
    opened_with = FULL
    locked_sheet = locked_now(floor)
    with pytest.raises(TimesheetHandedIn, match="ноябрь"):
        save(floor, cell(floor, 0, MONDAY, Mark(300), shown=opened_with))
    assert stored(floor, 0, MONDAY) == FULL
    assert locked_sheet.status == "locked"


def locked_now(floor: Floor) -> Any:
    Attendance.objects.all().delete()
    return locked(floor)


def test_a_returned_month_is_open_as_before(floor: Floor) -> None:
    sheet = submitted(floor)
    return_timesheet(
        actor=floor.cast.accountant, timesheet_id=sheet.pk, reason="Нет явки", at=LAST_DAY
    )
    edit = cell(floor, 0, MONDAY, Mark(300), shown=FULL)
    assert save(floor, edit).written == 1


def test_a_calculated_month_needs_a_reason_and_one_being_calculated_refuses(floor: Floor) -> None:
    fill(floor)
    ready_for_wages(floor.cast, NOVEMBER)
    run = start_payroll_run(
        actor=floor.cast.accountant,
        payer_id=floor.cast.enterprise.pk,
        institution_id=floor.cast.institution.pk,
        month=NOVEMBER,
        at=DECEMBER_2,
    )
    edit = cell(floor, 0, MONDAY, Mark(300), shown=FULL)
    with pytest.raises(BeingCalculated):
        save(floor, edit, at=DECEMBER_2, correction=LATE)
    move(run, "complete", machine=PAYROLL_RUN, actor=None, at=DECEMBER_2)
    type(run).objects.filter(pk=run.pk).update(calculated_at=DECEMBER_2)
    later = DECEMBER_2 + timedelta(minutes=5)
    with pytest.raises(MonthCalculated):
        save(floor, edit, at=later)
    assert save(floor, edit, at=later, correction=LATE).written == 1


def test_a_day_ahead_is_refused_whatever_is_explained(floor: Floor) -> None:
    with pytest.raises(DayAhead):
        save(
            floor, cell(floor, 0, MONDAY, FULL), at=LAST_DAY - timedelta(days=3), correction=LATE
        )  # fmt: skip


def test_output_without_hours_is_said_at_its_cell(floor: Floor) -> None:
    person = floor.placements[1].pk
    floor.make(Output(person, floor.cutting.pk, MONDAY, 4), at=LAST_DAY)
    with pytest.raises(SheetRefused) as refused:
        save(
            floor,
            cell(floor, 0, MONDAY, FULL),
            cell(floor, 1, MONDAY, Mark(0, floor.sick.pk)),
            cell(floor, 1, SUNDAY, Mark(0, floor.sick.pk)),
        )
    assert list(refused.value.problems) == [(person, MONDAY)]
    assert "4" in str(refused.value.problems[person, MONDAY])
    assert not Attendance.objects.exists()


def test_minutes_beside_an_absence_are_refused(floor: Floor) -> None:
    with pytest.raises(MinutesBesideAbsence):
        save(floor, cell(floor, 0, MONDAY, Mark(60, floor.sick.pk)))


def test_a_day_outside_the_placement_is_refused_by_the_database(floor: Floor) -> None:
    cast = floor.cast
    gone = a_placement(cast, an_inmate(cast, "1700"), effective_to=date(2026, 11, 29))
    with pytest.raises(ConstraintRefused):
        save(floor, CellEdit(gone.pk, MONDAY, None, FULL))


def test_cells_of_another_sheet_are_refused(floor: Floor) -> None:
    cast = floor.cast
    other = Workshop.objects.create(
        institution=cast.institution, code="sewing-16", name_ru="Швейный цех"
    )
    post = Post.objects.create(workshop=other, name_ru="Швея", trade=cast.trade, seats=2)
    there = a_placement(cast, an_inmate(cast, "1700"), post=post)
    with pytest.raises(NotOfThisSheet):
        save(floor, CellEdit(there.pk, MONDAY, None, FULL))
    with pytest.raises(NotOfThisSheet):
        save(floor, cell(floor, 0, date(2026, 10, 30), FULL), correction=LATE)
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("name", ["accountant", "head", "operator", "stranger", "analyst"])
def test_who_enters_no_work_there_saves_nothing(floor: Floor, name: str) -> None:
    with pytest.raises(Forbidden):
        save(floor, cell(floor, 0, MONDAY, FULL), actor=floor.cast.users[name])
    assert not Attendance.objects.exists()


def test_the_last_of_a_leap_february_is_a_day_like_any_other(floor: Floor) -> None:
    leap = date(2028, 2, 29)
    at = LAST_DAY.replace(year=2028, month=2, day=29)
    february = Month(2028, 2)
    assert save(floor, cell(floor, 0, leap, FULL), at=at, month=february).written == 1
    sheet = month_sheet(floor.cast.workshop, february, leap)
    assert len(sheet.days) == 29
    assert sheet.entered[floor.placements[0].pk, leap].value == FULL


def test_who_changed_the_sheet_since_it_was_opened_is_counted(floor: Floor) -> None:
    ids = [one.pk for one in floor.placements]
    officer = floor.cast.labour_officer
    save(floor, cell(floor, 0, MONDAY, FULL), cell(floor, 1, MONDAY, FULL), actor=officer)
    save(floor, cell(floor, 2, MONDAY, FULL))
    before, after = LAST_DAY - timedelta(minutes=1), LAST_DAY
    master = floor.cast.master
    assert changed_since(ids, NOVEMBER, before, master) == {officer.full_name: 2}
    assert changed_since(ids, NOVEMBER, after, master) == {}


def test_the_sheet_knows_what_stands_beside_its_cells(floor: Floor) -> None:
    cast, person = floor.cast, floor.placements[0]
    other = Workshop.objects.create(
        institution=cast.institution, code="sewing-16", name_ru="Швейный цех"
    )
    post = Post.objects.create(workshop=other, name_ru="Швея", trade=cast.trade, seats=2)
    beside = a_placement(cast, person.inmate, post=post, is_full_time=False)
    floor.attend(AttendedDay(beside.pk, MONDAY, 120), at=LAST_DAY)
    floor.make(Output(person.pk, floor.cutting.pk, MONDAY, 4), at=LAST_DAY)
    sheet = month_sheet(cast.workshop, NOVEMBER, MONDAY)
    assert sheet.elsewhere == {(person.inmate_id, MONDAY): 120}
    assert sheet.output == {(person.pk, MONDAY): 4}
    assert [one.pk for one in sheet.placements] == [one.pk for one in floor.placements]
    assert sheet.full(person, MONDAY) == 480
    assert month_sheet(other, NOVEMBER, MONDAY).full(beside, MONDAY) is None


def test_a_sheet_may_show_the_people_of_one_payer_alone(floor: Floor) -> None:
    sheet = month_sheet(
        floor.cast.workshop, NOVEMBER, MONDAY, payers={floor.cast.kindergarten.pk}
    )  # fmt: skip
    assert sheet.placements == []
    assert sheet.entered == {}


def test_saving_takes_the_same_statements_whatever_the_size(floor: Floor) -> None:
    """One person's month and everybody's: every cell is a correction of a stored one."""
    fill(floor)
    # The roles of a user are asked once for each.
    save(floor, cell(floor, 0, MONDAY, Mark(470), shown=FULL))
    counts = []
    for people, minutes in ((1, 450), (3, 420)):
        ids = [one.pk for one in floor.placements[:people]]
        edits = [
            CellEdit(row.placement_id, row.worked_on, Mark(row.minutes), Mark(minutes))
            for row in Attendance.objects.filter(placement__in=ids)
        ]
        with CaptureQueriesContext(connection) as queries:
            saved = save(floor, *edits, correction=LATE)
        assert saved.written == len(edits) == 21 * people
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 30


@pytest.mark.django_db
@pytest.mark.parametrize("people", [1, 5])
def test_the_sheet_is_read_in_a_fixed_number_of_queries(
    people: int, django_assert_num_queries: Any
) -> None:
    floor = a_floor(people)
    fill(floor)
    with django_assert_num_queries(10):
        month_sheet(floor.cast.workshop, NOVEMBER, MONDAY)
