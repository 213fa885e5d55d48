"""Failures are counted by whom and what, forgotten in time, and never close a page by a fault."""

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from portal.kernel.limits import client_address, failures_of, remember_failure


@pytest.fixture(autouse=True)
def _nothing_remembered():
    cache.clear()
    yield
    cache.clear()


def fail(times: int, what: str = "door", who: str = "203.0.113.9") -> int:
    for _time in range(times):
        remember_failure(what, who, seconds=60)
    return failures_of(what, who)


def test_failures_add_up():
    assert fail(0) == 0
    assert fail(1) == 1
    assert fail(2) == 3


def test_another_person_and_another_thing_are_counted_apart():
    fail(3)
    assert failures_of("door", "203.0.113.10") == 0
    assert failures_of("window", "203.0.113.9") == 0


def test_failures_are_forgotten_after_the_time(monkeypatch):
    kept = []
    add = cache.add
    monkeypatch.setattr(
        cache, "add", lambda key, value, seconds: kept.append(seconds) or add(key, value, seconds)
    )
    fail(1)
    assert kept == [60]


def test_address_is_not_kept_as_it_is(monkeypatch):
    keys = []
    monkeypatch.setattr(cache, "get", keys.append)
    failures_of("door", "203.0.113.9")
    assert keys
    assert "203.0.113.9" not in keys[0]


def test_count_that_vanished_begins_again(monkeypatch):
    def gone(key):
        raise ValueError

    fail(1)
    monkeypatch.setattr(cache, "incr", gone)
    assert fail(1) == 1


@pytest.mark.parametrize(
    ("forwarded", "told"),
    [("", "192.0.2.1"), ("203.0.113.9", "203.0.113.9"), ("10.0.0.1, 203.0.113.9", "203.0.113.9"),
     ("203.0.113.9, ", "192.0.2.1")],
)  # fmt: skip
def test_behind_a_proxy_its_own_word_counts(settings, forwarded: str, told: str):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = RequestFactory(REMOTE_ADDR="192.0.2.1").get("/", headers=headers)
    assert client_address(request) == told


def test_without_a_proxy_nobody_is_believed(settings):
    settings.SECURE_PROXY_SSL_HEADER = None
    request = RequestFactory(REMOTE_ADDR="192.0.2.1").get(
        "/", headers={"x-forwarded-for": "203.0.113.9"}
    )
    assert client_address(request) == "192.0.2.1"
