"""Typed readers of environment variables: an empty variable counts as unset, nonsense is refused in words."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

# FileAwareEnv also reads NAME_FILE, so that a secret may live in a file mounted by the container platform.
_environment = environ.FileAwareEnv()

# Every name asked for, in order. A test compares it with the table in docs/settings.md.
names_read: list[str] = []


def read_text(name: str, default: str = "") -> str:
    """Return the variable, or the default where it is unset or empty."""
    names_read.append(name)
    return str(_environment.str(name, default="")).strip() or default


def read_number(name: str, default: int, lowest: int, highest: int) -> int:
    """Return the variable as a whole number within the limits.

    Raises ImproperlyConfigured for anything else.
    """
    text = read_text(name, str(default))
    if not re.fullmatch(r"\d{1,9}", text) or not lowest <= int(text) <= highest:
        raise ImproperlyConfigured(f"{name} is {text!r}: give a whole number from {lowest} to {highest}.")
    return int(text)


def read_switch(name: str, *, default: bool) -> bool:
    """Return the variable as true or false (1/0, true/false, yes/no, on/off).

    Raises ImproperlyConfigured for anything else.
    """
    text = read_text(name, str(default)).lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} is {text!r}: give true or false.")


def read_list(name: str, default: list[str]) -> list[str]:
    """Return the comma-separated variable as a list without empty items."""
    items = [item.strip() for item in read_text(name).split(",")]
    return [item for item in items if item] or default


def read_path(name: str, default: Path) -> Path:
    """Return the variable as an absolute path; a relative one counts from the working directory."""
    return Path(read_text(name, str(default))).expanduser().resolve()


def read_database(name: str, default: str) -> dict[str, Any]:
    """Return Django's database dictionary for an address such as `postgres://user:secret@host/name`.

    Raises ImproperlyConfigured for an address of another kind than PostgreSQL or SQLite.
    """
    url = read_text(name, default)
    scheme = url.partition(":")[0]
    if scheme not in {"sqlite", "postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} begins with {scheme!r}: give a postgres:// or sqlite:/// address.")
    return dict(environ.Env.db_url_config(url))


def read_mail_relay(name: str) -> dict[str, Any] | None:
    """Return Django's EMAIL_* settings for an address such as `smtp+tls://user:secret@host:587`, None where unset.

    None as well for a provider's interface (anymail+..., statuspage/mail_urls.py).

    Raises ImproperlyConfigured for an address of another kind.
    """
    url = read_text(name)
    scheme, _, rest = url.partition(":")
    if not url or scheme.startswith("anymail+"):
        return None
    if scheme not in {"smtp", "smtp+tls", "smtp+ssl", "smtps"}:
        raise ImproperlyConfigured(f"{name} begins with {scheme!r}: give smtp://, smtp+tls://, smtps:// or anymail+...")
    if _port_of(url) is None:
        raise ImproperlyConfigured(f"{name} has a port that is none: give a whole number from 1 to 65535.")
    if any(not character.isprintable() for character in unquote(url)):
        raise ImproperlyConfigured(f"{name} holds a line break or a control character.")
    # django-environ takes smtps for STARTTLS; everybody else means TLS from the first byte (RFC 8314, section 3.3).
    return dict(environ.Env.email_url_config(f"smtp+ssl:{rest}" if scheme == "smtps" else url))


def _port_of(url: str) -> int | None:
    """Return the port of an address, -1 where it names none, None for one that cannot be."""
    try:
        port = urlsplit(url).port
    except ValueError:
        return None
    return -1 if port is None else port or None
