"""The page of months: what it shows, closing and reopening, who may, what is refused."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmates.models import FactPeriod
from inmates.services.facts import refresh_facts
from portal.accounts.enums import OrganisationKind, Role
from portal.kernel.periods import Month
from portal.kernel.states import history_of
from portal.kernel.text import NBSP
from portal.reports.employment.period import PeriodRefused
from portal.reports.facts import chosen_month, months_offered
from tests.people import NOW, TODAY, Cast, a_user, an_organisation
from tests.reports.counted import facts_now
from tests.reports.worlds import a_person, a_sheet, a_worker, an_institution, reasons

PAGE = "/reports/facts/"
CLOSE = "/reports/facts/16/2026-10/close"
REOPEN = "/reports/facts/16/2026-10/reopen"
OCTOBER = {"month": "2026-10"}


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel("2026-11-22T09:00:00+00:00", tick=False):
        yield


@pytest.fixture
def world(cast: Cast) -> Cast:
    """A worker without a single sheet, and somebody of whom nothing is known."""
    cast.worker = a_worker(cast, cast.institution)
    a_person(cast.institution, ability=None)
    facts_now()
    refresh_facts(on=TODAY, at=NOW)
    return cast


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    return response.content.decode().replace(NBSP, " ")


def close(client: Client, seen: int = 52, url: str = CLOSE) -> Any:
    return client.post(url, {"unknown_seen": seen}, follow=True)


def test_page_shows_what_is_known_and_what_is_not(world: Cast) -> None:
    response = signed_in(world.analyst).get(PAGE, OCTOBER)
    (row,) = response.context["page"].rows
    assert (row.status, row.person_days, row.late_people) == ("provisional", "62", 0)
    # 31 days of unknown ability; 21 workdays of the other without a timesheet.
    assert (row.unknown_ability, row.unknown_work, row.unknown_seen) == ("31", "21", 52)
    page = text_of(response)
    assert "Данные по 21.11.2026 включительно, определение 1." in page
    assert 'name="unknown_seen" value="52"' in page


def test_default_is_the_last_month_that_is_over(world: Cast) -> None:
    response = signed_in(world.analyst).get(PAGE)
    assert response.context["page"].month == Month(2026, 10)


def test_month_in_progress_offers_no_closing(world: Cast) -> None:
    response = signed_in(world.analyst).get(PAGE, {"month": "2026-11"})
    assert not response.context["page"].is_over
    assert "/close" not in text_of(response)


def test_analyst_closes_and_the_page_says_who_and_when(world: Cast) -> None:
    client = signed_in(world.analyst)
    response = close(client)
    assert response.redirect_chain == [(f"{PAGE}?month=2026-10", 302)]
    (row,) = response.context["page"].rows
    assert (row.is_final, row.closed_by) == (True, world.analyst.get_full_name())
    page = text_of(response)
    assert "/reopen" in page
    assert "/close" not in page
    report = client.get("/reports/employment/", OCTOBER).context["report"]
    assert report.is_final


@pytest.mark.parametrize("seen", ["0", "51", "", "много", "-52", "٥٢", "9" * 5000])
def test_closing_needs_the_number_that_was_shown(world: Cast, seen: str) -> None:
    response = close(signed_in(world.analyst), seen)
    assert not FactPeriod.objects.filter(status="final").exists()
    assert "52" in next(str(message) for message in response.context["messages"])


def test_entry_between_page_and_click_is_told(world: Cast) -> None:
    """Somebody typed while the analyst was looking: nothing is closed, and the number is new."""
    a_sheet(world.worker, date(2026, 10, 6))
    response = close(signed_in(world.analyst))
    assert "51" in next(str(message) for message in response.context["messages"])
    assert close(signed_in(world.analyst), 51).context["page"].rows[0].is_final


def test_late_record_is_counted_and_taken_in_by_reopening(world: Cast) -> None:
    client = signed_in(world.analyst)
    close(client)
    a_sheet(world.worker, date(2026, 10, 6))
    refresh_facts(on=TODAY, at=NOW)
    assert client.get(PAGE, OCTOBER).context["page"].rows[0].late_people == 1
    response = client.post(REOPEN, {"reason": "Найден табель за 6 октября"}, follow=True)
    (row,) = response.context["page"].rows
    assert (row.status, row.unknown_work, row.late_people) == ("provisional", "20", 0)
    period = FactPeriod.objects.get(first_day=date(2026, 10, 1))
    assert history_of(period).last().reason == "Найден табель за 6 октября"


@pytest.mark.parametrize("reason", ["", "нет"])
def test_reopening_without_a_reason_is_refused_with_a_sentence(world: Cast, reason: str) -> None:
    client = signed_in(world.analyst)
    close(client)
    response = client.post(REOPEN, {"reason": reason}, follow=True)
    assert response.context["page"].rows[0].is_final
    assert "5 букв" in next(str(message) for message in response.context["messages"])


def test_second_click_is_a_sentence(world: Cast) -> None:
    client = signed_in(world.analyst)
    close(client)
    response = close(client)
    assert len(list(response.context["messages"])) == 1
    assert FactPeriod.objects.filter(status="final").count() == 1


@pytest.mark.parametrize("month", ["2026-13", "2027-01", "0001-01", "' OR 1=1", "9999-12"])
def test_bad_month_is_a_sentence(world: Cast, month: str) -> None:
    client = signed_in(world.analyst)
    assert client.get(PAGE, {"month": month}).status_code == 400
    assert client.post(reverse("reports:close_facts", args=["16", "2026-13"])).status_code == 400


@pytest.mark.parametrize("url", [PAGE, CLOSE, REOPEN])
def test_wrong_method_is_refused(world: Cast, url: str) -> None:
    client = signed_in(world.analyst)
    assert (client.post(url) if url == PAGE else client.get(url)).status_code == 405


@pytest.mark.parametrize("role", ["accountant", "operator", "buyer", "master", "administrator"])
def test_other_roles_are_forbidden(world: Cast, role: str) -> None:
    client = signed_in(getattr(world, role))
    assert client.get(PAGE).status_code == 403
    assert close(client).status_code == 403
    assert client.post(REOPEN, {"reason": "Хочу открыть"}).status_code == 403
    assert not FactPeriod.objects.filter(status="final").exists()


def test_visitor_is_sent_to_sign_in(world: Cast) -> None:
    for response in (Client().get(PAGE), Client().post(CLOSE)):
        assert response["Location"].startswith(reverse("account_login"))


def test_analyst_of_another_department_finds_nothing(world: Cast) -> None:
    far = an_organisation(OrganisationKind.DEPARTMENT, "ДУИС другой области (тест)", 90)
    client = signed_in(a_user("far@example.kz", far, Role.ANALYST))
    assert "№ 16" not in text_of(client.get(PAGE, OCTOBER))
    assert close(client).status_code == 404
    assert client.post(REOPEN, {"reason": "Хочу открыть"}).status_code == 404


def test_queries_do_not_grow_with_institutions(world: Cast) -> None:
    client = signed_in(world.analyst)
    client.get(PAGE, OCTOBER)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE, OCTOBER)
    for number in ("22", "30"):
        a_worker(world, an_institution(world, number))
    facts_now()
    with CaptureQueriesContext(connection) as three:
        response = client.get(PAGE, OCTOBER)
    assert len(response.context["page"].rows) == 3
    assert len(three) == len(one)


def test_no_identity_and_no_reason_of_a_person_reaches_the_page(world: Cast) -> None:
    known = reasons()
    a_sheet(world.worker, date(2026, 10, 6), 0, known["sick"])
    facts_now()
    page = text_of(signed_in(world.analyst).get(PAGE, OCTOBER))
    assert "Болезнь" not in page
    assert world.worker.inmate.personnel_number not in page.replace("16", "")


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_page_speaks_the_three_languages(world: Cast, language: str) -> None:
    client = signed_in(world.analyst)
    client.cookies["django_language"] = language
    response = client.get(PAGE, OCTOBER)
    assert f'lang="{language}"' in text_of(response)
    assert "style=" not in text_of(response)


def test_months_are_offered_newest_first_with_the_one_asked_for() -> None:
    offered = months_offered(Month(2024, 2), TODAY)
    assert [one["value"] for one in offered][:2] == ["2026-11", "2026-10"]
    assert len(offered) == 14
    assert offered[-1]["is_here"]
    assert sum(bool(one["is_here"]) for one in months_offered(Month(2026, 9), TODAY)) == 1


@pytest.mark.parametrize("text", ["2009-12", "2026-12", "October", "2026-00"])
def test_month_that_cannot_be_asked_for_is_refused(text: str) -> None:
    with pytest.raises(PeriodRefused):
        chosen_month(text, TODAY)
    assert chosen_month("", TODAY) == chosen_month("2026-10", TODAY) == Month(2026, 10)
