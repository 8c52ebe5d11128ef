"""Asking the identity provider: over the only way out, within seconds, and not believed before it is checked."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings

from incidents.lib.http import ConnectionFailed, fetch

DESCRIPTION = "/.well-known/openid-configuration"
"""Where a provider describes itself, below its issuer (OpenID Connect Discovery 1.0, section 4)."""

SECONDS = 5.0
"""For one answer in all; somebody waits before a white page, and a thread of the web server with them."""

SIZE_LIMIT = 256 * 1024
_EVERYWHERE = ("0.0.0.0/0", "::/0")
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_LONGEST_EXCERPT = 300


class NotVouched(Exception):
    """What the provider answered does not prove who somebody is; the text is for the log, not for the screen."""


def ask(url: str, *, form: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the JSON object at `url`, by GET, or by POST where there is a `form`.

    Raises RequestFailed where nobody answers or the provider itself is broken, NotVouched for every other answer.
    """
    sent: dict[str, str] = {"Accept": "application/json", **(headers or {})}
    if form is not None:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    answer = fetch(
        url,
        method="GET" if form is None else "POST",
        headers=sent,
        body=None if form is None else urlencode(form).encode(),
        seconds=SECONDS,
        size_limit=SIZE_LIMIT,
        allowed=_opened_for(url),
    )
    if answer.status >= 500:
        raise ConnectionFailed(f"{urlsplit(url).hostname} answered {answer.status}.")
    said = _read(answer.body)
    if answer.status not in (200, 201) or said is None:
        raise NotVouched(f"{url} answered {answer.status}: {answer.body[:_LONGEST_EXCERPT]!r}")
    return said


def description() -> dict[str, Any]:
    """Return what the provider at OIDC_ISSUER tells about itself, its addresses checked.

    Raises RequestFailed, and NotVouched where it calls itself otherwise or leaves an address out.
    """
    issuer = settings.OIDC_ISSUER.rstrip("/")
    said = ask(issuer + DESCRIPTION)
    if str(said.get("issuer", "")).rstrip("/") != issuer:
        raise NotVouched(f"OIDC_ISSUER is {issuer}, and the provider there calls itself {said.get('issuer')!r}")
    for name in _NEEDED:
        if not _is_as_safe(str(said.get(name, "")), issuer):
            raise NotVouched(f"The provider at {issuer} gives {said.get(name)!r} as its {name}")
    return said


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(body)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _is_as_safe(url: str, issuer: str) -> bool:
    """Say whether `url` is an address of the web that is reached over TLS at least where the issuer is."""
    parts = urlsplit(url)
    return bool(parts.hostname) and parts.scheme in {"https", urlsplit(issuer).scheme}


def _opened_for(url: str) -> tuple[str, ...]:
    """Return the networks that may be asked: any for the provider's own host, which the operator named."""
    if urlsplit(url).netloc == urlsplit(settings.OIDC_ISSUER).netloc:
        return _EVERYWHERE
    return tuple(settings.OUTBOUND_ALLOWED_ADDRESSES)
