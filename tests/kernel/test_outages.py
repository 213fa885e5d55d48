"""What is an outage of the database and what is a fault; how long a failure is remembered."""

import logging

import psycopg2
import pytest
import time_machine
from django.core.handlers.exception import response_for_exception
from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError, connection
from django.test import Client, RequestFactory

from portal.kernel import outages
from portal.kernel.outages import RecentFailure, is_database_away
from tests.people import NOW

WORDS = ("Портал скоро вернётся", "Портал жақында", "The portal will be back soon")


def an_error(kind: type[Exception], code: str | None = None) -> Exception:
    """As Django raises it: with the driver's error, and PostgreSQL's code, behind it."""

    class Cause(Exception):
        pgcode = code

    error = kind("could not connect")
    error.__cause__ = Cause()
    return error


@pytest.mark.parametrize("code", [None, "08006", "57P01", "57P03", "53300"])
@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_lost_connection_is_an_outage(kind: type[Exception], code: str | None) -> None:
    assert is_database_away(an_error(kind, code))


@pytest.mark.parametrize("code", ["40P01", "55P03", "57014"])
def test_deadlock_and_time_limit_are_faults_of_a_statement(code: str) -> None:
    assert not is_database_away(an_error(OperationalError, code))


def test_a_server_that_fell_while_it_answered_is_an_outage() -> None:
    """psycopg2 then says neither what kind of error it was nor its code."""
    assert is_database_away(an_error(DatabaseError))
    assert not is_database_away(an_error(DatabaseError, "22012"))
    assert not is_database_away(DatabaseError("Save with update_fields did not affect any rows."))


def test_other_errors_are_no_outage() -> None:
    assert not is_database_away(ProgrammingError("no such column"))
    assert not is_database_away(ValueError("anything"))
    assert not is_database_away(None)


def test_real_refused_connection_is_an_outage() -> None:
    with pytest.raises(psycopg2.OperationalError) as refused:
        psycopg2.connect(host="127.0.0.1", port=1, connect_timeout=1)
    error = OperationalError(str(refused.value))
    error.__cause__ = refused.value
    assert is_database_away(error)


@pytest.mark.django_db
def test_real_fault_of_a_statement_is_none() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10ms'")
        with pytest.raises(OperationalError) as stopped:
            cursor.execute("SELECT pg_sleep(1)")
    assert not is_database_away(stopped.value)


def answer_to(error: Exception, **headers: str):
    """What Django makes of an error that nobody caught, wherever it was raised."""
    request = RequestFactory(headers=headers).get("/orders/7/")
    try:
        raise error
    except Exception as caught:  # noqa: BLE001 - as Django does
        return response_for_exception(request, caught)


def test_outage_is_a_page_in_three_languages_without_a_query(
    caplog: pytest.LogCaptureFixture, django_assert_num_queries
) -> None:
    with caplog.at_level(logging.WARNING):
        response = answer_to(an_error(OperationalError))
    html = response.content.decode()
    assert response.status_code == 503
    assert all(word in html for word in WORDS)
    assert response["Retry-After"] == "30"
    assert "no-store" in response["Cache-Control"]
    assert response["HX-Reswap"] == "none"
    (record,) = caplog.records
    assert record.getMessage() == "no database for GET /orders/7/: could not connect"
    assert record.exc_info is None


def test_fault_stays_a_fault_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        response = answer_to(ZeroDivisionError("a fault of ours"))
    assert response.status_code == 500
    assert "Ошибка на нашей стороне" in response.content.decode()
    (record,) = caplog.records
    assert record.exc_info is not None


def test_handler_of_the_addresses_is_ours(settings) -> None:
    from portal import urls

    assert urls.handler500 == f"{outages.__name__}.server_error"
    assert settings.ROOT_URLCONF == "portal.urls"


def test_failure_is_remembered_for_its_seconds_and_its_address_alone() -> None:
    failure = RecentFailure("a server", seconds=5)
    with time_machine.travel(NOW, tick=False):
        assert not failure.is_recent("one")
        failure.remember("one", OSError("refused"))
        assert failure.is_recent("one")
        assert not failure.is_recent("another")


def test_failure_is_forgotten_after_its_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(outages.time, "monotonic", lambda: now)
    failure = RecentFailure("a server", seconds=5)
    failure.remember("one", OSError("refused"))
    now = 1004.9
    assert failure.is_recent("one")
    now = 1005.1
    assert not failure.is_recent("one")


def test_failure_is_told_once_without_the_address(caplog: pytest.LogCaptureFixture) -> None:
    RecentFailure("a server", seconds=5).remember("redis://:password@host", OSError("refused"))
    assert caplog.messages == ["a server does not answer; asked again in 5 s: refused"]


def test_form_in_an_alphabet_nobody_reads_is_refused_and_no_fault_of_the_portal(db):
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.get("/verify/")  # with the cookie of the token the form itself is read
    kind = "application/x-www-form-urlencoded; charset=utf-16"
    response = strict.post("/verify/", b"number=1", content_type=kind)
    assert response.status_code == 400
    assert "<html" in response.content.decode()
