"""All settings, driven by the environment.

Nothing set: SQLite, a file broker and a refusal to start without SECRET_KEY. DEMO=1 (what `make run` sets) makes a key
of its own below DATA_DIR and shows the demo sign-ins. DATABASE_URL and REDIS_URL move it to PostgreSQL and Redis.
"""

from importlib.util import find_spec
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
DEMO = env.bool("DEMO", default=False)
DEBUG = False
DEMO_KEY_FILE = DATA_DIR / "demo.key"


def _secret_key() -> str:
    """Return SECRET_KEY; under DEMO a key generated once, elsewhere a refusal when it is missing or the demo's."""
    key = env.str("SECRET_KEY", default="")
    demo_key = DEMO_KEY_FILE.read_text().strip() if DEMO_KEY_FILE.exists() else ""
    if DEMO:
        if not demo_key:
            demo_key = get_random_secret_key()
            DEMO_KEY_FILE.write_text(demo_key)
            DEMO_KEY_FILE.chmod(0o600)
        return key or demo_key
    if not key or key == demo_key or len(key) < 32:
        raise ImproperlyConfigured(
            "SECRET_KEY is missing, shorter than 32 characters, or the demo's. Set SECRET_KEY in the environment, "
            "or set DEMO=1 to try the system out on demo data."
        )
    return key


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if DEMO else ["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

INSTALLED_APPS = [
    "review",
    "risks",
    "enterprises",
    "riskreport.ground",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_filters",
    "django_htmx",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_include_bootstrap",
    "heroicons",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "riskreport.ground.middleware.RequestIdMiddleware",
    "riskreport.ground.middleware.DatabaseAwayMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "riskreport.ground.middleware.IdleSessionMiddleware",
    "riskreport.ground.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "enterprises.middleware.UnfinishedSignInMiddleware",
    "riskreport.ground.middleware.DenyByDefaultMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "riskreport.urls"
WSGI_APPLICATION = "riskreport.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "review.context.shell",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- data -----------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'riskreport.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = None
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "keepalives": 1,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
        "tcp_user_timeout": 30_000,
        "options": "-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MEDIA_ROOT = DATA_DIR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
ATTACHMENT_MAX_BYTES = 20 * 1024 * 1024
REDIS_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL and env.bool("REDIS_CACHE", default=False)
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# --- background work ------------------------------------------------------------------------------------------------
BROKER_DIR = DATA_DIR / "broker"
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "socket_timeout": 5,
        "socket_connect_timeout": 1,
        "visibility_timeout": 3600,
        # A web server that nudges a broker which is away must answer its person at once, not after 2 + 4 seconds.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
    }
else:
    for folder in ("messages", "processed", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost//"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "messages"),
        "data_folder_out": str(BROKER_DIR / "messages"),
        "processed_folder": str(BROKER_DIR / "processed"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
    }
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=120)  # a worker silent for longer has lost its job
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "quick"
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_ROUTES = {"ground.run_job": {"queue": "bulk"}}
CELERY_BEAT_SCHEDULE = {
    "quick reactions": {"task": "ground.run_reactions", "schedule": 5.0, "args": ["quick"]},
    "bulk reactions": {
        "task": "ground.run_reactions",
        "schedule": 20.0,
        "args": ["bulk"],
        "options": {"queue": "bulk"},
    },
    "sweep jobs": {"task": "ground.sweep_jobs", "schedule": 30.0},
    "overdue reports": {"task": "review.mark_overdue", "schedule": 3600.0, "options": {"queue": "bulk"}},
    "tallies of the boards": {
        "task": "review.count_tallies",
        "schedule": 10.0,
        "options": {"queue": "bulk", "expires": 10},
    },
    "catalogues into force": {
        "task": "risks.take_due_into_force",
        "schedule": 600.0,
        "options": {"queue": "bulk"},
    },
    "lapsed letters": {"task": "enterprises.clean_up", "schedule": 900.0},
    "nightly": {"task": "ground.start_nightly", "schedule": 60.0},
    "owed mails": {"task": "ground.send_mails", "schedule": 600.0, "options": {"queue": "bulk"}},
}
NIGHTLY_AT = env.str("NIGHTLY_AT", default="02:00")  # local time; a night missed is made up once at the next start
RESULT_FILES_KEPT_DAYS = env.int("RESULT_FILES_KEPT_DAYS", default=7)  # exports and other files that jobs made
TEMPORARY_FILES_KEPT_DAYS = env.int("TEMPORARY_FILES_KEPT_DAYS", default=1)  # what an interrupted upload left
UNREFERENCED_FILES_KEPT_DAYS = env.int("UNREFERENCED_FILES_KEPT_DAYS", default=30)  # uploads no record names
LEAVERS_KEPT_DAYS = env.int("LEAVERS_KEPT_DAYS", default=365)  # then what is personal of a closed account is masked
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

# --- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "enterprises.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "enterprises.queries.people.PersonBackend",
    "enterprises.queries.people.FirstUseBackend",
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "enterprises.checks.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = {
    "official": env.int("SESSION_IDLE_OFFICIAL", default=15 * 60),
    "enterprise": env.int("SESSION_IDLE_ENTERPRISE", default=30 * 60),
}
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_USERNAME_FORM_FIELD = "username"  # the key of authenticate(), not of the form: else every account counts as one
AXES_CLIENT_IP_CALLABLE = "riskreport.ground.request.client_address"
FIRST_USE_FAILURES = env.int("FIRST_USE_FAILURES", default=50)  # from one address, not made good by a sign-in since
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_SENSITIVE_PARAMETERS = ["code"]
AXES_LOCKOUT_TEMPLATE = "sign_in_locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SECOND_FACTOR = env.str("SECOND_FACTOR", default="off")
if SECOND_FACTOR not in ("off", "officials"):
    raise ImproperlyConfigured("SECOND_FACTOR is “off” or “officials”.")

# The city's single sign-on by OpenID Connect; without SSO_ISSUER there is no such door.
SSO_ISSUER = env.str("SSO_ISSUER", default="")
SSO_CLIENT_ID = env.str("SSO_CLIENT_ID", default="")
SSO_CLIENT_SECRET = env.str("SSO_CLIENT_SECRET", default="")
SSO_CLAIM = env.str("SSO_CLAIM", default="sub")  # what the identity token says that is kept on the person
SSO_NAME = env.str("SSO_NAME", default="")
SSO_SECOND_FACTOR = env.str("SSO_SECOND_FACTOR", default="ask")
if SSO_ISSUER and not (SSO_ISSUER.startswith("https://") and SSO_CLIENT_ID and SSO_CLIENT_SECRET):
    raise ImproperlyConfigured("SSO_ISSUER begins with https:// and needs SSO_CLIENT_ID and SSO_CLIENT_SECRET.")
if SSO_SECOND_FACTOR not in ("ask", "trust"):
    raise ImproperlyConfigured("SSO_SECOND_FACTOR is “ask” or “trust”.")

# --- mail: off unless EMAIL_URL says how, as smtp+tls://name:password@host:587 --------------------------------------
MAIL_ON = bool(env.str("EMAIL_URL", default=""))
if MAIL_ON:
    globals().update(env.email_url("EMAIL_URL"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="noreply@localhost")
OFFICE_DOMAIN = DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
SITE_URL = env.str("SITE_URL", default="")  # where people sign in, as a mail names it

# --- language and time ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = USE_TZ = True
OFFICE_NAME = env.str("OFFICE_NAME", default="苏州市安全生产委员会办公室")
SYSTEM_NAME = _("Safety-risk reporting")

# --- static files ---------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
# ECharts comes as one file inside a package that is never imported.
_echarts = find_spec("instaui_echarts")
STATICFILES_DIRS = [BASE_DIR / "static", ("echarts", Path(_echarts.origin).parent / "static")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- logs: no personal data, one line a record ----------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request_id": {"()": "riskreport.ground.middleware.RequestIdFilter"},
        "secrets": {"()": "riskreport.ground.middleware.SecretsFilter"},
    },
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id", "secrets"]}
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "axes": {"level": "ERROR"},
        "pikepdf": {"level": "WARNING"},
    },
}
TEST_RUNNER = "django.test.runner.DiscoverRunner"
SILENCED_SYSTEM_CHECKS = ["models.W040"]  # included columns serve PostgreSQL; SQLite leaves them out, as it should
