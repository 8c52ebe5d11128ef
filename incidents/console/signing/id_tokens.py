"""ID tokens: what the identity provider signed about somebody (OpenID Connect Core 1.0, section 3.1.3.7)."""

import hashlib
import hmac
from typing import Any

import jwt

from incidents.console.signing.asking import NotVouched

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a pair of keys. A shared secret (HS256) or no signature would let others than the provider sign."""

LEEWAY = 60
"""Seconds by which the clocks of the two machines may differ."""

_NEEDED = ("iss", "sub", "aud", "exp", "iat")


def nonce_of(state: str) -> str:
    """Return what the ID token must repeat: it belongs to the state, which the session keeps and nobody can guess."""
    return hashlib.sha256(f"nonce\n{state}".encode()).hexdigest()


def checked_claims(token: str, *, keys: dict[str, Any], issuer: str, client: str, nonce: str) -> dict[str, Any]:
    """Return what an ID token says.

    `keys` is the provider's JSON Web Key Set, `client` the name it has for us. Raises NotVouched where the token is not
    signed by one of the keys, is of another issuer, for another client, expired, or the answer to another sign-in.
    """
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _key_of(token, jwt.PyJWKSet.from_dict(keys)),
            algorithms=ALGORITHMS,
            issuer=issuer,
            audience=client,
            leeway=LEEWAY,
            options={"require": list(_NEEDED)},
        )
    except jwt.PyJWTError as error:
        raise NotVouched(f"The ID token is not good: {error}") from error
    if claims.get("azp", client) != client:
        raise NotVouched(f"The ID token was made for {claims['azp']!r}")
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise NotVouched("The ID token answers another sign-in: its nonce is not ours")
    return claims


def _key_of(token: str, keys: jwt.PyJWKSet) -> jwt.PyJWK:
    """Return the key a token names; the only one where it names none. Raises NotVouched, PyJWTError."""
    name = jwt.get_unverified_header(token).get("kid")
    found = [key for key in keys.keys if name is None or key.key_id == name]
    if len(found) != 1:
        raise NotVouched(f"The ID token is signed with the key {name!r}, which the provider does not list")
    return found[0]
