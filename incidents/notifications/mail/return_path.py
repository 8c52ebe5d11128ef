"""Where mail comes back to: a bounce address per delivery, an address per subscriber to leave by mail.

The tag behind the plus sign is signed, so that nobody can make a bounce for somebody else's mail.
Mail systems may change the case of a local part, so a tag has small letters and digits only, and
with the 24 octets BOUNCE_ADDRESS may have before the @ it stays within 64 (RFC 5321, section
4.5.3.1.1).
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from incidents.notifications.mail.identity import sender_address

_SALT = b"incidents.notifications.return_path"
_SIGNATURE_BYTES = 10
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_TAG = r"[bu][0-9a-z]{1,13}(?:-[0-9a-z]{1,7})?-[a-z2-7]{16}"


@dataclass(frozen=True, slots=True)
class ReturnTag:
    """What a signed tag names: a delivery (by key), or a subscriber (by code) and the consent it was made under."""

    delivery_id: int | None = None
    subscriber_code: str = ""
    consents: int = 0


def return_address(delivery_id: int) -> str:
    """Return the envelope sender of a delivery; without BOUNCE_ADDRESS that is the plain sender."""
    return _tagged(f"b{_in_base_36(delivery_id)}") if settings.BOUNCE_ADDRESS else sender_address()


def leaving_address(subscriber_code: str, consents: int) -> str:
    """Return the address that ends a subscription by any mail sent to it, "" where nobody would read that mail."""
    if not (settings.BOUNCE_ADDRESS and (settings.BOUNCE_MAILBOX or settings.BOUNCE_SECRET)):
        return ""
    return _tagged(f"u{subscriber_code}-{_in_base_36(consents)}")


def delivery_mark(delivery_id: int) -> str:
    """Return the signed name of a delivery for providers, who hand it back with what they report."""
    return _signed(f"b{_in_base_36(delivery_id)}")


def tags_in(text: str) -> Iterator[ReturnTag]:
    """Yield what the addresses in `text` name whose tag is signed by us, in their order.

    Keys in SECRET_KEY_FALLBACKS stay good.
    """
    local, _, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    if not local:
        return
    address = f"(?<![\\w.+-]){re.escape(local)}\\+({_TAG})@{re.escape(domain)}(?![\\w-])"
    for found in re.finditer(address, text, re.IGNORECASE):
        tag = tag_behind(found[1])
        if tag is not None:
            yield tag


def tag_behind(mark: str) -> ReturnTag | None:
    """Return what a signed tag names, None for what we did not sign."""
    payload, _, signature = mark.lower().rpartition("-")
    if not re.fullmatch(_TAG, f"{payload}-{signature}"):
        return None
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    if not any(hmac.compare_digest(signature, _signature(payload, key)) for key in keys):
        return None
    return _tag_of(payload)


def _tag_of(payload: str) -> ReturnTag:
    if payload.startswith("b"):
        return ReturnTag(delivery_id=int(payload[1:].partition("-")[0], 36))
    code, _, consents = payload[1:].partition("-")
    return ReturnTag(subscriber_code=code, consents=int(consents or "0", 36))


def _tagged(payload: str) -> str:
    local, _, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    return f"{local}+{_signed(payload)}@{domain}"


def _signed(payload: str) -> str:
    return f"{payload}-{_signature(payload, settings.SECRET_KEY)}"


def _signature(payload: str, key: str) -> str:
    digest = hmac.digest(_derived(key), payload.encode(), "sha256")
    return base64.b32encode(digest[:_SIGNATURE_BYTES]).decode().lower()


@lru_cache(maxsize=16)
def _derived(key: str) -> bytes:
    return hashlib.sha256(_SALT + key.encode()).digest()


def _in_base_36(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, 36)
        digits = _DIGITS[rest] + digits
    return digits or "0"
