"""The identity provider staff sign in through, as the environment names it."""

from importlib.util import find_spec
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from statuspage.environment import read_text


def read_issuer(name: str) -> str:
    """Return the address of an OpenID Connect provider without a slash at its end, "" where none is given.

    Raises ImproperlyConfigured for what is no address, and where the packages for it are not installed.
    """
    issuer = read_text(name).rstrip("/")
    if not issuer:
        return ""
    parts = urlsplit(issuer)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ImproperlyConfigured(
            f"{name} is {issuer!r}: give the address the provider calls its issuer, e.g. https://login.example.com/staff"
        )
    if find_spec("jwt") is None:
        raise ImproperlyConfigured(
            f"{name} is set, which needs the extra: sh requirements/install python3 .venv requirements/sso.txt"
        )
    return issuer
