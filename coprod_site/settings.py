"""The one settings file. Every value that differs between machines is read from the environment.

docs/operations.md lists the variables; a test checks that it does.
"""

from datetime import timedelta
from functools import partial
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from coprod_site import (
    databases,
    desk_look,
    logs,
    response_headers,
    sentry,
    strong_secrets,
)
from responses.valkey import broker

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("COPROD_DEBUG", default=False)
SECRET_KEY = env.str("COPROD_SECRET_KEY")
# Keys the hashes of resume codes, and encrypts what is kept encrypted unless other keys do.
DATA_KEY = env.str("COPROD_DATA_KEY")
# The first encrypts, each decrypts; losing one loses what is still encrypted under it.
ENCRYPTION_KEYS = env.list("COPROD_ENCRYPTION_KEYS", default=[]) or [DATA_KEY]
ALLOWED_HOSTS = env.list("COPROD_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("COPROD_TRUSTED_ORIGINS", default=[])
# Off only where there is no TLS: under `make run` and in tests.
HTTPS = env.bool("COPROD_HTTPS", default=True)
# The commit that an image was built from; every look states it.
REVISION = env.str("COPROD_REVISION", default="")
# Who watches the site sends this; without one nobody is told figures.
METRICS_TOKEN = env.str("COPROD_METRICS_TOKEN", default="")

_secrets = {"COPROD_SECRET_KEY": SECRET_KEY, "COPROD_DATA_KEY": DATA_KEY}
# The data key may stand among them, as the one before.
_secrets |= {
    f"COPROD_ENCRYPTION_KEYS, the key at place {place}": key
    for place, key in enumerate(ENCRYPTION_KEYS, start=1)
    if key != DATA_KEY
}
_secrets |= {"COPROD_METRICS_TOKEN": METRICS_TOKEN} if METRICS_TOKEN else {}
_weak = strong_secrets.too_short(_secrets)
if HTTPS:  # where others reach the site
    _addresses = {"DATABASE_URL": env.str("DATABASE_URL"), "REDIS_URL": env.str("REDIS_URL")}
    _weak += strong_secrets.guessable(_secrets, _addresses)
    _weak += ["COPROD_DEBUG shows settings and data; unset it"] if DEBUG else []
if _weak:
    raise ImproperlyConfigured(". ".join(_weak))

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "experiments",
    "responses",
    "analysis",
    "rehearsal",
]

MIDDLEWARE = [
    # Answers participants by what is below, and lets no request of theirs come to the rest.
    "coprod_site.short_way.ShortWay",
    "coprod_site.response_headers.headers_always",
    "coprod_site.desk_policy.SitePolicy",
    "coprod_site.requests.utf8_only",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "coprod_site.requests.api_manners",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "coprod_site.requests.desk_without_nul",
    "django.middleware.common.CommonMiddleware",
    "responses.error_pages.no_empty_refusals",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "coprod_site.second_factor.second_factor_first",
    "coprod_site.fresh_login.FreshLogin",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "coprod_site.reckoned.Reckoned",
]
PARTICIPANTS_MIDDLEWARE = ["responses.csrf.CsrfInOneGo"]

ROOT_URLCONF = "coprod_site.urls"
WSGI_APPLICATION = "coprod_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Off where connections are pooled by transaction, by a program that keeps no statements.
DB_PREPARED = env.bool("COPROD_DB_PREPARED", default=True)
_database = partial(
    databases.database,
    connections=env.int("COPROD_DB_POOL_SIZE", default=8),
    prepared=DB_PREPARED,
)
DATABASES = {"default": _database("DATABASE_URL", env.db_url("DATABASE_URL"))}
if _replica := env.str("DATABASE_REPLICA_URL", default=""):
    _read = environ.Env.db_url_config(_replica)
    DATABASES["replica"] = _database("DATABASE_REPLICA_URL", _read)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "experiments.membership.RolesBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": 12}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
# Who fails five times is kept out for a quarter of an hour: that account from that address. By the
# account alone, anybody could keep it out; by the address alone, a whole office.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HANDLER = "responses.desk_logins.LoginsOfNoDevice"
AXES_CLIENT_IP_CALLABLE = "responses.desk_logins.pseudonym_of"
# What it writes of a form that failed has these masked; passwords always are.
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "csrfmiddlewaretoken", "next"]
AXES_LOCKOUT_CALLABLE = "responses.error_pages.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Off only where nobody else can reach the desk: under `make run` and in tests.
TWO_FACTOR = env.bool("COPROD_TWO_FACTOR", default=True)
# How long after a login identities and files may be asked for without the password again.
FRESH_LOGIN_MINUTES = env.int("COPROD_FRESH_LOGIN_MINUTES", default=15)
OTP_TOTP_ISSUER = "Coprod"

SESSION_ENGINE = "coprod_site.hashed_sessions"
# For who opens the page that logs in by itself.
LOGIN_REDIRECT_URL = "admin:index"
# A session of the desk ends this long after the login, whatever is done in it.
SESSION_COOKIE_AGE = 3600 * env.int("COPROD_SESSION_HOURS", default=12)

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean"))]
LOCALE_PATHS = [ROOT / "locale", ROOT / "coprod_site" / "locale"]
FORMAT_MODULE_PATH = "coprod_site.formats"
# Of the desk alone: a participant's language is in their link.
LANGUAGE_COOKIE_PATH = "/admin/"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("COPROD_TIME_ZONE", default="UTC")

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("COPROD_STATIC_ROOT", default=str(ROOT / "var" / "static")))
STATICFILES_DIRS = [ROOT / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "coprod_site.bootstrap.BootstrapFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Where files of exports are kept for a day, so that downloads can go on.
EXPORT_ROOT = Path(env.str("COPROD_EXPORT_ROOT", default=str(ROOT / "var" / "exports")))

# What one token of the API may ask for.
API_REQUESTS_PER_MINUTE = env.int("COPROD_API_REQUESTS_PER_MINUTE", default=120)
API_EXPORTS_PER_HOUR = env.int("COPROD_API_EXPORTS_PER_HOUR", default=30)

# How many requests a network may send in a minute: docs/security.md says what each is for.
RATES = {
    "entries": env.int("COPROD_ENTRIES_PER_MINUTE", default=900),
    "entries_of_an_hour": env.int("COPROD_ENTRIES_PER_HOUR", default=3000),
    "study_entries": env.int("COPROD_STUDY_ENTRIES_PER_MINUTE", default=6000),
    "posts": env.int("COPROD_POSTS_PER_MINUTE", default=30_000),
    "codes": env.int("COPROD_CODES_PER_MINUTE", default=300),
    "logins": env.int("COPROD_LOGINS_PER_MINUTE", default=60),
}
# Raises all of them where one machine is a crowd: in benchmarks and tests.
RATE_TIMES = env.int("COPROD_RATE_TIMES", default=1)
REHEARSAL_RATE_TIMES = env.int("COPROD_REHEARSAL_RATE_TIMES", default=100)

UNFOLD = desk_look.UNFOLD

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
# Asked for from inside, where nobody speaks TLS.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
BEHIND_PROXY = env.bool("COPROD_BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = response_headers.ALWAYS["Referrer-Policy"]
X_FRAME_OPTIONS = response_headers.ALWAYS["X-Frame-Options"]
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "responses.error_pages.csrf_failure"
# Nobody else's pages read our static files.
WHITENOISE_ALLOW_ALL_ORIGINS = False
# A page of a survey is small; what the desk uploads is larger (coprod_site/handler.py).
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Participant pages hold no inline script or style and ask no third party.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# Where granian tells its own figures, to be put below ours.
SERVER_METRICS_URL = env.str("COPROD_SERVER_METRICS_URL", default="")

REDIS_URL = env.str("REDIS_URL")
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = broker(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# A look takes seconds. One that hangs gives up after an hour, and the next sweep starts it anew.
CELERY_TASK_SOFT_TIME_LIMIT = 3600
CELERY_TASK_TIME_LIMIT = 3660
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
SWEEP_SECONDS = env.float("COPROD_SWEEP_SECONDS", default=5.0)
# A sweep that waited longer has been overtaken by others. Much sooner than a look that waits: else
# a worker that can't keep up has sweeps before it that are as old, and comes to no look in time.
_SWEEP = {"schedule": SWEEP_SECONDS, "options": {"expires": max(15.0, 3 * SWEEP_SECONDS)}}
CELERY_BEAT_SCHEDULER = "coprod_site.beat:SteadyScheduler"
# In this order such a worker comes to them: to looks first.
CELERY_BEAT_SCHEDULE = {
    "sweep-looks": {"task": "analysis.tasks.sweep_looks", **_SWEEP},
    "sweep-bundles": {"task": "analysis.tasks.sweep_bundles", **_SWEEP},
    "fold-tallies": {"task": "responses.tasks.fold", **_SWEEP},
    "sweep-simulations": {"task": "analysis.tasks.sweep_simulations", **_SWEEP},
    "sweep-rehearsals": {"task": "rehearsal.tasks.sweep_rehearsals", **_SWEEP},
    "drop-exports": {"task": "responses.tasks.drop_exports", "schedule": 3600.0},
    "partition": {"task": "responses.tasks.partition", "schedule": 3600.0},
    "erase-identities": {"task": "responses.tasks.erase_identities", "schedule": 3600.0},
    "forget-logins": {"task": "responses.tasks.forget_logins", "schedule": 3600.0},
}

LOGGING = logs.logging_of(
    level=env.str("COPROD_LOG_LEVEL", default="WARNING"),
    as_json=env.bool("COPROD_LOG_JSON", default=False),
)
# A worker's lines are written as the web's.
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
SENTRY_DSN = env.str("COPROD_SENTRY_DSN", default="")
sentry.begin(SENTRY_DSN, release=REVISION)
