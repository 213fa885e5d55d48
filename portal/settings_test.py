"""What the tests change: their own database, cheap passwords, static files without a manifest."""

import os

from portal.settings import *

DATABASES["default"]["TEST"] = {"NAME": os.environ.get("PORTAL_TEST_DB", "test_portal")}
DATABASES["default"]["CONN_MAX_AGE"] = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SERVED_OVER_HTTPS = SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = False
ACCOUNT_RATE_LIMITS = False
CACHES["default"]["KEY_PREFIX"] = os.environ.get("PORTAL_TEST_DB", "test_portal")
# A worker of the tests and one of `make run` never take each other's messages.
CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS | {
    "global_keyprefix": os.environ.get("PORTAL_TEST_DB", "test_portal") + "."
}
ACCOUNT_EMAIL_VERIFICATION = "optional"
# Tests roll back, which no stamp sees; those of the kept pages turn them on.
KEEP_PAGES_SECONDS = 0
