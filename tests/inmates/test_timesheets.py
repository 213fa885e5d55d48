"""The way of a timesheet: all statuses and acts, four eyes, gaps, wages that hold it locked."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from inmates.enums import TimesheetStatus as Status
from inmates.models import Attendance, Placement, Timesheet
from inmates.month_refusals import (
    MonthAhead,
    MonthNotOver,
    NobodyInMonth,
    ReasonTooShort,
    TimesheetGaps,
    WagesCalculated,
)
from inmates.selectors.timesheets import (
    last_day_ahead,
    sheet_states,
    timesheet_of,
    timesheet_states,
    workshops_checked_by,
)
from inmates.services.payroll import start_payroll_run
from inmates.services.timesheets import (
    lock_timesheet,
    reopen_timesheet,
    return_timesheet,
    submit_timesheet,
)
from inmates.states import PAYROLL_RUN, TIMESHEET
from portal.accounts.enums import OrganisationKind as Kind
from portal.accounts.enums import Role
from portal.accounts.models import Membership, RoleGrant
from portal.kernel.errors import Forbidden
from portal.kernel.periods import Month
from portal.kernel.states import MoveRefused, history_of, move
from portal.kernel.workdays import is_workday
from tests.inmates.months import ready_for_wages
from tests.inmates.sheets import (
    DECEMBER_2,
    LAST_DAY,
    NOVEMBER,
    fill,
    locked,
    returned,
    submitted,
)
from tests.inmates.shifts import Floor, floor
from tests.people import LONG_AGO, a_placement, a_user, an_inmate, an_organisation
from workshops.models import Institution, Workshop

__all__ = ["floor"]
ACTIONS = ("submit", "return", "lock", "reopen")
LEADS_TO = {
    (Status.OPEN, "submit"): Status.SUBMITTED,
    (Status.RETURNED, "submit"): Status.SUBMITTED,
    (Status.SUBMITTED, "return"): Status.RETURNED,
    (Status.SUBMITTED, "lock"): Status.LOCKED,
    (Status.LOCKED, "reopen"): Status.RETURNED,
}


def standing_in(floor: Floor, status: str) -> Timesheet:
    """A timesheet in the status, come there by its services."""
    if status == Status.OPEN:
        fill(floor)
        return Timesheet.objects.create(workshop=floor.cast.workshop, month=NOVEMBER.first_day)
    made: dict[str, Callable[[Floor], Timesheet]] = {
        Status.SUBMITTED: submitted, Status.RETURNED: returned, Status.LOCKED: locked,
    }  # fmt: skip
    return made[status](floor)


def act(floor: Floor, sheet: Timesheet, action: str) -> Timesheet:
    accountant: dict[str, Any] = {"actor": floor.cast.accountant, "timesheet_id": sheet.pk}
    if action == "submit":
        return submit_timesheet(
            actor=floor.cast.master, workshop_id=sheet.workshop_id, month=NOVEMBER, at=DECEMBER_2
        )
    if action == "lock":
        return lock_timesheet(**accountant, at=DECEMBER_2)
    service = return_timesheet if action == "return" else reopen_timesheet
    return service(**accountant, reason="Нет явки за 5-е", at=DECEMBER_2)


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("status", Status.values)
def test_every_act_from_every_status(floor: Floor, status: str, action: str) -> None:
    sheet = standing_in(floor, status)
    target = LEADS_TO.get((Status(status), action))
    assert TIMESHEET.target(status, action) == target
    if target is None:
        before = history_of(sheet).count()
        with pytest.raises(MoveRefused):
            act(floor, sheet, action)
        assert history_of(sheet).count() == before
        sheet.refresh_from_db()
        assert sheet.status == status
    else:
        assert act(floor, sheet, action).status == target
        sheet.refresh_from_db()
        assert sheet.status == target
        assert history_of(sheet).last().action == action


def test_a_month_without_a_row_is_open(floor: Floor) -> None:
    assert timesheet_states([floor.cast.workshop.pk], [NOVEMBER]) == {}
    found = timesheet_of(floor.cast.workshop, NOVEMBER)
    assert (found.pk, found.status) == (None, Status.OPEN)


def test_states_are_asked_by_month_or_by_any_of_its_days(floor: Floor) -> None:
    submitted(floor)
    key = (floor.cast.workshop.pk, date(2026, 11, 1))
    for months in ([NOVEMBER], [date(2026, 11, 17)], {NOVEMBER, Month(2026, 10)}):
        assert timesheet_states([key[0], 999], months) == {key: Status.SUBMITTED}
    assert timesheet_states([key[0]], [Month(2026, 12)]) == {}


def test_a_submission_is_signed_and_a_lock_has_another_hand(floor: Floor) -> None:
    sheet = locked(floor)
    sheet.refresh_from_db()
    assert (sheet.submitted_by, sheet.locked_by) == (floor.cast.master, floor.cast.accountant)
    assert (sheet.submitted_at, sheet.locked_at) == (LAST_DAY, LAST_DAY)
    assert [row.action for row in history_of(sheet)] == ["submit", "lock"]


def test_the_labour_officer_submits_as_well(floor: Floor) -> None:
    assert submitted(floor, actor=floor.cast.labour_officer).status == Status.SUBMITTED


@pytest.mark.parametrize("name", ["accountant", "head", "analyst", "stranger", "operator"])
def test_who_enters_no_work_there_does_not_submit(floor: Floor, name: str) -> None:
    with pytest.raises(Forbidden):
        submitted(floor, actor=floor.cast.users[name])
    assert not Timesheet.objects.exists()


@pytest.mark.parametrize("name", ["master", "labour_officer", "head", "analyst", "stranger"])
def test_who_pays_nobody_on_it_neither_returns_nor_locks(floor: Floor, name: str) -> None:
    sheet = submitted(floor)
    order: dict[str, Any] = {"actor": floor.cast.users[name], "timesheet_id": sheet.pk}
    with pytest.raises(Forbidden):
        lock_timesheet(**order, at=LAST_DAY)
    with pytest.raises(Forbidden):
        return_timesheet(**order, reason="Нет явки", at=LAST_DAY)
    with pytest.raises(Forbidden):
        reopen_timesheet(**order, reason="Нет явки", at=LAST_DAY)
    sheet.refresh_from_db()
    assert sheet.status == Status.SUBMITTED


def test_an_accountant_of_another_place_does_not_lock(floor: Floor) -> None:
    """The same payer, but the role is limited to another institution."""
    cast = floor.cast
    elsewhere = an_organisation(Kind.INSTITUTION, "Учреждение № 99 (тест)", 99)
    Institution.objects.create(
        organisation=elsewhere, number="99", department=cast.department, security="medium"
    )
    other = a_user("elsewhere@example.kz", cast.enterprise, Role.ACCOUNTANT)
    RoleGrant.objects.filter(membership__user=other).update(scope=elsewhere)
    sheet = submitted(floor)
    with pytest.raises(Forbidden):
        lock_timesheet(actor=other, timesheet_id=sheet.pk, at=LAST_DAY)
    assert not workshops_checked_by(other, date(2026, 11, 30), NOVEMBER).exists()


def both_hands(floor: Floor) -> Any:
    """Somebody who is master of the institution and accountant of the payer."""
    cast = floor.cast
    person = a_user("both@example.kz", cast.colony, Role.MASTER)
    member = Membership.objects.create(
        user=person, organisation=cast.enterprise, effective_from=LONG_AGO
    )
    RoleGrant.objects.create(membership=member, role=Role.ACCOUNTANT, effective_from=LONG_AGO)
    return person


def test_whoever_submitted_never_locks(floor: Floor) -> None:
    cast = floor.cast
    cast.users["both"] = person = both_hands(floor)
    sheet = submitted(floor, actor=person)
    with pytest.raises(Forbidden, match=r"другой человек|another person"):
        lock_timesheet(actor=person, timesheet_id=sheet.pk, at=LAST_DAY)
    sheet.refresh_from_db()
    assert (sheet.status, sheet.locked_by) == (Status.SUBMITTED, None)
    assert lock_timesheet(actor=cast.accountant, timesheet_id=sheet.pk, at=LAST_DAY)


def test_the_database_keeps_four_eyes_too(floor: Floor) -> None:
    sheet = submitted(floor)
    with pytest.raises(IntegrityError, match="timesheet_four_eyes"), transaction.atomic():
        Timesheet.objects.filter(pk=sheet.pk).update(locked_by=sheet.submitted_by)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"status": "locked"}, "timesheet_locked_by_somebody"),
        ({"submitted_by": None}, "timesheet_submitted_by_somebody"),
        ({"status": "returned"}, "timesheet_returned_with_reason"),
        ({"status": "paid"}, "timesheet_status_known"),
        ({"month": date(2026, 11, 2)}, "timesheet_month_first_day"),
    ],
)
def test_a_row_that_says_half_is_refused(
    floor: Floor, change: dict[str, Any], constraint: str
) -> None:
    sheet = submitted(floor)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Timesheet.objects.filter(pk=sheet.pk).update(**change)


def test_a_day_that_is_not_entered_stops_the_submission_and_is_named(floor: Floor) -> None:
    fill(floor)
    Attendance.objects.filter(
        placement=floor.placements[1], worked_on__in=[date(2026, 11, 5), date(2026, 11, 20)]
    ).delete()
    with pytest.raises(TimesheetGaps) as refused:
        submit_timesheet(
            actor=floor.cast.master, workshop_id=floor.cast.workshop.pk, month=NOVEMBER, at=LAST_DAY
        )
    assert [(gap.day.day, gap.number) for gap in refused.value.gaps] == [(5, "1602"), (20, "1602")]
    assert "2" in str(refused.value)
    assert not Timesheet.objects.exists()


def test_days_off_and_days_outside_the_placement_are_no_gaps(floor: Floor) -> None:
    cast = floor.cast
    a_placement(
        cast, an_inmate(cast, "1700"),
        effective_from=date(2026, 11, 28), effective_to=date(2026, 11, 30),
    )  # fmt: skip
    assert submitted(floor).status == Status.SUBMITTED


def test_before_its_last_working_day_a_sheet_is_not_submitted(floor: Floor) -> None:
    """Handing in before the month is over would promise what nobody can know."""
    fill(floor)
    Attendance.objects.filter(worked_on__gt=date(2026, 11, 26)).delete()
    order: dict[str, Any] = {
        "actor": floor.cast.master, "workshop_id": floor.cast.workshop.pk, "month": NOVEMBER,
    }  # fmt: skip
    with pytest.raises(MonthNotOver, match=r"30\.11\.2026"):
        submit_timesheet(**order, at=LAST_DAY - timedelta(days=4))
    assert not Timesheet.objects.exists()
    with pytest.raises(TimesheetGaps) as refused:
        submit_timesheet(**order, at=LAST_DAY)
    assert {gap.day.day for gap in refused.value.gaps} == {27, 30}


def test_a_sheet_is_over_with_the_last_day_of_its_people(floor: Floor) -> None:
    """Everybody has left by the 11th: nothing of the month is to come."""
    on = date(2026, 11, 12)
    Placement.objects.update(effective_to=date(2026, 11, 12))
    placements = list(Placement.objects.select_related("inmate"))
    assert last_day_ahead(placements, NOVEMBER, date(2026, 11, 10)) == date(2026, 11, 11)
    assert last_day_ahead(placements, NOVEMBER, date(2026, 11, 11)) is None
    assert last_day_ahead([], NOVEMBER, date(2026, 11, 1)) is None
    for one in placements:
        Attendance.objects.bulk_create(
            Attendance(placement=one, worked_on=day, minutes=480, recorded_at=LAST_DAY)
            for day in NOVEMBER.days()
            if is_workday(day) and day < on
        )
    assert (
        submit_timesheet(
            actor=floor.cast.master,
            workshop_id=floor.cast.workshop.pk,
            month=NOVEMBER,
            at=LAST_DAY.replace(day=12),
        ).status
        == Status.SUBMITTED
    )


def test_who_is_placed_after_the_submission_keeps_it_from_being_locked(floor: Floor) -> None:
    sheet = submitted(floor)
    Timesheet.objects.filter(pk=sheet.pk).update(submitted_at=LAST_DAY.replace(day=27))
    a_placement(floor.cast, an_inmate(floor.cast, "1700"), effective_from=date(2026, 11, 30))
    with pytest.raises(MonthNotOver):
        lock_timesheet(
            actor=floor.cast.accountant, timesheet_id=sheet.pk, at=LAST_DAY.replace(day=27)
        )
    with pytest.raises(TimesheetGaps):
        lock_timesheet(actor=floor.cast.accountant, timesheet_id=sheet.pk, at=LAST_DAY)


def test_a_month_ahead_and_an_empty_workshop_are_not_submitted(floor: Floor) -> None:
    order: dict[str, Any] = {"actor": floor.cast.master, "at": LAST_DAY}
    with pytest.raises(MonthAhead):
        submit_timesheet(workshop_id=floor.cast.workshop.pk, month=Month(2026, 12), **order)
    empty = Workshop.objects.create(
        institution=floor.cast.institution, code="sewing-16", name_ru="Швейный цех"
    )
    with pytest.raises(NobodyInMonth):
        submit_timesheet(workshop_id=empty.pk, month=NOVEMBER, **order)
    assert not Timesheet.objects.exists()


def test_a_leap_february_has_its_last_day(floor: Floor) -> None:
    """2028-02-29 is a Tuesday: a working day like any other."""
    february = Month(2028, 2)
    at = LAST_DAY.replace(year=2028, month=2, day=29)
    fill(floor, february, at=at)
    order: dict[str, Any] = {
        "actor": floor.cast.master,
        "workshop_id": floor.cast.workshop.pk,
        "month": february,
        "at": at,
    }
    Attendance.objects.filter(
        placement=floor.placements[0], worked_on=date(2028, 2, 29)
    ).delete()  # fmt: skip
    with pytest.raises(TimesheetGaps) as refused:
        submit_timesheet(**order)
    assert [gap.day for gap in refused.value.gaps] == [date(2028, 2, 29)]
    Attendance.objects.create(
        placement=floor.placements[0], worked_on=date(2028, 2, 29), minutes=480, recorded_at=at
    )
    assert submit_timesheet(**order).status == Status.SUBMITTED


@pytest.mark.parametrize("reason", ["", "   ", "…—…", "ок", "12345678"])
def test_returning_needs_a_reason_in_words(floor: Floor, reason: str) -> None:
    sheet = submitted(floor)
    with pytest.raises(ReasonTooShort):
        return_timesheet(
            actor=floor.cast.accountant, timesheet_id=sheet.pk, reason=reason, at=LAST_DAY
        )
    sheet.refresh_from_db()
    assert sheet.status == Status.SUBMITTED


def test_the_reason_stands_on_the_sheet_until_it_is_submitted_again(floor: Floor) -> None:
    sheet = returned(floor, "Нет  явки\n за 5-е")
    sheet.refresh_from_db()
    assert sheet.returned_reason == "Нет явки за 5-е"
    assert history_of(sheet).last().reason == "Нет явки за 5-е"
    act(floor, sheet, "submit")
    sheet.refresh_from_db()
    assert (sheet.status, sheet.returned_reason) == (Status.SUBMITTED, "")


def test_opening_again_takes_back_the_second_signature(floor: Floor) -> None:
    sheet = act(floor, locked(floor), "reopen")
    sheet.refresh_from_db()
    assert (sheet.status, sheet.locked_by, sheet.locked_at) == (Status.RETURNED, None, None)
    assert [row.action for row in history_of(sheet)] == ["submit", "lock", "reopen"]


def test_a_correction_that_left_a_gap_stops_the_lock(floor: Floor) -> None:
    sheet = submitted(floor)
    Attendance.objects.filter(
        placement=floor.placements[0], worked_on=date(2026, 11, 12)
    ).delete()  # fmt: skip
    with pytest.raises(TimesheetGaps):
        lock_timesheet(actor=floor.cast.accountant, timesheet_id=sheet.pk, at=LAST_DAY)
    sheet.refresh_from_db()
    assert (sheet.status, sheet.locked_by) == (Status.SUBMITTED, None)


@pytest.mark.parametrize("is_finished", [False, True])
def test_wages_hold_the_sheet_locked(floor: Floor, is_finished: bool) -> None:
    sheet = locked(floor, at=DECEMBER_2)
    ready_for_wages(floor.cast, NOVEMBER)
    run = start_payroll_run(
        actor=floor.cast.accountant,
        payer_id=floor.cast.enterprise.pk,
        institution_id=floor.cast.institution.pk,
        month=NOVEMBER,
        at=DECEMBER_2,
    )
    if is_finished:
        move(run, "complete", machine=PAYROLL_RUN, actor=None, at=DECEMBER_2)
        type(run).objects.filter(pk=run.pk).update(calculated_at=DECEMBER_2)
    with pytest.raises(WagesCalculated):
        act(floor, sheet, "reopen")
    sheet.refresh_from_db()
    assert sheet.status == Status.LOCKED


def test_the_list_of_a_month_says_what_waits(floor: Floor, django_assert_num_queries: Any) -> None:
    cast = floor.cast
    sheet = submitted(floor)
    user, on = cast.accountant, date(2026, 11, 30)
    second = Workshop.objects.create(
        institution=cast.institution, code="sewing-16", name_ru="Швейный цех"
    )
    (first,) = sheet_states(workshops_checked_by(user, on, NOVEMBER), NOVEMBER, on)
    assert (first.timesheet.pk, first.people, first.gaps) == (sheet.pk, 3, 0)
    assert (first.waits_for_check, first.is_paid) == (True, False)
    with django_assert_num_queries(4):
        sheet_states([cast.workshop], NOVEMBER, on)
    with django_assert_num_queries(4):
        many = sheet_states([cast.workshop, second], NOVEMBER, on)
    assert (many[1].status, many[1].people, many[1].gaps) == (Status.OPEN, 0, 0)


def test_the_list_counts_the_days_that_are_missing(floor: Floor) -> None:
    fill(floor)
    Attendance.objects.filter(worked_on=date(2026, 11, 3)).delete()
    (state,) = sheet_states([floor.cast.workshop], NOVEMBER, date(2026, 11, 30))
    assert (state.status, state.gaps, state.waits_for_check) == (Status.OPEN, 3, False)


def test_the_days_still_ahead_are_not_missing(floor: Floor) -> None:
    """Nothing is entered: by the fifth (a Thursday) four working days of three people are due."""
    (state,) = sheet_states([floor.cast.workshop], NOVEMBER, date(2026, 11, 5))
    assert (state.gaps, state.ahead) == (12, date(2026, 11, 30))
    (state,) = sheet_states([floor.cast.workshop], NOVEMBER, date(2026, 11, 30))
    assert state.ahead is None
    assert state.gaps == 3 * sum(is_workday(day) for day in NOVEMBER.days())
