"""What a report says of attendance and of timesheets: entered is one thing, submitted another."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from inmates.enums import TimesheetStatus
from inmates.models import Placement, Timesheet
from inmates.selectors.timesheets import SheetCount, sheet_count
from portal.kernel.periods import Month
from portal.kernel.text import NBSP
from portal.reports.employment.period import ReportPeriod, day_period, month_period
from portal.reports.employment.presenters import sheets_line
from tests.people import NOW, TODAY, Cast
from tests.reports.counted import facts_now
from tests.reports.test_workbook_words import a_book, rows_of
from tests.reports.worlds import a_post, a_sheet, a_worker, an_institution
from workshops.models import Workshop

EMPLOYMENT = "/reports/employment/"
FRIDAY, SUNDAY = date(2026, 11, 20), date(2026, 11, 22)
NOVEMBER, OCTOBER = Month(2026, 11), Month(2026, 10)


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel("2026-11-23T09:00:00+00:00", tick=False):
        yield


@pytest.fixture
def workers(cast: Cast) -> list[Placement]:
    """One worker in each of two workshops of two institutions."""
    far = an_institution(cast, "30")
    return [a_worker(cast, cast.institution), a_worker(cast, far, post=a_post(far, cast))]


def a_timesheet(workshop: Workshop, status: str, cast: Cast, month: Month = OCTOBER) -> Timesheet:
    by: dict[str, Any] = {"submitted_by": cast.master, "submitted_at": NOW}
    if status == TimesheetStatus.LOCKED:
        by |= {"locked_by": cast.accountant, "locked_at": NOW}
    if status == TimesheetStatus.RETURNED:
        by |= {"returned_reason": "Проверьте 12-е"}
    return Timesheet.objects.create(workshop=workshop, month=month.first_day, status=status, **by)


def page_of(cast: Cast, language: str = "ru", **asked: str) -> str:
    client = Client()
    client.force_login(cast.analyst)
    client.cookies["django_language"] = language
    response = client.get(EMPLOYMENT, asked)
    assert response.status_code == 200
    return str(response.content.decode()).replace(NBSP, " ")


# --- entered ----------------------------------------------------------------------------------
def test_attendance_of_everybody_is_entered_and_no_timesheet_is_called_submitted(
    cast: Cast, workers: list[Placement]
) -> None:
    for one in workers:
        a_sheet(one, FRIDAY)
    facts_now(end=TODAY)
    page = page_of(cast, day="2026-11-20")
    assert "Данные на 20.11.2026, явка внесена за всех." in page
    assert "табели сданы" not in page
    assert 'id="sheets-line"' not in page


def test_attendance_not_entered_is_told_in_person_days(
    cast: Cast, workers: list[Placement]
) -> None:
    a_sheet(workers[0], FRIDAY)
    facts_now(end=TODAY)
    page = page_of(cast, day="2026-11-20")
    assert "1 учреждение не внесло явку за всех" in page
    assert "Явка не внесена за 1 человеко-день." in page
    assert "Где не внесена явка" in page
    assert "не сдало табель" not in page


def test_a_day_off_asks_for_no_attendance(cast: Cast, workers: list[Placement]) -> None:
    facts_now(end=date(2026, 11, 23))
    page = page_of(cast, day="2026-11-22")
    assert "Данные на 22.11.2026. Рабочих дней нет, поэтому вносить явку не требуется." in page
    assert "за всех" not in page.split('id="freshness"')[1].split("</p>")[0]


@pytest.mark.parametrize(
    ("period", "has_one"),
    [
        (day_period(FRIDAY, TODAY), True),
        (day_period(SUNDAY, date(2026, 11, 23)), False),
        (day_period(date(2026, 12, 16), date(2026, 12, 18)), False),
        (month_period(OCTOBER, TODAY), True),
        (month_period(NOVEMBER, date(2026, 11, 2)), False),
    ],
)
def test_a_period_knows_its_working_days(period: ReportPeriod, has_one: bool) -> None:
    assert period.has_workday is has_one


# --- submitted --------------------------------------------------------------------------------
def test_timesheets_of_a_month_are_counted_by_what_vouches_for_them(
    cast: Cast, workers: list[Placement]
) -> None:
    near, far = (one.post.workshop for one in workers)
    ids = [near.institution_id, far.institution_id]
    assert sheet_count(ids, OCTOBER) == SheetCount(due=2, submitted=0, locked=0)
    a_timesheet(near, TimesheetStatus.LOCKED, cast)
    a_timesheet(far, TimesheetStatus.SUBMITTED, cast)
    a_timesheet(far, TimesheetStatus.LOCKED, cast, NOVEMBER)
    assert sheet_count(ids, OCTOBER) == SheetCount(due=2, submitted=2, locked=1)
    assert sheet_count(ids[:1], OCTOBER) == SheetCount(due=1, submitted=1, locked=1)


def test_returned_is_not_submitted_and_an_empty_workshop_owes_none(
    cast: Cast, workers: list[Placement]
) -> None:
    near, far = (one.post.workshop for one in workers)
    a_timesheet(near, TimesheetStatus.RETURNED, cast)
    Workshop.objects.create(institution=far.institution, code="empty-30", name_ru="Пустой цех")
    ids = [near.institution_id, far.institution_id]
    assert sheet_count(ids, OCTOBER) == SheetCount(due=2, submitted=0, locked=0)
    # Before anybody was placed no sheet is due, and nothing is told.
    nobody = sheet_count(ids, Month(2009, 10))
    assert nobody == SheetCount(0, 0, 0)
    assert sheets_line(month_period(OCTOBER, TODAY), nobody) == ""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", "Табелей за октябрь 2026 сдано 1 из 2, из них закрыто 0."),
        ("kk", "тапсырылғаны — 1 (барлығы 2), оның ішінде жабылғаны — 0."),
        ("en", "submitted 1 of 2, of them locked 0."),
    ],
)
def test_page_of_a_month_tells_them_in_each_language(
    cast: Cast, workers: list[Placement], language: str, words: str
) -> None:
    a_timesheet(workers[0].post.workshop, TimesheetStatus.SUBMITTED, cast)
    facts_now()
    assert words in page_of(cast, language, month="2026-10")


def test_a_month_asks_one_query_more_however_many_workshops(
    cast: Cast, workers: list[Placement]
) -> None:
    facts_now()
    ids = [one.post.workshop.institution_id for one in workers]
    with CaptureQueriesContext(connection) as asked:
        sheet_count(ids, OCTOBER)
    assert len(asked) == 1
    page_of(cast, day="2026-10-20")
    with CaptureQueriesContext(connection) as day:
        page_of(cast, day="2026-10-20")
    with CaptureQueriesContext(connection) as month:
        page_of(cast, month="2026-10")
    assert len(month) == len(day) + 1


# --- the workbook -----------------------------------------------------------------------------
def heads(cast: Cast, language: str, **period: str) -> str:
    with translation.override(language):
        return "\n".join(
            str(row[0]).replace(NBSP, " ") for row in rows_of(a_book(cast, language, **period), 0)
        )


def test_workbook_of_a_month_says_the_same(cast: Cast, workers: list[Placement]) -> None:
    a_timesheet(workers[0].post.workshop, TimesheetStatus.LOCKED, cast)
    told = heads(cast, "ru", month="2026-10")
    assert "сдано 1 из 1, из них закрыто 1." in told
    assert "Явка не внесена за 21 человеко-день." in told
    assert "табели сданы" not in told


def test_workbook_of_a_day_tells_of_no_timesheet(cast: Cast, workers: list[Placement]) -> None:
    a_sheet(workers[0], FRIDAY)
    told = heads(cast, "ru")
    assert "Данные на 20.11.2026, явка внесена за всех." in told
    assert "Табелей за" not in told
