"""The one settings file: everything that differs between machines is read from the environment.

With no DATABASE_URL or REDIS_URL the embedded development servers are used (portal/embedded.py).
"""

from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from portal import embedded
from portal.kernel import logs

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
environ.Env.read_env(str(BASE_DIR / ".env"), overwrite=False)

# A deployment names its database; whoever does not is developing on this machine.
IS_DEPLOYED = "DATABASE_URL" in env.ENVIRON

DEBUG = env.bool("DEBUG", default=False)


def secret(variable: str) -> str:
    """The secret of a deployment, which must be set; development makes its own."""
    return env.str(variable) if IS_DEPLOYED else embedded.secret(variable.lower())


SECRET_KEY = secret("SECRET_KEY")
# Keys of personal data: SALT_KEY encrypts identity columns, IDENTITY_HMAC_KEY finds an IIN.
SALT_KEY = secret("FIELD_KEY")
IDENTITY_HMAC_KEY = secret("IDENTITY_HMAC_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "modeltranslation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "pgtrigger",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
    "portal.kernel",
    "portal.accounts",
    "portal.documents",
    "workshops",
    "orders",
    "inmates",
    "portal.reports",
    "portal.front",
    "portal.demo",
]

MIDDLEWARE = [
    "portal.kernel.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "portal.kernel.headers.PermissionsPolicyMiddleware",
    "portal.kernel.headers.UnreadableAddressMiddleware",
    "portal.kernel.bodies.BodyLimitMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.language.ChosenLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.kernel.access.DefaultDenyMiddleware",
    "portal.kernel.errors.ReadableErrorMiddleware",
    "inmates.views.terminal_gate.TerminalMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.front.context.navigation",
                "portal.kernel.kept.csrf_place",
            ],
        },
    }
]

# --- Data -----------------------------------------------------------------------------------
DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", embedded.database_url()))}
DATABASES["default"] |= {"ENGINE": "django.db.backends.postgresql", "CONN_HEALTH_CHECKS": True}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
# A database that is away is told on a page soon, not after the minutes of a TCP connection.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "portal.kernel.cache.ForgivingRedisCache",
        "LOCATION": env.str("CACHE_URL", REDIS_URL or embedded.redis_cache_url()),
        "KEY_PREFIX": "portal",
    }
}
# How long a public page is kept at most (kernel/kept.py); 0 keeps none.
KEEP_PAGES_SECONDS = env.int("KEEP_PAGES_SECONDS", default=300)

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.kernel.static_names.RememberingStaticFilesStorage"},
}
MEDIA_ROOT = env.str("MEDIA_ROOT", default="") or str(embedded.data_folder() / "media")
# Uploaded files stay on disk unless a bucket of an S3-compatible storage is named.
if BUCKET := env.str("MEDIA_S3_BUCKET", default=""):
    STORAGES["default"] = {
        "BACKEND": "portal.kernel.bucket.PrivateBucket",
        "OPTIONS": {
            "bucket_name": BUCKET,
            "endpoint_url": env.str("MEDIA_S3_ENDPOINT", default="") or None,
            "region_name": env.str("MEDIA_S3_REGION", default="") or None,
            "access_key": env.str("MEDIA_S3_ACCESS_KEY"),
            "secret_key": env.str("MEDIA_S3_SECRET_KEY"),
        },
    }
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("vendor/bootstrap", NODE_MODULES / "bootstrap/dist/css"),
    ("vendor/htmx", NODE_MODULES / "htmx.org/dist"),
    ("vendor/golos-text", NODE_MODULES / "@fontsource/golos-text/files"),
]
# The same face on paper: Typst reads whole TTF files from here.
PRINT_FONTS = NODE_MODULES / "@expo-google-fonts/golos-text"

# --- Queue ----------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or embedded.redis_url()
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 15 * 60
CELERY_TASK_TIME_LIMIT = 20 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Above the longest task, so that Redis never hands a running one to a second worker.
# A page waits only a moment for Redis: what cannot be sent stays in the outbox.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 60 * 60,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
    "socket_connect_timeout": 2,
    "socket_timeout": 2,
}
CELERY_TIMEZONE = "Asia/Almaty"
# Once a day each, soon after midnight; asked often, so that no night is missed.
DAILY_TASKS = [
    "kernel.forget_submissions", "inmates.count_free_people", "inmates.forget_people_imports",
    "inmates.forget_payslip_prints", "inmates.refresh_facts", "orders.tell_overdue_visits",
    "inmates.forget_bank_statements", "inmates.note_bailiffs",
]  # fmt: skip
CELERY_BEAT_SCHEDULE = {
    "send-waiting-tasks": {"task": "kernel.send_waiting_tasks", "schedule": 10.0},
} | {
    name: {"task": "kernel.enqueue_daily_task", "schedule": 900.0, "args": [name]}
    for name in DAILY_TASKS
}
TASK_SILENCE_SECONDS = 60

# --- People ---------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "front:start"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = env.str(
    "EMAIL_VERIFICATION", default="mandatory" if IS_DEPLOYED else "optional"
)
ACCOUNT_LOGOUT_REDIRECT_URL = "front:home"
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.LoginForm",
    "signup": "portal.accounts.forms.SignupForm",
    "add_email": "portal.accounts.forms.AddEmailForm",
    "change_password": "portal.accounts.forms.ChangePasswordForm",
    "set_password": "portal.accounts.forms.SetPasswordForm",
    "reset_password": "portal.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "portal.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "portal.accounts.forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "portal.accounts.forms.SecondFactorForm",
    "reauthenticate": "portal.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "portal.accounts.forms.ActivateTotpForm",
    "deactivate_totp": "portal.accounts.forms.DeactivateTotpForm",
    "generate_recovery_codes": "portal.accounts.forms.GenerateRecoveryCodesForm",
}
ACCOUNT_SESSION_REMEMBER = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Шеберхана"

EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend"
    if "EMAIL_URL" in env.ENVIRON
    else "django.core.mail.backends.console.EmailBackend",
)
if "EMAIL_URL" in env.ENVIRON:
    vars().update(env.email_url("EMAIL_URL", backend=EMAIL_BACKEND))
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@localhost")

# --- Words, dates, numbers ------------------------------------------------------------------
LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("kk", "Қазақша"), ("en", "English")]
MODELTRANSLATION_DEFAULT_LANGUAGE = "ru"
MODELTRANSLATION_LANGUAGES = ("ru", "kk", "en")
MODELTRANSLATION_FALLBACK_LANGUAGES = ("ru", "kk")
LOCALE_PATHS = [BASE_DIR / "portal" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Almaty"
FORMAT_MODULE_PATH = ["portal.formats"]
USE_THOUSAND_SEPARATOR = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- Pages ----------------------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000  # a sheet of a large workshop: its people × operations
# All of one request, files included; kernel/bodies.py refuses more before it is read.
MAX_BODY_MEGABYTES = env.int("MAX_BODY_MEGABYTES", default=32)
# Where links of letters and QR codes of papers lead; of a deployment never to this machine.
OWN_URL = f"https://{(ALLOWED_HOSTS or ['localhost'])[0].removeprefix('.')}"
PUBLIC_URL = env.str("PUBLIC_URL", OWN_URL if IS_DEPLOYED else "http://127.0.0.1:8000").rstrip("/")
PRODUCT_NAME = _("Sheberhana")
# Who answers for the portal itself; what is not entered is not shown.
PORTAL_EMAIL = env.str("PORTAL_EMAIL", default="" if IS_DEPLOYED else "portal@demo.example")
PORTAL_PHONE = env.str("PORTAL_PHONE", default="")

# --- Security -------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "report-uri": ["/csp-reports/"],
    }
}
# Plain http exists only on the developer's own machine.
SERVED_OVER_HTTPS = env.bool("HTTPS", default=IS_DEPLOYED)
SECURE_SSL_REDIRECT = SERVED_OVER_HTTPS
# Whoever watches over the processes asks them directly, without the proxy that ends HTTPS.
SECURE_REDIRECT_EXEMPT = [r"^health/(live|ready)$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SERVED_OVER_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SERVED_OVER_HTTPS
SECURE_HSTS_PRELOAD = SERVED_OVER_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SERVED_OVER_HTTPS
SESSION_COOKIE_HTTPONLY = True
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else all visitors share one limit of attempts
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "portal.front.views.pages.csrf_failure"

# Views of libraries carry no rule of ours: what is not named here is refused (kernel/access.py).
THIRD_PARTY_ACCESS = {
    "set_language": "public",
    "account_login": "public",
    "account_signup": "public",
    "account_logout": "signed_in",
    "account_reauthenticate": "signed_in",
    "account_change_password": "signed_in",
    "account_set_password": "signed_in",
    "account_inactive": "public",
    "account_email": "signed_in",
    "account_email_verification_sent": "public",
    "account_confirm_email": "public",
    "account_confirm_login_code": "public",
    "account_reset_password": "public",
    "account_reset_password_done": "public",
    "account_reset_password_from_key": "public",
    "account_reset_password_from_key_done": "public",
    "mfa_index": "signed_in",
    "mfa_authenticate": "public",
    "mfa_reauthenticate": "signed_in",
    "mfa_activate_totp": "signed_in",
    "mfa_deactivate_totp": "signed_in",
    "mfa_generate_recovery_codes": "signed_in",
    "mfa_view_recovery_codes": "signed_in",
    "mfa_download_recovery_codes": "signed_in",
}

# One JSON object a line where others read it; identities are masked in every line (kernel/logs.py).
LOGGING = logs.configuration(
    level=env.str("LOG_LEVEL", "INFO"), is_json=env.bool("LOG_JSON", default=IS_DEPLOYED)
)
