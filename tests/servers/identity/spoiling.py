"""ID tokens that a provider did not sign."""

import base64
import json
from typing import Any


def spoiled(token: str, how: str) -> str:
    """Return an ID token that says ada and that the provider did not sign."""
    head, payload, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    claims["email"] = "ada@example.com"
    if how == "signature":
        head, signature = _encoded({"alg": "none", "typ": "JWT"}), ""
    return f"{head}.{_encoded(claims)}.{signature}"


def _encoded(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
