"""All settings. Every value an operator may set comes from the environment and is listed in docs/settings.md.

The project works with no variable set: SQLite and kept mail in `./var`, an in-process broker.
"""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django_stubs_ext

from statuspage.environment import (
    read_database,
    read_list,
    read_mail_relay,
    read_number,
    read_path,
    read_switch,
    read_text,
)
from statuspage.hosts import HostsOfPages
from statuspage.mail_urls import read_address, read_mailbox, read_provider
from statuspage.secret_key import kept_secret_key
from statuspage.single_sign_on import read_issuer
from statuspage.sqlite_library import use_sound_sqlite

# Before anything opens a database: Django imports whatever is called sqlite3 by then.
use_sound_sqlite()

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where it runs ---------------------------------------------------------------------------------------------

DATA_DIR: Path = read_path("DATA_DIR", BASE_DIR / "var")
DATA_DIR.mkdir(parents=True, exist_ok=True)
PORT: int = read_number("PORT", 8000, 1, 65535)
BIND_ADDRESS: str = read_text("BIND_ADDRESS", "127.0.0.1")
SITE_URL: str = read_text("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
DEBUG: bool = read_switch("DEBUG", default=False)
ALLOWED_HOSTS: list[str] = [
    *read_list("ALLOWED_HOSTS", [urlsplit(SITE_URL).hostname or "localhost", "localhost", "127.0.0.1", "[::1]"]),
    # Last, so that the database is asked for hosts that are not among these only.
    HostsOfPages(),
]
TRUSTED_PROXY_COUNT: int = read_number("TRUSTED_PROXY_COUNT", 0, 0, 10)
WEB_THREADS: int = read_number("WEB_THREADS", 4, 1, 256)
# Addresses or networks (10.1.0.0/16) that requests of ours may go to although they are not on the public internet.
OUTBOUND_ALLOWED_ADDRESSES: list[str] = read_list("OUTBOUND_ALLOWED_ADDRESSES", [])

# --- Security --------------------------------------------------------------------------------------------------

SECRET_KEY: str = read_text("SECRET_KEY") or kept_secret_key(DATA_DIR)
# Keys that were in use before: what they signed (links in mails, bounce addresses) stays good.
SECRET_KEY_FALLBACKS: list[str] = read_list("SECRET_KEY_FALLBACKS", [])
SERVED_OVER_TLS: bool = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = SERVED_OVER_TLS
CSRF_COOKIE_SECURE = SERVED_OVER_TLS
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS: list[str] = [SITE_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP: dict[str, list[str]] = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/console/sign-in"
LOGIN_REDIRECT_URL = "/console/"
LOGOUT_REDIRECT_URL = "/"
# How long a session of staff lasts, whatever they do; on a phone that is at hand at 3 AM nobody wants to sign in.
SESSION_COOKIE_AGE: int = 60 * 60 * 24 * read_number("SESSION_DAYS", 7, 1, 90)
# The first staff login that `manage.py run` makes on a new database; without a password the log shows a link instead.
STATUSPAGE_ADMIN_EMAIL: str = read_text("STATUSPAGE_ADMIN_EMAIL", "admin@example.com")
STATUSPAGE_ADMIN_PASSWORD: str = read_text("STATUSPAGE_ADMIN_PASSWORD")

# --- Accounts (django-allauth) ------------------------------------------------------------------------------------

ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
# One way to name an account, so that every try costs one hash; our form finds the name behind an address of mail.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_ADAPTER = "incidents.console.signing.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
# Strangers are not mailed that they have no account; the answer on the screen is the same.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
# Settings of people, tokens and second factors ask again after a quarter of an hour; posting never does.
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
# Sign-ins and codes are counted in the database (incidents/staff/limits.py), before anything is hashed.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
MFA_ADAPTER = "incidents.console.signing.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "incidents.console.signing.forms.CodeForm",
    "reauthenticate": "incidents.console.signing.forms.CodeAgainForm",
    "add_webauthn": "incidents.console.signing.forms.PasskeyForm",
}
# Browsers take passkeys on http:// for this machine only, and so does the library then.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = urlsplit(SITE_URL).hostname in {"localhost", "127.0.0.1"}
# Single sign-on by OpenID Connect; the package's parts for it are an extra, requirements/sso.
OIDC_ISSUER: str = read_issuer("OIDC_ISSUER")
OIDC_CLIENT_ID: str = read_text("OIDC_CLIENT_ID")
OIDC_CLIENT_SECRET: str = read_text("OIDC_CLIENT_SECRET")
OIDC_NAME: str = read_text("OIDC_NAME", "Single sign-on")
# What the button at the door says; without a provider there is none.
SINGLE_SIGN_ON: str = OIDC_NAME if OIDC_ISSUER else ""
# Domains whose addresses are the provider's to give, where it says nothing of having verified them.
OIDC_MAIL_DOMAINS: list[str] = [domain.lower() for domain in read_list("OIDC_MAIL_DOMAINS", [])]
SOCIALACCOUNT_ADAPTER = "incidents.console.signing.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "sso",
                "name": OIDC_NAME,
                "client_id": OIDC_CLIENT_ID,
                "secret": OIDC_CLIENT_SECRET,
                "settings": {"server_url": OIDC_ISSUER},
            }
        ],
    }
}

# --- Application -----------------------------------------------------------------------------------------------

django_stubs_ext.monkeypatch()

INSTALLED_APPS = [
    "incidents",
    "statuspage.apps.StatuspageConfig",
    "whitenoise.runserver_nostatic",
    "statuspage.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    *(["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"] if OIDC_ISSUER else []),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "statuspage.content_security.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    # After the session is known; before anything public is answered.
    "incidents.publishing.gate.Gate",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "statuspage.urls"
WSGI_APPLICATION = "statuspage.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            # Partials are built in from Django 6 on: deleting the name and the app above will be the whole move.
            "builtins": [
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "incidents.templatetags.public_addresses",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Time and language -----------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# --- Database --------------------------------------------------------------------------------------------------

DATABASE: dict[str, Any] = read_database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'statuspage.sqlite3'}")
USES_SQLITE: bool = "sqlite" in DATABASE["ENGINE"]
if USES_SQLITE:
    DATABASE["OPTIONS"] = {
        # With Django's default (DEFERRED) half of the concurrent writers failed with "database is locked".
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: with NORMAL, 424 acknowledged commits were lost in a simulated power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=0;",
    }
else:
    # Health checks instead of a pool: after a restart of PostgreSQL a pool gives one error per pooled connection.
    DATABASE["CONN_MAX_AGE"] = 600
    DATABASE["CONN_HEALTH_CHECKS"] = True
    DATABASE["OPTIONS"] = {"connect_timeout": 3, **DATABASE.get("OPTIONS", {})}
DATABASES = {"default": DATABASE}

# --- Tasks (read by statuspage/celery.py) ----------------------------------------------------------------------

BROKER_URL: str = read_text("BROKER_URL", "memory://localhost/")
# The in-process broker can be read by its own process only, so the web process must hold the worker itself.
WORKER_IS_EMBEDDED: bool = BROKER_URL.startswith("memory://")

# --- Mail ------------------------------------------------------------------------------------------------------

MAIL_FROM: str = read_address("MAIL_FROM", f"status@{urlsplit(SITE_URL).hostname or 'localhost'}")
DEFAULT_FROM_EMAIL = MAIL_FROM
SERVER_EMAIL = MAIL_FROM
# Without a relay every mail is kept as a file in this folder, and the console shows them.
KEPT_MAIL_DIR: Path = DATA_DIR / "mail"
_relay = read_mail_relay("EMAIL_URL")
_provider = read_provider("EMAIL_URL")
MAIL_IS_KEPT: bool = _relay is None and _provider is None
# What Django mails by itself: invitations and links for a new password.
EMAIL_BACKEND: str = "django.core.mail.backends.filebased.EmailBackend" if _relay is None else _relay["EMAIL_BACKEND"]
if _provider is not None:
    EMAIL_BACKEND = _provider.backend
EMAIL_FILE_PATH: str = str(KEPT_MAIL_DIR)
EMAIL_HOST: str = "localhost" if _relay is None else _relay["EMAIL_HOST"] or "localhost"
EMAIL_PORT: int = 25 if _relay is None else int(_relay["EMAIL_PORT"] or 25)
EMAIL_HOST_USER: str = "" if _relay is None else _relay["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD: str = "" if _relay is None else _relay["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS: bool = _relay is not None and bool(_relay.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL: bool = _relay is not None and bool(_relay.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 20
# Connections one worker keeps to the relay while there is much to send.
SMTP_CONNECTIONS: int = read_number("SMTP_CONNECTIONS", 16, 1, 500)
# Where answers of readers go; unset, to MAIL_FROM.
MAIL_REPLY_TO: str = read_address("MAIL_REPLY_TO")
# The sender's postal or legal line, under every mail.
MAIL_LEGAL_LINE: str = read_text("MAIL_LEGAL_LINE")
DKIM_SELECTORS: list[str] = read_list("DKIM_SELECTORS", [])

# A provider's HTTP interface instead of a relay (EMAIL_URL=anymail+...); the package is an extra, requirements/.
MAIL_PROVIDER: str = "" if _provider is None else _provider.name
MAIL_PROVIDER_BACKEND: str = "" if _provider is None else _provider.backend
MAIL_PROVIDER_WEBHOOK: str = "" if _provider is None else _provider.webhook
PROVIDER_WEBHOOK_SECRET: str = read_text("PROVIDER_WEBHOOK_SECRET")
ANYMAIL: dict[str, Any] = {
    # Bounce addresses and headers that one or the other provider cannot carry must not hold up the mail.
    "IGNORE_UNSUPPORTED_FEATURES": True,
    "REQUESTS_TIMEOUT": 10,
    **({"WEBHOOK_SECRET": PROVIDER_WEBHOOK_SECRET} if PROVIDER_WEBHOOK_SECRET else {}),
    **({} if _provider is None else _provider.settings),
}

# Bounces: the address they come back to, and the two ways they may be read.
# The signed tag (+...) takes up to 40 of the 64 octets a local part may have (RFC 5321, section 4.5.3.1.1).
BOUNCE_ADDRESS: str = read_address("BOUNCE_ADDRESS", longest_local=24)
BOUNCE_SECRET: str = read_text("BOUNCE_SECRET")
BOUNCE_MAILBOX: dict[str, Any] | None = read_mailbox("BOUNCE_MAILBOX_URL")

# --- Sending -----------------------------------------------------------------------------------------------------

# Messages a second on a channel: never slowed below the first, never faster than the second (0: as fast as it goes).
SEND_LEAST_PER_SECOND: int = read_number("SEND_LEAST_PER_SECOND", 1, 1, 1_000)
SEND_MOST_PER_SECOND: int = read_number("SEND_MOST_PER_SECOND", 0, 0, 100_000)
# More mails than this to one reader within so many minutes, and the next ones wait and come as one digest; 0: never.
FLOOD_MAILS: int = read_number("FLOOD_MAILS", 5, 0, 1_000)
FLOOD_MINUTES: int = read_number("FLOOD_MINUTES", 10, 1, 1_440)
# How long finished deliveries are kept, in days.
DELIVERY_DAYS: int = read_number("DELIVERY_DAYS", 30, 1, 3_650)
# A web hook that hears of alarms to staff, also while mail is what broke.
ALARM_URL: str = read_text("ALARM_URL")

# --- Webhooks, chats and SMS -------------------------------------------------------------------------------------

# How long one request may take in all; the signature of a webhook is good for five minutes.
HOOK_SECONDS: int = read_number("HOOK_SECONDS", 10, 1, 30)
# How many requests may be under way at once; most of them wait for slow endpoints.
HOOK_REQUESTS: int = read_number("HOOK_REQUESTS", 600, 1, 2_000)
TELEGRAM_BOT_TOKEN: str = read_text("TELEGRAM_BOT_TOKEN")
TELEGRAM_API_URL: str = read_text("TELEGRAM_API_URL", "https://api.telegram.org").rstrip("/")
SMS_ACCOUNT: str = read_text("SMS_ACCOUNT")
SMS_TOKEN: str = read_text("SMS_TOKEN")
SMS_FROM: str = read_text("SMS_FROM")
SMS_API_URL: str = read_text("SMS_API_URL", "https://api.twilio.com").rstrip("/")

# --- Subscribers -----------------------------------------------------------------------------------------------

# Who left, where losing the database does not lose it. Several machines: a file name for each, in one folder.
SUPPRESSION_JOURNAL: Path = read_path("SUPPRESSION_JOURNAL", DATA_DIR / "suppression.journal")
# Requests one network (/24, /64) may make on the subscribe form within an hour.
SUBSCRIPTIONS_PER_NETWORK: int = read_number("SUBSCRIPTIONS_PER_NETWORK", 10, 1, 100_000)
# Ask DNS whether a domain takes mail before a confirmation is sent there.
MAIL_DOMAINS_ARE_CHECKED: bool = read_switch("MAIL_DOMAINS_ARE_CHECKED", default=True)

# --- Static files ----------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT: Path = DATA_DIR / "static"
# Empty until `collectstatic`; WhiteNoise warns at every start where the folder is missing.
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "statuspage.static_files.HashedStaticFilesStorage"},
}
MEDIA_ROOT: Path = DATA_DIR / "media"
MEDIA_URL = "/media/"

# --- Publishing ------------------------------------------------------------------------------------------------

# A folder in which the published pages are kept as plain files, for nginx in front; empty: none are kept.
PUBLISH_TO: Path | None = read_path("PUBLISH_TO", BASE_DIR) if read_text("PUBLISH_TO") else None

# --- Logging ---------------------------------------------------------------------------------------------------

LOG_LEVEL: str = read_text("LOG_LEVEL", "INFO").upper()
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line"},
        # An empty list of handlers would not be silent: Python then writes to standard error by itself.
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "incidents": {"level": LOG_LEVEL},
        "statuspage": {"level": LOG_LEVEL},
        # Django's own handlers mail the administrators and write differently; one log, one form.
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        # Scanners ask for hosts that are not ours all day: they get their 400, the log gets no traceback of it.
        "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
    },
}
