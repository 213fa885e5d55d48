"""Lines of a request and of its task: one id, one line each, no name and no number of a person."""

import io
import json
import logging
import logging.config
import uuid
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from portal.celery import app as portal_app
from portal.kernel import logs
from portal.kernel.access import public
from portal.kernel.models import TaskRun
from portal.kernel.queue import enqueue, portal_task
from portal.kernel.request_log import RequestLogMiddleware, accepted_id
from tests.people import NOW
from tests.worker import wait_until

IIN, NAME, LATIN = "900517300123", "Сейтқали Әсел Маратқызы", "Aigerim Sadykova"
seen_ids: list[str] = []


@public
def failing(request):
    """Reads the form as a view does and fails with what it has read."""
    raise ValueError(f"no placement of {request.POST['full_name']}, IIN {request.POST['iin']}")


@public
def quiet(request, key=""):
    return HttpResponse("ok")


@public
def ordering(request):
    seen_ids.append(logs.current_request_id())
    enqueue("tests.speak", key="1", actor=None, at=NOW)
    return HttpResponse("ordered")


urlpatterns = [
    path("failing/", failing, name="failing"),
    path("quiet/", quiet, name="quiet"),
    path("ordering/", ordering, name="ordering"),
    path("secret/<str:key>/", quiet, name="secret"),
]


@portal_task("tests.speak")
def speak(progress):
    logging.getLogger("tests").info("spoken for %s", IIN)


@pytest.fixture
def lines():
    """What a deployment would write; the list is filled when it is asked for."""
    config = logs.configuration(level="INFO", is_json=True)
    stream = io.StringIO()
    config["handlers"]["console"]["stream"] = stream
    root = logging.getLogger()
    kept = root.handlers[:]
    logging.config.dictConfig(config)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.config.dictConfig(django_settings.LOGGING)
    root.handlers[:] = kept


@pytest.fixture
def page(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def requests_of(lines) -> list[dict]:
    return [line for line in lines() if line["logger"] == "portal.request"]


@pytest.mark.parametrize("name", [NAME, LATIN])
def test_a_failing_request_tells_no_name_and_no_number(page, lines, name):
    response = page.post("/failing/?iin=" + IIN, {"full_name": name, "iin": IIN})
    assert response.status_code == 500
    text = json.dumps(lines(), ensure_ascii=False)
    assert "ValueError" in text, "the cause is told"
    assert "in failing" in text, "and its place"
    for word in (IIN, *name.split()):
        assert word not in text


def test_each_request_has_one_line(page, lines):
    response = page.get("/quiet/?token=abc")
    (line,) = requests_of(lines)
    assert {key: line[key] for key in ("method", "path", "route", "status", "user")} == {
        "method": "GET", "path": "/quiet/", "route": "quiet", "status": 200, "user": None,
    }  # fmt: skip
    assert line["level"] == "info"
    assert line["ms"] >= 0
    assert line["request_id"] == response["X-Request-ID"]
    assert "abc" not in json.dumps(lines())


def test_a_failing_request_is_an_error_with_the_same_id_in_all_lines(page, lines):
    response = page.post("/failing/", {"full_name": NAME, "iin": IIN})
    ids = {line["request_id"] for line in lines()}
    assert ids == {response["X-Request-ID"]}
    assert requests_of(lines)[-1]["level"] == "error"
    assert len([line for line in lines() if "exception" in line]) == 1, "the traceback once"


@pytest.mark.parametrize(
    ("address", "shown"),
    [("/secret/1-c0ffee/", "/secret/***/"), ("/secret/1-c0ffee", "/secret/***")],
)
def test_the_secret_part_of_an_address_is_hidden(page, lines, address, shown):
    """Also where the last slash is missing and the browser is only sent on."""
    page.get(address)
    (line,) = requests_of(lines)
    assert line["path"] == shown


@pytest.mark.parametrize("name", ["questions/12/give-name/", "pay/", "no-such-page/"])
def test_what_a_person_reads_at_a_terminal_is_not_logged(client, db, lines, name):
    """Which page it was tells that somebody there has asked outside, and when."""
    client.get(f"/terminal/{name}")
    (line,) = requests_of(lines)
    assert line["path"] == "/terminal/***"
    assert line["route"] in ("", "inmates:terminal")
    client.get("/terminal/")
    assert requests_of(lines)[-1]["path"] == "/terminal/"


def test_who_is_signed_in_is_told_by_number_and_costs_no_query(client, cast, lines):
    client.force_login(cast.administrator)
    client.get("/office/")
    (line,) = requests_of(lines)
    assert line["user"] == cast.administrator.pk
    assert "admin@example.kz" not in json.dumps(lines())


def test_a_page_that_asks_for_nobody_logs_nobody(client, db, lines, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/accounts/login/")
    assert requests_of(lines)[0]["user"] is None


@pytest.mark.parametrize(
    ("sent", "is_kept"),
    [
        ("3f2a0000-0000-4000-8000-123456789012", True),
        ("trace.from-proxy_01", True),
        ("short", False),
        (IIN, False),
        ("a" * 65, False),
        ("two words-of-it", False),
        ("<script>alert(1)</script>", False),
        ("-leading-dash", False),
    ],
)
def test_the_callers_id_is_kept_if_it_is_sane(page, lines, sent, is_kept):
    response = page.get("/quiet/", headers={"X-Request-ID": sent})
    answered = response["X-Request-ID"]
    assert (answered == sent) is is_kept
    assert is_kept or uuid.UUID(answered)
    assert requests_of(lines)[0]["request_id"] == answered
    assert accepted_id(sent) == (sent if is_kept else "")


def test_two_requests_have_two_ids_and_nothing_is_left_behind(page):
    first, second = (page.get("/quiet/")["X-Request-ID"] for _time in range(2))
    assert first != second
    assert logs.current_request_id() == ""
    assert logs.typed_identities() == []


@pytest.mark.parametrize("address", ["/health/live", "/static/css/portal.css"])
def test_probes_and_static_files_are_not_worth_a_line(client, lines, address):
    client.get(address).close()
    assert requests_of(lines) == []


def test_what_was_posted_is_not_parsed_for_the_log():
    """A body is read by the view that expects it, or not at all."""
    request = RequestFactory().post("/x/", {"iin": IIN})

    def view(asked):
        assert logs.typed_identities() == []
        return HttpResponse()

    RequestLogMiddleware(view)(request)
    assert not hasattr(request, "_post")


def test_typed_identities_are_the_longest_first():
    request = RequestFactory().post("/x/", {"full_name": LATIN, "quantity": "300", "iin": IIN})
    assert request.POST
    with logs.request_context(request, "abc"):
        assert logs.typed_identities() == [LATIN, IIN, "Sadykova", "Aigerim"]


@pytest.mark.django_db(transaction=True)
def test_the_task_speaks_with_the_id_of_its_request(page, lines, own_messages):
    page.get("/ordering/", headers={"X-Request-ID": "the-same-everywhere"})
    run = TaskRun.objects.get()
    assert run.request_id == seen_ids[-1] == "the-same-everywhere"
    speak(task_run=str(run.pk))
    (said,) = [line for line in lines() if line["logger"] == "tests"]
    assert said["request_id"] == "the-same-everywhere"
    assert (said["task"], said["task_run"]) == ("tests.speak", str(run.pk))
    assert said["event"] == "spoken for ***"
    assert logs.current_request_id() == "", "the next task of this worker is another's"


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_writes_json_with_the_same_id(client, start_worker, monkeypatch):
    worker = start_worker(LOG_JSON="on")
    with logs.request_context(RequestFactory().get("/"), "from-the-web-0001"):
        run = enqueue("tests.fail_with_a_name", key="1", actor=None, at=NOW)
    wait_until(lambda: TaskRun.objects.get(pk=run.pk).is_finished)
    wait_until(lambda: b"failed" in worker.log.read_bytes())
    told = [json.loads(line) for line in worker.log.read_text().splitlines() if line[:1] == "{"]
    mine = [line for line in told if line.get("request_id") == "from-the-web-0001"]
    assert [line["task"] for line in mine] == ["tests.fail_with_a_name"]
    assert "ValueError" in mine[0]["exception"]
    text = worker.log.read_text()
    assert IIN not in text
    assert not any(word in text for word in NAME.split())


def test_celery_logs_as_everybody_else(monkeypatch):
    given = []
    monkeypatch.setattr(logs.logging.config, "dictConfig", given.append)
    level = logging.getLogger().level
    try:
        logs.use_in_celery(loglevel=logging.ERROR)
        assert logging.getLogger().level == logging.ERROR
    finally:
        logging.getLogger().setLevel(level)
    assert given == [django_settings.LOGGING]
    assert current_app is not None
    assert portal_app.conf.worker_hijack_root_logger is False


def test_development_reads_lines_and_not_json():
    config = logs.configuration(level="INFO", is_json=False)
    stream = io.StringIO()
    config["handlers"]["console"]["stream"] = stream
    kept = logging.getLogger().handlers[:]
    try:
        logging.config.dictConfig(config)
        try:
            raise ValueError(f"of {NAME}")
        except ValueError:
            logging.getLogger("portal.x").exception(
                "it broke", extra={"order": 7, "email": "a@b.kz"}
            )
    finally:
        logging.config.dictConfig(django_settings.LOGGING)
        logging.getLogger().handlers[:] = kept
    text = stream.getvalue()
    assert "it broke" in text
    assert "order=7" in text
    assert "Traceback" in text
    assert "a@b.kz" not in text
    assert NAME not in text


def test_no_library_writes_past_the_mask():
    """A handler of its own would print what the root's formatter never sees."""
    config = logs.configuration(level="INFO", is_json=True)
    for name in ("django", "django.server", "gunicorn.error"):
        assert config["loggers"][name]["handlers"] == []
        assert config["loggers"][name]["propagate"] is True
    assert list(config["handlers"]) == ["console"]


def test_a_deployment_writes_json(tmp_path):
    source = Path(django_settings.BASE_DIR / "portal/settings.py").read_text(encoding="utf-8")
    assert 'is_json=env.bool("LOG_JSON", default=IS_DEPLOYED)' in source


@override_settings(DEBUG=True)
def test_debug_adds_no_second_way(page, lines):
    page.post("/failing/", {"full_name": NAME, "iin": IIN})
    assert IIN not in json.dumps(lines(), ensure_ascii=False)
