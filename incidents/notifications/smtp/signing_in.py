"""Signing in: one AUTH command for each session, by the best way the relay offers (RFC 4954).

The standard library tries the next way after a refusal. Relays count those, and a wrong password
is wrong in every way.
"""

import hmac
import smtplib
import ssl
from base64 import b64decode, b64encode
from collections.abc import Callable

ACCEPTED = (235, 503)
"""Signed in, or signed in already."""

GO_ON = 334


def sign_in(client: smtplib.SMTP, *, user: str, password: str) -> None:
    """Sign in on a session that has said EHLO.

    Raises smtplib.SMTPAuthenticationError with the relay's words, smtplib.SMTPNotSupportedError
    where it offers no way we know, and what the connection raises.
    """
    offered = client.esmtp_features.get("auth", "").upper().split()
    for way in WAYS if isinstance(client.sock, ssl.SSLSocket) else (WAYS[-1], *WAYS[:-1]):
        if way in offered:
            code, words = _SIGNERS[way](client, user.encode(), password.encode())
            if code not in ACCEPTED:
                raise smtplib.SMTPAuthenticationError(code, words)
            return
    raise smtplib.SMTPNotSupportedError(f"the relay offers no way to sign in that we know: {' '.join(offered) or '-'}")


def _plain(client: smtplib.SMTP, user: bytes, password: bytes) -> tuple[int, bytes]:
    """Sign in as RFC 4616 has it."""
    return client.docmd("AUTH", "PLAIN " + _encoded(b"\0" + user + b"\0" + password))


def _login(client: smtplib.SMTP, user: bytes, password: bytes) -> tuple[int, bytes]:
    """Sign in as Outlook does; nobody wrote it down."""
    code, words = client.docmd("AUTH", "LOGIN")
    for answer in (user, password):
        if code != GO_ON:
            break
        code, words = client.docmd(_encoded(answer))
    return code, words


def _digest(client: smtplib.SMTP, user: bytes, password: bytes) -> tuple[int, bytes]:
    """Sign in as RFC 2195 has it, without showing the password."""
    code, words = client.docmd("AUTH", "CRAM-MD5")
    if code != GO_ON:
        return code, words
    digest = hmac.new(password, b64decode(words), "md5").hexdigest()
    return client.docmd(_encoded(user + b" " + digest.encode()))


def _encoded(words: bytes) -> str:
    return b64encode(words).decode()


WAYS = ("PLAIN", "LOGIN", "CRAM-MD5")
"""The best first on a protected session: the last needs a relay that keeps passwords it can read.

Unprotected the last goes first, since whoever listens reads the others.
"""

_SIGNERS: dict[str, Callable[[smtplib.SMTP, bytes, bytes], tuple[int, bytes]]] = {
    "PLAIN": _plain,
    "LOGIN": _login,
    "CRAM-MD5": _digest,
}
