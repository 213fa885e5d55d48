"""What a deployment gets when its administrator says nothing; each is the safer of the two."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

ASK = """
import json
from portal import settings as s
print(json.dumps({
    "verification": s.ACCOUNT_EMAIL_VERIFICATION,
    "redirect": s.SECURE_SSL_REDIRECT,
    "session": s.SESSION_COOKIE_SECURE,
    "csrf": s.CSRF_COOKIE_SECURE,
    "language": s.LANGUAGE_COOKIE_SECURE,
    "hsts": s.SECURE_HSTS_SECONDS > 0,
    "debug": s.DEBUG,
}))
"""
DEPLOYED = {
    "DATABASE_URL": "postgres://portal@db.example/portal",
    "REDIS_URL": "redis://redis.example/0",
    "SECRET_KEY": "a long invented secret key for this test alone",
    "FIELD_KEY": "an invented key",
    "IDENTITY_HMAC_KEY": "another invented key",
}
KEPT = ("PATH", "HOME", "PORTAL_DATA")


def run(**variables: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    return subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", ASK],
        cwd=settings.BASE_DIR,
        env=environment | variables,
        capture_output=True,
        text=True,
        check=False,
    )


def asked(**variables: str) -> dict[str, object]:
    done = run(**variables)
    assert done.returncode == 0, done.stderr
    answers: dict[str, object] = json.loads(done.stdout)
    return answers


def test_deployment_confirms_addresses_and_speaks_https_only() -> None:
    assert asked(**DEPLOYED) == {
        "verification": "mandatory",
        "redirect": True,
        "session": True,
        "csrf": True,
        "language": True,
        "hsts": True,
        "debug": False,
    }


def test_development_lets_one_in_without_a_letter() -> None:
    answers = asked()
    assert answers["verification"] == "optional"
    assert answers["redirect"] is False
    assert answers["debug"] is False


def test_administrator_may_decide_otherwise() -> None:
    answers = asked(**DEPLOYED, EMAIL_VERIFICATION="optional", HTTPS="off")
    assert (answers["verification"], answers["session"]) == ("optional", False)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "FIELD_KEY", "IDENTITY_HMAC_KEY"])
def test_deployment_without_a_secret_does_not_start(missing: str) -> None:
    done = run(**{name: value for name, value in DEPLOYED.items() if name != missing})
    assert done.returncode != 0
    assert missing in done.stderr
