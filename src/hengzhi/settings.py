"""Django's settings, taken from the workspace and the environment."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF

from hengzhi.lake.workspace import Workspace, WorkspaceMissing, find

PACKAGE = Path(__file__).resolve().parent


def _workspace() -> Workspace | None:
    try:
        return find(None, os.environ, Path.cwd())
    except WorkspaceMissing:
        return None  # tools such as makemigrations and mypy need no workspace


def _database(workspace: Workspace | None) -> dict[str, object]:
    url = os.environ.get("DATABASE_URL", "")
    if url:
        parts = urlsplit(url)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or "") or dict(parse_qsl(parts.query)).get("host", ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(workspace.database) if workspace else ":memory:",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA busy_timeout=20000;PRAGMA foreign_keys=ON;",
        },
    }


WORKSPACE = _workspace()
SECRET_KEY = WORKSPACE.secret("django").decode() if WORKSPACE else "only-for-tools-without-a-workspace-" + "x" * 32
HENGZHI_AUDIT_KEY = WORKSPACE.secret("audit") if WORKSPACE else b"only-for-tools-without-a-workspace"
HENGZHI_AUDIT_ANCHORS = WORKSPACE.root / "log" / "audit-anchors.jsonl" if WORKSPACE else None
DEBUG = False
DEMO = bool(WORKSPACE and (WORKSPACE.root / "demo.json").is_file())  # every page then says that its data are examples
ALLOWED_HOSTS = [host for host in os.environ.get("HENGZHI_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if host]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "axes",
    "hengzhi",
]
AUTH_USER_MODEL = "hengzhi.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "hengzhi.spine.people.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "hengzhi.spine.people.passwords.NotCommon"},
    {"NAME": "hengzhi.spine.people.passwords.MoreThanOwnWords"},
]
MIDDLEWARE = [
    "hengzhi.web.middleware.RequestId",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "hengzhi.web.middleware.CarefulHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hengzhi.web.middleware.Language",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hengzhi.web.sessions.SessionLimits",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "hengzhi.web.people.second_step.SecondFactorAsked",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "hengzhi.web.errors.HouseErrors",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "hengzhi.urls"
WSGI_APPLICATION = "hengzhi.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ]
        },
    }
]
DATABASES = {"default": _database(WORKSPACE)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

USE_TZ = True
TIME_ZONE = str(WORKSPACE.zone) if WORKSPACE else "Asia/Shanghai"
USE_I18N = True
LANGUAGE_CODE = "en" if WORKSPACE and WORKSPACE.language == "en" else "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

SESSION_COOKIE_NAME = "__Host-hengzhi"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_MINUTES = 30
SESSION_IDLE_MINUTES_ADMINISTRATOR = 15
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = "__Host-language"
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
CSRF_FAILURE_VIEW = "hengzhi.web.errors.csrf_refused"
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_LOCKOUT_CALLABLE = "hengzhi.web.accounts.locked_out"
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # a lock per account must not be escaped by changing the address
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
# In the web one file may have so many bytes; up to the second it is imported while the browser waits; one person may leave so much lying.
UPLOAD_FILE_BYTES = int(os.environ.get("HENGZHI_UPLOAD_MB", "100")) * 1_000_000
UPLOAD_AT_ONCE_BYTES = int(os.environ.get("HENGZHI_UPLOAD_AT_ONCE_MB", "20")) * 1_000_000
UPLOAD_PERSON_BYTES = 5 * UPLOAD_FILE_BYTES
FILE_UPLOAD_TEMP_DIR = str(WORKSPACE.tmp) if WORKSPACE else None
