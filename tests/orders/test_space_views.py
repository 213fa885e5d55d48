"""The applicant's pages: ask without an account, follow by the key, withdraw, one's own list."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders.models import SpaceApplication
from orders.services.space_owners import hand_over_space_application, note_overdue_visits
from orders.services.spaces import agree_visit, decline_space_application
from orders.views import spaces as views
from tests.orders.spaces import a_colleague, a_space, an_application, counted, typed
from tests.people import NOW, TODAY, Cast, a_user
from workshops.models import ProductionSpace

ASK = "/spaces/hall-1/ask/"


@pytest.fixture(autouse=True)
def _an_address_of_its_own(client: Client) -> None:
    """Limits are counted by the sender's address: each test has another."""
    client.defaults["REMOTE_ADDR"] = f"test-{uuid4()}"


@pytest.fixture
def space(cast: Cast) -> ProductionSpace:
    counted(cast.institution, {cast.trade: 12})
    return a_space(cast)


def page_of(application: SpaceApplication) -> str:
    return f"/visits/{application.key}/"


# --- asking -----------------------------------------------------------------------------------
def test_form_names_who_answers_and_by_when(client: Client, space: ProductionSpace) -> None:
    html = client.get(ASK).content.decode()
    assert "27.11.2026" in html
    assert "Labour" in html
    assert "Регистрация" not in html


def test_visitor_asks_without_an_account(client: Client, space: ProductionSpace) -> None:
    response = client.post(ASK, typed(jobs="1 200", contact_phone="8 (701) 123-45-67"))
    application = SpaceApplication.objects.get()
    assert response["Location"] == page_of(application)
    assert (application.jobs, application.contact_phone) == (1200, "8 (701) 123-45-67")
    assert application.language == "ru"


def test_language_of_the_page_is_kept(client: Client, space: ProductionSpace) -> None:
    client.cookies["django_language"] = "kk"
    client.post(ASK, typed())
    assert SpaceApplication.objects.get().language == "kk"


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("company", ""),
        ("bin", "123"),
        ("bin", "990140000000"),
        ("contact_name", " "),
        ("contact_phone", "12"),
        ("contact_email", "saule@"),
        ("activity", ""),
        ("activity", "а" * 301),
        ("jobs", "0"),
        ("jobs", "-3"),
        ("jobs", "5001"),
        ("jobs", "много"),
        ("message", "а" * 2001),
        ("submission", "none"),
    ],
)
def test_wrong_field_is_told_and_nothing_typed_is_lost(
    client: Client, space: ProductionSpace, name: str, wrong: str
) -> None:
    asked = typed(**{name: wrong})
    response = client.post(ASK, asked)
    assert response.status_code == 422
    form = response.context["form"]
    assert list(form.errors) == [name]
    assert {key: form.data[key] for key in asked} == asked
    assert SpaceApplication.objects.count() == 0


JUNK = ["\x00", "9" * 40, "NaN", "1e309", "²", "<script>alert(1)</script>", "'" * 3000]


@pytest.mark.parametrize("wrong", JUNK)
def test_nonsense_everywhere_is_refused_in_words(
    client: Client, space: ProductionSpace, wrong: str
) -> None:
    response = client.post(ASK, dict.fromkeys(typed(), wrong))
    assert response.status_code == 422
    assert b"<script>alert" not in response.content
    assert SpaceApplication.objects.count() == 0


def test_trap_of_machines_is_told_in_words(client: Client, space: ProductionSpace) -> None:
    response = client.post(ASK, typed(website="https://example.com"))
    assert response.status_code == 422
    assert "должно остаться пустым" in response.content.decode()
    assert SpaceApplication.objects.count() == 0


def test_trap_is_hidden_from_people_and_screen_readers(
    client: Client, space: ProductionSpace
) -> None:
    html = client.get(ASK).content.decode()
    trap = html.partition('<div class="trap" aria-hidden="true">')[2][:900]
    assert 'name="website"' in trap
    assert 'tabindex="-1"' in trap


def test_pressing_twice_sends_once(client: Client, space: ProductionSpace) -> None:
    asked = typed()
    places = {client.post(ASK, asked)["Location"] for _press in range(2)}
    assert len(places) == 1
    assert SpaceApplication.objects.count() == 1


def test_too_many_from_one_address_wait(
    client: Client, space: ProductionSpace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_AN_HOUR", 2)
    codes = [client.post(ASK, typed()).status_code for _time in range(3)]
    assert codes == [302, 302, 429]
    refused = client.post(ASK, typed())
    assert "через час" in refused.content.decode()
    assert refused.context["form"].data["company"] == typed()["company"]
    assert SpaceApplication.objects.count() == 2
    client.defaults["REMOTE_ADDR"] = f"other-{uuid4()}"
    assert client.post(ASK, typed()).status_code == 302


def test_mistakes_are_not_counted(
    client: Client, space: ProductionSpace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_AN_HOUR", 1)
    for _time in range(3):
        assert client.post(ASK, typed(jobs="много")).status_code == 422
    assert client.post(ASK, typed()).status_code == 302


@pytest.mark.parametrize("days", [30, 60])
def test_expired_area_cannot_be_asked_for(client: Client, cast: Cast, days: int) -> None:
    a_space(cast, confirmed_on=TODAY - timedelta(days=days))
    for response in (client.get(ASK), client.post(ASK, typed())):
        assert response.status_code == 404
        assert "больше не предлагается" in response.content.decode()


def test_unknown_area_cannot_be_asked_for(client: Client, cast: Cast) -> None:
    assert client.get(ASK).status_code == 404


def test_without_an_official_the_refusal_is_in_words(
    client: Client, cast: Cast, space: ProductionSpace
) -> None:
    cast.labour_officer.memberships.update(effective_to=TODAY)
    response = client.post(ASK, typed())
    assert response.status_code == 422
    assert "некому отвечать" in response.content.decode()


def test_buyer_chooses_the_organisation_and_types_less(
    client: Client, cast: Cast, space: ProductionSpace
) -> None:
    client.force_login(cast.buyer)
    form = client.get(ASK).context["form"]
    assert "company" not in form.fields
    assert form.initial["contact_email"] == cast.buyer.email
    client.post(ASK, typed(applicant=cast.kindergarten.pk))
    assert SpaceApplication.objects.get().applicant == cast.kindergarten


def test_buyer_cannot_choose_somebody_else(
    client: Client, cast: Cast, space: ProductionSpace
) -> None:
    client.force_login(cast.buyer)
    response = client.post(ASK, typed(applicant=cast.enterprise.pk))
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["applicant"]


def test_visitor_cannot_name_an_organisation(
    client: Client, cast: Cast, space: ProductionSpace
) -> None:
    client.post(ASK, typed(applicant=cast.kindergarten.pk))
    assert SpaceApplication.objects.get().applicant is None


# --- following --------------------------------------------------------------------------------
def test_page_by_its_key_tells_owner_day_and_history(
    client: Client, cast: Cast, space: ProductionSpace
) -> None:
    application = an_application(cast, space)
    response = client.get(page_of(application))
    html = response.content.decode()
    assert "до 27.11.2026 включительно" in html
    assert "Labour" in html
    assert "Заявка отправлена" in html
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


def test_agreed_visit_shows_its_day_and_how_to_come(
    client: Client, cast: Cast, space: ProductionSpace
) -> None:
    application = an_application(cast, space)
    agree_visit(
        actor=cast.labour_officer, application_id=application.pk,
        visit_on=TODAY + timedelta(days=3), note="К 10:00 с удостоверением", at=NOW,
    )  # fmt: skip
    html = client.get(page_of(application)).content.decode()
    assert "Учреждение ждёт вас 25.11.2026" in html
    assert "К 10:00 с удостоверением" in html
    assert "Отменить показ" in html


def test_declined_application_shows_the_reason(
    client: Client, cast: Cast, space: ProductionSpace
) -> None:
    application = an_application(cast, space)
    decline_space_application(
        actor=cast.labour_officer, application_id=application.pk, reason="Идёт ремонт", at=NOW
    )
    html = client.get(page_of(application)).content.decode()
    assert "Идёт ремонт" in html
    assert "/withdraw/" not in html


def test_change_of_owner_is_told_without_its_reason(
    client: Client, cast: Cast, space: ProductionSpace
) -> None:
    application, colleague = an_application(cast, space), a_colleague(cast)
    hand_over_space_application(
        actor=cast.labour_officer, application_id=application.pk, to_id=colleague.pk,
        reason="Болеет", at=NOW,
    )  # fmt: skip
    html = client.get(page_of(application)).content.decode()
    assert "Теперь отвечает Colleague" in html
    assert "Болеет" not in html


def test_late_answer_is_admitted(client: Client, cast: Cast, space: ProductionSpace) -> None:
    application = an_application(cast, space)
    late = NOW + timedelta(days=6)
    note_overdue_visits(on=late.date(), at=late)
    with time_machine.travel(late):
        html = client.get(page_of(application)).content.decode()
    assert "Департамент видит это" in html
    assert "Последний день для ответа прошёл" in html


@pytest.mark.parametrize("key", [UUID(int=0), uuid4()])
def test_key_that_is_nobodys_opens_nothing(client: Client, cast: Cast, key: UUID) -> None:
    assert client.get(f"/visits/{key}/").status_code == 404
    assert client.post(f"/visits/{key}/withdraw/").status_code == 404


def test_number_is_no_key(client: Client, cast: Cast, space: ProductionSpace) -> None:
    application = an_application(cast, space)
    for guess in (application.pk, application.number, application.submission):
        assert client.get(f"/visits/{guess}/").status_code == 404


def test_page_of_an_expired_area_still_opens(
    client: Client, cast: Cast, space: ProductionSpace
) -> None:
    application = an_application(cast, space)
    ProductionSpace.objects.update(confirmed_on=None)
    assert client.get(page_of(application)).status_code == 200


def test_withdrawing_once_and_telling_the_second_time(
    client: Client, cast: Cast, space: ProductionSpace
) -> None:
    application = an_application(cast, space)
    html = client.post(f"{page_of(application)}withdraw/", follow=True).content.decode()
    assert "Вы отозвали заявку" in html
    again = client.post(f"{page_of(application)}withdraw/", follow=True).content.decode()
    assert "Это уже невозможно" in again or "Отозвана заявителем" in again


def test_wrong_methods(client: Client, cast: Cast, space: ProductionSpace) -> None:
    application = an_application(cast, space)
    assert client.put(ASK).status_code == 405
    assert client.post(page_of(application)).status_code == 405
    assert client.get(f"{page_of(application)}withdraw/").status_code == 405
    client.force_login(cast.buyer)
    assert client.post("/visits/").status_code == 405


# --- one's own list ---------------------------------------------------------------------------
def test_own_list_has_what_oneself_and_colleagues_sent(
    client: Client, cast: Cast, space: ProductionSpace
) -> None:
    colleague = a_user("second@example.kz", cast.kindergarten, "buyer")
    for user in (cast.buyer, colleague):
        client.force_login(user)
        client.post(ASK, typed(applicant=cast.kindergarten.pk))
    an_application(cast, space)
    client.force_login(cast.buyer)
    rows = client.get("/visits/").context["rows"]
    assert {row["application"].placed_by for row in rows} == {cast.buyer, colleague}
    client.force_login(cast.stranger)
    assert client.get("/visits/").context["rows"] == []


def test_empty_list_leads_to_the_areas(client: Client, cast: Cast) -> None:
    client.force_login(cast.stranger)
    assert 'href="/spaces/"' in client.get("/visits/").content.decode()


def test_nobody_is_sent_to_sign_in_for_the_list(client: Client, cast: Cast) -> None:
    assert client.get("/visits/")["Location"].startswith("/accounts/login/?next=")


def test_list_takes_the_same_queries_for_one_and_three(
    client: Client, cast: Cast, space: ProductionSpace
) -> None:
    client.force_login(cast.stranger)
    an_application(cast, space, actor=cast.stranger)
    client.get("/visits/")
    with CaptureQueriesContext(connection) as few:
        client.get("/visits/")
    for _time in range(2):
        an_application(cast, space, actor=cast.stranger)
    with CaptureQueriesContext(connection) as more:
        client.get("/visits/")
    assert len(more) == len(few) <= 6


# --- what the database refuses ----------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"status": "lost"}, "spaceapplication_status_known"),
        ({"jobs": 0}, "spaceapplication_jobs_positive"),
        ({"bin": "12"}, "spaceapplication_bin_digits"),
        ({"status": "agreed", "answered_at": NOW}, "spaceapplication_visit_has_day"),
        ({"status": "declined"}, "spaceapplication_answer_has_time"),
        ({"answered_at": NOW - timedelta(days=1)}, "spaceapplication_answer_after_sending"),
    ],
)
def test_constraints(
    cast: Cast, space: ProductionSpace, changes: dict[str, Any], constraint: str
) -> None:
    an_application(cast, space)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SpaceApplication.objects.update(**changes)


@pytest.mark.parametrize("name", ["number", "key", "submission"])
def test_unique_columns(cast: Cast, space: ProductionSpace, name: str) -> None:
    first, second = an_application(cast, space), an_application(cast, space)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        SpaceApplication.objects.filter(pk=second.pk).update(**{name: getattr(first, name)})
