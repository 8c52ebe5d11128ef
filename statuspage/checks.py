"""System checks: combinations of settings that work at first sight and hurt later."""

import ipaddress
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from statuspage.sqlite_library import FIRST_SOUND_VERSION, sqlite_version

INSTALLATION = "installation"
"""Tag of what depends on the machine and its settings. All other checks are about the code, which `make check` saw."""

SHORTEST_KEY = 32
"""Characters; as hexadecimal digits that is 128 bits, which nobody guesses."""

FEWEST_LETTERS = 8
"""Different characters of a key; a drawn one has far more."""


def is_local(address: str) -> bool:
    """Return whether the address of the site names this machine only."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def check_settings(**_: Any) -> list[checks.CheckMessage]:
    """Return a message for each dangerous combination, each with what to change."""
    return [*check_public_site(), *check_parts()]


def refuse_dangerous_settings() -> None:
    """Raise ImproperlyConfigured, with what to change, where a check finds an error.

    Commands of manage.py and workers look by themselves; a web server that imports our entry point would not.
    """
    for message in check_settings():
        if message.level >= checks.ERROR:
            raise ImproperlyConfigured(f"{message.msg} {message.hint}")


def is_weak(key: str) -> bool:
    """Return whether a signing key could be guessed, or is one that stands in somebody's example."""
    return len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_LETTERS or key.startswith("django-insecure-")


def check_public_site() -> Iterator[checks.CheckMessage]:
    """Yield what is wrong with a site that others than this machine can reach."""
    address = urlsplit(settings.SITE_URL)
    if address.scheme not in {"http", "https"} or not address.hostname:
        yield checks.Error(
            f"SITE_URL is {settings.SITE_URL!r}, which is no address of a site.",
            hint="Give the address that readers type, for example https://status.example.com",
            id="statuspage.E001",
        )
        return
    if is_local(settings.SITE_URL):
        return
    yield from check_safety()
    if address.scheme == "http":
        yield checks.Warning(
            "SITE_URL begins with http://: passwords of staff travel in the clear.",
            hint="Serve the page over TLS (deploy/ has a proxy) and set SITE_URL to its https:// address.",
            id="statuspage.W002",
        )
    if settings.OIDC_ISSUER.startswith("http://"):
        yield checks.Warning(
            "OIDC_ISSUER begins with http://: whoever stands between signs in as anybody.",
            hint="Give the https:// address of the identity provider.",
            id="statuspage.W006",
        )
    if settings.MAIL_IS_KEPT:
        yield checks.Warning(
            "SITE_URL is public and EMAIL_URL is not set: mails are kept in a folder, subscribers hear nothing.",
            hint="Set EMAIL_URL to your relay, for example smtp+tls://user:password@mail.example.com:587",
            id="statuspage.W003",
        )


def check_safety() -> Iterator[checks.CheckMessage]:
    """Yield what would give a public site away; with any of it nothing starts."""
    if settings.DEBUG:
        yield checks.Error(
            "DEBUG is on and SITE_URL is public: errors would show settings and data to readers.",
            hint="Unset DEBUG.",
            id="statuspage.E002",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield checks.Error(
            "ALLOWED_HOSTS is *: links in mails can be made to point at somebody else's host.",
            hint="Set ALLOWED_HOSTS to the host names of the page, or unset it for that of SITE_URL.",
            id="statuspage.E003",
        )
    if is_weak(settings.SECRET_KEY):
        yield checks.Error(
            "SECRET_KEY is short or taken from an example: whoever guesses it signs in as anybody.",
            hint="Set SECRET_KEY to 50 random characters (openssl rand -hex 25), or unset it and one is made.",
            id="statuspage.E004",
        )


def check_parts() -> Iterator[checks.CheckMessage]:
    """Yield what is wrong between the database, its library, the broker and the identity provider."""
    if settings.OIDC_ISSUER and not settings.OIDC_CLIENT_ID:
        yield checks.Warning(
            "OIDC_ISSUER is set without OIDC_CLIENT_ID: the identity provider does not know who asks.",
            hint="Register this site there and set OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, or unset OIDC_ISSUER.",
            id="statuspage.W007",
        )
    if settings.USES_SQLITE and not settings.WORKER_IS_EMBEDDED:
        yield checks.Warning(
            "BROKER_URL is set while the database is a SQLite file: workers on other machines cannot see it.",
            hint="Set DATABASE_URL to a PostgreSQL database, or unset BROKER_URL.",
            id="statuspage.W004",
        )
    if settings.USES_SQLITE and sqlite_version() < FIRST_SOUND_VERSION:
        yield checks.Warning(
            f"SQLite {'.'.join(map(str, sqlite_version()))} has the WAL-reset bug, which can damage the database.",
            hint="Use SQLite 3.51.3 or newer (the package pysqlite3 brings one), or PostgreSQL.",
            id="statuspage.W005",
        )
