"""The administrator's page of health, and the probes for machines."""

import pytest
from django.urls import reverse
from django.utils import translation

from portal.front.health.findings import LABELS, Finding, State

PAGE, LIVE, READY = "/office/health/", "/health/live", "/health/ready"


@pytest.fixture
def administrator(client, cast):
    client.force_login(cast.administrator)
    return client


@pytest.fixture
def found(monkeypatch):
    def set_findings(*findings: Finding) -> None:
        monkeypatch.setattr("portal.front.views.health.examine", lambda _at: list(findings))

    return set_findings


def test_the_page_shows_each_part_with_its_state_and_what_to_do(administrator, found):
    found(
        Finding("database", State.OK, "PostgreSQL 18"),
        Finding("broker", State.DOWN, "не отвечает", "Запустите Redis."),
        Finding("mail", State.WARN, "console", "Задайте EMAIL_URL."),
    )
    text = administrator.get(PAGE).content.decode()
    for words in ("PostgreSQL 18", "Запустите Redis.", "Задайте EMAIL_URL.", "База данных"):
        assert words in text
    assert "status-bad" in text
    assert "status-warn" in text
    assert "status-ok" in text
    assert "2 части требуют внимания" in text


def test_the_page_says_that_everything_works(administrator, found):
    found(Finding("database", State.OK, "x"))
    assert "Всё работает" in administrator.get(PAGE).content.decode()


def test_the_page_really_looks(administrator):
    response = administrator.get(PAGE)
    assert [one.code for one in response.context["findings"]] == list(LABELS)
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_the_page_is_translated(administrator, found, language):
    administrator.cookies["django_language"] = language
    found(Finding("clock", State.DOWN, "x", "y"))
    text = administrator.get(PAGE).content.decode()
    with translation.override(language):
        assert str(LABELS["clock"]) in text
        assert str(State.DOWN.label) in text


def test_the_page_takes_the_same_queries_whatever_is_found(
    administrator, found, django_assert_num_queries
):
    for count in (1, len(LABELS)):
        found(*(Finding(code, State.DOWN, "x", "y") for code in list(LABELS)[:count]))
        with django_assert_num_queries(4):
            administrator.get(PAGE)


@pytest.mark.parametrize("address", [PAGE, LIVE, READY])
def test_wrong_method(administrator, address):
    assert administrator.post(address).status_code == 405


def test_the_page_is_for_administrators(client, cast):
    assert client.get(PAGE).status_code == 302
    client.force_login(cast.operator)
    assert client.get(PAGE).status_code == 403


def test_the_menu_leads_there(administrator, found):
    found(Finding("clock", State.OK, "x"))
    text = administrator.get(PAGE).content.decode()
    assert f'href="{PAGE}" aria-current="page"' in text
    assert reverse("front:jobs") in text


def test_live_asks_nobody(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(LIVE)
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert not response.cookies


def test_ready_when_the_database_answers(client, db):
    response = client.get(READY)
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert "no-store" in response["Cache-Control"]


def test_not_ready_without_the_database(client, database_at):
    """No session and no person is asked for, so the probe answers where pages cannot."""
    database_at(HOST="/nowhere", USER="secret")
    response = client.get(READY)
    assert (response.status_code, response.json()) == (503, {"status": "down", "part": "database"})
    assert client.get(LIVE).status_code == 200
    assert "secret" not in response.content.decode()


def test_ready_without_redis(client, db, broker_at):
    """Orders stand without it: what is to be sent waits in the database."""
    broker_at("redis://127.0.0.1:1/0")
    assert client.get(READY).status_code == 200


@pytest.mark.parametrize("address", [LIVE, READY])
def test_probes_are_not_sent_to_https(client, db, settings, address):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get(address).status_code == 200
    assert client.get("/").status_code == 301
