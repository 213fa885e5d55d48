"""The analyst's pages: works, wrong method, same role elsewhere, no right, nobody; bad input."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inmates.models import Inmate
from portal.accounts.enums import OrganisationKind, Role
from portal.accounts.models import Membership, RoleGrant
from portal.kernel.text import NBSP
from tests.people import LONG_AGO, TODAY, Cast, a_user, an_organisation
from tests.reports.counted import facts_now
from tests.reports.worlds import a_person, a_sheet, a_worker, an_institution, reasons

EMPLOYMENT = "/reports/employment/"
PLACE = "/reports/employment/16/"
FRIDAY = date(2026, 11, 20)
PAGES = (EMPLOYMENT, PLACE, "/reports/")


@pytest.fixture(autouse=True)
def _on_the_day() -> Any:
    with time_machine.travel("2026-11-22T09:00:00+00:00", tick=False):
        yield


@pytest.fixture
def world(cast: Cast) -> Cast:
    """Three employed of five able-bodied on 20.11.2026, one of them without an entry."""
    known = reasons()
    workers = [a_worker(cast, cast.institution) for _number in range(3)]
    a_sheet(workers[0], FRIDAY)
    a_sheet(workers[1], FRIDAY, 0, known["sick"])
    a_person(cast.institution, reason=known["no_place"])
    a_person(cast.institution)
    a_person(cast.institution, ability="unable", subject=False, reason=known["disability"])
    a_person(cast.institution, ability=None)
    facts_now()
    return cast


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(response: Any) -> str:
    return response.content.decode().replace(NBSP, " ")


@pytest.mark.parametrize("page", PAGES)
def test_pages_open_to_the_analyst(world: Cast, page: str) -> None:
    assert signed_in(world.analyst).get(page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_pages_refuse_a_wrong_method(world: Cast, page: str) -> None:
    assert signed_in(world.analyst).post(page).status_code == 405


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["accountant", "operator", "buyer", "master", "administrator"])
def test_pages_are_forbidden_to_other_roles(world: Cast, page: str, role: str) -> None:
    assert signed_in(getattr(world, role)).get(page).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_pages_send_a_visitor_to_sign_in(world: Cast, page: str) -> None:
    response = Client().get(page)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


def test_analyst_of_another_department_sees_none_of_it(world: Cast) -> None:
    other = an_organisation(OrganisationKind.DEPARTMENT, "ДУИС другой области (тест)", 90)
    client = signed_in(a_user("far@example.kz", other, Role.ANALYST))
    assert client.get(PLACE).status_code == 404
    page = text_of(client.get(EMPLOYMENT))
    assert "№ 16" not in page
    assert "администратор" in page.lower()


def test_analyst_role_outside_a_department_sees_nothing(world: Cast) -> None:
    client = signed_in(a_user("odd@example.kz", world.enterprise, Role.ANALYST))
    assert client.get(PLACE).status_code == 404
    assert "№ 16" not in text_of(client.get(EMPLOYMENT))
    assert client.post("/reports/employment/order", {"day": "2026-11-20"}).status_code == 302
    assert client.get("/reports/").status_code == 200


def test_analyst_of_one_place_sees_that_place_only(world: Cast) -> None:
    an_institution(world, "30")
    user = a_user("near@example.kz")
    membership = Membership.objects.create(
        user=user, organisation=world.department, effective_from=LONG_AGO
    )
    RoleGrant.objects.create(
        membership=membership,
        role=Role.ANALYST,
        scope=world.institution.organisation,
        effective_from=LONG_AGO,
    )
    client = signed_in(user)
    page = text_of(client.get(EMPLOYMENT))
    assert "№ 16 (тест)" in page
    assert "№ 30 (тест)" not in page
    assert client.get("/reports/employment/30/").status_code == 404


def test_unknown_institution_is_not_found(world: Cast) -> None:
    assert signed_in(world.analyst).get("/reports/employment/999/").status_code == 404


def test_day_shows_denominators_and_both_rates(world: Cast) -> None:
    response = signed_in(world.analyst).get(EMPLOYMENT, {"day": "2026-11-20"})
    row, total = response.context["rows"][0], response.context["total"]
    assert row.heads == ("7", "5", "5", "4")
    assert [share.people for share in row.employed] == ["3", "3", "3", "2"]
    assert [share.rate.replace(NBSP, " ") for share in row.employed] == [
        "42,9 %",
        "60,0 %",
        "60,0 %",
        "50,0 %",
    ]
    assert [share.people for share in row.worked] == ["1", "1", "1", "1"]
    assert (row.hours, row.unknown, row.missing) == ("8", "1", 1)
    assert (total.heads, total.employed, total.worked) == (row.heads, row.employed, row.worked)
    page = text_of(response)
    assert "60,0 %" in page
    assert "EMP-employed/1" in page
    assert "EMP-worked/1" in page


def test_day_says_how_fresh_and_why_provisional(world: Cast) -> None:
    response = signed_in(world.analyst).get(EMPLOYMENT, {"day": "2026-11-20"})
    assert "20.11.2026" in response.context["freshness"]
    assert len(response.context["late"]) == 1
    assert response.context["late"][0]["missing"] == 1
    assert not response.context["report"].is_final
    missing, not_closed = response.context["standing"]
    assert "1 " in missing.replace(NBSP, " ")
    assert "закры" in not_closed


def test_default_is_yesterday(world: Cast) -> None:
    response = signed_in(world.analyst).get(EMPLOYMENT)
    assert response.context["period"].value == "2026-11-21"


def test_month_in_progress_counts_until_yesterday(world: Cast) -> None:
    response = signed_in(world.analyst).get(EMPLOYMENT, {"month": "2026-11"})
    period = response.context["period"]
    assert (period.begin, period.last_day) == (date(2026, 11, 1), date(2026, 11, 21))
    assert not response.context["report"].is_final
    assert "21.11.2026" in response.context["standing"][0]
    assert response.context["rows"][0].heads[0] == "7,0"


def test_no_data_is_a_dash_and_never_zero(world: Cast) -> None:
    an_institution(world, "30")
    response = signed_in(world.analyst).get(EMPLOYMENT, {"day": "2026-11-20"})
    empty = next(row for row in response.context["rows"] if row.number == "30")
    assert set(empty.heads) == {"—"}
    assert {share.rate for share in empty.employed + empty.worked} == {"—"}
    assert empty.hours == empty.unknown == "—"


@pytest.mark.parametrize("page", [EMPLOYMENT, PLACE])
@pytest.mark.parametrize(
    "typed",
    [
        {"day": "2026-02-30"},
        {"day": "yesterday"},
        {"day": "2027-01-01"},
        {"day": "0001-01-01"},
        {"month": "2026-13"},
        {"month": "2027-01"},
        {"month": "0001-01"},
        {"month": "' OR 1=1"},
        {"day": "2026-11-20", "month": "2026-11"},
    ],
)
def test_bad_period_is_a_sentence_with_what_was_typed(
    world: Cast, page: str, typed: dict[str, str]
) -> None:
    response = signed_in(world.analyst).get(page, typed)
    assert response.status_code == 400
    assert response.context["refusal"]
    for value in typed.values():
        assert value.replace("'", "&#x27;") in text_of(response)


def test_institution_shows_reasons_that_make_up_the_rest(world: Cast) -> None:
    response = signed_in(world.analyst).get(PLACE, {"day": "2026-11-20"})
    groups = response.context["groups"]
    assert [group["heads"] for group in groups] == ["2", "1", "1"]
    able, unable, unknown = groups
    assert next((row["name"], row["heads"]) for row in able["rows"]) == ("Нет рабочего места", "1")
    assert not able["rows"][1]["is_known"]
    assert unable["rows"][0]["name"] == "Инвалидность"
    assert len(unknown["rows"]) == 1
    assert "Болезнь" not in text_of(response)


def test_institution_shows_twelve_months_as_chart_and_table(world: Cast) -> None:
    response = signed_in(world.analyst).get(PLACE, {"month": "2026-11"})
    rows = response.context["month_rows"]
    assert [row["value"] for row in rows] == [
        "2026-11", "2026-10", "2026-09", "2026-08", "2026-07", "2026-06",
        "2026-05", "2026-04", "2026-03", "2026-02", "2026-01", "2025-12",
    ]  # fmt: skip
    assert rows[0]["employed"].replace(NBSP, " ") == "60,0 %"
    # December 2025: nobody had a placement and no timesheet was due, so nobody worked: a true 0.
    assert rows[-1]["employed"].replace(NBSP, " ") == "0,0 %"
    # In January people were placed and no timesheet came: who worked is not known.
    assert rows[-2]["worked"] == "—"
    page = text_of(response)
    assert page.count("<path") == 2
    assert "style=" not in page


def test_no_identity_reaches_a_page(world: Cast) -> None:
    client = signed_in(world.analyst)
    page = text_of(client.get(PLACE)) + text_of(client.get(EMPLOYMENT))
    for number in Inmate.objects.values_list("personnel_number", flat=True):
        assert number not in page


@pytest.mark.parametrize("page", [EMPLOYMENT, PLACE])
def test_query_count_does_not_grow_with_institutions(world: Cast, page: str) -> None:
    client = signed_in(world.analyst)
    client.get(page)
    with CaptureQueriesContext(connection) as one:
        client.get(page)
    for number in ("13", "22", "30"):
        place = an_institution(world, number)
        a_worker(world, place)
    with CaptureQueriesContext(connection) as four:
        client.get(page)
    assert len(four) == len(one)
    assert len(one) <= 11


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_pages_speak_the_three_languages(world: Cast, language: str) -> None:
    client = signed_in(world.analyst)
    client.cookies["django_language"] = language
    for page in PAGES:
        response = client.get(page)
        assert response.status_code == 200
        assert f'lang="{language}"' in text_of(response)


def test_today_is_shown_as_not_ended(world: Cast) -> None:
    response = signed_in(world.analyst).get(EMPLOYMENT, {"day": TODAY.isoformat()})
    assert response.status_code == 200
    assert not response.context["report"].is_final
    assert response.context["standing"]
