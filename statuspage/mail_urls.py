"""Addresses of mail in the environment: a provider's interface in EMAIL_URL, the mailbox bounces come back to."""

import re
from dataclasses import dataclass
from email.utils import getaddresses, parseaddr
from importlib.util import find_spec
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from statuspage.environment import read_text

PROVIDER_SCHEME = "anymail+"


@dataclass(frozen=True, slots=True)
class Provider:
    """How django-anymail calls a provider, and where the parts of an address belong in its settings."""

    view: str
    """Module and class name of its webhooks, without what all have in common."""
    prefix: str
    key: str = "API_KEY"
    secret: str = ""
    host: str = ""


PROVIDERS = {
    "brevo": Provider("brevo.Brevo", "BREVO"),
    "mailersend": Provider("mailersend.MailerSend", "MAILERSEND", key="API_TOKEN"),
    "mailgun": Provider("mailgun.Mailgun", "MAILGUN", host="SENDER_DOMAIN"),
    "mailjet": Provider("mailjet.Mailjet", "MAILJET", secret="SECRET_KEY"),  # noqa: S106 - the name of a setting
    "postmark": Provider("postmark.Postmark", "POSTMARK", key="SERVER_TOKEN"),
    "resend": Provider("resend.Resend", "RESEND"),
    "sendgrid": Provider("sendgrid.SendGrid", "SENDGRID"),
    "ses": Provider("amazon_ses.AmazonSES", "AMAZON_SES"),
    "sparkpost": Provider("sparkpost.SparkPost", "SPARKPOST"),
}

_ADDRESS_PARTS = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]+", re.ASCII)
_MAILBOX_PORTS = {"imap": 143, "imap+tls": 143, "imaps": 993, "pop3": 110, "pop3+tls": 110, "pop3s": 995}


@dataclass(frozen=True, slots=True)
class ProviderAddress:
    """A provider named by EMAIL_URL: its short name, anymail's classes (dotted) and anymail's settings."""

    name: str
    backend: str
    webhook: str
    settings: dict[str, Any]


def read_provider(name: str) -> ProviderAddress | None:
    """Return the provider of an address such as `anymail+postmark://token@`, None for an address of another kind.

    The key stands before the @, the domain (Mailgun) or region (SES) after it; whatever follows a question mark goes
    into anymail's settings of that provider, e.g. `?webhook_signing_key=...`. Raises ImproperlyConfigured.
    """
    url = read_text(name)
    if not url.startswith(PROVIDER_SCHEME):
        return None
    if find_spec("anymail") is None:
        raise ImproperlyConfigured(
            f"{name} names a provider, which needs the extra: sh requirements/install python3 .venv "
            "requirements/providers.txt"
        )
    parts = urlsplit(url)
    short = parts.scheme.removeprefix(PROVIDER_SCHEME)
    if short not in PROVIDERS:
        raise ImproperlyConfigured(f"{name} names the provider {short!r}: give one of {', '.join(PROVIDERS)}.")
    provider = PROVIDERS[short]
    found: dict[str, Any] = _keys(name, short, provider, parts) if short != "ses" else {}
    if short == "ses":
        found["AMAZON_SES_CLIENT_PARAMS"] = _ses(parts)
    found.update({f"{provider.prefix}_{key.upper()}": value for key, value in parse_qsl(parts.query)})
    module = provider.view.partition(".")[0]
    backend = f"anymail.backends.{module}.EmailBackend"
    return ProviderAddress(short, backend, f"anymail.webhooks.{provider.view}TrackingWebhookView", found)


def read_mailbox(name: str) -> dict[str, Any] | None:
    """Return scheme, host, port, user, password and folder of `imaps://user:password@host/INBOX`, None where unset.

    Raises ImproperlyConfigured for an address of another kind.
    """
    url = read_text(name)
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is no address of a mailbox ({error}).") from error
    if parts.scheme not in _MAILBOX_PORTS:
        raise ImproperlyConfigured(f"{name} begins with {parts.scheme!r}: give one of {', '.join(_MAILBOX_PORTS)}.")
    if not parts.hostname or not parts.username:
        raise ImproperlyConfigured(f"{name} names no host or no user: give imaps://user:password@host/INBOX.")
    return {
        "scheme": parts.scheme,
        "host": parts.hostname,
        "port": port or _MAILBOX_PORTS[parts.scheme],
        "user": unquote(parts.username),
        "password": unquote(parts.password or ""),
        "folder": unquote(parts.path.strip("/")) or "INBOX",
    }


def read_address(name: str, default: str = "", *, longest_local: int = 64) -> str:
    """Return a mail address in ASCII, with or without a name before it, as it may stand in a header.

    Raises ImproperlyConfigured for what is none, or has more than `longest_local` characters before the @.
    """
    text = read_text(name, default)
    if text == default:
        return default
    local, _, domain = parseaddr(text)[1].rpartition("@")
    is_one = text.isprintable() and len(getaddresses([text])) == 1
    well_formed = is_one and all(_ADDRESS_PARTS.fullmatch(part) for part in (local, domain))
    if not well_formed or len(local) > longest_local:
        raise ImproperlyConfigured(f"{name} is {text!r}: give one mail address in ASCII, e.g. status@example.com")
    return text


def _keys(name: str, short: str, provider: Provider, parts: SplitResult) -> dict[str, Any]:
    if not parts.username:
        raise ImproperlyConfigured(f"{name} has no key before the @: give anymail+{short}://KEY@")
    found = {f"{provider.prefix}_{provider.key}": unquote(parts.username)}
    for setting, value in ((provider.secret, unquote(parts.password or "")), (provider.host, parts.hostname or "")):
        if setting and not value:
            raise ImproperlyConfigured(f"{name} lacks {setting.lower()}: see docs/settings.md for its form")
        if setting:
            found[f"{provider.prefix}_{setting}"] = value
    return found


def _ses(parts: SplitResult) -> dict[str, str]:
    """Return what boto3 is to be opened with; without a key it takes the machine's own role."""
    wanted = {
        "region_name": parts.hostname or "",
        "aws_access_key_id": unquote(parts.username or ""),
        "aws_secret_access_key": unquote(parts.password or ""),
    }
    return {key: value for key, value in wanted.items() if value}
