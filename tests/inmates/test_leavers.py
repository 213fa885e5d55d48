"""Days of people who leave within a month: who vouches for them, when, and what that closes."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmates.models import Attendance, DaysConfirmed, Placement, Timesheet
from inmates.off_cycle_refusals import (
    ConfirmedByAccountant,
    DaysNotEntered,
    DaysNotOver,
    DaysVouchedFor,
)
from inmates.selectors.leavers import confirmed_days, leaver, leavers_of, unconfirmed
from inmates.services.attendance import AttendedDay, record_attendance
from inmates.services.leavers import confirm_days
from portal.accounts.enums import Role
from portal.kernel.errors import Forbidden
from portal.kernel.locks import Gone
from portal.kernel.models import AuditEvent
from tests.inmates.months import lock_sheets
from tests.inmates.off_cycle import LAST_DAY, NOVEMBER, a_leaver, confirmed
from tests.people import NOW, TODAY, Cast, a_placement, a_user, an_inmate

CONFIRM = "inmates:confirm_leaver"


@pytest.fixture
def leaving(pay: Cast) -> Placement:
    return Placement.objects.get(inmate=a_leaver(pay))


def address(pay: Cast, placement: Any, month: str = "2026-11", code: str = "") -> str:
    return reverse(CONFIRM, args=[code or pay.workshop.code, month, placement.pk])


def written(pay: Cast, placement: Placement, day: date, minutes: int, correction: str = "") -> int:
    return record_attendance(
        actor=pay.master,
        days=[AttendedDay(placement.pk, day, minutes)],
        at=NOW + timedelta(hours=1),
        correction=correction,
    )


# --- the service ------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["master", "labour_officer"])
def test_the_place_vouches_for_the_days(pay: Cast, leaving: Placement, who: str) -> None:
    row = confirm_days(actor=pay.users[who], placement_id=leaving.pk, month=NOVEMBER, at=NOW)
    assert (row.last_day, row.confirmed_by, row.confirmed_at) == (LAST_DAY, pay.users[who], NOW)
    event = AuditEvent.objects.get(action="days_confirmed")
    assert event.details == {"month": "2026-11", "last_day": "2026-11-13"}


def test_confirmed_again_it_is_of_the_last_time(pay: Cast, leaving: Placement) -> None:
    confirmed(pay)
    later = NOW + timedelta(minutes=5)
    confirmed(pay, at=later)
    assert DaysConfirmed.objects.get().confirmed_at == later
    assert AuditEvent.objects.filter(action="days_confirmed").count() == 2


@pytest.mark.parametrize("who", ["accountant", "head", "administrator", "stranger", "analyst"])
def test_nobody_else_vouches(pay: Cast, leaving: Placement, who: str) -> None:
    with pytest.raises(Forbidden):
        confirm_days(actor=pay.users[who], placement_id=leaving.pk, month=NOVEMBER, at=NOW)
    assert not DaysConfirmed.objects.exists()


def test_who_calculates_the_wages_does_not_vouch_for_their_days(
    pay: Cast, leaving: Placement
) -> None:
    both = a_user("both@example.kz", pay.colony, Role.MASTER)
    membership = both.memberships.create(organisation=pay.enterprise, effective_from="2024-01-01")
    membership.grants.create(role=Role.ACCOUNTANT, effective_from="2024-01-01")
    with pytest.raises(ConfirmedByAccountant):
        confirm_days(actor=both, placement_id=leaving.pk, month=NOVEMBER, at=NOW)


def test_a_day_without_an_entry_is_named(pay: Cast, leaving: Placement) -> None:
    Attendance.objects.filter(worked_on__in=[date(2026, 11, 9), date(2026, 11, 10)]).delete()
    with pytest.raises(DaysNotEntered, match=r"1648.*09\.11\.2026, 10\.11\.2026"):
        confirmed(pay)


def test_of_many_empty_days_some_are_named(pay: Cast, leaving: Placement) -> None:
    Attendance.objects.all().delete()
    with pytest.raises(DaysNotEntered, match="…"):
        confirmed(pay)


def test_who_works_on_is_not_confirmed(pay: Cast) -> None:
    a_placement(pay, an_inmate(pay))
    with pytest.raises(DaysNotOver):
        confirmed(pay)


def test_a_day_ahead_is_not_confirmed(pay: Cast) -> None:
    a_leaver(pay, last_day=TODAY + timedelta(days=3))
    with pytest.raises(DaysNotOver):
        confirmed(pay)


def test_a_month_before_the_placement_has_nothing_to_confirm(pay: Cast) -> None:
    row = a_leaver(pay).placements.get()
    Placement.objects.filter(pk=row.pk).update(effective_from=date(2026, 11, 1))
    with pytest.raises(Gone):
        confirm_days(actor=pay.master, placement_id=row.pk, month=NOVEMBER.plus(-3), at=NOW)


# --- what it closes ---------------------------------------------------------------------------
def test_confirmed_days_are_changed_with_an_explanation_alone(pay: Cast) -> None:
    """Of Friday, which on Sunday anybody may still correct without one."""
    day = date(2026, 11, 20)
    left = a_leaver(pay, last_day=day).placements.get()
    assert written(pay, left, day, 420) == 1
    confirmed(pay, at=NOW + timedelta(hours=1))
    with pytest.raises(DaysVouchedFor, match=r"20\.11\.2026"):
        written(pay, left, day, 240)
    Attendance.objects.update(recorded_at=NOW)
    DaysConfirmed.objects.update(confirmed_at=NOW + timedelta(minutes=30))
    assert written(pay, left, day, 240, correction="ушёл раньше на полдня") == 1
    found = leaver(left.pk, NOVEMBER)
    assert found is not None
    assert (found.is_changed, found.is_confirmed) == (True, False)


def test_days_of_others_stay_open(pay: Cast, leaving: Placement) -> None:
    confirmed(pay)
    other = a_leaver(pay, "1650").placements.get()
    assert written(pay, other, date(2026, 11, 13), 240, correction="поправка табеля") == 1


def test_an_end_that_moved_has_to_be_confirmed_again(pay: Cast, leaving: Placement) -> None:
    confirmed(pay)
    Attendance.objects.filter(worked_on=LAST_DAY).delete()
    Placement.objects.update(effective_to=LAST_DAY)
    found = leaver(leaving.pk, NOVEMBER)
    assert found is not None
    assert found.is_changed


# --- the selectors ----------------------------------------------------------------------------
def test_a_locked_sheet_vouches_for_everybody_on_it(pay: Cast, leaving: Placement) -> None:
    placements = Placement.objects.all()
    assert [one.cause for one in unconfirmed(placements, NOVEMBER)] == ["days_unconfirmed"]
    lock_sheets(pay, NOVEMBER)
    assert unconfirmed(placements, NOVEMBER) == []
    Timesheet.objects.update(status="returned", returned_reason="проверьте дни")
    assert [one.number for one in unconfirmed(placements, NOVEMBER)] == ["1648"]
    confirmed(pay)
    assert unconfirmed(placements, NOVEMBER) == []


def test_leavers_are_those_who_have_left(pay: Cast, leaving: Placement) -> None:
    a_leaver(pay, "1649", TODAY + timedelta(days=3))
    a_placement(pay, an_inmate(pay, "1650"))
    found = leavers_of(pay.workshop.pk, NOVEMBER, TODAY)
    assert [(one.placement.inmate.personnel_number, one.last_day) for one in found] == [
        ("1648", LAST_DAY)
    ]


def test_only_days_up_to_the_last_are_vouched_for(pay: Cast, leaving: Placement) -> None:
    confirmed(pay)
    days = [(leaving.pk, date(2026, 11, day)) for day in (12, 13, 14)]
    days += [(leaving.pk, date(2026, 10, 13)), (leaving.pk + 1, date(2026, 11, 12))]
    assert confirmed_days(days) == dict.fromkeys(days[:2], LAST_DAY)


@pytest.mark.parametrize("count", [1, 3])
def test_leavers_cost_two_queries(pay: Cast, count: int) -> None:
    for number in range(count):
        a_leaver(pay, f"17{number:02d}")
        confirmed(pay, f"17{number:02d}")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert len(leavers_of(pay.workshop.pk, NOVEMBER, TODAY)) == count
    assert len(seen) == 2


def test_the_database_keeps_one_row_within_the_month(pay: Cast, leaving: Placement) -> None:
    row = confirmed(pay)
    values = {"placement": leaving, "confirmed_by": pay.master, "confirmed_at": NOW}
    for month, last in ((row.month, row.last_day), (date(2026, 11, 2), LAST_DAY),
                        (date(2026, 12, 1), LAST_DAY)):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            DaysConfirmed.objects.create(month=month, last_day=last, **values)


# --- the page ---------------------------------------------------------------------------------
def test_the_month_lists_who_left_and_confirms_them(
    pay: Cast, leaving: Placement, client: Client
) -> None:
    client.force_login(pay.master)
    month = reverse("inmates:month", args=[pay.workshop.code, "2026-11"])
    page = client.get(month).content.decode()
    assert "Выбывшие до конца месяца" in page
    assert "не подтверждено" in page
    assert address(pay, leaving) in page
    answer = client.post(address(pay, leaving), follow=True)
    page = answer.content.decode()
    assert "по этим дням можно сделать последний расчёт" in page
    assert "подтвердил(а)" in page
    assert address(pay, leaving) not in page


def test_a_refusal_is_told_on_the_month(pay: Cast, leaving: Placement, client: Client) -> None:
    Attendance.objects.filter(worked_on=LAST_DAY).delete()
    client.force_login(pay.master)
    page = client.post(address(pay, leaving), follow=True).content.decode()
    assert "не внесены рабочие дни" in page


def test_other_workshops_and_roles_find_nothing(
    pay: Cast, leaving: Placement, client: Client
) -> None:
    client.force_login(pay.master)
    assert client.post(address(pay, leaving, code="none")).status_code == 404
    assert client.post(address(pay, leaving, month="2026-09")).status_code == 302
    assert client.post(address(pay, leaving, month="2099-01")).status_code == 404
    assert client.get(address(pay, leaving)).status_code == 405
    client.force_login(pay.accountant)
    assert client.post(address(pay, leaving)).status_code == 403
    assert not DaysConfirmed.objects.filter(month=NOVEMBER.first_day).exists()


def test_confirmed_at_is_when_it_was_confirmed(pay: Cast, leaving: Placement) -> None:
    moment: datetime = confirmed(pay).confirmed_at
    assert moment == NOW
