"""Night and overtime minutes: entered on the shift and in the month, held to the day."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from inmates.models import Attendance, CalendarDay, ShiftChange
from inmates.month_cells import CellUnreadable, Code, Fault, read_cell, whole_text
from inmates.presenters.shift import mark_words
from inmates.presenters.timesheet_paper import timesheet_document
from inmates.refusals import NightOverWorked, OvertimeOnDayOff, OvertimeOverWorked
from inmates.selectors.month import month_sheet
from inmates.services.attendance import AttendedDay
from inmates.shifts import Excess, Mark, excess_of, mark_of_row
from tests.inmates.sheets import LAST_DAY, NOVEMBER, cell, save
from tests.inmates.shifts import FRIDAY, NOON, SUNDAY, THURSDAY, Floor, opened, text

# Sunday evening: its own day and the two working days before can be entered.
EVENING = NOON + timedelta(days=2)

pytestmark = pytest.mark.usefixtures("on_friday")


def day(floor: Floor, minutes: int, night: int, overtime: int, when: Any = FRIDAY) -> AttendedDay:
    return AttendedDay(floor.placements[0].pk, when, minutes, night=night, overtime=overtime)


def stored(floor: Floor, when: Any = FRIDAY) -> tuple[int, int, int]:
    row = Attendance.objects.get(placement=floor.placements[0], worked_on=when)
    return row.minutes, row.night_minutes, row.overtime_minutes


# --- values -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("mark", "is_workday", "excess"),
    [
        (Mark(480, night=480, overtime=480), True, None),
        (Mark(480, night=481), True, Excess.NIGHT),
        (Mark(480, overtime=481), True, Excess.OVERTIME),
        (Mark(480, overtime=1), False, Excess.DAY_OFF),
        (Mark(480, night=480), False, None),
        (Mark(0, 1, night=1), True, Excess.NIGHT),
    ],
)
def test_what_can_stand_beside_a_day(mark: Mark, is_workday: bool, excess: Any) -> None:
    assert excess_of(mark, is_workday=is_workday) is excess


def test_a_mark_comes_back_from_its_row_and_from_one_of_before() -> None:
    mark = Mark(480, None, "смена", 120, 60)
    assert mark_of_row(mark.as_row()) == mark
    assert mark_of_row([480, None, "смена"]) == Mark(480, None, "смена")
    assert mark_of_row(["480"]) is None


def test_a_mark_in_words() -> None:
    words = mark_words(Mark(480, night=120, overtime=60), {})
    assert words == "480 мин, ночью 120 мин, сверхурочно 60 мин"


# --- the service ------------------------------------------------------------------------------
def test_the_minutes_are_stored_and_changed_with_a_trace(floor: Floor) -> None:
    floor.attend(day(floor, 540, 120, 60))
    assert stored(floor) == (540, 120, 60)
    floor.attend(day(floor, 540, 0, 60))
    assert stored(floor) == (540, 0, 60)
    change = ShiftChange.objects.get()
    assert change.before["night"] == 120
    assert "night" not in change.after
    assert change.after["overtime"] == 60


@pytest.mark.parametrize(
    ("entry", "refusal"),
    [
        ((480, 481, 0, FRIDAY), NightOverWorked),
        ((480, 0, 481, FRIDAY), OvertimeOverWorked),
        ((480, 0, 60, SUNDAY), OvertimeOnDayOff),
    ],
)
def test_more_than_was_worked_is_refused(floor: Floor, entry: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        floor.attend(day(floor, *entry), at=EVENING)
    assert not Attendance.objects.exists()


def test_a_day_that_the_calendar_was_corrected_to_be_off_has_no_overtime(floor: Floor) -> None:
    """Wages read the stored calendar: overtime entered on such a day would be paid nothing."""
    CalendarDay.objects.update_or_create(
        day=FRIDAY, defaults={"is_workday": False, "source": "приказ"}
    )
    with pytest.raises(OvertimeOnDayOff):
        floor.attend(day(floor, 480, 0, 60))
    CalendarDay.objects.filter(day=FRIDAY).update(is_workday=True)
    floor.attend(day(floor, 480, 0, 60))
    assert stored(floor) == (480, 0, 60)


def test_a_sunday_that_is_worked_for_another_day_has_overtime(floor: Floor) -> None:
    CalendarDay.objects.update_or_create(
        day=SUNDAY, defaults={"is_workday": True, "source": "приказ"}
    )
    floor.attend(day(floor, 480, 0, 60, SUNDAY), at=EVENING)
    assert stored(floor, SUNDAY) == (480, 0, 60)


def test_a_night_of_a_day_off_counts(floor: Floor) -> None:
    floor.attend(day(floor, 480, 480, 0, SUNDAY), at=EVENING)
    assert stored(floor, SUNDAY) == (480, 480, 0)


def test_the_database_holds_them_to_the_minutes(floor: Floor) -> None:
    floor.attend(day(floor, 480, 0, 0))
    rows = Attendance.objects.all()
    for values in ({"night_minutes": 481}, {"overtime_minutes": 481}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)


# --- the page of the shift ----------------------------------------------------------------------
def test_the_page_takes_them_beside_the_minutes(master: Client, floor: Floor) -> None:
    values = opened(master, floor.url())
    pk = floor.placements[0].pk
    assert values[f"night-{pk}"] == ""
    sent = values | {f"night-{pk}": "120", f"overtime-{pk}": "60"}
    assert master.post(floor.url(), sent).status_code == 302
    assert stored(floor) == (480, 120, 60)
    html = text(master.get(floor.url()))
    assert f'name="night-{pk}" value="120"' in html
    assert "shift-supplements-on" in html


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"night": "481"}, "Ночных минут не больше, чем отработано."),
        ({"overtime": "500"}, "Сверхурочных минут не больше, чем отработано."),
        ({"night": "2ч"}, "2ч"),
    ],
)
def test_what_is_wrong_stands_at_the_line(
    master: Client, floor: Floor, typed: dict[str, str], sentence: str
) -> None:
    values = opened(master, floor.url())
    pk = floor.placements[0].pk
    response = master.post(
        floor.url(), values | {f"{name}-{pk}": value for name, value in typed.items()}
    )
    assert response.status_code == 422
    html = text(response)
    assert sentence in html
    assert f'href="#night-{pk}"' in html
    for name, value in typed.items():
        assert f'name="{name}-{pk}" value="{value}"' in html


def test_who_turns_out_ill_loses_them_without_a_word(master: Client, floor: Floor) -> None:
    floor.attend(day(floor, 480, 120, 0))
    values = opened(master, floor.url())
    pk = floor.placements[0].pk
    sent = values | {f"reason-{pk}": str(floor.sick.pk), f"minutes-{pk}": ""}
    assert master.post(floor.url(), sent).status_code == 302
    assert stored(floor) == (0, 0, 0)


def test_a_form_without_the_fields_leaves_them(master: Client, floor: Floor) -> None:
    """A sheet that waited on a slow line since before there were such fields."""
    floor.attend(day(floor, 480, 120, 0))
    pk = floor.placements[0].pk
    values = {
        name: value
        for name, value in opened(master, floor.url()).items()
        if not name.startswith(("night-", "overtime-"))
    }
    assert master.post(floor.url(), values | {f"note-{pk}": "смена"}).status_code == 302
    assert stored(floor) == (480, 120, 0)


def test_the_next_day_does_not_begin_with_them(master: Client, floor: Floor) -> None:
    floor.attend(day(floor, 480, 120, 60, THURSDAY), at=NOON)
    values = opened(master, floor.url())
    pk = floor.placements[0].pk
    assert (values[f"minutes-{pk}"], values[f"night-{pk}"]) == ("480", "")


# --- the month ----------------------------------------------------------------------------------
CODES = {"Б": Code(1), "Н": Code(3, is_worked=True)}


@pytest.mark.parametrize(
    ("typed", "mark"),
    [
        ("8 (н2)", Mark(480, night=120)),
        ("8 (с1:30)", Mark(480, overtime=90)),
        ("8 (н 2 с 1)", Mark(480, night=120, overtime=60)),
        ("9 (Н2, С1) ночная смена", Mark(540, None, "ночная смена", 120, 60)),
        ("Я (н2)", Mark(480, night=120)),
        ("Н4 (н1)", Mark(240, 3, night=60)),
        ("8 (пришёл позже)", Mark(480, None, "(пришёл позже)")),
        ("8 ()", Mark(480, None, "()")),
    ],
)
def test_a_cell_with_them(typed: str, mark: Mark) -> None:
    assert read_cell(typed, codes=CODES, full=480, is_workday=True) == mark
    again = whole_text(mark, {3: "Н"})
    assert read_cell(again, codes=CODES, full=480, is_workday=True) == mark


@pytest.mark.parametrize(
    ("typed", "is_workday", "fault"),
    [
        ("8 (н9)", True, Fault.NIGHT_OVER),
        ("8 (с8:30)", True, Fault.OVERTIME_OVER),
        ("8 (с1)", False, Fault.OVERTIME_OFF),
        ("Б (н1)", True, Fault.NIGHT_OVER),
        ("8 (н1,33)", True, Fault.NOT_WHOLE),
    ],
)
def test_a_cell_that_cannot_be(typed: str, is_workday: bool, fault: Fault) -> None:
    with pytest.raises(CellUnreadable) as unreadable:
        read_cell(typed, codes=CODES, full=480, is_workday=is_workday)
    assert unreadable.value.fault is fault


def test_the_month_saves_and_keeps_them(floor: Floor) -> None:
    save(floor, cell(floor, 0, FRIDAY, Mark(540, None, "", 120, 60)), at=EVENING)
    assert stored(floor) == (540, 120, 60)
    sheet = month_sheet(floor.cast.workshop, NOVEMBER, LAST_DAY.date())
    assert sheet.entered[floor.placements[0].pk, FRIDAY].value == Mark(540, None, "", 120, 60)
    # Another cell of the person is another save: this one stays.
    save(floor, cell(floor, 0, THURSDAY, Mark(480)), at=EVENING)
    assert stored(floor) == (540, 120, 60)


def test_the_timesheet_prints_their_hours(floor: Floor) -> None:
    save(
        floor,
        cell(floor, 0, FRIDAY, Mark(540, None, "", 120, 60)),
        cell(floor, 0, THURSDAY, Mark(480, None, "", 90, 0)),
        cell(floor, 0, SUNDAY, Mark(300)),
        at=EVENING,
    )
    sheet = month_sheet(floor.cast.workshop, NOVEMBER, LAST_DAY.date())
    paper = timesheet_document(sheet, {}, language="ru")
    row = next(one for one in paper["rows"] if one["number"] == "1601")
    assert (row["night"], row["overtime"], row["holiday"]) == ("3:30", "1", "5")
    assert (paper["labels"]["night"], paper["labels"]["overtime"]) == ("Ночных", "Сверхурочных")
