"""Attendance as the master enters it: replaced, traced, refused as a whole, never lost."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inmates.models import Attendance, PayParameter, ShiftChange, Timesheet, WorkEntry
from inmates.refusals import (
    BeingCalculated,
    ChangedMeanwhile,
    CorrectionOver,
    DayAhead,
    DayTwice,
    MinutesBesideAbsence,
    ParameterMissing,
    SheetRefused,
)
from inmates.services.attendance import (
    AttendedDay,
    MarkEdit,
    record_attendance,
    save_attendance,
)
from inmates.services.output import Output
from inmates.shifts import Mark
from portal.kernel.errors import ConstraintRefused, Forbidden
from tests.inmates.months import a_worker, calculated, started
from tests.inmates.shifts import FRIDAY, NOON, THURSDAY, Floor
from tests.people import Cast, a_consent, a_placement, an_hourly_rate, an_inmate

FULL = Mark(480)


def edit(floor: Floor, place: int, mine: Mark | None, **shown: Any) -> MarkEdit:
    """A line of the page; it showed a full day that nobody had saved, unless told otherwise."""
    values = {"shown": FULL, "was_entered": False} | shown
    return MarkEdit(floor.placements[place].pk, mine=mine, **values)


def save(floor: Floor, *edits: MarkEdit, actor: Any = None, at: datetime = NOON) -> Any:
    return save_attendance(actor=actor or floor.cast.master, day=FRIDAY, edits=edits, at=at)


def marks() -> dict[int, Mark]:
    return {
        row.placement_id: Mark(row.minutes, row.reason_id, row.note)
        for row in Attendance.objects.filter(worked_on=FRIDAY)
    }


# --- what becomes true ------------------------------------------------------------------------
def test_a_list_of_days_is_one_statement(floor: Floor) -> None:
    first, second, third = floor.placements
    with CaptureQueriesContext(connection) as captured:
        written = floor.attend(
            AttendedDay(first.pk, FRIDAY, 480),
            AttendedDay(second.pk, FRIDAY, 480),
            AttendedDay(third.pk, FRIDAY, 0, reason_id=floor.sick.pk, note="справка"),
        )
    inserts = [one["sql"] for one in captured if one["sql"].startswith("COPY")]
    assert (written, len(inserts)) == (3, 1)
    assert Attendance.objects.get(reason=floor.sick).note == "справка"
    assert set(Attendance.objects.values_list("recorded_by", flat=True)) == {floor.cast.master.pk}


def test_a_first_entry_is_no_correction(floor: Floor) -> None:
    floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 480))
    assert not ShiftChange.objects.exists()


def test_a_correction_says_who_when_and_from_what_to_what(floor: Floor) -> None:
    placement, later = floor.placements[0], NOON + timedelta(hours=2)
    officer = floor.cast.labour_officer
    floor.attend(AttendedDay(placement.pk, FRIDAY, 480))
    floor.attend(
        AttendedDay(placement.pk, FRIDAY, 0, floor.sick.pk, "справка"), at=later, actor=officer
    )
    change = ShiftChange.objects.get()
    assert change.before == {"minutes": 480, "reason": "", "note": ""}
    assert change.after == {"minutes": 0, "reason": "sick", "note": "справка"}
    assert (change.actor, change.at, change.worked_on) == (officer, later, FRIDAY)
    row = Attendance.objects.get()
    assert (row.recorded_by, row.recorded_at) == (officer, later)


def test_what_stands_already_is_not_written_again(floor: Floor) -> None:
    day = AttendedDay(floor.placements[0].pk, FRIDAY, 480)
    assert floor.attend(day) == 1
    assert floor.attend(day, at=NOON + timedelta(hours=1), actor=floor.cast.labour_officer) == 0
    row = Attendance.objects.get()
    assert (row.recorded_at, row.recorded_by) == (NOON, floor.cast.master)
    assert not ShiftChange.objects.exists()


def test_a_cleared_day_is_empty_and_leaves_its_trace(floor: Floor) -> None:
    placement = floor.placements[0]
    floor.attend(AttendedDay(placement.pk, FRIDAY, 480))
    record_attendance(actor=floor.cast.master, days=[], cleared=[(placement.pk, FRIDAY)], at=NOON)
    assert not Attendance.objects.exists()
    assert ShiftChange.objects.get().after == {}


def test_the_number_of_statements_does_not_grow_with_the_list(floor: Floor) -> None:
    counts = []
    for size in (1, 3):
        days = [AttendedDay(one.pk, FRIDAY, 400 + size) for one in floor.placements[:size]]
        floor.attend(*[AttendedDay(one.placement_id, FRIDAY, 480) for one in days])
        with CaptureQueriesContext(connection) as captured:
            floor.attend(*days)
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- what is refused --------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["accountant", "buyer", "analyst", "operator", "stranger"])
def test_only_master_and_labour_officer_enter(floor: Floor, who: str) -> None:
    with pytest.raises(Forbidden):
        floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 480), actor=floor.cast.users[who])
    assert not Attendance.objects.exists()


def test_a_day_outside_the_placement_refuses_the_whole_list(floor: Floor) -> None:
    first, second, _third = floor.placements
    type(first).objects.filter(pk=second.pk).update(effective_to=FRIDAY)
    with pytest.raises(ConstraintRefused) as refused:
        floor.attend(AttendedDay(first.pk, FRIDAY, 480), AttendedDay(second.pk, FRIDAY, 480))
    assert refused.value.constraint == "attendance_outside_placement"
    assert not Attendance.objects.exists()


def test_a_day_that_stands_twice_in_a_list_is_refused(floor: Floor) -> None:
    pk = floor.placements[0].pk
    with pytest.raises(DayTwice, match=f"{FRIDAY:%d.%m.%Y}"):
        floor.attend(AttendedDay(pk, FRIDAY, 480), AttendedDay(pk, FRIDAY, 60))
    with pytest.raises(DayTwice):
        record_attendance(
            actor=floor.cast.master, days=[AttendedDay(pk, FRIDAY, 480)],
            cleared=[(pk, FRIDAY)], at=NOON,
        )  # fmt: skip


def test_a_day_needs_minutes_or_a_reason(floor: Floor) -> None:
    with pytest.raises(ConstraintRefused) as refused:
        floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 0))
    assert refused.value.constraint == "attendance_has_minutes_or_reason"


def test_minutes_beside_a_reason_that_is_no_work_are_refused(floor: Floor) -> None:
    """They would be paid to nobody: a short day has a reason of its own."""
    pk = floor.placements[0].pk
    with pytest.raises(MinutesBesideAbsence):
        floor.attend(AttendedDay(pk, FRIDAY, 240, floor.sick.pk))
    assert floor.attend(AttendedDay(pk, FRIDAY, 240, floor.short.pk)) == 1


def test_who_made_something_was_not_absent(floor: Floor) -> None:
    placement = floor.placements[1]
    floor.attend(AttendedDay(placement.pk, FRIDAY, 480))
    floor.make(Output(placement.pk, floor.cutting.pk, FRIDAY, 4))
    floor.make(Output(placement.pk, floor.painting.pk, FRIDAY, 3))
    with pytest.raises(SheetRefused, match=r"№ 1602.*7") as refused:
        floor.attend(AttendedDay(placement.pk, FRIDAY, 0, floor.sick.pk))
    assert list(refused.value.problems) == [placement.pk]
    with pytest.raises(SheetRefused):
        record_attendance(
            actor=floor.cast.master, days=[], cleared=[(placement.pk, FRIDAY)], at=NOON
        )
    assert marks() == {placement.pk: FULL}
    assert floor.attend(AttendedDay(placement.pk, FRIDAY, 300, floor.short.pk)) == 1
    # On another day the same person may be absent.
    assert floor.attend(AttendedDay(placement.pk, THURSDAY, 0, floor.sick.pk)) == 1


# --- the window, by the dates passed in -------------------------------------------------------
def almaty(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment on the wall in Kazakhstan (UTC+5 since March 2024)."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - timedelta(hours=5)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        (almaty(THURSDAY, 23, 59), False),
        (almaty(FRIDAY, 0), True),
        (almaty(date(2026, 11, 23), 23, 59), True),
        (almaty(date(2026, 11, 24), 0), False),
    ],
)
def test_a_day_is_open_from_its_midnight_to_the_end_of_the_third_day(
    floor: Floor, at: datetime, is_open: bool
) -> None:
    day = AttendedDay(floor.placements[0].pk, FRIDAY, 480)
    if is_open:
        assert floor.attend(day, at=at) == 1
        return
    with pytest.raises((DayAhead, CorrectionOver)) as refused:
        floor.attend(day, at=at)
    assert "20.11.2026" in str(refused.value)
    assert not Attendance.objects.exists()


def test_the_window_of_the_day_of_the_shift_holds(floor: Floor) -> None:
    """The parameter is dated: a later decision leaves earlier days as they were."""
    rows = PayParameter.objects.filter(code="shift_correction_days")
    rows.update(effective_to=FRIDAY)
    PayParameter.objects.create(
        code="shift_correction_days", value=0, unit="calendar days", source="приказ № 7",
        confidence="decision of the portal", effective_from=FRIDAY,
    )  # fmt: skip
    pk, at = floor.placements[0].pk, NOON + timedelta(days=1)
    with pytest.raises(CorrectionOver):
        floor.attend(AttendedDay(pk, FRIDAY, 480), at=at)
    assert floor.attend(AttendedDay(pk, THURSDAY, 480), at=at) == 1


def test_a_missing_parameter_is_no_licence(floor: Floor) -> None:
    PayParameter.objects.filter(code="shift_correction_days").delete()
    with pytest.raises(ParameterMissing, match="shift_correction_days"):
        floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 480))


def test_a_month_being_calculated_takes_nothing(pay: Cast) -> None:
    inmate = a_worker(pay, days=20)
    placement = inmate.placements.get()
    last, first = date(2026, 10, 30), datetime(2026, 11, 1, 7, 0, tzinfo=UTC)
    day = AttendedDay(placement.pk, last, 420)
    record_attendance(actor=pay.master, days=[day], at=first)
    run = started(pay, at=first)
    with pytest.raises(BeingCalculated, match="октябрь 2026"):
        record_attendance(actor=pay.master, days=[AttendedDay(placement.pk, last, 1)], at=first)
    assert run.status == "calculating"
    assert Attendance.objects.get(worked_on=last).minutes == 420


def test_the_calculated_month_of_another_payer_closes_nothing(pay: Cast) -> None:
    """The wages of one payer; the sheet of the workshop, which both share, is open again."""
    a_worker(pay)
    inmate = an_inmate(pay, "1700")
    a_consent(inmate, pay.entrepreneur)
    elsewhere = a_placement(pay, inmate, employer=pay.entrepreneur, payer=pay.entrepreneur)
    an_hourly_rate(pay, payer=pay.entrepreneur)
    calculated(pay)
    Timesheet.objects.all().delete()
    first = datetime(2026, 11, 1, 7, 0, tzinfo=UTC)
    day = AttendedDay(elsewhere.pk, date(2026, 10, 30), 480)
    assert record_attendance(actor=pay.master, days=[day], at=first) == 1


# --- two people at one sheet ------------------------------------------------------------------
def test_a_page_saves_what_it_proposed_and_the_exceptions(floor: Floor) -> None:
    saved = save(floor, edit(floor, 0, FULL), edit(floor, 1, Mark(0, floor.sick.pk)))
    assert (saved.written, saved.theirs) == (2, {})
    assert marks() == {
        floor.placements[0].pk: FULL,
        floor.placements[1].pk: Mark(0, floor.sick.pk),
    }


def test_the_same_page_sent_twice_changes_nothing(floor: Floor) -> None:
    edits = [edit(floor, 0, FULL), edit(floor, 1, Mark(0, floor.sick.pk))]
    save(floor, *edits)
    before = list(Attendance.objects.order_by("pk").values())
    assert save(floor, *edits, at=NOON + timedelta(minutes=1)).written == 0
    assert list(Attendance.objects.order_by("pk").values()) == before
    assert not ShiftChange.objects.exists()


def test_what_somebody_else_entered_differently_is_shown_and_not_overwritten(floor: Floor) -> None:
    """Both opened the empty day; the labour officer was first."""
    floor.attend(
        AttendedDay(floor.placements[0].pk, FRIDAY, 0, floor.sick.pk),
        actor=floor.cast.labour_officer,
    )
    with pytest.raises(ChangedMeanwhile) as changed:
        save(floor, edit(floor, 0, Mark(0, floor.visit.pk)), edit(floor, 1, FULL))
    theirs = changed.value.theirs[floor.placements[0].pk]
    assert theirs.value == Mark(0, floor.sick.pk)
    assert (theirs.by, theirs.at) == (floor.cast.labour_officer.get_full_name(), NOON)
    assert marks() == {floor.placements[0].pk: Mark(0, floor.sick.pk)}


def test_who_was_not_touched_here_keeps_what_others_entered(floor: Floor) -> None:
    floor.attend(
        AttendedDay(floor.placements[0].pk, FRIDAY, 0, floor.sick.pk),
        actor=floor.cast.labour_officer,
    )
    saved = save(floor, edit(floor, 0, FULL), edit(floor, 1, Mark(0, floor.visit.pk)))
    assert saved.written == 1
    assert [one.by for one in saved.theirs.values()] == [floor.cast.labour_officer.get_full_name()]
    assert marks()[floor.placements[0].pk] == Mark(0, floor.sick.pk)


def test_after_seeing_theirs_mine_is_a_correction(floor: Floor) -> None:
    theirs = Mark(0, floor.sick.pk)
    floor.attend(
        AttendedDay(floor.placements[0].pk, FRIDAY, 0, floor.sick.pk),
        actor=floor.cast.labour_officer,
    )
    saved = save(floor, edit(floor, 0, FULL, shown=theirs, was_entered=True))
    assert saved.written == 1
    assert ShiftChange.objects.get().before["reason"] == "sick"


def test_a_refused_list_writes_nothing_at_all(floor: Floor) -> None:
    floor.make(Output(floor.placements[1].pk, floor.cutting.pk, FRIDAY, 4))
    with pytest.raises(SheetRefused):
        save(floor, edit(floor, 0, FULL), edit(floor, 1, Mark(0, floor.sick.pk)))
    assert not Attendance.objects.exists()
    assert WorkEntry.objects.count() == 1
