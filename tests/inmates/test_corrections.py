"""A closed day is changed with words only: when it is closed, what is kept, who is told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inmates.models import Attendance, PayrollRun, ShiftChange, Timesheet, WorkEntry
from inmates.refusals import (
    BeingCalculated,
    CorrectionNeeded,
    CorrectionOver,
    DayAhead,
    ExplanationTooLong,
    MonthCalculated,
    TimesheetHandedIn,
)
from inmates.selectors.open_days import Standing, WorkDay, rules_of_days, standings
from inmates.services.attendance import AttendedDay, MarkEdit, record_attendance, save_attendance
from inmates.services.open_days import lock_open_days
from inmates.services.output import CellEdit, Output, record_output, save_output
from inmates.shifts import Mark, is_explanation
from portal.kernel.errors import ConstraintRefused, Forbidden
from tests.inmates.second_place import second_place
from tests.inmates.shifts import FRIDAY, NOON, THURSDAY, Floor, fields, text
from tests.people import a_placement, a_user

LATE = NOON + timedelta(days=4)  # the window ends on the 23rd, 24:00
WHY = "Мастер болел, внесено по журналу"
DECEMBER = datetime(2026, 12, 2, 7, 0, tzinfo=UTC)


def late(floor: Floor, *days: AttendedDay, correction: str = WHY, **fields: Any) -> int:
    values = {"actor": floor.cast.master, "at": LATE} | fields
    return record_attendance(days=days, correction=correction, **values)


def handed_in(floor: Floor, status: str = "submitted", month: date = FRIDAY) -> Timesheet:
    accountant = floor.cast.accountant if status == "locked" else None
    return Timesheet.objects.create(
        workshop=floor.cast.workshop, month=month.replace(day=1), status=status,
        submitted_by=floor.cast.master, submitted_at=NOON,
        locked_by=accountant, locked_at=NOON if accountant else None,
        returned_reason="Нет пятницы" if status == "returned" else "",
    )  # fmt: skip


def a_run(floor: Floor, **fields: Any) -> PayrollRun:
    values = {
        "payer": floor.cast.enterprise, "institution": floor.cast.institution,
        "month": date(2026, 11, 1), "status": "calculated", "started_by": floor.cast.accountant,
        "created_at": NOON, "calculated_at": DECEMBER - timedelta(hours=1),
    }  # fmt: skip
    return PayrollRun.objects.create(**(values | fields))


# --- when words are needed --------------------------------------------------------------------
def test_within_the_window_no_words_are_needed(floor: Floor) -> None:
    pk = floor.placements[0].pk
    assert floor.attend(AttendedDay(pk, FRIDAY, 480)) == 1
    assert floor.attend(AttendedDay(pk, FRIDAY, 0, floor.sick.pk)) == 1
    assert ShiftChange.objects.get().explanation == ""


def test_after_the_window_words_open_the_day(floor: Floor) -> None:
    pk = floor.placements[0].pk
    floor.attend(AttendedDay(pk, FRIDAY, 480))
    with pytest.raises(CorrectionOver, match=r"23\.11\.2026"):
        late(floor, AttendedDay(pk, FRIDAY, 420), correction="")
    assert late(floor, AttendedDay(pk, FRIDAY, 420)) == 1
    change = ShiftChange.objects.get()
    assert (change.before["minutes"], change.after["minutes"]) == (480, 420)
    assert (change.explanation, change.actor, change.at) == (WHY, floor.cast.master, LATE)


@pytest.mark.parametrize("status", ["submitted", "locked"])
def test_a_timesheet_that_is_handed_in_asks_for_words(floor: Floor, status: str) -> None:
    pk = floor.placements[0].pk
    handed_in(floor, status)
    with pytest.raises(TimesheetHandedIn, match="ноябрь 2026"):
        floor.attend(AttendedDay(pk, FRIDAY, 480))
    assert late(floor, AttendedDay(pk, FRIDAY, 480), at=NOON) == 1
    assert ShiftChange.objects.get().explanation == WHY


@pytest.mark.parametrize(("status", "month"), [("returned", FRIDAY), ("locked", date(2026, 10, 1))])
def test_a_returned_sheet_and_another_month_ask_for_nothing(
    floor: Floor, status: str, month: date
) -> None:
    handed_in(floor, status, month)
    assert floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 480)) == 1


def test_the_sheet_of_another_workshop_closes_nothing_here(floor: Floor) -> None:
    _institution, post = second_place(floor.cast)
    sheet = handed_in(floor)
    Timesheet.objects.filter(pk=sheet.pk).update(workshop=post.workshop)
    assert floor.attend(AttendedDay(floor.placements[0].pk, FRIDAY, 480)) == 1


def test_after_calculated_wages_words_are_needed_and_told_apart(floor: Floor) -> None:
    pk, last = floor.placements[0].pk, date(2026, 11, 30)
    a_run(floor)
    with pytest.raises(MonthCalculated, match="ноябрь 2026"):
        late(floor, AttendedDay(pk, last, 480), correction="", at=DECEMBER)
    assert late(floor, AttendedDay(pk, last, 480), at=DECEMBER) == 1


@pytest.mark.parametrize("correction", ["", WHY])
def test_a_month_being_calculated_refuses_whatever_is_written(
    floor: Floor, correction: str
) -> None:
    a_run(floor, status="calculating", calculated_at=None)
    with pytest.raises(BeingCalculated):
        late(floor, AttendedDay(floor.placements[0].pk, FRIDAY, 1), correction=correction,
             at=DECEMBER)  # fmt: skip
    assert not Attendance.objects.exists()


def test_wages_calculated_while_somebody_wrote_are_no_surprise(floor: Floor) -> None:
    """The act began before the run was finished: its words would not be counted as later."""
    a_run(floor, calculated_at=DECEMBER + timedelta(seconds=1))
    with pytest.raises(BeingCalculated):
        late(floor, AttendedDay(floor.placements[0].pk, FRIDAY, 1), at=DECEMBER)


def test_a_day_ahead_stays_closed_whatever_is_written(floor: Floor) -> None:
    with pytest.raises(DayAhead):
        late(floor, AttendedDay(floor.placements[0].pk, FRIDAY, 480), at=NOON - timedelta(days=1))


@pytest.mark.parametrize(
    ("words", "is_enough"),
    [
        ("", False), ("....", False), ("12345678", False), ("а б в г", False),
        ("а б в г д", True), ("сбой!", False), ("сбойв", True), ("ауысым", True),
        ("—— — ——", False),
    ],
)  # fmt: skip
def test_five_letters_explain_something(floor: Floor, words: str, is_enough: bool) -> None:
    assert is_explanation(words) is is_enough
    day = AttendedDay(floor.placements[0].pk, FRIDAY, 480)
    if is_enough:
        assert late(floor, day, correction=words) == 1
        return
    with pytest.raises(CorrectionNeeded):
        late(floor, day, correction=words)


def test_an_explanation_has_its_length(floor: Floor) -> None:
    day = AttendedDay(floor.placements[0].pk, FRIDAY, 480)
    with pytest.raises(ExplanationTooLong, match="300"):
        late(floor, day, correction="я" * 301)
    assert late(floor, day, correction="я" * 300) == 1


def test_words_give_nobody_a_right(floor: Floor) -> None:

    for who in ("accountant", "head", "analyst"):
        with pytest.raises(Forbidden):
            late(floor, AttendedDay(floor.placements[0].pk, FRIDAY, 1), actor=floor.cast.users[who])


# --- what is kept -----------------------------------------------------------------------------
def test_a_late_first_entry_leaves_a_trace_too(floor: Floor) -> None:
    late(floor, AttendedDay(floor.placements[0].pk, FRIDAY, 480))
    change = ShiftChange.objects.get()
    assert change.before == {}
    assert change.after == {"minutes": 480, "reason": "", "note": ""}
    assert change.explanation == WHY


def test_a_list_of_open_and_closed_days_explains_the_closed_ones(floor: Floor) -> None:
    """Friday's window is over on the 24th, Monday's is not."""
    pk, monday = floor.placements[0].pk, date(2026, 11, 23)
    assert late(floor, AttendedDay(pk, FRIDAY, 480), AttendedDay(pk, monday, 480)) == 2
    assert [one.worked_on for one in ShiftChange.objects.all()] == [FRIDAY]


def test_the_same_words_sent_twice_leave_one_trace(floor: Floor) -> None:
    day = AttendedDay(floor.placements[0].pk, FRIDAY, 480)
    assert (late(floor, day), late(floor, day)) == (1, 0)
    assert ShiftChange.objects.count() == 1


def test_a_day_cleared_late_keeps_what_stood(floor: Floor) -> None:
    pk = floor.placements[0].pk
    floor.attend(AttendedDay(pk, FRIDAY, 480))
    record_attendance(
        actor=floor.cast.master, days=[], cleared=[(pk, FRIDAY)], at=LATE, correction=WHY
    )
    change = ShiftChange.objects.get()
    assert (change.before["minutes"], change.after, change.explanation) == (480, {}, WHY)


def test_output_is_corrected_by_the_same_rule(floor: Floor) -> None:
    entry = Output(floor.placements[0].pk, floor.cutting.pk, FRIDAY, 4)
    with pytest.raises(CorrectionOver):
        floor.make(entry, at=LATE)
    assert record_output(actor=floor.cast.master, entries=[entry], at=LATE, correction=WHY) == 1
    first = ShiftChange.objects.get()
    assert (first.before, first.after, first.explanation) == ({}, {"quantity": 4}, WHY)
    assert first.work_order_operation == floor.cutting
    edit = CellEdit(floor.placements[0].pk, floor.cutting.pk, 4, 6)
    saved = save_output(
        actor=floor.cast.master, day=FRIDAY, edits=[edit], at=LATE, correction="Пересчитали"
    )
    assert saved.written == 1
    assert ShiftChange.objects.latest("pk").explanation == "Пересчитали"


def test_the_sheet_of_a_closed_day_is_saved_with_its_words(floor: Floor) -> None:
    edits = [
        MarkEdit(one.pk, Mark(480), was_entered=False, mine=Mark(480)) for one in floor.placements
    ]
    with pytest.raises(CorrectionOver):
        save_attendance(actor=floor.cast.master, day=FRIDAY, edits=edits, at=LATE)
    saved = save_attendance(
        actor=floor.cast.master, day=FRIDAY, edits=edits, at=LATE, correction=WHY
    )
    assert saved.written == 3
    assert set(ShiftChange.objects.values_list("explanation", flat=True)) == {WHY}


def test_the_database_keeps_no_unexplained_late_entry(floor: Floor) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ShiftChange.objects.create(
            placement=floor.placements[0], worked_on=FRIDAY, before={}, after={"minutes": 1},
            actor=floor.cast.master, at=LATE,
        )  # fmt: skip


# --- the gate itself --------------------------------------------------------------------------
def test_the_gate_names_the_closed_days(floor: Floor) -> None:
    pk, monday = floor.placements[0].pk, date(2026, 11, 23)
    with transaction.atomic():
        closed = lock_open_days({(pk, FRIDAY), (pk, monday)}, at=LATE, correction=WHY)
    assert closed == {(pk, FRIDAY)}


def test_the_gate_of_nothing_is_open(floor: Floor) -> None:
    with transaction.atomic():
        assert lock_open_days([], at=NOON) == set()


def test_the_gate_asks_as_often_for_a_month_as_for_a_day(floor: Floor) -> None:
    counts = []
    for days in (1, 31):
        asked = {
            (one.pk, date(2026, 10, 1) + timedelta(days=number))
            for one in floor.placements
            for number in range(days)
        }
        with transaction.atomic(), CaptureQueriesContext(connection) as captured:
            lock_open_days(asked, at=NOON, correction=WHY)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 8


def test_the_strongest_obstacle_is_named(floor: Floor) -> None:
    """Past the window, handed in and calculated at once: the wages are what matters most."""
    one = WorkDay(
        FRIDAY, floor.cast.workshop.pk, floor.cast.institution.pk, floor.cast.enterprise.pk
    )
    rules, after = rules_of_days([FRIDAY]), date(2026, 12, 2)

    def closed() -> Standing:
        return standings([one], on=after, rules=rules)[one]

    assert isinstance(closed().closed, CorrectionOver)
    handed_in(floor)
    assert isinstance(closed().closed, TimesheetHandedIn)
    run = a_run(floor)
    assert isinstance(closed().closed, MonthCalculated)
    PayrollRun.objects.filter(pk=run.pk).update(status="calculating")
    assert isinstance(closed().refusal, BeingCalculated)


# --- the pages --------------------------------------------------------------------------------
@pytest.fixture
def on_tuesday() -> Any:

    with time_machine.travel(LATE, tick=False):
        yield


@pytest.mark.usefixtures("on_tuesday")
@pytest.mark.parametrize("part", ["", "output/"])
def test_a_closed_day_is_read_first_and_corrected_by_a_click(
    master: Client, floor: Floor, part: str
) -> None:
    html = text(master.get(floor.url(part=part)))
    assert "Исправить этот день с объяснением" in html
    assert 'name="correction"' not in html
    html = text(master.get(floor.url(part=part) + "?correct=1"))
    assert 'name="correction"' in html
    assert "Сохранить" in html


@pytest.mark.usefixtures("on_tuesday")
def test_without_words_the_page_comes_back_with_everything_typed(
    master: Client, floor: Floor
) -> None:
    url, pk = floor.url() + "?correct=1", floor.placements[0].pk
    values = fields(text(master.get(url))) | {f"minutes-{pk}": "421", "correction": "нет"}
    response = master.post(url, values)
    assert response.status_code == 422
    html = text(response)
    assert 'value="421"' in html
    assert 'name="correction" value="нет"' in html
    assert "можно было менять до 23.11.2026" in html
    assert not Attendance.objects.exists()


@pytest.mark.usefixtures("on_tuesday")
def test_with_words_the_day_is_saved_and_the_page_tells_why(master: Client, floor: Floor) -> None:
    url = floor.url() + "?correct=1"
    response = master.post(url, fields(text(master.get(url))) | {"correction": f"  {WHY}\x00 "})
    assert (response.status_code, response["Location"]) == (302, floor.url())
    html = text(master.get(floor.url()))
    assert f"«{WHY}»" in html
    assert "Исправления этого дня" in html
    assert Attendance.objects.count() == 3


@pytest.mark.usefixtures("on_tuesday")
def test_output_of_a_closed_day_takes_words_too(master: Client, floor: Floor) -> None:
    url = floor.url(part="output/") + f"?order={floor.order.pk}&correct=1"
    cell = f"q-{floor.placements[0].pk}.{floor.cutting.pk}"
    values = {"seen": "{}", "order": str(floor.order.pk), cell: "5"}
    assert master.post(url, values).status_code == 422
    response = master.post(url, values | {"correction": WHY})
    assert response.status_code == 302, text(response)
    assert "correct" not in response["Location"]
    assert WorkEntry.objects.get().quantity == 5


@pytest.mark.usefixtures("on_friday")
def test_a_month_handed_in_while_somebody_types_keeps_what_was_typed(
    master: Client, floor: Floor
) -> None:
    """The page was opened on an open day; the officer submitted the month meanwhile."""
    pk = floor.placements[0].pk
    values = fields(text(master.get(floor.url()))) | {f"minutes-{pk}": "333"}
    assert "correction" not in values
    handed_in(floor)
    response = master.post(floor.url(), values)
    html = text(response)
    assert response.status_code == 422
    assert "Табель за ноябрь 2026 сдан" in html
    assert 'value="333"' in html
    assert 'name="correction"' in html
    assert master.post(floor.url(), values | {"correction": WHY}).status_code == 302
    assert Attendance.objects.get(placement=pk).minutes == 333


@pytest.mark.usefixtures("on_friday")
def test_the_office_may_correct_as_well_as_the_master(client: Client, floor: Floor) -> None:
    handed_in(floor, "locked")
    client.force_login(floor.cast.labour_officer)
    values = fields(text(client.get(floor.url() + "?correct=1"))) | {"correction": WHY}
    assert client.post(floor.url(), values).status_code == 302
    client.force_login(a_user("its-master@example.kz", floor.cast.enterprise, "master"))
    assert client.post(floor.url(), values).status_code == 404


def test_the_explanation_of_a_day_of_a_transferred_person(floor: Floor) -> None:
    """The placement ended on Friday: Thursday is corrected, Friday is no day of it any more."""
    one = floor.placements[0]
    type(one).objects.filter(pk=one.pk).update(effective_to=FRIDAY)
    assert late(floor, AttendedDay(one.pk, THURSDAY, 480)) == 1

    with pytest.raises(ConstraintRefused):
        late(floor, AttendedDay(one.pk, FRIDAY, 480))
    renewed = a_placement(floor.cast, one.inmate, effective_from=FRIDAY)
    assert late(floor, AttendedDay(renewed.pk, FRIDAY, 480)) == 1
