"""The page of changes, the step of the board and the sheets that stop the next calculation."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from inmates.models import Attendance, BackdatedChange, PayParameter, PayrollRun, Timesheet
from inmates.presenters.backdated import change_rows
from inmates.run_refusals import InputsMissing
from inmates.selectors.backdated import (
    MOST_NUMBERS,
    changes_visible_to,
    grouped,
    waiting_changes,
    with_names,
)
from inmates.selectors.pay_blockers import pay_blockers
from inmates.services.attendance import AttendedDay, record_attendance
from inmates.services.timesheets import reopen_timesheet
from portal.accounts.enums import Role
from portal.kernel import clock
from portal.kernel.periods import Month
from tests.inmates.books import first_signature, posted
from tests.inmates.marks.world import BY_TIME, NOVEMBER_2, WHY, a_closed_month, marks, place_of
from tests.inmates.months import a_worker, attended, lock_sheets, started
from tests.inmates.shifts import text
from tests.people import NOW, Cast, a_user

PAGE = "/payroll/changes/"
NOVEMBER = Month(2026, 11)
OCTOBER_6 = date(2026, 10, 6)


def a_late_day(pay: Cast, minutes: int = 60, day: date = OCTOBER_6) -> None:
    record_attendance(
        actor=pay.master, days=[AttendedDay(place_of().pk, day, minutes)], at=clock.now(),
        correction=WHY,
    )  # fmt: skip


def acts(pay: Cast, *, is_open: bool = True, **limits: Any) -> list[dict[str, Any]]:
    rows = changes_visible_to(pay.accountant, clock.today())
    return change_rows(with_names(list(grouped(rows, is_open=is_open, **limits))), own=set())


@pytest.fixture
def desk(client: Client, pay: Cast) -> Client:
    client.force_login(pay.accountant)
    return client


# --- the list ---------------------------------------------------------------------------------
def test_a_late_day_stands_on_the_page_with_whose_and_by_whom(desk: Client, pay: Cast) -> None:
    a_closed_month(pay)
    a_late_day(pay)
    html = text(desk.get(PAGE))
    assert "Табель" in html
    assert f"№ {BY_TIME}" in html
    assert "06.10.2026" in html
    assert pay.master.get_full_name() in html
    # Why a day was changed may tell of an absence: it stays with the day.
    assert WHY not in html


def test_nothing_changed_says_so(desk: Client, pay: Cast) -> None:
    a_closed_month(pay)
    assert "Ничего не ждёт" in text(desk.get(PAGE))
    assert "Пока ничего не рассчитано" in text(desk.get(f"{PAGE}?show=settled"))


def test_one_act_over_many_people_is_one_line(pay: Cast) -> None:
    first_signature(pay)
    numbers = [str(1600 + place) for place in range(MOST_NUMBERS + 2)]
    for number in numbers:
        a_worker(pay, number, days=2)
    posted(pay)
    newest = PayParameter.objects.filter(code="mrp").order_by("-effective_from").first()
    assert newest is not None
    PayParameter.objects.filter(pk=newest.pk).update(value=5000)
    with translation.override("ru"):
        (row,) = acts(pay)
    assert row["people"] == "7"
    assert row["numbers"] == f"{', '.join(numbers[:MOST_NUMBERS])} и ещё 2"
    assert row["note"] == "Месячный расчётный показатель (МРП)"
    assert row["by"] == "—"


def test_two_acts_are_two_lines_and_a_number_finds_one(pay: Cast) -> None:
    a_closed_month(pay)
    a_late_day(pay)
    a_late_day(pay, day=date(2026, 10, 7))
    assert len(acts(pay)) == 2
    assert len(acts(pay, number=BY_TIME)) == 2
    assert acts(pay, number="1701") == []
    here = (pay.enterprise.pk, pay.institution.pk)
    assert len(acts(pay, place=here)) == 2
    assert acts(pay, place=(pay.entrepreneur.pk, pay.institution.pk)) == []


def test_what_is_settled_is_listed_apart_with_its_run(desk: Client, pay: Cast) -> None:
    run = a_closed_month(pay)
    a_late_day(pay)
    BackdatedChange.objects.update(settled_by=run)
    assert acts(pay) == []
    html = text(desk.get(f"{PAGE}?show=settled"))
    assert "с зарплатой за октябрь 2026" in html
    assert f"/payroll/runs/{run.pk}/" in html


@pytest.mark.parametrize(
    ("subject", "note"),
    [
        ("post:{post}", "Столяр"),
        ("calendar:2026-10-26", "26.10.2026"),
        ("kind:bonus", "Премия"),
        ("stay", "прибытие или освобождение"),
        ("writ:12", ""),
        ("post:x", ""),
        ("parameter:unknown", "unknown"),
    ],
)
def test_what_exactly_was_changed_is_named(pay: Cast, subject: str, note: str) -> None:
    a_closed_month(pay)
    a_late_day(pay)
    BackdatedChange.objects.update(subject=subject.format(post=pay.joiners.pk))
    with translation.override("ru"):
        (row,) = acts(pay)
    assert row["note"] == note


def test_the_operation_of_a_rate_is_named_after_its_product(pay: Cast) -> None:
    a_closed_month(pay)
    a_late_day(pay)
    BackdatedChange.objects.update(subject=f"operation:{pay.cutting.pk}", cause="rate")
    with translation.override("ru"):
        (row,) = acts(pay)
    assert row["note"].startswith("Игровой уголок")


def test_another_payer_sees_nothing_of_it(client: Client, pay: Cast) -> None:
    a_closed_month(pay)
    a_late_day(pay)
    client.force_login(a_user("other@example.kz", pay.entrepreneur, Role.ACCOUNTANT))
    assert BY_TIME not in text(client.get(PAGE))
    client.force_login(pay.head)
    assert BY_TIME in text(client.get(PAGE))


@pytest.mark.parametrize("query", ["?place=x-1", "?place=1", "?page=99", "?q=%00", "?show=all"])
def test_odd_addresses_answer(desk: Client, pay: Cast, query: str) -> None:
    a_closed_month(pay)
    assert desk.get(f"{PAGE}{query}").status_code == 200


def test_the_page_asks_the_same_number_of_queries(desk: Client, pay: Cast) -> None:
    a_closed_month(pay)
    counts = []
    for day in range(6, 9):
        a_late_day(pay, day=date(2026, 10, day))
        desk.get(PAGE)
        with CaptureQueriesContext(connection) as captured:
            desk.get(PAGE)
        counts.append(len(captured))
    assert len(set(counts)) == 1
    assert counts[0] <= 12


# --- the board --------------------------------------------------------------------------------
def board(pay: Cast, month: str = "2026-11") -> str:
    return f"/payroll/{pay.enterprise.pk}/{pay.institution.pk}/{month}/"


def test_the_board_counts_who_waits_and_leads_to_the_list(desk: Client, pay: Cast) -> None:
    a_closed_month(pay)
    assert "Изменения прошлых месяцев" in text(desk.get(board(pay)))
    a_late_day(pay)
    html = text(desk.get(board(pay)))
    assert "Людей: 1" in html
    assert "с 06.10.2026" in html
    assert f"{PAGE}?place={pay.enterprise.pk}-{pay.institution.pk}" in html
    # Of the month itself it is no change of an earlier one.
    waiting = waiting_changes(pay.enterprise.pk, pay.institution.pk, Month(2026, 10))
    assert waiting.people == 0


def reopened(pay: Cast) -> Timesheet:
    return reopen_timesheet(
        actor=pay.accountant, timesheet_id=Timesheet.objects.get(month=date(2026, 10, 1)).pk,
        reason=WHY, at=clock.now(),
    )  # fmt: skip


def past_sheets(pay: Cast) -> list[str]:
    found = pay_blockers(pay.enterprise.pk, pay.institution.pk, NOVEMBER)
    return [one.key for one in found if one.code == "past_timesheet"]


def test_an_open_sheet_of_an_earlier_month_stops_the_next_wages(desk: Client, pay: Cast) -> None:
    a_closed_month(pay)
    sheet = reopened(pay)
    assert past_sheets(pay) == [], "nobody on it waits yet"
    a_late_day(pay)
    assert past_sheets(pay) == ["wood-16"]
    html = text(desk.get(board(pay)))
    assert "снова открыт и ещё не закрыт" in html
    assert "/timesheets/wood-16/2026-10/" in html
    Timesheet.objects.filter(pk=sheet.pk).update(
        status="locked", submitted_by=pay.master, submitted_at=NOW, locked_by=pay.accountant,
        locked_at=NOW,
    )  # fmt: skip
    assert past_sheets(pay) == []


def test_the_run_says_what_it_waits_for(pay: Cast) -> None:
    a_closed_month(pay)
    attended(place_of(), [NOVEMBER_2])
    reopened(pay)
    a_late_day(pay)
    lock_sheets(pay, NOVEMBER)
    december = clock.now() + timedelta(days=15)
    with pytest.raises(InputsMissing) as refused:
        started(pay, NOVEMBER, at=december)
    assert "past_timesheet" in [one.code for one in refused.value.blockers]


def test_a_mark_that_is_settled_stops_nobody(pay: Cast) -> None:
    run = a_closed_month(pay)
    reopened(pay)
    a_late_day(pay)
    BackdatedChange.objects.update(settled_by=run)
    assert past_sheets(pay) == []


# --- runs outside the month's order -----------------------------------------------------------
def test_of_a_run_for_some_people_only_they_are_marked(pay: Cast) -> None:
    """Whoever was paid at release is marked; the others' month is simply open."""
    run = a_closed_month(pay)
    november = place_of().inmate
    # A closed run of November for one person, as far as the marks look at it.
    PayrollRun.objects.filter(pk=run.pk)
    other = PayrollRun.objects.create(
        payer=pay.enterprise, institution=pay.institution, month=NOVEMBER.first_day,
        kind="release", reason="освобождение", started_by=pay.accountant, created_at=NOW,
    )  # fmt: skip
    other.chosen.create(inmate=november)
    attended(place_of("1701"), [NOVEMBER_2])
    assert marks() == []
    with connection.cursor() as cursor:
        # What closes it is not what is tested here.
        cursor.execute("SET session_replication_role = replica")
        PayrollRun.objects.filter(pk=other.pk).update(
            status="paid", number="1", approved_by=pay.head, approved_at=NOW, checked_at=NOW,
            posted_at=NOW, difference_count=0, paid_on=NOW.date(), paid_document="ПП 1",
        )  # fmt: skip
        cursor.execute("SET session_replication_role = DEFAULT")
    attended(place_of("1702"), [NOVEMBER_2])
    assert marks() == []
    attended(place_of(), [NOVEMBER_2])
    assert marks() == [(BY_TIME, "attendance", NOVEMBER_2, "attendance")]
    assert Attendance.objects.filter(worked_on=NOVEMBER_2).count() == 3
