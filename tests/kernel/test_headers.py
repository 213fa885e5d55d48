"""What browsers are told, and what of their reports reaches the log."""

import json
import logging

import pytest
from django.core.cache import cache
from django.test import Client

from portal.kernel.headers import REPORTS_A_MINUTE, UNUSED

PATH = "/csp-reports/"
SECRET = "/orders/7/?iin=900101300123"


@pytest.fixture(autouse=True)
def _no_reports_yet() -> None:
    cache.delete("csp-reports")


def report(client: Client, body: object, **extra: str):
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(PATH, text, content_type="application/csp-report", **extra)


def a_report(directive: object = "script-src-elem", blocked: object = "https://evil.example/x.js"):
    return {
        "csp-report": {
            "document-uri": f"https://portal.example{SECRET}",
            "effective-directive": directive,
            "blocked-uri": blocked,
            "script-sample": "Иванов Иван",
        }
    }


def logged(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name.endswith("headers")]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/no-such-page/"])
def test_no_page_may_use_the_senses_of_the_device(client: Client, path: str) -> None:
    policy = client.get(path)["Permissions-Policy"]
    assert policy.count("=()") == len(UNUSED)
    assert {"camera=()", "microphone=()", "geolocation=()"} <= set(policy.split(", "))


@pytest.mark.django_db
def test_policy_names_where_to_report(client: Client) -> None:
    assert f"report-uri {PATH}" in client.get("/accounts/login/")["Content-Security-Policy"]


def test_report_is_logged_by_rule_and_host_alone(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    assert report(client, a_report()).status_code == 204
    assert logged(caplog) == ["content security policy stopped script-src-elem from evil.example"]


@pytest.mark.parametrize(
    ("blocked", "shown"),
    [
        ("inline", "inline"),
        ("eval", "eval"),
        (f"https://evil.example{SECRET}", "evil.example"),
        ("https://user:password@evil.example:99/", "evil.example"),
        ("https://[broken", "?"),
        ("https://новая\nстрока.example/", "?"),
        ("data:text/html,Иванов", "?"),
        (None, "?"),
        (["a"], "?"),
    ],
)
def test_addresses_lose_what_could_name_somebody(
    client: Client, caplog: pytest.LogCaptureFixture, blocked: object, shown: str
) -> None:
    report(client, a_report(blocked=blocked))
    assert logged(caplog)[0].endswith(f" from {shown}")
    assert "900101300123" not in caplog.text


@pytest.mark.parametrize("directive", ["900101300123", "script-src\nforged line", None, 7, {}])
def test_unknown_rule_is_not_repeated(
    client: Client, caplog: pytest.LogCaptureFixture, directive: object
) -> None:
    report(client, a_report(directive=directive))
    assert logged(caplog) == ["content security policy stopped something from evil.example"]


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "7", '{"csp-report": 7}', '{"other": {}}', "\ud800", "[" * 4000 + "]" * 4000],
)
def test_nonsense_is_taken_and_forgotten(
    client: Client, caplog: pytest.LogCaptureFixture, body: str
) -> None:
    text = body.encode("utf-8", "surrogatepass")
    answer = client.post(PATH, text, content_type="application/csp-report")
    assert answer.status_code == 204
    assert logged(caplog) == []


def test_long_report_is_not_read(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    assert report(client, a_report() | {"filling": "x" * 9000}).status_code == 204
    assert logged(caplog) == []


def test_some_reports_a_minute_are_enough(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for _report in range(REPORTS_A_MINUTE + 5):
            assert report(client, a_report()).status_code == 204
    assert len(logged(caplog)) == REPORTS_A_MINUTE


def test_report_is_only_sent(client: Client) -> None:
    assert client.get(PATH).status_code == 405


def test_report_needs_no_token_of_a_form() -> None:
    assert report(Client(enforce_csrf_checks=True), a_report()).status_code == 204
