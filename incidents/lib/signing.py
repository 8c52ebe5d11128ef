"""Signatures of what we post, as the Standard Webhooks specification 1.0 words them.

A secret is "whsec_" and base64 of random bytes. While it is being changed there are two, with a
space between them, and a request carries a signature by each.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

PREFIX = "whsec_"

SECRET_BYTES = 30
"""Between the 24 and 64 that the specification asks for; two secrets and a space fit into a column of 100."""

LIVING_SECRETS = 2


def new_secret() -> str:
    """Return a fresh secret."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def rotated(living: str) -> str:
    """Return `living` secrets with a fresh one first; of the former ones the newest stays."""
    return " ".join([new_secret(), *living.split()][:LIVING_SECRETS])


def signed_headers(living: str, *, reference: str, body: bytes, at: datetime) -> dict[str, str]:
    """Return the three headers for `body`, signed by each of the `living` secrets.

    `reference` is the message's identity and stays the same over retries; `at` is the moment of
    this try.
    """
    stamp = str(int(at.timestamp()))
    content = f"{reference}.{stamp}.".encode() + body
    return {
        "webhook-id": reference,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(_signature(secret, content) for secret in living.split()),
    }


def _signature(secret: str, content: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return f"v1,{base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()}"
