"""The offices' pages: works, wrong method, same role elsewhere, no right, nobody."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orders.models import SpaceApplication
from orders.selectors.spaces import answering_of
from orders.services.space_owners import hand_over_space_application
from orders.services.spaces import decline_space_application, withdraw_space_application
from portal.accounts.models import RoleGrant
from tests.orders.spaces import VISITOR, a_colleague, a_space, an_application, fresh
from tests.people import NOW, TODAY, Cast, a_user, an_organisation
from tests.reports.worlds import an_institution

LIST, SEEN = "/institution/visits/", "/department/visits/"
GOOD: dict[str, dict[str, Any]] = {
    "agree": {"visit_on": "26.11.2026", "note": "К 10:00"},
    "decline": {"reason": "Идёт ремонт"},
}


def address(application: SpaceApplication, name: str = "received") -> str:
    return reverse(f"orders:visit_{name}", args=[application.pk])


@pytest.fixture
def application(cast: Cast) -> SpaceApplication:
    return an_application(cast, a_space(cast))


@pytest.fixture
def officer(client: Client, cast: Cast) -> Client:
    client.force_login(cast.labour_officer)
    return client


@pytest.fixture
def analyst(client: Client, cast: Cast) -> Client:
    client.force_login(cast.analyst)
    return client


# --- the institution --------------------------------------------------------------------------
def test_list_puts_what_waits_longest_first(officer: Client, cast: Cast) -> None:
    space = a_space(cast)
    answered = an_application(cast, space)
    newer = an_application(cast, space, at=NOW + timedelta(days=2))
    older = an_application(cast, space)
    decline_space_application(
        actor=cast.labour_officer, application_id=answered.pk, reason="нет", at=NOW
    )
    rows = officer.get(LIST).context["rows"]
    assert [row["application"] for row in rows] == [older, newer, answered]
    assert rows[0]["clock"]["words"] == "осталось 5 рабочих дней"
    assert rows[2]["clock"]["words"] == ""


@pytest.mark.parametrize(
    ("days", "words", "tone"),
    [
        (1, "осталось 4 рабочих дня", "info"),
        (4, "остался 1 рабочий день", "info"),
        (5, "сегодня последний день", "warn"),
        (6, "опаздывает на 1 день", "bad"),
        (8, "опаздывает на 3 дня", "bad"),
    ],
)
def test_clock_in_words(
    officer: Client, application: SpaceApplication, days: int, words: str, tone: str
) -> None:
    with time_machine.travel(NOW + timedelta(days=days)):
        (row,) = officer.get(LIST).context["rows"]
    assert (row["clock"]["words"], row["clock"]["tone"]) == (words, tone)


def test_empty_list_leads_to_the_areas(officer: Client) -> None:
    html = officer.get(LIST).content.decode()
    assert "Заявок пока нет" in html
    assert "/institution/spaces/" in html


def test_list_takes_the_same_queries_for_one_and_three(officer: Client, cast: Cast) -> None:
    space = a_space(cast)
    an_application(cast, space)
    officer.get(LIST)
    with CaptureQueriesContext(connection) as few:
        officer.get(LIST)
    for _time in range(2):
        an_application(cast, space)
    with CaptureQueriesContext(connection) as more:
        officer.get(LIST)
    assert len(more) == len(few) <= 6


def test_page_has_contacts_and_both_answers(officer: Client, application: SpaceApplication) -> None:
    html = officer.get(address(application)).content.decode()
    for shown in ("+7 701 123 45 67", "tel:+77011234567", "saule@example.kz", "Пошив спецодежды"):
        assert shown in html
    for act in ("agree", "decline"):
        assert f'action="{address(application, act)}"' in html
    assert "hand-over" not in html


def test_agreeing_shows_the_visit(officer: Client, application: SpaceApplication) -> None:
    page = officer.post(address(application, "agree"), GOOD["agree"], follow=True).content.decode()
    assert fresh(application).status == "agreed"
    assert "26.11.2026" in page
    assert "К 10:00" in page
    assert "/decline/" not in page


def test_declining_shows_the_reason(officer: Client, application: SpaceApplication) -> None:
    page = officer.post(address(application, "decline"), GOOD["decline"], follow=True)
    assert fresh(application).status == "declined"
    assert "Идёт ремонт" in page.content.decode()


@pytest.mark.parametrize("name", GOOD)
def test_second_answer_tells_the_state(
    officer: Client, application: SpaceApplication, name: str
) -> None:
    officer.post(address(application, "agree"), GOOD["agree"])
    again = officer.post(address(application, name), GOOD[name])
    assert again.status_code == 422
    assert "Показ назначен" in again.content.decode()


def test_withdrawn_meanwhile_is_told(officer: Client, application: SpaceApplication) -> None:
    withdraw_space_application(actor=VISITOR, key=application.key, at=NOW)
    for name, typed in GOOD.items():
        response = officer.post(address(application, name), typed)
        assert response.status_code == 422
        assert "Отозвана заявителем" in response.content.decode()


@pytest.mark.parametrize("typed", ["", "2020-01-01", "21.11.2026", "30.02.2027", "soon", "\x00"])
def test_wrong_day_keeps_what_was_typed(
    officer: Client, application: SpaceApplication, typed: str
) -> None:
    response = officer.post(address(application, "agree"), {"visit_on": typed, "note": "у ворот"})
    assert response.status_code == 422
    form = response.context["agree_form"]
    assert (form.data["visit_on"], form.data["note"]) == (typed, "у ворот")
    assert fresh(application).status == "sent"


@pytest.mark.parametrize("typed", ["", "   ", "а" * 1001])
def test_declining_needs_a_reason(
    officer: Client, application: SpaceApplication, typed: str
) -> None:
    response = officer.post(address(application, "decline"), {"reason": typed})
    assert response.status_code == 422
    assert "details open" in response.content.decode()


# --- handing over -----------------------------------------------------------------------------
def test_handing_over_to_a_colleague(
    officer: Client, application: SpaceApplication, cast: Cast
) -> None:
    colleague = a_colleague(cast)
    typed = {"to": colleague.pk, "reason": "Отпуск"}
    page = officer.post(address(application, "hand_over"), typed, follow=True).content.decode()
    assert fresh(application).owner == colleague
    assert "Отпуск" in page
    assert "другой человек" in page


def test_colleague_takes_over(client: Client, application: SpaceApplication, cast: Cast) -> None:
    colleague = a_colleague(cast)
    client.force_login(colleague)
    assert client.post(address(application, "agree"), GOOD["agree"]).status_code == 403
    client.post(address(application, "hand_over"), {"to": colleague.pk, "reason": ""})
    client.post(address(application, "agree"), GOOD["agree"])
    assert fresh(application).status == "agreed"


@pytest.mark.parametrize("to", ["", "0", "9" * 30, "none", "\x00"])
def test_handing_over_to_nobody_is_refused(
    officer: Client, application: SpaceApplication, cast: Cast, to: str
) -> None:
    a_colleague(cast)
    response = officer.post(address(application, "hand_over"), {"to": to, "reason": "Отпуск"})
    assert response.status_code == 422
    assert response.context["hand_over_form"].data["reason"] == "Отпуск"
    assert fresh(application).owner == cast.labour_officer


def test_handing_over_after_the_answer_is_told(
    officer: Client, application: SpaceApplication, cast: Cast
) -> None:
    colleague = a_colleague(cast)
    officer.post(address(application, "agree"), GOOD["agree"])
    response = officer.post(address(application, "hand_over"), {"to": colleague.pk})
    assert response.status_code == 422
    assert "больше не ждёт ответа" in response.content.decode()


# --- the department ---------------------------------------------------------------------------
def test_department_sees_the_late_first_and_who_answers(
    analyst: Client, cast: Cast, application: SpaceApplication
) -> None:
    other = an_institution(cast, "30")
    officer = a_user("officer30@example.kz", other.organisation, "labour_officer")
    late_day = NOW + timedelta(days=7)
    second = an_application(
        cast, a_space(cast, "hall-30", institution=other), at=NOW + timedelta(days=3)
    )
    with time_machine.travel(late_day):
        response = analyst.get(SEEN)
    rows = response.context["rows"]
    assert [row["application"] for row in rows] == [application, second]
    assert [row["is_late"] for row in rows] == [True, False]
    html = response.content.decode()
    assert "опаздывает на 2 дня" in html
    assert "Labour" in html
    assert officer.get_full_name() in html
    late = {row["name"]: (row["waiting"], row["overdue"]) for row in response.context["answering"]}
    assert late == {
        cast.colony.name: ("1", "1"),
        other.organisation.name: ("1", "0"),
    }


def test_mean_days_are_working_days_of_the_answered(cast: Cast) -> None:
    space = a_space(cast)
    for days in (1, 2, 8):
        one = an_application(cast, space)
        decline_space_application(
            actor=cast.labour_officer, application_id=one.pk, reason="нет",
            at=NOW + timedelta(days=days),
        )  # fmt: skip
    an_application(cast, space)
    (line,) = answering_of(cast.analyst, TODAY + timedelta(days=10))
    # Sunday + 1, 2 and 8 days: one, two and six working days.
    assert (line.waiting, line.answered, line.mean_days) == (1, 3, Decimal("3.0"))
    (old,) = answering_of(cast.analyst, TODAY + timedelta(days=120))
    assert (old.answered, old.mean_days) == (0, None)


def test_department_reads_without_contacts_and_without_answers(
    analyst: Client, application: SpaceApplication, cast: Cast
) -> None:
    colleague = a_colleague(cast)
    hand_over_space_application(
        actor=cast.labour_officer, application_id=application.pk, to_id=colleague.pk,
        reason="Отпуск", at=NOW,
    )  # fmt: skip
    html = analyst.get(address(application, "overseen")).content.decode()
    assert "ТОО «Тест-Тігін»" in html
    assert "Отпуск" in html
    for secret in ("+7 701", "saule@example.kz", str(application.key), "/agree/", "/hand-over/"):
        assert secret not in html


def test_department_sees_only_its_institutions(
    client: Client, cast: Cast, application: SpaceApplication
) -> None:
    elsewhere = an_organisation("department", "Другой департамент (тест)", 90)
    client.force_login(a_user("other@example.kz", elsewhere, "analyst"))
    response = client.get(SEEN)
    assert (response.context["rows"], response.context["answering"]) == ([], [])
    assert client.get(address(application, "overseen")).status_code == 404


def test_analyst_limited_to_another_place_sees_nothing(
    analyst: Client, cast: Cast, application: SpaceApplication
) -> None:
    other = an_institution(cast, "30")
    RoleGrant.objects.filter(role="analyst").update(scope=other.organisation)
    assert analyst.get(SEEN).context["rows"] == []
    assert analyst.get(address(application, "overseen")).status_code == 404
    RoleGrant.objects.filter(role="analyst").update(scope=cast.colony)
    assert analyst.get(address(application, "overseen")).status_code == 200


def test_department_list_takes_the_same_queries_for_one_and_three(
    analyst: Client, cast: Cast
) -> None:
    an_application(cast, a_space(cast))
    analyst.get(SEEN)
    with CaptureQueriesContext(connection) as few:
        analyst.get(SEEN)
    for number in ("30", "31"):
        place = an_institution(cast, number)
        a_user(f"officer{number}@example.kz", place.organisation, "labour_officer")
        an_application(cast, a_space(cast, f"hall-{number}", institution=place))
    with CaptureQueriesContext(connection) as more:
        analyst.get(SEEN)
    assert len(more) == len(few) <= 8


# --- who may not ------------------------------------------------------------------------------
def posts(application: SpaceApplication) -> list[str]:
    return [address(application, name) for name in ("agree", "decline", "hand_over")]


def test_officer_of_another_institution_finds_nothing(
    client: Client, cast: Cast, application: SpaceApplication
) -> None:
    elsewhere = an_organisation("institution", "Учреждение № 22 (тест)", 22)
    client.force_login(a_user("other@example.kz", elsewhere, "labour_officer"))
    assert application.number not in client.get(LIST).content.decode()
    assert client.get(address(application)).status_code == 404
    assert [client.post(one).status_code for one in posts(application)] == [404] * 3


@pytest.mark.parametrize("who", ["buyer", "operator", "master", "stranger"])
def test_other_roles_are_refused(
    client: Client, cast: Cast, application: SpaceApplication, who: str
) -> None:
    client.force_login(cast.users[who])
    pages = (LIST, SEEN, address(application), address(application, "overseen"))
    assert [client.get(one).status_code for one in pages] == [403] * 4
    assert [client.post(one).status_code for one in posts(application)] == [403] * 3
    assert fresh(application).status == "sent"


def test_head_of_an_enterprise_sees_no_institution(
    client: Client, cast: Cast, application: SpaceApplication
) -> None:
    client.force_login(cast.head)
    assert client.get(LIST).context["rows"] == []
    assert client.get(address(application)).status_code == 404


def test_nobody_is_sent_to_sign_in(client: Client, application: SpaceApplication) -> None:
    for page in (LIST, SEEN, address(application)):
        assert client.get(page)["Location"].startswith("/accounts/login/?next=")


def test_wrong_methods(client: Client, cast: Cast, application: SpaceApplication) -> None:
    client.force_login(cast.labour_officer)
    assert [client.post(one).status_code for one in (LIST, address(application))] == [405] * 2
    assert [client.get(one).status_code for one in posts(application)] == [405] * 3
    client.force_login(cast.analyst)
    seen = (SEEN, address(application, "overseen"))
    assert [client.post(one).status_code for one in seen] == [405] * 2
