"""Signed links. A token is good for one kind of link only, and dies with the consent it stands for."""

import base64
import hashlib
import hmac
import json
from functools import lru_cache
from urllib.parse import unquote

from django.conf import settings
from django.core import signing

from incidents.subscriptions.refusals import LinkRefused

CONFIRM = "confirm"
MANAGE = "manage"
UNSUBSCRIBE = "unsubscribe"

_compact = json.JSONEncoder(separators=(",", ":"))


def make_token(kind: str, *parts: str | int) -> str:
    """Return a token of `kind` that carries `parts` for everybody to read and nobody to change.

    The same as Signer.sign_object(), in a tenth of its time: every mail of a fan-out has two.
    """
    value = _base64(_compact.encode([str(part) for part in parts]).encode())
    key = _derived(_salt(kind), settings.SECRET_KEY)
    return f"{value}:{_base64(hmac.digest(key, value.encode(), 'sha256'))}"


def read_token(kind: str, token: str) -> list[str]:
    """Return the parts of a token; what a mail program folded in or encoded once more is undone.

    White space and "=" never belong to a token, "%" stands before what was encoded.
    Keys in SECRET_KEY_FALLBACKS stay good. Raises LinkRefused, also for a token of another kind.
    """
    try:
        parts = _signer(kind).unsign_object(_mended(token))
    except (signing.BadSignature, ValueError) as error:
        raise LinkRefused("This link does not work any more.") from error
    return [str(part) for part in parts]


def _mended(token: str) -> str:
    return "".join(unquote(unquote(token)).replace("=", "").split())


def _signer(kind: str) -> signing.Signer:
    return signing.Signer(salt=_salt(kind))


def _salt(kind: str) -> str:
    return f"incidents.subscriptions.{kind}"


@lru_cache(maxsize=16)
def _derived(salt: str, secret: str) -> bytes:
    """Return the key as django.utils.crypto.salted_hmac() derives it for a Signer."""
    return hashlib.sha256(f"{salt}signer{secret}".encode()).digest()


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
