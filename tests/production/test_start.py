"""The portal as a deployment starts it, natively: migration step, web, worker, beat, their end.

One deployment for the whole module, in the order of its life: `make test` hands whole files to
its processes.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from tests.processes import Caller, environment_of, free_port, wait_until
from tests.production.stack import NAME, Deployment

IMMUTABLE = "max-age=315360000, public, immutable"


@pytest.fixture(scope="module")
def portal() -> Iterator[Deployment]:
    deployment = Deployment()
    try:
        deployment.start()
        yield deployment
    finally:
        deployment.close()


def test_sign_in_page_answers_with_the_headers_of_a_deployment(portal: Deployment) -> None:
    caller = portal.caller()
    answer = caller.get("/accounts/login/")
    assert answer.status == 200
    assert "Войти" in answer.text
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "report-uri /csp-reports/" in answer.headers["Content-Security-Policy"]
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "gunicorn/" not in answer.headers["Server"]
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("csrftoken=")
    assert "Secure" in cookie


def test_form_of_sign_in_works_over_the_proxy(portal: Deployment) -> None:
    caller = portal.caller()
    caller.get("/accounts/login/")
    fields = {"login": "nobody@portal.example", "password": "a wrong password"}
    answer = caller.post("/accounts/login/", fields, Referer=f"https://{NAME}/accounts/login/")
    assert answer.status == 200
    assert "form-errors" in answer.text


def test_plain_http_and_a_strange_name_are_not_served(portal: Deployment) -> None:
    plain = Caller(portal.port, Host=NAME).get("/accounts/login/")
    assert (plain.status, plain.headers["Location"]) == (301, f"https://{NAME}/accounts/login/")
    strange = Caller(portal.port, Host="evil.example", X_Forwarded_Proto="https").get("/")
    assert strange.status == 400


def test_static_files_have_hashes_and_are_kept_for_ever(portal: Deployment) -> None:
    caller = portal.caller()
    page = caller.get("/accounts/login/").text
    links = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(links) > 8
    for link in links:
        path = urlsplit(link).path
        assert re.search(r"\.[0-9a-f]{12}\.[a-z0-9]+$", path), path
        answer = caller.get(path)
        assert answer.status == 200, path
        assert answer.headers["Cache-Control"] == IMMUTABLE, path


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, deflate, br", "br"), ("gzip", "gzip")])
def test_static_text_comes_compressed(portal: Deployment, accepted: str, encoding: str) -> None:
    caller = portal.caller()
    page = caller.get("/accounts/login/").text
    path = re.search(r'href="(/static/vendor/bootstrap/[^"]+\.css)"', page).group(1)  # type: ignore[union-attr]
    small = caller.get(path, **{"Accept-Encoding": "identity"})
    packed = caller.get(path, **{"Accept-Encoding": accepted})
    assert packed.headers["Content-Encoding"] == encoding
    assert len(packed.body) * 4 < len(small.body)


def probe(port: int, **variables: str) -> int:
    """The health check of the image, with the command that stands there."""
    command = [sys.executable, "-P", "portal/probe.py"]
    return subprocess.run(  # noqa: S603 - our own command
        command,
        cwd=settings.BASE_DIR,
        env=environment_of({"PORT": str(port)} | variables),
        check=False,
    ).returncode


def test_probe_of_the_image_asks_as_the_proxy_does(portal: Deployment) -> None:
    assert probe(portal.port, ALLOWED_HOSTS=NAME) == 0
    assert probe(portal.port, ALLOWED_HOSTS="evil.example") == 1
    assert probe(free_port(), ALLOWED_HOSTS=NAME) == 1


def test_ready_says_that_the_database_answers(portal: Deployment) -> None:
    assert portal.caller().get("/health/ready").status == 200


def test_beat_strikes_and_the_worker_does_what_waits(portal: Deployment) -> None:
    portal.servers.ask(
        "INSERT INTO kernel_taskrun (id, name, key, arguments, status, done, total, failed,"
        " attempts, created_at, error, request_id) VALUES (gen_random_uuid(),"
        " 'inmates.count_free_people', 'by hand', %s, 'waiting', 0, 0, 0, 0,"
        " now() - interval '1 minute', '', '')",
        '{"on": "2026-11-22"}',
    )

    def run() -> str:
        ((status,),) = portal.servers.ask("SELECT status FROM kernel_taskrun")
        return str(status)

    wait_until(lambda: run() in ("done", "failed"), portal.processes["worker"].text)
    assert run() == "done", portal.processes["worker"].text
    ((age,),) = portal.servers.ask("SELECT now() - at FROM kernel_heartbeat WHERE name = 'beat'")
    assert age.total_seconds() < 30


def test_without_its_database_the_portal_says_so_in_three_languages(portal: Deployment) -> None:
    caller = portal.caller()
    assert caller.get("/").status == 200
    portal.processes["web"].begin_anew()
    portal.servers.stop_database()
    try:
        for path, cookies in (("/", {}), ("/catalogue/", {"sessionid": "somebodys"})):
            caller.cookies = cookies
            answer = caller.get(path)
            assert answer.status == 503, path
            assert answer.seconds < 6
            assert answer.headers["Retry-After"] == "30"
            assert "no-store" in answer.headers["Cache-Control"]
            for word in ("Портал скоро вернётся", "Портал жақында", "The portal will be back"):
                assert word in answer.text
        part = caller.get("/catalogue/", **{"HX-Request": "true"})
        assert (part.status, part.headers["HX-Reswap"]) == (503, "none")
        engine = portal.caller()
        assert engine.get("/health/live").status == 200
        assert engine.get("/health/ready").status == 503
        assert engine.get("/static/img/favicon.svg").status == 200
    finally:
        portal.servers.start_database()
    log = portal.processes["web"].text
    assert log.count("no database for GET /:") == 1
    assert "Traceback" not in log, log


def test_pages_are_back_with_the_database(portal: Deployment) -> None:
    caller = portal.caller()
    for _try in range(3):
        assert caller.get("/").status == 200
    assert caller.get("/health/ready").status == 200


def test_everything_ends_in_order_when_asked(portal: Deployment) -> None:
    for name in ("beat", "worker", "web"):
        process = portal.processes[name]
        assert process.is_alive, process.text
        assert process.stop() < 10, name
        assert process.process.returncode == 0, process.text
        wait_until(lambda process=process: process.group() == [], name, seconds=2)
