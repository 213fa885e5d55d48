"""The accountant's pages of timesheets, and the sheet on paper: who sees what, and what is kept."""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from inmates.models import Attendance, Timesheet
from inmates.presenters.timesheet_paper import timesheet_document
from inmates.selectors.month import month_sheet
from inmates.services.attendance import AttendedDay
from inmates.shifts import Mark
from portal.accounts.enums import Role
from portal.kernel.models import AuditEvent
from tests.inmates.sheets import LAST_DAY, NOVEMBER, cell, fill, locked, returned, save, submitted
from tests.inmates.shifts import Floor, a_floor, floor, text
from tests.people import a_consent, a_placement, a_user, an_inmate

__all__ = ["floor"]
LIST, SHEET = "/timesheets/", "/timesheets/wood-16/2026-11/"
MONDAY, SUNDAY = date(2026, 11, 30), date(2026, 11, 29)


@pytest.fixture(autouse=True)
def on_the_last_day() -> Iterator[None]:
    with time_machine.travel(LAST_DAY, tick=False):
        yield


@pytest.fixture
def accountant(client: Client, floor: Floor) -> Client:
    client.force_login(floor.cast.accountant)
    return client


def test_the_list_says_whose_turn_it_is(accountant: Client, floor: Floor) -> None:
    page = text(accountant.get(LIST))
    assert "Ноябрь 2026" in page
    assert "Очередь мастера" in page
    submitted(floor)
    page = text(accountant.get(LIST))
    assert "Теперь проверяет бухгалтер" in page
    assert 'class="waiting"' in page
    assert f'href="{SHEET}"' in page
    assert "Столярный цех" not in text(accountant.get(LIST, {"month": "2025-10"}))
    assert "Ноябрь 2026" in text(accountant.get(LIST, {"month": "2027-01"}))


def test_a_sheet_is_locked_from_its_page(accountant: Client, floor: Floor) -> None:
    submitted(floor)
    page = text(accountant.get(SHEET))
    assert floor.names[0] in page
    assert f'action="{SHEET}lock/"' in page
    assert "Табель закрыт" in text(accountant.post(f"{SHEET}lock/", follow=True))
    assert Timesheet.objects.get().locked_by == floor.cast.accountant


def test_a_sheet_is_returned_with_its_reason(accountant: Client, floor: Floor) -> None:
    submitted(floor)
    answer = accountant.post(f"{SHEET}return/", {"reason": "Нет явки за 5-е"}, follow=True)
    assert "Табель возвращён" in text(answer)
    assert "Нет явки за 5-е" in text(answer)
    assert Timesheet.objects.get().status == "returned"


def test_a_refused_return_keeps_what_was_written(accountant: Client, floor: Floor) -> None:
    submitted(floor)
    answer = accountant.post(f"{SHEET}return/", {"reason": "5-е"})
    assert answer.status_code == 409
    assert "Напишите в нескольких словах" in text(answer)
    assert re.search(r"<textarea[^>]*>\s*5-е</textarea>", text(answer))
    assert Timesheet.objects.get().status == "submitted"


def test_a_locked_sheet_is_opened_again(accountant: Client, floor: Floor) -> None:
    locked(floor)
    assert "Открыть снова" in text(accountant.get(SHEET))
    accountant.post(f"{SHEET}reopen/", {"reason": "Забыли ночную смену"})
    assert Timesheet.objects.get().returned_reason == "Забыли ночную смену"


def test_an_act_that_is_none_or_came_too_late_is_refused(accountant: Client, floor: Floor) -> None:
    assert accountant.post(f"{SHEET}lock/").status_code == 404
    returned(floor)
    assert accountant.post(f"{SHEET}lock/").status_code == 409
    assert accountant.post(f"{SHEET}pay/").status_code == 404
    assert accountant.get(f"{SHEET}lock/").status_code == 405


def test_opening_a_sheet_with_names_is_recorded(accountant: Client, floor: Floor) -> None:
    accountant.get(SHEET)
    event = AuditEvent.objects.get(action="identities_read")
    assert event.details["purpose"] == "timesheet"
    assert accountant.get(SHEET)["Cache-Control"] == "no-store"


def test_who_pays_nobody_there_sees_no_sheet(client: Client, floor: Floor) -> None:
    client.force_login(a_user("far@example.kz", floor.cast.kindergarten, Role.ACCOUNTANT))
    assert "Столярный цех" not in text(client.get(LIST))
    assert client.get(SHEET).status_code == 404
    assert client.get(f"{SHEET}pdf").status_code == 404
    assert client.post(f"{SHEET}lock/").status_code == 404


@pytest.fixture
def private(floor: Floor) -> Any:
    """Somebody who works here for the entrepreneur, sick on the last day, and his accountant."""
    cast = floor.cast
    inmate = an_inmate(cast, "1700")
    a_consent(inmate, cast.entrepreneur)
    placement = a_placement(cast, inmate, employer=cast.entrepreneur, payer=cast.entrepreneur)
    floor.attend(
        AttendedDay(placement.pk, MONDAY, 0, floor.sick.pk, "гастрит"),
        AttendedDay(placement.pk, SUNDAY, 240, floor.short.pk),
        at=LAST_DAY,
    )
    return a_user("owner@example.kz", cast.entrepreneur, Role.ACCOUNTANT)


def test_a_private_employer_sees_paid_or_unpaid_and_only_its_own(
    client: Client, floor: Floor, private: Any
) -> None:
    save(floor, cell(floor, 0, MONDAY, Mark(0, floor.visit.pk)))
    client.force_login(private)
    page = text(client.get(SHEET))
    assert "1700" in page
    assert "1601" not in page
    assert re.search(r'-2026-11-30"[^>]*>−</td>', page)
    assert re.search(r'-2026-11-29"[^>]*>4</td>', page)
    for word in ("гастрит", "Болезнь", ">Б<", "Свидание"):
        assert word not in page


def test_the_paper_of_a_private_employer_says_no_reason(
    client: Client, floor: Floor, private: Any
) -> None:
    sheet = month_sheet(floor.cast.workshop, NOVEMBER, MONDAY, {floor.cast.entrepreneur.pk})
    data = timesheet_document(
        sheet, {}, language="ru", masked=frozenset({floor.cast.entrepreneur.pk})
    )
    assert data["rows"][0]["days"][29] == ["−", ""]
    assert data["rows"][0]["days"][28] == ["Я", "4"]
    assert data["rows"][0]["absent"] == "− 1"
    assert "Болезнь" not in str(data)
    client.force_login(private)
    assert client.get(f"{SHEET}pdf").content.startswith(b"%PDF")


def test_the_paper_counts_as_the_form_does(floor: Floor) -> None:
    fill(floor)
    person = floor.placements[0]
    for day, mark in (
        (MONDAY, AttendedDay(person.pk, MONDAY, 540)),
        (SUNDAY, AttendedDay(person.pk, SUNDAY, 120)),
        (date(2026, 11, 27), AttendedDay(person.pk, date(2026, 11, 27), 0, floor.sick.pk)),
    ):
        assert mark.worked_on == day
        floor.attend(mark, at=LAST_DAY)
    data = timesheet_document(month_sheet(floor.cast.workshop, NOVEMBER, MONDAY), {}, language="ru")
    row = data["rows"][0]
    assert row["number"] == "1601"
    assert row["name"] == ""
    assert row["days"][29] == ["Я", "9"]
    assert row["days"][26] == ["Б", ""]
    assert row["days"][0] == ["В", ""], "a Sunday"
    Attendance.objects.filter(placement=person, worked_on=date(2026, 11, 3)).delete()
    again = timesheet_document(
        month_sheet(floor.cast.workshop, NOVEMBER, MONDAY), {}, language="ru"
    )
    assert again["rows"][0]["days"][2] == ["", ""], "a working day that is not entered"
    assert (row["days_worked"], row["hours"], row["half"]) == ("21", "163", "80")
    assert (row["over"], row["holiday"], row["absent"]) == ("1", "2", "Б 1")
    assert {"letter": "Б", "name": "Болезнь"} in data["legend"]
    assert data["state"] == "Черновик: не сдан."
    assert data["workdays"] == "21"


def test_a_day_outside_the_placement_is_crossed_on_paper(floor: Floor) -> None:
    a_placement(floor.cast, an_inmate(floor.cast, "1700"), effective_to=date(2026, 11, 11))
    data = timesheet_document(month_sheet(floor.cast.workshop, NOVEMBER, MONDAY), {}, language="ru")
    days = data["rows"][-1]["days"]
    # The placement ends before the 11th: its last day is the 10th.
    assert (days[9], days[10], days[28]) == (["", ""], ["×", ""], ["×", ""])


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_the_paper_is_printed_in_both_languages(
    accountant: Client, floor: Floor, language: str
) -> None:
    locked(floor)
    answer = accountant.get(f"{SHEET}pdf", {"language": language})
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF")
    assert f"timesheet-wood-16-2026-11-{language}.pdf" in answer["Content-Disposition"]
    event = AuditEvent.objects.get(action="timesheet_printed")
    assert event.details == {"month": "2026-11", "language": language, "has_names": False}
    assert not AuditEvent.objects.filter(action="identities_read").exists()


def test_names_on_paper_are_asked_for_and_recorded(client: Client, floor: Floor) -> None:
    fill(floor)
    client.force_login(floor.cast.master)
    assert client.get(f"{SHEET}pdf", {"names": "1"}).status_code == 200
    assert AuditEvent.objects.filter(action="identities_read").count() == 1
    assert AuditEvent.objects.get(action="timesheet_printed").details["has_names"] is True
    assert client.get("/timesheets/wood-16/2026-13/pdf").status_code == 404


def test_sixty_people_and_thirty_one_days_are_printed(client: Client, db: None) -> None:
    floor = a_floor(60)
    long = "Константинопольский Владимир Александрович"
    for one in floor.placements:
        one.inmate.identity.full_name = long
        one.inmate.identity.save()
    client.force_login(floor.cast.master)
    for query in ({"names": "1"}, {}):
        answer = client.get("/timesheets/wood-16/2026-10/pdf", {"language": "kk", **query})
        pages = PdfReader(BytesIO(answer.content)).pages
        # A name has room beside its number: in a column too narrow it took three lines and more.
        # Hours at night, of overtime and on days off have a column each.
        assert len(pages) == (4 if query else 2)
        found = " ".join(page.extract_text() for page in pages)
        assert all(one.inmate.personnel_number in found for one in floor.placements)
        assert found.count("Константинопольский") == (60 if query else 0)
