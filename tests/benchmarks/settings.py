"""Settings of the benchmarks: the portal as it is served, on a database of their own."""

import os

from portal.settings import *  # noqa: F403 - the portal's settings, but for the names below
from tests.benchmarks.counting import CountingCursor

DATABASES["default"]["NAME"] = os.environ.get("PORTAL_BENCH_DB", "portal_bench")  # noqa: F405 - from the star
DATABASES["default"].setdefault("OPTIONS", {})  # noqa: F405 - the same
DATABASES["default"]["OPTIONS"]["cursor_factory"] = CountingCursor  # noqa: F405 - the same
CACHES["default"]["KEY_PREFIX"] = DATABASES["default"]["NAME"]  # noqa: F405 - the same
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SERVED_OVER_HTTPS = SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = False
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
# Only what goes wrong: the tables are what a reader came for.
LOGGING["root"]["level"] = "ERROR"  # noqa: F405 - the same
ROOT_URLCONF = "tests.benchmarks.urls"
TEMPLATES[0]["DIRS"].append(BASE_DIR / "tests" / "benchmarks" / "templates")  # noqa: F405 - the same
# A backend that is replaced in the middle of a run could not be asked for its seconds.
DATABASES["default"]["CONN_MAX_AGE"] = None  # noqa: F405 - the same
# Messages stay in the process that sends them: no worker of `make run` gets one.
CELERY_BROKER_URL = "memory://"
